/* SPDX-License-Identifier: BSD-2-Clause */
/* clock.c - the one place where time enters: see clock.h. */
#include "clock.h"

#include <time.h>

enum { NS_PER_MS = 1000000, FAST_STEP_MAX_NS = 1000000000 };

static uint64_t read_ns(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

void clock_init(struct clock *clock)
{
	uint64_t ns = read_ns(CLOCK_MONOTONIC);

	*clock = (struct clock){
	    .now_ms = ns / NS_PER_MS, .real_ns = ns, .factor = 1};
}

/* When time runs fast, a process that had to wait for its turn would see its
 * neighbours silent for long: so a wake-up is a second at most. */
static uint64_t scaled(uint64_t passed_ns, double factor)
{
	uint64_t ns = (uint64_t)((double)passed_ns * factor);

	return factor > 1 && ns > FAST_STEP_MAX_NS ? FAST_STEP_MAX_NS : ns;
}

void clock_tick(struct clock *clock)
{
	uint64_t ns = read_ns(CLOCK_MONOTONIC);
	uint64_t passed_ns = ns - clock->real_ns;

	clock->real_ns = ns;
	if (clock->stopped)
		return;
	if (clock->factor != 1)
		passed_ns = scaled(passed_ns, clock->factor);
	clock->part_ns += passed_ns;
	clock->now_ms += clock->part_ns / NS_PER_MS;
	clock->part_ns %= NS_PER_MS;
}

uint64_t clock_wall_ns(void)
{
	return read_ns(CLOCK_REALTIME);
}
