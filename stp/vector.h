/* SPDX-License-Identifier: BSD-2-Clause */
/* vector.h - the priority vector: what one bridge says to a LAN about the root,
 * and the one comparison on which the whole protocol rests (802.1D-1998 8.3.2).
 * The lesser vector is the better one. */
#ifndef STP_VECTOR_H
#define STP_VECTOR_H

#include <stdint.h>

struct vector {
	uint64_t root;	 /* who is the root */
	uint32_t cost;	 /* at what cost it is reached from here */
	uint64_t bridge; /* who says so */
	uint16_t port;	 /* by which of its ports */
};

static inline int vector_order(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

/**
 * vector_compare_bridge() - compare all but the port
 *
 * Return: less than 0, 0 or more than 0, as @a is better, the same or worse.
 */
static inline int vector_compare_bridge(
    const struct vector *a, const struct vector *b)
{
	int order = vector_order(a->root, b->root);

	if (!order)
		order = vector_order(a->cost, b->cost);
	if (!order)
		order = vector_order(a->bridge, b->bridge);
	return order;
}

/**
 * vector_compare() - root, then cost, then bridge, then port
 *
 * Return: less than 0, 0 or more than 0, as @a is better, the same or worse.
 */
static inline int vector_compare(const struct vector *a, const struct vector *b)
{
	int order = vector_compare_bridge(a, b);

	return order ? order : vector_order(a->port, b->port);
}

/**
 * vector_at_cost() - @heard as it looks from behind a port of cost @cost
 *
 * A root path cost that no longer fits stays the worst there is.
 */
static inline struct vector vector_at_cost(struct vector heard, uint32_t cost)
{
	heard.cost =
	    heard.cost > UINT32_MAX - cost ? UINT32_MAX : heard.cost + cost;
	return heard;
}

#endif
