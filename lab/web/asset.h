/* SPDX-License-Identifier: BSD-2-Clause */
/* asset.h - the files of static/, embedded into the program by embed.cmake. */
#ifndef LAB_WEB_ASSET_H
#define LAB_WEB_ASSET_H

#include <stddef.h>

struct asset {
	const char *path, *type; /* "/app.js", its media type */
	const unsigned char *data;
	size_t len;
};

/* The last entry has no path. */
extern const struct asset assets[];

#endif
