/* SPDX-License-Identifier: BSD-2-Clause */
/* test_portset.c - sets of ports. */
#include "forwarding/portset.h"

#include "cm.h"

/* the corners: the first port, both sides of a word's edge, the last port */
static const int corners[] = {1, 63, 64, 65, 127, 128, PORT_MAX - 1, PORT_MAX};
enum { N_CORNERS = sizeof(corners) / sizeof(*corners) };

static void empty_set_has_nothing(void **state)
{
	struct portset s;

	(void)state;
	portset_clear(&s);
	assert_int_equal(portset_count(&s), 0);
	assert_int_equal(portset_next(&s, 1), 0);
	for (int port = 1; port <= PORT_MAX; port++)
		assert_false(portset_has(&s, port));
}

static void members_come_and_go(void **state)
{
	struct portset s = {0};

	(void)state;
	for (int i = 0; i < N_CORNERS; i++) {
		portset_add(&s, corners[i]);
		portset_add(&s, corners[i]);
		assert_true(portset_has(&s, corners[i]));
		assert_int_equal(portset_count(&s), i + 1);
	}
	assert_false(portset_has(&s, 2));
	assert_false(portset_has(&s, 129));
	for (int i = 0; i < N_CORNERS; i++) {
		portset_del(&s, corners[i]);
		portset_del(&s, corners[i]);
		assert_false(portset_has(&s, corners[i]));
	}
	assert_int_equal(portset_count(&s), 0);
}

static void foreach_ascends(void **state)
{
	struct portset s = {0};
	int n = 0;

	(void)state;
	for (int i = N_CORNERS - 1; i >= 0; i--)
		portset_add(&s, corners[i]);
	portset_foreach (port, &s)
		assert_int_equal(port, corners[n++]);
	assert_int_equal(n, N_CORNERS);
}

static void next_includes_its_argument(void **state)
{
	struct portset s = {0};

	(void)state;
	portset_add(&s, 64);
	portset_add(&s, PORT_MAX);
	assert_int_equal(portset_next(&s, 1), 64);
	assert_int_equal(portset_next(&s, 64), 64);
	assert_int_equal(portset_next(&s, 65), PORT_MAX);
	assert_int_equal(portset_next(&s, PORT_MAX), PORT_MAX);
	assert_int_equal(portset_next(&s, PORT_MAX + 1), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(empty_set_has_nothing),
	    cmocka_unit_test(members_come_and_go),
	    cmocka_unit_test(foreach_ascends),
	    cmocka_unit_test(next_includes_its_argument),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
