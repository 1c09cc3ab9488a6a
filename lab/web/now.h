/* SPDX-License-Identifier: BSD-2-Clause */
/* now.h - the clock of qswitch-web. */
#ifndef LAB_WEB_NOW_H
#define LAB_WEB_NOW_H

#include <stdint.h>
#include <time.h>

/** web_now_ms() - the present in ms of CLOCK_MONOTONIC */
static inline int64_t web_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

#endif
