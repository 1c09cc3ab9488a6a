/* SPDX-License-Identifier: BSD-2-Clause */
/* histogram.h - counts of durations with bounded relative error. Pure.
 *
 * Values below 64 have a bucket each; above, every power of two is divided
 * into 32 buckets, so a percentile is at most 1/32 too high, up to the
 * largest 64-bit value. Recording is a shift and an increment and needs no
 * memory except this struct: it does not disturb what it measures.
 *
 *     value    0 1 .. 63 | 64 66 .. 126 | 128 132 .. 252 | 256 ...
 *     width    1         | 2            | 4              | 8
 */
#ifndef BENCH_HISTOGRAM_H
#define BENCH_HISTOGRAM_H

#include <stdint.h>

enum { HISTOGRAM_HALF = 32, HISTOGRAM_BUCKETS = 60 * HISTOGRAM_HALF };

struct histogram {
	uint64_t count;
	uint64_t min, max;
	uint64_t buckets[HISTOGRAM_BUCKETS];
};

/** histogram_clear() - forget all values; also needed before first use */
void histogram_clear(struct histogram *histogram);

/** histogram_add() - record one value */
void histogram_add(struct histogram *histogram, uint64_t value);

/** histogram_merge() - add all values of @from to @into */
void histogram_merge(struct histogram *into, const struct histogram *from);

/**
 * histogram_percentile() - the value that @percent of all values do not exceed
 * @percent: 0 < percent <= 100
 *
 * Return: the upper end of the bucket that holds it, at most the largest
 * value recorded; 0 when the histogram is empty.
 */
uint64_t histogram_percentile(
    const struct histogram *histogram, double percent);

/** histogram_upper() - largest value that falls into @bucket */
uint64_t histogram_upper(int bucket);

#endif
