/* SPDX-License-Identifier: BSD-2-Clause */
/* stats.h - what a handful of repetitions shows, and what it does not. Pure.
 *
 * Five repetitions are too few to assume a distribution. The summary is
 * minimum, median and maximum, and a difference is claimed only where the two
 * ranges do not overlap.
 */
#ifndef BENCH_STATS_H
#define BENCH_STATS_H

#include <stdbool.h>

enum { STATS_VALUES_MAX = 64 };

/* Values of one candidate in one metric, by repetition. A repetition that
 * failed has no value and is ignored everywhere. */
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

/** series_add() - append the value of a repetition; ignored when full */
void series_add(struct series *series, double value);

/** series_add_failure() - append a repetition without a value */
void series_add_failure(struct series *series);

/** stats_summary() - minimum, median and maximum of the valid values */
struct summary stats_summary(const struct series *series);

/**
 * stats_ratio() - summary of @of / @to, repetition by repetition
 *
 * The machine drifts during a run, but little within a repetition. Only
 * repetitions count in which both have a value and that of @to is not 0.
 */
struct summary stats_ratio(const struct series *of, const struct series *to);

/** stats_difference() - is the range of @of apart from that of @to? */
enum difference stats_difference(
    const struct series *of, const struct series *to);

#endif
