/* SPDX-License-Identifier: BSD-2-Clause */
/* test_steer.c - the kernel takes the programs, by TCX and by clsact, and keeps
 * the addresses; nothing is left behind. Frames: tests/netns/host_frames.sh. */
#include "ports/steer.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>

#include "ports/spec.h"

#include "cm.h"

enum { LOOPBACK = 1, MAX = 64 }; /* the ifindex of lo, in each namespace */

static const uint8_t A[ETH_ADDR] = {2, 0, 0, 0, 0, 10},
		     B[ETH_ADDR] = {2, 0, 0, 0, 0, 11};

/* Programs on lo of a new namespace; skips the test where that is not allowed.
 */
static struct steer *start(enum steer_way way)
{
	char err[PORT_ERR] = "";
	struct steer *steer;

	if (unshare(CLONE_NEWNET) < 0)
		skip();
	steer = steer_new(LOOPBACK, LOOPBACK, MAX, way, err);
	if (!steer) {
		print_message("%s\n", err);
		skip();
	}
	return steer;
}

static int count(const struct steer *steer)
{
	uint8_t mac[ETH_ADDR] = {0};
	int n = 0;

	while (steer_next(steer, mac)) {
		assert_true(memcmp(mac, A, ETH_ADDR) == 0 ||
			    memcmp(mac, B, ETH_ADDR) == 0);
		n++;
	}
	return n;
}

static void addresses_come_move_and_go(void **state)
{
	struct steer *steer = start(STEER_BEST);

	(void)state;
	assert_int_equal(count(steer), 0);
	steer_put(steer, A, true);
	steer_put(steer, A, true);
	steer_put(steer, B, false);
	assert_int_equal(steer_guests(steer), 1);
	assert_int_equal(count(steer), 2);
	steer_put(steer, B, true);
	steer_put(steer, A, false);
	assert_int_equal(steer_guests(steer), 1);
	steer_del(steer, B);
	steer_del(steer, B);
	assert_int_equal(steer_guests(steer), 0);
	assert_int_equal(count(steer), 1);
	steer_free(steer);
	steer_free(NULL);
}

static void a_full_map_is_no_harm(void **state)
{
	struct steer *steer = start(STEER_BEST);
	uint8_t mac[ETH_ADDR] = {2};

	(void)state;
	for (int n = 0; n < 4 * MAX; n++) {
		mac[5] = (uint8_t)n;
		steer_put(steer, mac, true);
	}
	assert_int_equal(steer_guests(steer), MAX);
	steer_free(steer);
}

static void clsact_works_and_can_be_repeated(void **state)
{
	struct steer *steer = start(STEER_CLSACT);
	char err[PORT_ERR] = "";

	(void)state;
	assert_string_equal(steer_way_text(steer), "clsact");
	for (int turn = 0; turn < 3; turn++) {
		steer_free(steer);
		steer = steer_new(LOOPBACK, LOOPBACK, MAX, STEER_CLSACT, err);
		assert_non_null(steer);
	}
	steer_free(steer);
}

static void a_device_that_is_gone_is_an_error(void **state)
{
	char err[PORT_ERR] = "";

	(void)state;
	steer_free(start(STEER_BEST));
	assert_null(steer_new(4711, 4712, MAX, STEER_BEST, err));
	assert_string_not_equal(err, "");
	assert_null(steer_new(4711, 4712, MAX, STEER_CLSACT, err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(addresses_come_move_and_go),
	    cmocka_unit_test(a_full_map_is_no_harm),
	    cmocka_unit_test(clsact_works_and_can_be_repeated),
	    cmocka_unit_test(a_device_that_is_gone_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
