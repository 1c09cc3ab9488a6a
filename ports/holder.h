/* SPDX-License-Identifier: BSD-2-Clause */
/* holder.h - which process holds the fd side of a TAP? */
#ifndef PORTS_HOLDER_H
#define PORTS_HOLDER_H

#include <stdbool.h>

struct holder {
	int pid;
	char command[32];
};

/**
 * tap_holder() - find a process that has TAP @name open
 * @holder: set if there is one
 *
 * Looks through /proc, so it sees what this user may see. A process in our
 * network namespace is preferred, as names are only unique within one.
 *
 * Return: false if none was found.
 * #syscalls openat getdents64 readlinkat read close
 */
bool tap_holder(const char *name, struct holder *holder);

#endif
