/* SPDX-License-Identifier: BSD-2-Clause */
/* inherited.c - files that the process was started with: see inherited.h. */
#include "inherited.h"

#include <sys/stat.h>

enum { FIRST = 3 };

static struct {
	dev_t dev;
	ino_t ino; /* 0: there was none */
} inherited[INHERITED_MAX + 1];

void inherited_note(void)
{
	struct stat st;

	for (int fd = FIRST; fd <= INHERITED_MAX; fd++) {
		inherited[fd].ino = 0;
		if (fstat(fd, &st) < 0)
			continue;
		inherited[fd].dev = st.st_dev;
		inherited[fd].ino = st.st_ino;
	}
}

bool inherited_has(int fd)
{
	struct stat st;

	return fd >= FIRST && fd <= INHERITED_MAX && inherited[fd].ino &&
	       fstat(fd, &st) == 0 && st.st_dev == inherited[fd].dev &&
	       st.st_ino == inherited[fd].ino;
}
