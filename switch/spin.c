/* SPDX-License-Identifier: BSD-2-Clause */
/* spin.c - whether to poll on for a moment before the loop blocks: spin.h. */
#include "spin.h"

#include <sched.h>

enum {
	POINTS_MAX = 16,
	POINTS_LOST = 2, /* a poll in vain costs more than one gains */
	WAIT_MAX = 64,	 /* wake-ups between tries that do not pay */
	NS_PER_US = 1000,
};

static bool begin(struct spin *spin, uint64_t now_ns);
static bool give_up(struct spin *spin);

void spin_init(struct spin *spin, uint32_t limit_us)
{
	*spin = (struct spin){.limit_us = limit_us, .points = POINTS_MAX / 2};
}

uint32_t spin_auto_us(void)
{
	cpu_set_t cpus;

	if (sched_getaffinity(0, sizeof(cpus), &cpus) < 0 ||
	    CPU_COUNT(&cpus) < 2)
		return 0;
	return SPIN_DEFAULT_US;
}

bool spin_poll(struct spin *spin, bool traffic, uint64_t now_ns)
{
	if (spin->limit_us == SPIN_ALWAYS_US)
		return true;
	if (!spin->limit_us)
		return false;
	if (traffic)
		return begin(spin, now_ns);
	if (!spin->polling)
		return false;
	return now_ns < spin->block_at_ns ? true : give_up(spin);
}

/* Traffic has come: was it worth polling for, and is it from now on? */
static bool begin(struct spin *spin, uint64_t now_ns)
{
	if (spin->polling && spin->points < POINTS_MAX)
		spin->points++;
	if (spin->points <= 0 && --spin->wait > 0)
		return spin->polling = false;
	spin->block_at_ns = now_ns + (uint64_t)spin->limit_us * NS_PER_US;
	return spin->polling = true;
}

/* Polled in vain. */
static bool give_up(struct spin *spin)
{
	spin->polling = false;
	spin->points -= POINTS_LOST;
	if (spin->points <= 0) {
		spin->points = 0;
		spin->wait = WAIT_MAX;
	}
	return false;
}
