/* SPDX-License-Identifier: BSD-2-Clause */
/* crowd.c - which connection ends where too many are open: see crowd.h. */
#include "crowd.h"

#include <stdlib.h>
#include <sys/socket.h>

static void make_room(struct crowd *crowd);

void crowd_init(struct crowd *crowd)
{
	*crowd = (struct crowd){0};
	TAILQ_INIT(&crowd->visitors);
}

struct visitor *crowd_enter(struct crowd *crowd, int fd)
{
	struct visitor *who = calloc(1, sizeof(*who));

	if (!who)
		return NULL;
	if (crowd->n >= CROWD_PLACES - CROWD_SPARE)
		make_room(crowd);
	who->fd = fd;
	TAILQ_INSERT_TAIL(&crowd->visitors, who, entry);
	crowd->n++;
	return who;
}

/* The watchers are fewer than the places, so somebody else is there. Who has
 * been shut down goes to the end: it leaves soon, and the next one in need
 * takes another. */
static void make_room(struct crowd *crowd)
{
	struct visitor *who;

	TAILQ_FOREACH(who, &crowd->visitors, entry)
	{
		if (who->watches)
			continue;
		shutdown(who->fd, SHUT_RDWR);
		crowd_heard(crowd, who);
		return;
	}
}

void crowd_heard(struct crowd *crowd, struct visitor *who)
{
	TAILQ_REMOVE(&crowd->visitors, who, entry);
	TAILQ_INSERT_TAIL(&crowd->visitors, who, entry);
}

bool crowd_watch(struct crowd *crowd, struct visitor *who)
{
	if (!who->watches && crowd->watchers == CROWD_WATCHERS)
		return false;
	crowd->watchers += !who->watches;
	who->watches = true;
	return true;
}

void crowd_leave(struct crowd *crowd, struct visitor *who)
{
	TAILQ_REMOVE(&crowd->visitors, who, entry);
	crowd->n--;
	crowd->watchers -= who->watches;
	free(who);
}
