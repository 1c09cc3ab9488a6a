/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lab.h - time in the operator's hand, for teaching: --lab.
 *
 * While time stands still, or runs slowly, a received frame is not decided but
 * copied into a bounded buffer, with the port it came in by:
 *
 *     pause    frames wait; ageing and spanning tree stand still
 *     step     the next that waits is carried out, and then there is a next
 *     resume   all that wait are carried out, in the order they came
 *     slow F   a second of the switch takes F seconds; above 1 a frame that
 *              waits leaves at each millisecond of the switch, one at a time
 *
 * Without --lab there is no struct lab, and the frame path asks once a batch
 * whether there is one. A frame that finds the buffer full ends in the verdict
 * drop_lab_full; one that waits is a term of the books of its own.
 */
#ifndef SWITCH_LAB_H
#define SWITCH_LAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct batch;
struct frame;
struct lab;
struct qswitch;
struct switch_port;

enum {
	LAB_FRAMES = 1024,   /* that wait at most, */
	LAB_BYTES = 4 << 20, /* and their bytes */
};

/* What `slow` takes. */
#define LAB_SLOW_MIN 0.02
#define LAB_SLOW_MAX 1000.0

struct lab_state {
	bool paused;
	double slow; /* real seconds a second of the switch takes; 1 */
	int waiting;
	size_t bytes;	  /* of those */
	uint64_t dropped; /* that found the buffer full */
};

/* Return: NULL when out of memory. */
struct lab *lab_new(struct qswitch *sw);
void lab_free(struct lab *lab); /* NULL is fine */

/**
 * lab_hold() - let the batch that @p has received wait, if that is the mode
 *
 * Return: true: copied or dropped, each frame accounted for; false: the batch
 * is to be carried on at once.
 */
bool lab_hold(struct lab *lab, struct switch_port *p, const struct batch *b);

/* A port goes: what waits from it ends as from a port that is disabled. */
void lab_port_removed(struct lab *lab, int no);

void lab_pause(struct lab *lab);
void lab_resume(struct lab *lab);

/* @factor: LAB_SLOW_MIN..LAB_SLOW_MAX */
void lab_slow(struct lab *lab, double factor);

/* Carry out the next frame that waits. Return: false if none does. */
bool lab_step(struct lab *lab);

/* The next frame that waits, and the port it came in by; NULL: none. Valid
 * until the next call of any function here. */
const struct frame *lab_next(const struct lab *lab, int *in_port);

void lab_state(const struct lab *lab, struct lab_state *state);

#endif
