/* SPDX-License-Identifier: BSD-2-Clause */
/* test_duplicate.c - an address that two stations use is told from a move. */
#include <string.h>

#include "switch/duplicate.h"

#include "cm.h"

static const uint8_t mac[] = {0x52, 0x54, 0, 0x12, 0x34, 0x56};

static void there_and_back_is_a_duplicate(void **state)
{
	struct duplicate d = {0};

	(void)state;
	assert_false(duplicate_note(&d, mac, 1, 3, 4, 100));
	assert_true(duplicate_note(&d, mac, 1, 4, 3, 200));
	assert_true(duplicate_note(&d, mac, 1, 3, 4, 300));
}

static void a_move_is_none(void **state)
{
	struct duplicate d = {0};

	(void)state;
	assert_false(duplicate_note(&d, mac, 1, 3, 4, 100));
	assert_false(duplicate_note(&d, mac, 1, 4, 5, 200));
	assert_false(duplicate_note(&d, mac, 1, 5, 3, 300));
	/* back after a while, as a machine that migrates twice */
	assert_false(duplicate_note(&d, mac, 1, 3, 5, 300 + DUPLICATE_MS));
}

static void another_address_or_vlan_is_none(void **state)
{
	struct duplicate d = {0};
	uint8_t other[ETH_ADDR];

	(void)state;
	memcpy(other, mac, sizeof(other));
	other[0] ^= 4; /* the same place in the memory */
	assert_false(duplicate_note(&d, mac, 1, 3, 4, 100));
	assert_false(duplicate_note(&d, other, 1, 4, 3, 101));
	assert_false(duplicate_note(&d, mac, 1, 3, 4, 102));
	assert_false(duplicate_note(&d, mac, 2, 4, 3, 103));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(there_and_back_is_a_duplicate),
	    cmocka_unit_test(a_move_is_none),
	    cmocka_unit_test(another_address_or_vlan_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
