/* SPDX-License-Identifier: BSD-2-Clause */
/* test_stp_times.c - timer ranges (802.1D-1998 Table 8-3) and their relation */
#include "stp_host.h"

#include <errno.h>

static void check(uint32_t hello_s, uint32_t max_age_s, uint32_t delay_s,
    const char *complaint)
{
	struct stp_times times = {
	    hello_s * 1000, max_age_s * 1000, delay_s * 1000};
	char err[128] = "";

	assert_int_equal(stp_times_check(&times, err, sizeof(err)),
	    *complaint ? -EINVAL : 0);
	assert_string_equal(err, complaint);
}

static void ranges_of_table_8_3(void **state)
{
	(void)state;
	check(2, 20, 15, "");
	check(1, 6, 4, "");
	check(10, 40, 30, "");
	check(0, 20, 15, "hello time 0 s is not between 1 and 10 s");
	check(11, 20, 15, "hello time 11 s is not between 1 and 10 s");
	check(2, 5, 15, "max age 5 s is not between 6 and 40 s");
	check(2, 41, 15, "max age 41 s is not between 6 and 40 s");
	check(2, 20, 3, "forward delay 3 s is not between 4 and 30 s");
	check(2, 20, 31, "forward delay 31 s is not between 4 and 30 s");
}

static void relation_of_8_10_2(void **state)
{
	(void)state;
	check(2, 20, 11, "");
	check(2, 20, 10,
	    "max age 20 s is more than 2 * (forward delay - 1 s) = 18 s: "
	    "lower max age or raise forward delay");
	check(9, 20, 15, "");
	check(10, 20, 15,
	    "max age 20 s is less than 2 * (hello time + 1 s) = 22 s: "
	    "raise max age or lower hello time");
}

static void refused_times_change_nothing(void **state)
{
	struct stp_times times = {1000, 6000, 4000}, wrong = {0, 6000, 4000};
	struct host h;
	char err[128];

	(void)state;
	host_open(&h, 1, STP_BPDU_ALWAYS);
	host_up(&h, 1);
	assert_int_equal(stp_set_times(h.stp, &times, 0, err, sizeof(err)), 0);
	assert_int_equal(
	    stp_set_times(h.stp, &wrong, 0, err, sizeof(err)), -EINVAL);
	assert_int_equal(host_bridge(&h).times.hello_ms, 1000);
	host_run(&h, 8000);
	assert_int_equal(h.states[1], STP_FORWARDING);
	host_close(&h);
	errno = 0;
	assert_null(stp_new(1, &wrong, 1, NULL, NULL, 0));
	assert_int_equal(errno, EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(ranges_of_table_8_3),
	    cmocka_unit_test(relation_of_8_10_2),
	    cmocka_unit_test(refused_times_change_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
