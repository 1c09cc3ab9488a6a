/* SPDX-License-Identifier: BSD-2-Clause */
/* test_bridge_pair.c - the split horizon of an uplink and its host port, and
 * claims of static addresses. */
#include "bridge_fixture.h"

static const char C[] = "\x02\0\0\0\0\x0c", D[] = "\x02\0\0\0\0\x0d";

/* A LAN on port 1, its host on port 2, guests on ports 3 and 4. */
static void a_pair_has_a_split_horizon(void **state)
{
	struct rig *rig = *state;

	bridge_pair(rig->br, 1, 2);
	assert_int_equal(bridge_partner(rig->br, 1), 2);
	assert_int_equal(bridge_partner(rig->br, 2), 1);
	assert_int_equal(bridge_partner(rig->br, 3), 0);

	/* A guest reaches both; the host's broadcast is on the wire already,
	 * and it hears the LAN's. */
	assert_int_equal(
	    one(rig, 3, BROADCAST, A)->verdict, VERDICT_flood_broadcast);
	assert_int_equal(queued(rig), 1u << 1 | 1u << 2 | 1u << 4);
	one(rig, 2, BROADCAST, B);
	assert_int_equal(queued(rig), 1u << 3 | 1u << 4);
	one(rig, 1, MULTICAST, C);
	assert_int_equal(queued(rig), 1u << 3 | 1u << 4);

	/* LAN to host: it heard that. Host to LAN: is on the wire. */
	assert_int_equal(one(rig, 1, B, C)->verdict, VERDICT_filter_horizon);
	assert_int_equal(queued(rig), 0);
	assert_int_equal(one(rig, 2, C, B)->verdict, VERDICT_filter_horizon);
	assert_int_equal(one(rig, 2, D, B)->verdict, VERDICT_flood_unknown);
	assert_int_equal(queued(rig), 1u << 3 | 1u << 4);
	assert_int_equal(one(rig, 1, D, C)->verdict, VERDICT_flood_unknown);
	assert_int_equal(queued(rig), 1u << 3 | 1u << 4);
}

/* What was taken off the wire for a guest goes there after all if the guest has
 * moved there, or may have. */
static void redirected_frames_reach_the_wire(void **state)
{
	struct rig *rig = *state;

	bridge_pair(rig->br, 1, 2);
	one(rig, 3, BROADCAST, A);
	assert_int_equal(one(rig, 2, A, B)->verdict, VERDICT_forward);
	assert_int_equal(queued(rig), 1u << 3);
	one(rig, 1, BROADCAST, A);
	assert_int_equal(
	    one(rig, 2, A, B)->verdict, VERDICT_forward_redirected);
	assert_int_equal(queued(rig), 1u << 1);

	one(rig, 3, BROADCAST, C);
	put(rig, C, B);
	go(rig, 2, NOW + 1000 * (FDB_AGEING_DEFAULT_S + 1));
	assert_int_equal(
	    rig->out.decisions[0].verdict, VERDICT_flood_redirected);
	assert_int_equal(queued(rig), 1u << 1 | 1u << 3 | 1u << 4);
	put(rig, C, D); /* only the host's frames are redirected */
	go(rig, 4, NOW + 1000 * (FDB_AGEING_DEFAULT_S + 1));
	assert_int_equal(rig->out.decisions[0].verdict, VERDICT_flood_unknown);
}

static void a_pair_alone_has_nothing_to_do(void **state)
{
	struct rig *rig = *state;

	bridge_pair(rig->br, 1, 2);
	bridge_port_set_state(rig->br, 3, BRIDGE_BLOCKING);
	bridge_port_set_state(rig->br, 4, BRIDGE_BLOCKING);
	assert_int_equal(
	    one(rig, 1, BROADCAST, A)->verdict, VERDICT_filter_horizon);
	assert_int_equal(one(rig, 1, B, A)->verdict, VERDICT_filter_horizon);
	assert_int_equal(one(rig, 2, C, B)->verdict, VERDICT_filter_horizon);
	bridge_port_set_state(rig->br, 1, BRIDGE_BLOCKING);
	assert_int_equal(
	    one(rig, 2, BROADCAST, B)->verdict, VERDICT_drop_no_egress);
	assert_int_equal(one(rig, 2, A, B)->verdict, VERDICT_filter_horizon);
}

static void a_host_port_takes_no_bpdus(void **state)
{
	struct rig *rig = *state;

	bridge_set_stp(rig->br, true);
	bridge_pair(rig->br, 1, 2);
	assert_int_equal(one(rig, 1, BPDU, A)->verdict, VERDICT_to_stp);
	assert_int_equal(one(rig, 2, BPDU, B)->verdict, VERDICT_drop_reserved);
}

static void a_pair_ends_with_a_port(void **state)
{
	struct rig *rig = *state;

	bridge_pair(rig->br, 1, 2);
	bridge_port_del(rig->br, 1);
	assert_int_equal(bridge_partner(rig->br, 2), 0);
	bridge_port_add(rig->br, 1, 0);
	bridge_port_set_state(rig->br, 1, BRIDGE_FORWARDING);
	one(rig, 2, BROADCAST, B);
	assert_int_equal(queued(rig), 1u << 1 | 1u << 3 | 1u << 4);
	bridge_set_stp(rig->br, true);
	assert_int_equal(one(rig, 2, BPDU, B)->verdict, VERDICT_to_stp);
}

static void claims_of_static_addresses_are_counted(void **state)
{
	struct rig *rig = *state;

	fdb_add_static(
	    bridge_fdb(rig->br), VID_DEFAULT, (const uint8_t *)A, 2, NOW);
	one(rig, 2, B, A);
	assert_int_equal(bridge_counters(rig->br)->claims, 0);
	one(rig, 3, B, A);
	assert_int_equal(rig->out.learned[0].what, FDB_CLAIMED);
	assert_int_equal(rig->out.learned[0].from_port, 2);
	assert_int_equal(bridge_counters(rig->br)->claims, 1);
	one(rig, 1, A, B);
	assert_int_equal(queued(rig), 1u << 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    ON_RIG(a_pair_has_a_split_horizon),
	    ON_RIG(redirected_frames_reach_the_wire),
	    ON_RIG(a_pair_alone_has_nothing_to_do),
	    ON_RIG(a_host_port_takes_no_bpdus),
	    ON_RIG(a_pair_ends_with_a_port),
	    ON_RIG(claims_of_static_addresses_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
