/* SPDX-License-Identifier: BSD-2-Clause */
/* schedule.h - when each frame of an offered load is due. Pure.
 *
 * Frame k (from 0) of a load of R frames a second is due k/R seconds after
 * the start. Asked late, the schedule hands out everything that has become
 * due, which keeps the mean rate whatever the timer does; but never more than
 * the burst limit at once. Frames that a generator did not get round to are
 * missing from its count of sent frames: they never count as loss.
 */
#ifndef BENCH_SCHEDULE_H
#define BENCH_SCHEDULE_H

#include <stdint.h>

struct schedule {
	uint64_t start_at_ns;
	uint64_t rate;	/* frames a second; 0: as fast as possible */
	uint64_t count; /* frames in all */
	uint64_t done;	/* frames handed out */
	uint32_t burst; /* at most so many at once */
};

/** schedule_init() - plan @count frames at @rate a second, from @now_ns on */
void schedule_init(struct schedule *schedule, uint64_t now_ns, uint64_t rate,
    uint64_t count, uint32_t burst);

/** schedule_due() - number of frames to send now: 0..burst */
uint32_t schedule_due(const struct schedule *schedule, uint64_t now_ns);

/** schedule_sent() - note that @n of those due were sent */
void schedule_sent(struct schedule *schedule, uint32_t n);

/**
 * schedule_wait_ns() - time from @now_ns until a full burst is due; 0: now
 *
 * The last burst may be smaller: what is left of the count.
 */
uint64_t schedule_wait_ns(const struct schedule *schedule, uint64_t now_ns);

#endif
