/* SPDX-License-Identifier: BSD-2-Clause */
/* nat_launch.h - to start qswitch-nat beside the loop: see nat_process.h. */
#ifndef PORTS_NAT_LAUNCH_H
#define PORTS_NAT_LAUNCH_H

#include <limits.h>
#include <sys/types.h>

#include "nat_spec.h"

enum {
	LAUNCH_WORDS = 4 + PORT_OPTIONS + NAT_FORWARDS,
	LAUNCH_WORD = 16 + PORT_ARG, /* bytes of KEY=VALUE */
	LAUNCH_FDS = 3,
};

/* All that is needed behind fork(), where only system calls are allowed. */
struct nat_launch {
	char path[PATH_MAX];
	int n;
	char words[LAUNCH_WORDS][LAUNCH_WORD];
	char *argv[LAUNCH_WORDS + 1];
	int fds[LAUNCH_FDS]; /* that become NAT_FD_WIRE and the next */
};

/**
 * nat_launch_new() - a launch of the program beside qswitchd's own
 *
 * Return: NULL with a sentence in @err (PORT_ERR bytes); else free() it.
 */
struct nat_launch *nat_launch_new(char *err);

/** nat_launch_word() - add a word to its command line; more are left out */
void nat_launch_word(struct nat_launch *launch, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/**
 * nat_launch_run() - start it
 * @pidfd: set to a descriptor of the process, or -1 before Linux 5.3
 *
 * Return: its process id, or -errno with a sentence in @err (PORT_ERR bytes).
 */
pid_t nat_launch_run(struct nat_launch *launch, int *pidfd, char *err);

#endif
