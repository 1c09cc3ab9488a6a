/* SPDX-License-Identifier: BSD-2-Clause */
/* polls.h - the descriptors of one poll(2), as many as it takes. */
#ifndef SWITCH_NAT_POLLS_H
#define SWITCH_NAT_POLLS_H

#include <poll.h>

struct polls {
	struct pollfd *fds;
	int n, room;
	int timeout_ms; /* -1: none */
};

/** polls_add() - wait for @events of @fd. Return: its index; -1 when out of
 * memory */
int polls_add(struct polls *polls, int fd, short events);

#endif
