/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * inherited.h - the files that the process was started with.
 *
 * A descriptor is a number, and the process opens files of its own: only what
 * was there before may be named as fd:N, and only while it is still the same.
 */
#ifndef PORTS_INHERITED_H
#define PORTS_INHERITED_H

#include <stdbool.h>

enum { INHERITED_MAX = 1023 }; /* the highest number that is remembered */

/**
 * inherited_note() - remember what descriptors 3 to INHERITED_MAX are
 *
 * First thing in the process, before it opens anything. #syscalls fstat
 */
void inherited_note(void);

/** inherited_has() - is @fd the file now that it was then? #syscalls fstat */
bool inherited_has(int fd);

#endif
