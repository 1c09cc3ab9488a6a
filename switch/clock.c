/* SPDX-License-Identifier: BSD-2-Clause */
/* clock.c - the one place where time enters: see clock.h. */
#include "clock.h"

#include <time.h>

enum { NS_PER_MS = 1000000 };

static uint64_t read_ns(clockid_t id);

void clock_init(struct clock *clock)
{
	uint64_t ns = read_ns(CLOCK_MONOTONIC);

	*clock = (struct clock){
	    .now_ms = ns / NS_PER_MS, .real_ns = ns, .factor = 1};
}

void clock_tick(struct clock *clock)
{
	uint64_t ns = read_ns(CLOCK_MONOTONIC);
	uint64_t passed_ns = ns - clock->real_ns;

	clock->real_ns = ns;
	if (clock->stopped)
		return;
	if (clock->factor != 1)
		passed_ns = (uint64_t)((double)passed_ns * clock->factor);
	clock->part_ns += passed_ns;
	clock->now_ms += clock->part_ns / NS_PER_MS;
	clock->part_ns %= NS_PER_MS;
}

uint64_t clock_wall_ns(void)
{
	return read_ns(CLOCK_REALTIME);
}

static uint64_t read_ns(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}
