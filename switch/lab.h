/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lab.h - puts time in the operator's hands, for teaching: --lab.
 *
 * While time stands still or runs slowly, a received frame is not decided on
 * but copied into a bounded buffer, together with its ingress port:
 *
 *     pause    frames wait; ageing and spanning tree stand still
 *     step     carries out the next frame that waits
 *     resume   carries out all that wait, in the order of arrival
 *     slow F   a second of the switch takes F seconds; above 1, one waiting
 *              frame leaves at each millisecond of the switch
 *
 * Without --lab there is no struct lab. The lab is a hook (hook.h): the frame
 * path does not know it. A frame that finds the buffer full ends in the verdict
 * drop_lab_full; frames that wait are a separate term of the books.
 */
#ifndef SWITCH_LAB_H
#define SWITCH_LAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct frame;
struct lab;
struct qswitch;

enum {
	LAB_FRAMES = 1024,   /* most frames that wait, */
	LAB_BYTES = 4 << 20, /* and most of their bytes */
};

/* The range of `slow`. */
#define LAB_SLOW_MIN 0.02
#define LAB_SLOW_MAX 1000.0

struct lab_state {
	bool paused;
	double slow;	  /* real seconds per second of the switch; usually 1 */
	int waiting;	  /* frames */
	size_t bytes;	  /* of these frames */
	uint64_t dropped; /* frames that found the buffer full */
};

/**
 * lab_new() - let @sw's time be held
 *
 * Registers a hook: see hook.h. Owned by the caller, who frees it after
 * qswitch_close() and before qswitch_free().
 *
 * Return: NULL when out of memory.
 */
struct lab *lab_new(struct qswitch *sw);

/** lab_free() - drop what waits; NULL is fine */
void lab_free(struct lab *lab);

/** lab_pause() - hold time: frames wait, ageing and spanning tree stand still */
void lab_pause(struct lab *lab);

/** lab_resume() - let time go on, and carry out all frames that wait */
void lab_resume(struct lab *lab);

/**
 * lab_slow() - let a second of the switch take @factor real seconds
 * @factor: LAB_SLOW_MIN..LAB_SLOW_MAX
 */
void lab_slow(struct lab *lab, double factor);

/** lab_step() - carry out the next frame that waits; false if none does */
bool lab_step(struct lab *lab);

/**
 * lab_next() - the next frame that waits
 * @in_port: number of the port on which it was received
 *
 * Return: NULL if none waits; else a frame, borrowed until the next call of a
 * function of this header.
 */
const struct frame *lab_next(const struct lab *lab, int *in_port);

/** lab_state() - fill in @state */
void lab_state(const struct lab *lab, struct lab_state *state);

#endif
