/* SPDX-License-Identifier: BSD-2-Clause */
/* test_bridge.c - every verdict, learning, batches and the books. */
#include "bridge_fixture.h"

static void configurations_are_checked(void **state)
{
	(void)state;
	assert_null(bridge_new(&(struct bridge_config){.fdb_size = 1}));
	assert_null(bridge_new(&(struct bridge_config){.ageing_s = 9}));
	assert_null(bridge_new(&(struct bridge_config){.ageing_s = 1000001}));
	struct bridge *br =
	    bridge_new(&(struct bridge_config){.fdb_size = 64, .ageing_s = 10});
	assert_non_null(br);
	assert_int_equal(fdb_ageing(bridge_fdb(br)), 10);
	bridge_free(br);
	bridge_free(NULL);
}

static void unknown_is_flooded_known_is_not(void **state)
{
	struct rig *rig = *state;
	const struct decision *d = one(rig, 1, B, A);

	assert_int_equal(d->verdict, VERDICT_flood_unknown);
	assert_false(d->fact.known);
	assert_int_equal(d->out_port, 0);
	assert_int_equal(queued(rig), 1 << 2 | 1 << 3 | 1 << 4);
	assert_int_equal(rig->out.learned[0].what, FDB_NEW);

	d = one(rig, 2, A, B);
	assert_int_equal(d->verdict, VERDICT_forward);
	assert_int_equal(d->vid, VID_DEFAULT);
	assert_int_equal(d->in_port, 2);
	assert_int_equal(d->out_port, 1);
	assert_true(d->fact.known);
	assert_int_equal(d->fact.taught, 1);
	assert_int_equal(queued(rig), 1 << 1);
}

static void groups_are_flooded(void **state)
{
	struct rig *rig = *state;

	assert_int_equal(
	    one(rig, 3, BROADCAST, A)->verdict, VERDICT_flood_broadcast);
	assert_int_equal(queued(rig), 1 << 1 | 1 << 2 | 1 << 4);
	assert_int_equal(
	    one(rig, 3, MULTICAST, A)->verdict, VERDICT_flood_multicast);
	assert_int_equal(queued(rig), 1 << 1 | 1 << 2 | 1 << 4);
}

static void same_port_is_filtered(void **state)
{
	struct rig *rig = *state;

	one(rig, 1, BROADCAST, A);
	assert_int_equal(one(rig, 1, A, B)->verdict, VERDICT_filter_same_port);
	assert_int_equal(rig->out.decisions[0].out_port, 1);
	assert_int_equal(queued(rig), 0);
}

static void lengths_are_checked(void **state)
{
	struct rig *rig = *state;

	put(rig, B, A);
	rig->batch.frames[0].body_len = 1;
	go(rig, 1, NOW);
	assert_int_equal(rig->out.decisions[0].verdict, VERDICT_drop_runt);
	put(rig, B, A);
	rig->batch.frames[0].body_len = 2;
	go(rig, 1, NOW);
	assert_int_equal(rig->out.decisions[0].verdict, VERDICT_flood_unknown);
	put(rig, B, A);
	rig->batch.frames[0].body_len = FRAME_MAX - ETH_ADDRS;
	go(rig, 1, NOW);
	assert_int_equal(rig->out.decisions[0].verdict, VERDICT_flood_unknown);
	put(rig, B, A);
	rig->batch.frames[0].body_len = FRAME_MAX - ETH_ADDRS + 1;
	go(rig, 1, NOW);
	assert_int_equal(rig->out.decisions[0].verdict, VERDICT_drop_oversize);
}

static void a_frame_cut_within_its_tag_is_a_runt(void **state)
{
	struct rig *rig = *state;

	put(rig, B, A);
	memcpy(rig->bytes[0] + ETH_ADDRS, "\x81\0\0\x01", 4);
	frame_parse(&rig->batch.frames[0], rig->bytes[0], ETH_HEAD + 3);
	go(rig, 1, NOW);
	assert_int_equal(rig->out.decisions[0].verdict, VERDICT_drop_runt);
	assert_int_equal(rig->out.learned[0].what, FDB_SAME);
	assert_int_equal(fdb_port_count(bridge_fdb(rig->br), 1), 0);
}

static void bad_sources_are_dropped_and_not_learned(void **state)
{
	struct rig *rig = *state;

	assert_int_equal(
	    one(rig, 1, B, MULTICAST)->verdict, VERDICT_drop_src_group);
	assert_int_equal(
	    one(rig, 1, B, BROADCAST)->verdict, VERDICT_drop_src_group);
	assert_int_equal(one(rig, 1, B, ZERO)->verdict, VERDICT_drop_src_zero);
	assert_int_equal(fdb_port_count(bridge_fdb(rig->br), 1), 0);
}

/* Table 7-9: 16 addresses that a bridge does not relay. */
static void reserved_addresses_are_not_relayed(void **state)
{
	struct rig *rig = *state;
	char dst[ETH_ADDR + 1];

	memcpy(dst, BPDU, sizeof(dst));
	for (int last = 1; last <= 0x20; last++) {
		dst[5] = (char)last;
		assert_int_equal(one(rig, 1, dst, A)->verdict,
		    last < 0x10 ? VERDICT_drop_reserved
				: VERDICT_flood_multicast);
	}
	assert_int_equal(
	    one(rig, 1, BPDU, A)->verdict, VERDICT_drop_bpdu_stp_off);
	bridge_set_forward_reserved(rig->br, true);
	assert_int_equal(
	    one(rig, 1, BPDU, A)->verdict, VERDICT_flood_multicast);
	assert_int_equal(
	    one(rig, 1, LLDP, A)->verdict, VERDICT_flood_multicast);
	bridge_set_stp(rig->br, true);
	assert_int_equal(one(rig, 1, BPDU, A)->verdict, VERDICT_to_stp);
	bridge_set_forward_reserved(rig->br, false);
	assert_int_equal(one(rig, 1, BPDU, A)->verdict, VERDICT_to_stp);
	assert_int_equal(queued(rig), 0);
}

/* Tables of 8.4: what each state does with data, with BPDUs, and with the
 * source address. */
static void states_of_the_ingress_port(void **state)
{
	const struct {
		enum bridge_port_state state;
		enum verdict data, bpdu;
		enum fdb_learned learned;
	} rows[] = {
	    {BRIDGE_DISABLED, VERDICT_drop_port_disabled,
		VERDICT_drop_port_disabled, FDB_SAME},
	    {BRIDGE_BLOCKING, VERDICT_drop_port_blocking, VERDICT_to_stp,
		FDB_SAME},
	    {BRIDGE_LISTENING, VERDICT_drop_port_listening, VERDICT_to_stp,
		FDB_SAME},
	    {BRIDGE_LEARNING, VERDICT_drop_port_learning, VERDICT_to_stp,
		FDB_NEW},
	    {BRIDGE_FORWARDING, VERDICT_flood_unknown, VERDICT_to_stp,
		FDB_SAME},
	};
	struct rig *rig = *state;

	bridge_set_stp(rig->br, true);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		bridge_port_set_state(rig->br, 1, rows[i].state);
		assert_int_equal(bridge_port_state(rig->br, 1), rows[i].state);
		assert_int_equal(one(rig, 1, B, A)->verdict, rows[i].data);
		assert_int_equal(rig->out.learned[0].what, rows[i].learned);
		assert_int_equal(one(rig, 1, BPDU, A)->verdict, rows[i].bpdu);
	}
}

static void names_of_states(void **state)
{
	(void)state;
	assert_string_equal(
	    bridge_port_state_name(BRIDGE_DISABLED), "disabled");
	assert_string_equal(
	    bridge_port_state_name(BRIDGE_BLOCKING), "blocking");
	assert_string_equal(
	    bridge_port_state_name(BRIDGE_LISTENING), "listening");
	assert_string_equal(
	    bridge_port_state_name(BRIDGE_LEARNING), "learning");
	assert_string_equal(
	    bridge_port_state_name(BRIDGE_FORWARDING), "forwarding");
}

static void states_of_the_egress_ports(void **state)
{
	struct rig *rig = *state;

	one(rig, 2, BROADCAST, B);
	for (int s = BRIDGE_DISABLED; s < BRIDGE_FORWARDING; s++) {
		bridge_port_set_state(rig->br, 2, s);
		assert_int_equal(
		    one(rig, 1, B, A)->verdict, VERDICT_drop_egress_state);
		assert_int_equal(rig->out.decisions[0].out_port, 2);
		assert_int_equal(queued(rig), 0);
		one(rig, 1, BROADCAST, A);
		assert_int_equal(queued(rig), 1 << 3 | 1 << 4);
	}
	bridge_port_set_state(rig->br, 3, BRIDGE_BLOCKING);
	bridge_port_set_state(rig->br, 4, BRIDGE_BLOCKING);
	assert_int_equal(
	    one(rig, 1, BROADCAST, A)->verdict, VERDICT_drop_no_egress);
}

static void a_new_port_is_disabled_and_a_gone_one_forgotten(void **state)
{
	struct rig *rig = *state;
	struct fdb *fdb = bridge_fdb(rig->br);

	bridge_port_add(rig->br, 9, 2);
	assert_int_equal(bridge_port_state(rig->br, 9), BRIDGE_DISABLED);
	bridge_port_set_state(rig->br, 9, BRIDGE_FORWARDING);
	one(rig, 9, BROADCAST, A);
	one(rig, 9, BROADCAST, B);
	one(rig, 9, BROADCAST, "\x02\0\0\0\0\x0c");
	assert_int_equal(fdb_port_count(fdb, 9), 2);
	fdb_add_static(fdb, VID_DEFAULT, (const uint8_t *)A, 9, NOW);

	bridge_port_del(rig->br, 9);
	assert_int_equal(bridge_port_state(rig->br, 9), BRIDGE_DISABLED);
	assert_int_equal(one(rig, 1, A, B)->verdict, VERDICT_flood_unknown);
	assert_int_equal(queued(rig), 1 << 2 | 1 << 3 | 1 << 4);
}

static void a_batch_is_learned_before_it_is_decided(void **state)
{
	struct rig *rig = *state;

	put(rig, B, A);
	put(rig, A, B);
	put(rig, BROADCAST, A);
	go(rig, 1, NOW);
	assert_int_equal(
	    rig->out.decisions[0].verdict, VERDICT_filter_same_port);
	assert_int_equal(
	    rig->out.decisions[1].verdict, VERDICT_filter_same_port);
	assert_int_equal(
	    rig->out.decisions[2].verdict, VERDICT_flood_broadcast);
	assert_int_equal(rig->out.decisions[1].fact.taught, 1);
	assert_int_equal(rig->out.first_frame, 1);
	assert_int_equal(rig->out.n[2], 1);
	assert_ptr_equal(rig->out.queue[2][0], &rig->batch.frames[2]);

	put(rig, B, A);
	go(rig, 2, NOW);
	assert_int_equal(rig->out.first_frame, 4);
	assert_int_equal(rig->out.learned[0].what, FDB_MOVED);
	assert_int_equal(rig->out.learned[0].from_port, 1);
	assert_int_equal(rig->out.n[2], 0);
	assert_int_equal(rig->out.n[1], 1);
	assert_int_equal(portset_count(&rig->out.ports), 1);
}

static void queues_keep_order_and_hold_a_batch(void **state)
{
	struct rig *rig = *state;

	for (int i = 0; i < BATCH_MAX; i++)
		put(rig, BROADCAST, A);
	go(rig, 1, NOW);
	assert_int_equal(portset_count(&rig->out.ports), N_PORTS - 1);
	for (int port = 2; port <= N_PORTS; port++) {
		assert_int_equal(rig->out.n[port], BATCH_MAX);
		for (int i = 0; i < BATCH_MAX; i++)
			assert_ptr_equal(
			    rig->out.queue[port][i], &rig->batch.frames[i]);
	}
	go(rig, 1, NOW); /* of no frames */
	assert_int_equal(portset_count(&rig->out.ports), 0);
	assert_int_equal(rig->out.n[2], 0);
}

static void bpdus_are_pointed_out(void **state)
{
	struct rig *rig = *state;

	bridge_set_stp(rig->br, true);
	put(rig, B, A);
	put(rig, BPDU, A);
	put(rig, B, A);
	put(rig, BPDU, A);
	go(rig, 1, NOW);
	assert_int_equal(rig->out.n_stp, 2);
	assert_int_equal(rig->out.stp[0], 1);
	assert_int_equal(rig->out.stp[1], 3);
	one(rig, 1, B, A);
	assert_int_equal(rig->out.n_stp, 0);
}

/* Two calls give the same, and nothing is learned or counted. */
static void deciding_changes_nothing(void **state)
{
	struct rig *rig = *state;
	struct bridge_counters before;
	struct decision first, second;
	struct portset egress;
	const struct decision *executed;

	one(rig, 2, BROADCAST, B);
	before = *bridge_counters(rig->br);
	put(rig, B, A);
	memset(&first, 0x55, sizeof(first));
	memset(&second, 0xaa, sizeof(second));
	bridge_decide(rig->br, 1, &rig->batch.frames[0], NOW, &first);
	bridge_decide(rig->br, 1, &rig->batch.frames[0], NOW, &second);
	assert_memory_equal(&before, bridge_counters(rig->br), sizeof(before));
	assert_int_equal(fdb_port_count(bridge_fdb(rig->br), 1), 0);

	go(rig, 1, NOW);
	executed = &rig->out.decisions[0];
	assert_int_equal(first.verdict, VERDICT_forward);
	assert_int_equal(first.verdict, second.verdict);
	assert_int_equal(first.verdict, executed->verdict);
	assert_int_equal(first.out_port, executed->out_port);
	assert_int_equal(first.fact.taught, executed->fact.taught);
	bridge_egress(rig->br, &first, &egress);
	assert_int_equal(portset_count(&egress), 1);
	assert_true(portset_has(&egress, first.out_port));
}

static void the_books_balance(void **state)
{
	struct rig *rig = *state;
	const struct bridge_counters *c = bridge_counters(rig->br);
	uint64_t sum = 0;

	one(rig, 1, B, A);
	one(rig, 2, A, B);
	one(rig, 2, LLDP, B);
	one(rig, 2, B, ZERO);
	bridge_set_stp(rig->br, true);
	one(rig, 2, BPDU, B);
	bridge_recount(rig->br, VERDICT_to_stp, VERDICT_drop_bpdu_short);
	for (int v = 0; v < VERDICT_COUNT; v++)
		sum += c->verdicts[v];
	assert_int_equal(c->rx_frames, 5);
	assert_int_equal(sum, 5);
	assert_int_equal(c->verdicts[VERDICT_to_stp], 0);
	assert_int_equal(c->verdicts[VERDICT_drop_bpdu_short], 1);
	assert_int_equal(c->copies_queued, N_PORTS - 1 + 1);
}

/* Tags pass through, and addresses are one table whatever the tag says. */
static void tags_do_not_matter(void **state)
{
	struct rig *rig = *state;

	put(rig, BROADCAST, A);
	rig->batch.frames[0].tpid = TPID_8021Q;
	rig->batch.frames[0].tci = 42;
	go(rig, 1, NOW);
	assert_int_equal(one(rig, 2, A, B)->verdict, VERDICT_forward);
	put(rig, A, B);
	rig->batch.frames[0].tpid = TPID_8021AD;
	rig->batch.frames[0].tci = 7;
	go(rig, 2, NOW);
	assert_int_equal(rig->out.decisions[0].verdict, VERDICT_forward);
	assert_int_equal(rig->out.decisions[0].vid, VID_DEFAULT);
	assert_int_equal(rig->out.queue[1][0]->tci, 7);
}

static void a_run_of_one_flow_is_decided_once(void **state)
{
	struct rig *rig = *state;

	one(rig, 2, BROADCAST, B);
	put(rig, B, A);
	put(rig, B, A);
	put(rig, A, A);
	put(rig, B, A);
	/* the same addresses, but a runt, and one after a runt */
	put(rig, B, A);
	rig->batch.frames[4].body_len = 1;
	put(rig, B, A);
	go(rig, 1, NOW);
	assert_int_equal(rig->out.n[2], 4);
	for (int i = 0; i < 4; i++) {
		const struct decision *d = &rig->out.decisions[i];

		assert_int_equal(d->verdict,
		    i == 2 ? VERDICT_filter_same_port : VERDICT_forward);
		assert_int_equal(d->fact.taught, i == 2 ? 2 : 1);
	}
	assert_int_equal(rig->out.learned[0].what, FDB_NEW);
	assert_int_equal(rig->out.learned[1].what, FDB_SAME);
	assert_int_equal(rig->out.decisions[4].verdict, VERDICT_drop_runt);
	assert_int_equal(rig->out.decisions[5].verdict, VERDICT_forward);
	assert_ptr_equal(rig->out.queue[2][3], &rig->batch.frames[5]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(configurations_are_checked),
	    ON_RIG(reserved_addresses_are_not_relayed),
	    ON_RIG(states_of_the_ingress_port),
	    ON_RIG(names_of_states),
	    ON_RIG(states_of_the_egress_ports),
	    ON_RIG(unknown_is_flooded_known_is_not),
	    ON_RIG(groups_are_flooded),
	    ON_RIG(same_port_is_filtered),
	    ON_RIG(lengths_are_checked),
	    ON_RIG(a_frame_cut_within_its_tag_is_a_runt),
	    ON_RIG(bad_sources_are_dropped_and_not_learned),
	    ON_RIG(a_new_port_is_disabled_and_a_gone_one_forgotten),
	    ON_RIG(a_batch_is_learned_before_it_is_decided),
	    ON_RIG(queues_keep_order_and_hold_a_batch),
	    ON_RIG(bpdus_are_pointed_out),
	    ON_RIG(deciding_changes_nothing),
	    ON_RIG(the_books_balance),
	    ON_RIG(tags_do_not_matter),
	    ON_RIG(a_run_of_one_flow_is_decided_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
