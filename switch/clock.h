/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * clock.h - the one place where time enters.
 *
 * The loop ticks the clock once a wake-up, right after the poll; all that
 * happens in that wake-up happens at now_ms. Lab mode stops and slows it: what
 * reads this clock (ageing, spanning tree) stops with it.
 */
#ifndef SWITCH_CLOCK_H
#define SWITCH_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

struct clock {
	uint64_t now_ms;  /* switch time: what everybody is told */
	uint64_t real_ns; /* CLOCK_MONOTONIC at the last tick */
	uint64_t part_ns; /* of the next millisecond */
	bool stopped;
	double factor; /* switch seconds per real second; 1 */
};

void clock_init(struct clock *clock);

/* Read the system's monotonic clock. #syscalls clock_gettime (vDSO) */
void clock_tick(struct clock *clock);

/* Nanoseconds since 1970 by the clock of the day: for the eyes of people, not
 * for the protocol. #syscalls clock_gettime (vDSO) */
uint64_t clock_wall_ns(void);

#endif
