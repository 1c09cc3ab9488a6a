/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * crowd.h - which connection ends where too many are open.
 *
 * The server accepts no more than a number of connections. Those who open many
 * and send nothing would shut out everybody else until their time is over; so
 * the one that has been silent for the longest time ends before the last place
 * is taken. A browser that watches keeps its place.
 */
#ifndef LAB_WEB_CROWD_H
#define LAB_WEB_CROWD_H

#include <stdbool.h>

#include <bsd/sys/queue.h>

enum {
	CROWD_PLACES = 64,   /* connections at a time */
	CROWD_WATCHERS = 16, /* of them, those that keep their place */
	CROWD_SPARE = 8,     /* places that are kept free */
};

struct visitor {
	TAILQ_ENTRY(visitor) entry;
	int fd;
	bool watches;
};

struct crowd {
	/* the one that has been silent for the longest time comes first */
	TAILQ_HEAD(visitors, visitor) visitors;
	int n, watchers;
};

/** crowd_init() - nobody is there */
void crowd_init(struct crowd *crowd);

/**
 * crowd_enter() - a connection has begun
 * @fd: of its socket, which stays the caller's
 *
 * Shuts down the socket of another one if there are too many. Its owner closes
 * it, and tells by crowd_leave().
 *
 * Return: who must be given to crowd_leave(); NULL: out of memory.
 */
struct visitor *crowd_enter(struct crowd *crowd, int fd);

/** crowd_heard() - @who has sent a complete request */
void crowd_heard(struct crowd *crowd, struct visitor *who);

/**
 * crowd_watch() - @who wants to stay
 *
 * Return: whether it may: at most CROWD_WATCHERS do.
 */
bool crowd_watch(struct crowd *crowd, struct visitor *who);

/** crowd_leave() - the connection of @who has ended; frees @who */
void crowd_leave(struct crowd *crowd, struct visitor *who);

#endif
