/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * portset.h - a set of port numbers as a bitmap.
 *
 * Ports are numbered 1..PORT_MAX; 0 means "no port" everywhere. A set is a
 * value: it is copied, compared and combined like a number.
 */
#ifndef FORWARDING_PORTSET_H
#define FORWARDING_PORTSET_H

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum {
	PORT_MAX = 1023, /* highest port number */
	PORTSET_WORDS = (PORT_MAX + 1) / 64,
};

static_assert((PORT_MAX + 1) % 64 == 0, "words are full");

struct portset {
	uint64_t w[PORTSET_WORDS];
};

/** portset_add() - add @port, which may be a member already */
static inline void portset_add(struct portset *s, int port)
{
	assert(port >= 1 && port <= PORT_MAX);
	s->w[port / 64] |= UINT64_C(1) << port % 64;
}

/** portset_del() - take @port out; it need not be a member */
static inline void portset_del(struct portset *s, int port)
{
	assert(port >= 1 && port <= PORT_MAX);
	s->w[port / 64] &= ~(UINT64_C(1) << port % 64);
}

/** portset_has() - is @port a member? */
static inline bool portset_has(const struct portset *s, int port)
{
	assert(port >= 1 && port <= PORT_MAX);
	return s->w[port / 64] >> port % 64 & 1;
}

/** portset_clear() - make it the empty set; so does zeroing its memory */
static inline void portset_clear(struct portset *s)
{
	memset(s, 0, sizeof(*s));
}

/** portset_count() - number of members */
static inline int portset_count(const struct portset *s)
{
	int n = 0;

	for (int i = 0; i < PORTSET_WORDS; i++)
		n += __builtin_popcountll(s->w[i]);
	return n;
}

/**
 * portset_next() - the smallest member that is not below @port
 * @port: from 1 on; above PORT_MAX there are no members
 *
 * Return: a port number, or 0 when there is none.
 */
static inline int portset_next(const struct portset *s, int port)
{
	assert(port >= 1);
	if (port > PORT_MAX)
		return 0;
	uint64_t word = s->w[port / 64] >> port % 64;
	if (word)
		return port + __builtin_ctzll(word);
	for (int i = port / 64 + 1; i < PORTSET_WORDS; i++)
		if (s->w[i])
			return i * 64 + __builtin_ctzll(s->w[i]);
	return 0;
}

/* For each member of the set, in ascending order. The body may remove the
 * current member. */
#define portset_foreach(p, set) \
	for (int p = portset_next(set, 1); p; p = portset_next(set, p + 1))

#endif
