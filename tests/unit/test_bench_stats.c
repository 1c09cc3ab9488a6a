/* SPDX-License-Identifier: BSD-2-Clause */
/* Summaries, ratios and verdicts of the bench, and parsers of its inputs. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "bench/interference.h"
#include "bench/stats.h"
#include "bench/tcp.h"

static struct series of(int n, const double *values)
{
	struct series series = {0};

	for (int i = 0; i < n; i++)
		if (values[i] < 0)
			series_add_failure(&series);
		else
			series_add(&series, values[i]);
	return series;
}

static void assert_is(double value, double expected)
{
	assert_true(fabs(value - expected) < 1e-9);
}

static void minimum_median_maximum(void **state)
{
	struct series odd = of(5, (const double[]){9, 1, 5, 7, 3});
	struct series even = of(4, (const double[]){4, 1, 2, 3});
	struct summary summary = stats_summary(&odd);

	(void)state;
	assert_is(summary.min, 1);
	assert_is(summary.median, 5);
	assert_is(summary.max, 9);
	assert_is(stats_summary(&even).median, 2.5);
}

static void failures_are_not_averaged(void **state)
{
	struct series series = of(5, (const double[]){-1, 10, -1, 20, 30});
	struct summary summary = stats_summary(&series);

	(void)state;
	assert_int_equal(summary.n, 3);
	assert_is(summary.min, 10);
	assert_is(summary.median, 20);
	struct series none = of(2, (const double[]){-1, -1});

	assert_int_equal(stats_summary(&none).n, 0);
}

/* A machine that gets slower from repetition to repetition: the values
 * differ by a factor of two, the ratio is the same every time. */
static void ratios_are_taken_in_pairs(void **state)
{
	struct series a = of(4, (const double[]){12, 9, 6, -1});
	struct series b = of(4, (const double[]){8, 6, 4, 2});
	struct summary ratio = stats_ratio(&a, &b);

	(void)state;
	assert_int_equal(ratio.n, 3);
	assert_is(ratio.min, 1.5);
	assert_is(ratio.max, 1.5);
}

static void no_ratio_to_nothing(void **state)
{
	struct series a = of(2, (const double[]){1, 2});
	struct series zero = of(2, (const double[]){0, 0});

	(void)state;
	assert_int_equal(stats_ratio(&a, &zero).n, 0);
}

static void verdicts_need_separate_ranges(void **state)
{
	struct series low = of(3, (const double[]){1, 2, 3});
	struct series touching = of(3, (const double[]){3, 4, 5});
	struct series high = of(3, (const double[]){3.1, 4, 5});
	struct series few = of(3, (const double[]){8, 9, -1});

	(void)state;
	assert_int_equal(
	    stats_difference(&touching, &low), DIFFERENCE_NONE_SEEN);
	assert_int_equal(stats_difference(&high, &low), DIFFERENCE_HIGHER);
	assert_int_equal(stats_difference(&low, &high), DIFFERENCE_LOWER);
	assert_int_equal(stats_difference(&few, &low), DIFFERENCE_UNKNOWN);
}

/* Two samples of one distribution, five values each: by chance their ranges do
 * not overlap in 2 of 252 orders. */
static void equals_are_rarely_told_apart(void **state)
{
	int apart = 0;

	(void)state;
	srandom(4);
	for (int round = 0; round < 20000; round++) {
		struct series a = {0}, b = {0};

		for (int i = 0; i < 5; i++) {
			series_add(&a, (double)random());
			series_add(&b, (double)random());
		}
		apart += stats_difference(&a, &b) != DIFFERENCE_NONE_SEEN;
	}
	assert_in_range(apart, 159 - 60, 159 + 60);
}

static void reads_a_stat_line(void **state)
{
	(void)state;
	assert_int_equal(
	    stat_ticks("12 (a b) c) S 1 12 12 0 -1 4194560 9 9 9 9 "
		       "100 20 3 4 20 0 1 0 5 6 7"),
	    127);
	assert_int_equal(stat_ticks("2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 "
				    "0 5 6 0 0 20 0 1 0 5 0 0"),
	    0);
	assert_int_equal(stat_ticks("garbage"), 0);
}

static void foreign_time_disturbs(void **state)
{
	struct interference quiet = {.busy = 2, .wait = 1.5};
	struct interference compiler = {.busy = 2, .foreign = 0.4};
	struct interference stolen = {.busy = 1, .steal = 0.1};
	struct interference tick = {.busy = 1, .foreign = 0.04};

	(void)state;
	assert_false(interference_disturbs(&quiet, 1000000000));
	assert_true(interference_disturbs(&compiler, 1000000000));
	assert_true(interference_disturbs(&stolen, 1000000000));
	assert_false(interference_disturbs(&tick, 250000000));
}

static void shares_of_a_processor(void **state)
{
	struct observation before = {.at_ns = 1000, .busy_ns = 50};
	struct observation after = {
	    .at_ns = 3000, .busy_ns = 3050, .foreign_ns = 500};
	struct interference share = interference_between(&before, &after);

	(void)state;
	assert_is(share.busy, 1.5);
	assert_is(share.foreign, 0.25);
	assert_is(share.steal, 0);
}

static void reads_iperf3(void **state)
{
	static const char both[] =
	    "{\"end\":{\"sum_received\":{\"bits_per_second\":3e9},"
	    "\"sum_received_bidir_reverse\":{\"bits_per_second\":4e9}}}";

	(void)state;
	assert_is(tcp_parse(both, false), 3e9);
	assert_is(tcp_parse(both, true), 7e9);
	assert_true(tcp_parse("{\"error\":\"no route\"}", false) < 0);
	assert_true(tcp_parse("{\"end\":{}}", true) < 0);
	assert_true(tcp_parse("", false) < 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(minimum_median_maximum),
	    cmocka_unit_test(failures_are_not_averaged),
	    cmocka_unit_test(ratios_are_taken_in_pairs),
	    cmocka_unit_test(no_ratio_to_nothing),
	    cmocka_unit_test(verdicts_need_separate_ranges),
	    cmocka_unit_test(equals_are_rarely_told_apart),
	    cmocka_unit_test(reads_a_stat_line),
	    cmocka_unit_test(foreign_time_disturbs),
	    cmocka_unit_test(shares_of_a_processor),
	    cmocka_unit_test(reads_iperf3),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
