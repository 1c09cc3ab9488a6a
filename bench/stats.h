/* SPDX-License-Identifier: BSD-2-Clause */
/* stats.h - what a handful of repetitions says, and what it does not. Pure.
 *
 * Five repetitions are too few for a distribution to be assumed. So the
 * summary is minimum, median and maximum, and a difference is claimed only
 * where the two ranges have no value in common.
 */
#ifndef BENCH_STATS_H
#define BENCH_STATS_H

#include <stdbool.h>

enum { STATS_VALUES_MAX = 64 };

/* Values of one candidate in one metric, by repetition. A repetition that
 * failed has no value and takes no part in anything. */
struct series {
	int n;
	double values[STATS_VALUES_MAX];
	bool valid[STATS_VALUES_MAX];
};

struct summary {
	int n; /* 0: the other members mean nothing */
	double min, median, max;
};

enum difference {
	DIFFERENCE_UNKNOWN, /* fewer than 3 values on one side */
	DIFFERENCE_NONE_SEEN,
	DIFFERENCE_LOWER,
	DIFFERENCE_HIGHER,
};

void series_add(struct series *series, double value);
void series_add_failure(struct series *series);

struct summary stats_summary(const struct series *series);

/**
 * stats_ratio() - summary of @of / @to, repetition by repetition
 *
 * Only repetitions in which both have a value and that of @to is not 0 count:
 * the machine drifts during a run, but little within a repetition.
 */
struct summary stats_ratio(const struct series *of, const struct series *to);

/** stats_difference() - whether the range of @of lies beside that of @to */
enum difference stats_difference(
    const struct series *of, const struct series *to);

#endif
