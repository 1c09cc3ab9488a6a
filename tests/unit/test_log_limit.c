/* SPDX-License-Identifier: BSD-2-Clause */
/* test_log_limit.c - how often a kind of line may come in the log. */
#include <stdio.h>
#include <string.h>

#include "switch/log_limit.h"

#include "cm.h"

static struct log_limit limit;

static int start(void **state)
{
	(void)state;
	memset(&limit, 0, sizeof(limit));
	return 0;
}

static int passed_of(int n, uint64_t key, uint64_t now_ms)
{
	char line[32];
	int passed = 0;

	for (int i = 1; i <= n; i++) {
		snprintf(line, sizeof(line), "line %d", i);
		passed += log_limit_pass(&limit, key, 4, line, now_ms);
	}
	return passed;
}

static void a_burst_passes_and_the_rest_is_told(void **state)
{
	struct log_held held;

	(void)state;
	assert_int_equal(passed_of(32000, 7, 1000), LOG_BURST);
	assert_false(log_limit_take(&limit, 1000 + LOG_WINDOW_MS - 1, &held));
	assert_true(log_limit_take(&limit, 1000 + LOG_WINDOW_MS, &held));
	assert_int_equal(held.n, 32000 - LOG_BURST);
	assert_int_equal(held.level, 4);
	assert_string_equal(held.last, "line 32000");
	assert_false(log_limit_take(&limit, 1000 + LOG_WINDOW_MS, &held));
	assert_int_equal(limit.holding, 0);
}

static void kinds_have_limits_of_their_own(void **state)
{
	(void)state;
	assert_int_equal(passed_of(20, 1, 0), LOG_BURST);
	assert_int_equal(passed_of(20, 2, 0), LOG_BURST);
	assert_int_equal(passed_of(3, 3, 0), 3);
}

static void quiet_kinds_are_never_held(void **state)
{
	(void)state;
	for (uint64_t now_ms = 0; now_ms < 1000000; now_ms += 1001)
		assert_true(log_limit_pass(&limit, 9, 4, "line", now_ms));
	assert_int_equal(limit.holding, 0);
}

/* A peer that makes up kinds: the memory is bounded, and so is the log. */
static void made_up_kinds_share_what_is_left(void **state)
{
	struct log_held held;
	uint64_t told = 0;
	int passed = 0;

	(void)state;
	for (uint64_t key = 1; key <= 100000; key++)
		passed += log_limit_pass(&limit, key, 4, "line", 5);
	assert_int_equal(passed, LOG_KINDS + LOG_BURST);
	while (log_limit_take(&limit, 5 + LOG_WINDOW_MS, &held))
		told += held.n;
	assert_int_equal(told + (uint64_t)passed, 100000);
}

static void all_kinds_together_have_a_limit(void **state)
{
	int passed = 0;

	(void)state;
	for (uint64_t now_ms = 0; now_ms < LOG_WINDOW_MS; now_ms++)
		for (uint64_t key = 1; key <= 100; key++)
			passed +=
			    log_limit_pass(&limit, key, 4, "line", now_ms);
	assert_in_range(passed, 100, LOG_BURST_ALL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(a_burst_passes_and_the_rest_is_told, start),
	    cmocka_unit_test_setup(kinds_have_limits_of_their_own, start),
	    cmocka_unit_test_setup(quiet_kinds_are_never_held, start),
	    cmocka_unit_test_setup(made_up_kinds_share_what_is_left, start),
	    cmocka_unit_test_setup(all_kinds_together_have_a_limit, start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
