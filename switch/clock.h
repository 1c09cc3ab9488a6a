/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * clock.h - the time of the switch.
 *
 * The loop ticks the clock once per wake-up, right after the poll; everything
 * in that wake-up happens at now_ms. Lab mode stops and slows this clock, and
 * with it ageing and the spanning tree, which know no other. now_ms never
 * decreases.
 *
 * docs/architecture.md lists the few places that need real time instead.
 */
#ifndef SWITCH_CLOCK_H
#define SWITCH_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

struct clock {
	uint64_t now_ms;  /* switch time */
	uint64_t real_ns; /* CLOCK_MONOTONIC at the last tick */
	uint64_t part_ns; /* of the next millisecond, already passed */
	bool stopped;
	double factor; /* switch seconds per real second; 1 */
};

/** clock_init() - start at the system's monotonic time, at its pace */
void clock_init(struct clock *clock);

/** clock_tick() - take note of the time. #syscalls clock_gettime (vDSO) */
void clock_tick(struct clock *clock);

/**
 * clock_wall_ns() - wall-clock time in nanoseconds since 1970
 *
 * To show to people; nothing is decided by it. #syscalls clock_gettime (vDSO)
 */
uint64_t clock_wall_ns(void);

#endif
