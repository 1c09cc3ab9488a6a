/* SPDX-License-Identifier: BSD-2-Clause */
/* schedule.c - when each frame is due (see schedule.h). Pure. */
#include "schedule.h"

static const uint64_t second_ns = 1000000000ULL;

static uint64_t due_since_start(
    const struct schedule *schedule, uint64_t elapsed_ns);

void schedule_init(struct schedule *schedule, uint64_t now_ns, uint64_t rate,
    uint64_t count, uint32_t burst)
{
	*schedule = (struct schedule){.start_at_ns = now_ns,
	    .rate = rate,
	    .count = count,
	    .burst = burst};
}

uint32_t schedule_due(const struct schedule *schedule, uint64_t now_ns)
{
	uint64_t due = schedule->count;

	if (schedule->rate)
		due = due_since_start(schedule, now_ns - schedule->start_at_ns);
	if (due > schedule->count)
		due = schedule->count;
	uint64_t left = due > schedule->done ? due - schedule->done : 0;

	return left > schedule->burst ? schedule->burst : (uint32_t)left;
}

void schedule_sent(struct schedule *schedule, uint32_t n)
{
	schedule->done += n;
}

uint64_t schedule_wait_ns(const struct schedule *schedule, uint64_t now_ns)
{
	if (!schedule->rate)
		return 0;
	uint64_t left = schedule->count - schedule->done;
	uint64_t burst = left < schedule->burst ? left : schedule->burst;
	uint64_t last = schedule->done + (burst ? burst - 1 : 0);
	uint64_t rate = schedule->rate;
	uint64_t whole = last / rate * second_ns;
	uint64_t part = (last % rate * second_ns + rate - 1) / rate;
	uint64_t at = schedule->start_at_ns + whole + part;

	return at > now_ns ? at - now_ns : 0;
}

/* Seconds and nanoseconds are multiplied separately: the product of a long
 * run's nanoseconds and a high rate exceeds 64 bits. */
static uint64_t due_since_start(
    const struct schedule *schedule, uint64_t elapsed_ns)
{
	uint64_t whole = elapsed_ns / second_ns * schedule->rate;
	uint64_t part = elapsed_ns % second_ns * schedule->rate / second_ns;

	return whole + part + 1;
}
