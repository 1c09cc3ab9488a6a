/* SPDX-License-Identifier: BSD-2-Clause */
/* The schedule of the generator in virtual time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/schedule.h"

static const uint64_t second = 1000000000ULL;

static void a_frame_every_interval(void **state)
{
	struct schedule schedule;

	(void)state;
	schedule_init(&schedule, 500, 1000, 10, 1);
	for (uint64_t k = 0; k < 10; k++) {
		uint64_t due = 500 + k * 1000000;

		if (k > 0)
			assert_int_equal(schedule_due(&schedule, due - 1), 0);
		assert_int_equal(schedule_wait_ns(&schedule, due - 1), 1);
		assert_int_equal(schedule_wait_ns(&schedule, due), 0);
		assert_int_equal(schedule_due(&schedule, due), 1);
		schedule_sent(&schedule, 1);
	}
	assert_int_equal(schedule_due(&schedule, 500 + 60 * second), 0);
}

/* 10 ms late at 100 000/s: 1000 frames are due, at most 64 at once. */
static void catches_up_by_bursts(void **state)
{
	struct schedule schedule;
	uint64_t now_ns = 10000000;

	(void)state;
	schedule_init(&schedule, 0, 100000, 1000000, 64);
	for (int i = 0; i < 15; i++) {
		assert_int_equal(schedule_due(&schedule, now_ns), 64);
		schedule_sent(&schedule, 64);
	}
	assert_int_equal(schedule_due(&schedule, now_ns), 1001 - 15 * 64);
}

/* It waits for a full burst, so that a generator can sleep. */
static void waits_for_a_burst(void **state)
{
	struct schedule schedule;

	(void)state;
	schedule_init(&schedule, 0, 1000000, 100, 32);
	assert_int_equal(schedule_wait_ns(&schedule, 0), 31000);
	assert_int_equal(schedule_due(&schedule, 31000), 32);
	schedule_sent(&schedule, 32);
	assert_int_equal(schedule_wait_ns(&schedule, 31000), 32000);
	schedule_sent(&schedule, 64);
	assert_int_equal(schedule_wait_ns(&schedule, 31000), 68000);
}

/* The mean rate is right, whatever the timer does. */
static void the_rate_is_kept(void **state)
{
	static const uint64_t rates[] = {1, 3, 7, 999, 148810, 1488095};
	struct schedule schedule;

	(void)state;
	for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
		uint64_t now_ns = 0, step = 1;

		schedule_init(&schedule, 0, rates[i], UINT64_MAX, UINT32_MAX);
		while (now_ns < 10 * second) {
			uint32_t n = schedule_due(&schedule, now_ns);

			schedule_sent(&schedule, n);
			step = step * 1103515245 + 12345;
			now_ns += step % 3000000;
		}
		schedule_sent(
		    &schedule, schedule_due(&schedule, 10 * second - 1));
		assert_in_range(schedule.done, rates[i] * 10,
		    rates[i] * 10 + rates[i] / 300 + 1);
	}
}

static void does_not_overflow(void **state)
{
	struct schedule schedule;
	uint64_t week = 7 * 86400 * second;

	(void)state;
	schedule_init(&schedule, 0, 100000000, UINT64_MAX, UINT32_MAX);
	schedule.done = 7ULL * 86400 * 100000000;
	assert_int_equal(schedule_due(&schedule, week), 1);
	assert_int_equal(schedule_due(&schedule, week + second), 100000001);
}

static void as_fast_as_possible(void **state)
{
	struct schedule schedule;

	(void)state;
	schedule_init(&schedule, 0, 0, 100, 64);
	assert_int_equal(schedule_wait_ns(&schedule, 0), 0);
	assert_int_equal(schedule_due(&schedule, 0), 64);
	schedule_sent(&schedule, 64);
	assert_int_equal(schedule_due(&schedule, 0), 36);
	schedule_sent(&schedule, 36);
	assert_int_equal(schedule_due(&schedule, second), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_frame_every_interval),
	    cmocka_unit_test(catches_up_by_bursts),
	    cmocka_unit_test(waits_for_a_burst),
	    cmocka_unit_test(the_rate_is_kept),
	    cmocka_unit_test(does_not_overflow),
	    cmocka_unit_test(as_fast_as_possible),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
