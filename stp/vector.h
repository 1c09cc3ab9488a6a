/* SPDX-License-Identifier: BSD-2-Clause */
/* vector.h - the priority vector: what one bridge tells a LAN about the root,
 * and the comparison on which the whole protocol rests (802.1D-1998 8.3.2). The
 * smaller vector is the better one. */
#ifndef STP_VECTOR_H
#define STP_VECTOR_H

#include <stdint.h>

/** struct vector - a claim about the root, most significant member first */
struct vector {
	uint64_t root;	 /* identifier of the root */
	uint32_t cost;	 /* path cost from the claiming bridge to the root */
	uint64_t bridge; /* identifier of the claiming bridge */
	uint16_t port;	 /* identifier of its port on this LAN */
};

/** vector_order() - less than 0, 0 or more than 0, as @a is to @b */
static inline int vector_order(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

/**
 * vector_compare_bridge() - compare root, then cost, then bridge
 *
 * Return: less than 0, 0 or more than 0: @a is better, the same or worse.
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
 * vector_compare() - compare root, then cost, then bridge, then port
 *
 * Return: less than 0, 0 or more than 0: @a is better, the same or worse.
 */
static inline int vector_compare(const struct vector *a, const struct vector *b)
{
	int order = vector_compare_bridge(a, b);

	return order ? order : vector_order(a->port, b->port);
}

/**
 * vector_at_cost() - add the cost of the receiving port to a received vector
 *
 * A sum that does not fit becomes UINT32_MAX, the worst cost.
 */
static inline struct vector vector_at_cost(struct vector heard, uint32_t cost)
{
	heard.cost =
	    heard.cost > UINT32_MAX - cost ? UINT32_MAX : heard.cost + cost;
	return heard;
}

#endif
