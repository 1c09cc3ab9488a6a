/* SPDX-License-Identifier: BSD-2-Clause */
/* test_spin.c - polling on after traffic: as long as it pays, and no longer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "switch/spin.h"

enum { US = 1000, MS = 1000000 };

static void off_never_polls(void **state)
{
	struct spin spin;
	(void)state;

	spin_init(&spin, 0);
	assert_false(spin_poll(&spin, true, 0));
	assert_false(spin_poll(&spin, false, 0));
}

static void always_never_blocks(void **state)
{
	struct spin spin;
	(void)state;

	spin_init(&spin, SPIN_ALWAYS_US);
	for (uint64_t t = 0; t < 10; t++)
		assert_true(spin_poll(&spin, false, t * MS));
}

static void polls_after_traffic_up_to_the_limit(void **state)
{
	struct spin spin;
	(void)state;

	spin_init(&spin, 50);
	assert_false(
	    spin_poll(&spin, false, 0)); /* idle: nothing to poll for */
	assert_true(spin_poll(&spin, true, 0));
	assert_true(spin_poll(&spin, false, 49 * US));
	assert_false(spin_poll(&spin, false, 50 * US));
	assert_false(spin_poll(&spin, false, 51 * US)); /* blocks from now on */
}

static void goes_on_for_as_long_as_it_pays(void **state)
{
	struct spin spin;
	uint64_t now_ns = 0;
	(void)state;

	spin_init(&spin, 50);
	for (int i = 0; i < 1000; i++) {
		now_ns += 40 * US;
		assert_true(spin_poll(&spin, true, now_ns));
	}
}

/* A frame each millisecond: each poll is in vain. */
static int polls_of(struct spin *spin, int frames)
{
	uint64_t now_ns = 0;
	int polls = 0;

	for (int i = 0; i < frames; i++) {
		now_ns += MS;
		polls += spin_poll(spin, true, now_ns);
		spin_poll(spin, false, now_ns + 60 * US);
	}
	return polls;
}

static void stops_when_it_does_not_pay(void **state)
{
	struct spin spin;
	(void)state;

	spin_init(&spin, 50);
	assert_in_range(polls_of(&spin, 10000), 10, 10000 / 50);
}

static void begins_again_when_it_pays_again(void **state)
{
	struct spin spin;
	uint64_t now_ns = UINT64_C(1000000) * MS;
	int polled = 0;
	(void)state;

	spin_init(&spin, 50);
	polls_of(&spin, 1000);
	for (int i = 0; i < 1000; i++) {
		now_ns += 20 * US;
		polled += spin_poll(&spin, true, now_ns);
	}
	assert_in_range(polled, 900, 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(off_never_polls),
	    cmocka_unit_test(always_never_blocks),
	    cmocka_unit_test(polls_after_traffic_up_to_the_limit),
	    cmocka_unit_test(goes_on_for_as_long_as_it_pays),
	    cmocka_unit_test(stops_when_it_does_not_pay),
	    cmocka_unit_test(begins_again_when_it_pays_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
