/* SPDX-License-Identifier: BSD-2-Clause */
/* histogram.c - log-linear buckets (see histogram.h). Pure. */
#include "histogram.h"

#include <string.h>

static int bucket_of(uint64_t value);

void histogram_clear(struct histogram *histogram)
{
	memset(histogram, 0, sizeof(*histogram));
	histogram->min = UINT64_MAX;
}

void histogram_add(struct histogram *histogram, uint64_t value)
{
	histogram->count++;
	histogram->buckets[bucket_of(value)]++;
	if (value < histogram->min)
		histogram->min = value;
	if (value > histogram->max)
		histogram->max = value;
}

void histogram_merge(struct histogram *into, const struct histogram *from)
{
	into->count += from->count;
	for (int i = 0; i < HISTOGRAM_BUCKETS; i++)
		into->buckets[i] += from->buckets[i];
	if (from->min < into->min)
		into->min = from->min;
	if (from->max > into->max)
		into->max = from->max;
}

uint64_t histogram_percentile(const struct histogram *histogram, double percent)
{
	double wanted = percent / 100 * (double)histogram->count;
	uint64_t seen = 0;

	if (histogram->count == 0)
		return 0;
	for (int i = 0; i < HISTOGRAM_BUCKETS; i++) {
		seen += histogram->buckets[i];
		if (seen == 0 || (double)seen < wanted)
			continue;
		uint64_t upper = histogram_upper(i);

		return upper < histogram->max ? upper : histogram->max;
	}
	return histogram->max;
}

uint64_t histogram_upper(int bucket)
{
	if (bucket < 2 * HISTOGRAM_HALF)
		return (uint64_t)bucket;
	int shift = bucket / HISTOGRAM_HALF - 1;
	uint64_t top = (uint64_t)(bucket % HISTOGRAM_HALF) + HISTOGRAM_HALF;

	return (top << shift) + ((1ULL << shift) - 1);
}

/* A value of 64 or more is shifted until it is 32..63; each shift is another
 * group of 32 buckets. */
static int bucket_of(uint64_t value)
{
	if (value < 2 * HISTOGRAM_HALF)
		return (int)value;
	int shift = 58 - __builtin_clzll(value);

	return shift * HISTOGRAM_HALF + (int)(value >> shift);
}
