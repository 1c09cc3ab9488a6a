/* SPDX-License-Identifier: BSD-2-Clause */
/* The histogram against distributions whose percentiles are known. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/histogram.h"

static void assert_near(uint64_t value, double expected, double tolerance)
{
	if (fabs((double)value - expected) > tolerance * expected)
		fail_msg("%llu is not within %g of %g",
		    (unsigned long long)value, tolerance, expected);
}

static void small_values_are_exact(void **state)
{
	struct histogram histogram;

	(void)state;
	histogram_clear(&histogram);
	for (uint64_t value = 1; value <= 50; value++)
		histogram_add(&histogram, value);
	assert_int_equal(histogram_percentile(&histogram, 2), 1);
	assert_int_equal(histogram_percentile(&histogram, 50), 25);
	assert_int_equal(histogram_percentile(&histogram, 98), 49);
	assert_int_equal(histogram_percentile(&histogram, 100), 50);
}

/* Every value belongs to the first bucket whose upper end is not below it, and
 * no bucket is wider than 1/32 of its values. */
static void buckets_cover_everything(void **state)
{
	static const uint64_t values[] = {0, 1, 63, 64, 65, 127, 128, 4095,
	    4096, 1000003, 1ULL << 40, UINT64_MAX - 1, UINT64_MAX};
	struct histogram histogram;

	(void)state;
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		histogram_clear(&histogram);
		histogram_add(&histogram, values[i]);
		for (int b = 0; b < HISTOGRAM_BUCKETS; b++) {
			if (!histogram.buckets[b])
				continue;
			uint64_t upper = histogram_upper(b);

			assert_true(upper >= values[i]);
			assert_true(upper - values[i] <= values[i] / 32);
			if (b > 0)
				assert_true(histogram_upper(b - 1) < values[i]);
		}
		assert_int_equal(
		    histogram_percentile(&histogram, 50), values[i]);
	}
}

static void uniform(void **state)
{
	struct histogram histogram;

	(void)state;
	histogram_clear(&histogram);
	for (uint64_t value = 1; value <= 1000000; value++)
		histogram_add(&histogram, value);
	assert_near(histogram_percentile(&histogram, 50), 500000, 1.0 / 32);
	assert_near(histogram_percentile(&histogram, 99), 990000, 1.0 / 32);
	assert_near(histogram_percentile(&histogram, 99.9), 999000, 1.0 / 32);
}

/* Expected from the quantile function: -ln(1 - p) times the mean. */
static void exponential(void **state)
{
	struct histogram histogram;
	enum { N = 200000 };

	(void)state;
	histogram_clear(&histogram);
	for (int i = 0; i < N; i++)
		histogram_add(
		    &histogram, (uint64_t)(-log(1 - (i + 0.5) / N) * 25000));
	assert_near(histogram_percentile(&histogram, 50), 17329, 1.0 / 32);
	assert_near(histogram_percentile(&histogram, 99), 115129, 1.0 / 32);
	assert_near(histogram_percentile(&histogram, 99.9), 172694, 1.0 / 32);
}

/* 97 fast values and 3 slow ones: p50 shows the fast, p99 the slow. */
static void two_modes(void **state)
{
	struct histogram histogram;

	(void)state;
	histogram_clear(&histogram);
	for (int i = 0; i < 1000; i++)
		histogram_add(&histogram, i % 100 < 97 ? 10000 : 900000);
	assert_near(histogram_percentile(&histogram, 50), 10000, 1.0 / 32);
	assert_near(histogram_percentile(&histogram, 97), 10000, 1.0 / 32);
	assert_near(histogram_percentile(&histogram, 99), 900000, 1.0 / 32);
	assert_int_equal(histogram.min, 10000);
	assert_int_equal(histogram.max, 900000);
}

static void merging_is_adding(void **state)
{
	struct histogram even, odd, all;

	(void)state;
	histogram_clear(&even);
	histogram_clear(&odd);
	histogram_clear(&all);
	for (uint64_t value = 0; value < 10000; value++) {
		histogram_add(value % 2 ? &odd : &even, value * 7);
		histogram_add(&all, value * 7);
	}
	histogram_merge(&even, &odd);
	assert_memory_equal(&even, &all, sizeof(all));
}

static void nothing_recorded(void **state)
{
	struct histogram histogram;

	(void)state;
	histogram_clear(&histogram);
	assert_int_equal(histogram_percentile(&histogram, 50), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(small_values_are_exact),
	    cmocka_unit_test(buckets_cover_everything),
	    cmocka_unit_test(uniform),
	    cmocka_unit_test(exponential),
	    cmocka_unit_test(two_modes),
	    cmocka_unit_test(merging_is_adding),
	    cmocka_unit_test(nothing_recorded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
