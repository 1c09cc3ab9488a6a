/* SPDX-License-Identifier: BSD-2-Clause */
/* progress.h - a bar with the time left, on a terminal; nothing elsewhere.
 *
 * Work is stated in expected seconds. The time left follows the measured pace:
 * the expected work done so far against the time it took. */
#ifndef BENCH_PROGRESS_H
#define BENCH_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
	bool visible;
	uint64_t start_at_ns;
	double total, done; /* expected seconds */
};

/** progress_begin() - start the clock for @total expected seconds of work */
void progress_begin(struct progress *progress, double total);

/** progress_show() - draw the bar, with @doing at the end of the line */
void progress_show(const struct progress *progress, const char *doing);

/** progress_add() - @expected seconds of the work are done */
void progress_add(struct progress *progress, double expected);

/** progress_end() - erase the bar */
void progress_end(struct progress *progress);

/** progress_left_s() - seconds left at the pace so far */
double progress_left_s(const struct progress *progress, uint64_t now_ns);

#endif
