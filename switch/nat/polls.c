/* SPDX-License-Identifier: BSD-2-Clause */
/* polls.c - the descriptors of one poll(2): see polls.h. */
#include "polls.h"

#include <stdlib.h>

int polls_add(struct polls *polls, int fd, short events)
{
	if (polls->n == polls->room) {
		int room = polls->room ? 2 * polls->room : 64;
		struct pollfd *fds =
		    reallocarray(polls->fds, (size_t)room, sizeof(*fds));

		if (!fds)
			return -1;
		polls->fds = fds;
		polls->room = room;
	}
	polls->fds[polls->n] = (struct pollfd){.fd = fd, .events = events};
	return polls->n++;
}
