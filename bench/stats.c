/* SPDX-License-Identifier: BSD-2-Clause */
/* stats.c - minimum, median, maximum, verdict (see stats.h). Pure. */
#include "stats.h"

#include <stdlib.h>

static void append(struct series *series, double value, bool valid);
static struct summary summarize(double *values, int n);
static int compare(const void *left, const void *right);

void series_add(struct series *series, double value)
{
	append(series, value, true);
}

void series_add_failure(struct series *series)
{
	append(series, 0, false);
}

struct summary stats_summary(const struct series *series)
{
	double values[STATS_VALUES_MAX];
	int n = 0;

	for (int i = 0; i < series->n; i++)
		if (series->valid[i])
			values[n++] = series->values[i];
	return summarize(values, n);
}

struct summary stats_ratio(const struct series *of, const struct series *to)
{
	int pairs = of->n < to->n ? of->n : to->n;
	double values[STATS_VALUES_MAX];
	int n = 0;

	for (int i = 0; i < pairs; i++)
		if (of->valid[i] && to->valid[i] && to->values[i] != 0)
			values[n++] = of->values[i] / to->values[i];
	return summarize(values, n);
}

enum difference stats_difference(
    const struct series *of, const struct series *to)
{
	struct summary a = stats_summary(of), b = stats_summary(to);

	if (a.n < 3 || b.n < 3)
		return DIFFERENCE_UNKNOWN;
	if (a.min > b.max)
		return DIFFERENCE_HIGHER;
	if (a.max < b.min)
		return DIFFERENCE_LOWER;
	return DIFFERENCE_NONE_SEEN;
}

static void append(struct series *series, double value, bool valid)
{
	if (series->n == STATS_VALUES_MAX)
		return;
	series->values[series->n] = value;
	series->valid[series->n++] = valid;
}

static struct summary summarize(double *values, int n)
{
	if (n == 0)
		return (struct summary){0};
	qsort(values, (size_t)n, sizeof(*values), compare);
	return (struct summary){.n = n,
	    .min = values[0],
	    .median = (values[(n - 1) / 2] + values[n / 2]) / 2,
	    .max = values[n - 1]};
}

static int compare(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;

	return (a > b) - (a < b);
}
