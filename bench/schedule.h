/* SPDX-License-Identifier: BSD-2-Clause */
/* schedule.h - when which frame is due at an offered load. Pure.
 *
 * Frame k (from 0) of a load of R frames a second is due k/R seconds after
 * the start. Asked late, the schedule hands out everything that has become
 * due, so the mean rate is kept whatever the timer does; but never more than
 * the burst limit at once. What a generator could not catch up with until the
 * end is missing in its count of sent frames: it is never called loss.
 */
#ifndef BENCH_SCHEDULE_H
#define BENCH_SCHEDULE_H

#include <stdint.h>

struct schedule {
	uint64_t start_at_ns;
	uint64_t rate;	/* frames a second; 0: as fast as they are taken */
	uint64_t count; /* frames in all */
	uint64_t done;	/* frames handed out */
	uint32_t burst; /* at most so many at once */
};

/** schedule_init() - @count frames at @rate, from @now_ns on */
void schedule_init(struct schedule *schedule, uint64_t now_ns, uint64_t rate,
    uint64_t count, uint32_t burst);

/** schedule_due() - how many frames to send now: 0..burst */
uint32_t schedule_due(const struct schedule *schedule, uint64_t now_ns);

/** schedule_sent() - @n of them are on their way */
void schedule_sent(struct schedule *schedule, uint32_t n);

/**
 * schedule_wait_ns() - from @now_ns until a full burst is due; 0: now
 *
 * The last burst is as small as what is left of the count.
 */
uint64_t schedule_wait_ns(const struct schedule *schedule, uint64_t now_ns);

#endif
