/* SPDX-License-Identifier: BSD-2-Clause */
/* test_policy_guest.c - what a guest sends changes nothing but its own port:
 * not what the bridge says to the LAN, not the tree, not the ageing time. And
 * loops through guests. */
#include "stp_host.h"

static const uint64_t self = 0x8000000000000042;
static const uint64_t better = 0x8000000000000001;
static const uint64_t lan_root = 0x8000000000000011;
static const uint64_t worse = 0x80000000000000ff;

enum { UPLINK = 1, GUEST = 2, OTHER = 3 };

/* An uplink and two guests, all up; the LAN has a root unless @root is 0. */
static void office(struct host *h, enum stp_bpdu uplink, uint64_t root)
{
	host_open(h, 3, STP_BPDU_FILTER);
	stp_port_set_bpdu(h->stp, UPLINK, uplink, 0);
	for (int port = 1; port <= 3; port++)
		host_up(h, port);
	if (root)
		host_hear(h, UPLINK, root, 0, root, 0x8001);
	host_run(h, 1500);
	host_quiet(h);
}

static void nothing_moved(struct host *h, uint64_t root)
{
	for (int port = 1; port <= 3; port++)
		assert_int_equal(h->states[port], STP_FORWARDING);
	assert_int_equal(h->configs[UPLINK] + h->tcns[UPLINK], 0);
	assert_true(host_bridge(h).root_id == root);
	assert_int_equal(host_bridge(h).topology_changes, 0);
	assert_int_equal(h->ageing_ms, 0);
	assert_false(host_port(h, UPLINK).speaks);
}

/* Everything a guest may say, once a second for a minute. */
static void attack(struct host *h, uint64_t root)
{
	static const uint8_t rst[36] = {0, 0, 2, 2};

	for (int s = 0; s < 60; s++) {
		if (root) /* the LAN repeats itself */
			host_hear(h, UPLINK, root, 0, root, 0x8001);
		host_hear(h, GUEST, worse, 0, worse, 0x8001);
		host_hear(h, GUEST, better, 0, better, 0x8001);
		host_hear(h, GUEST, lan_root, 0, lan_root, 0x8001);
		host_hear(h, GUEST, self, 0, better, 0x8001);
		host_hear_tcn(h, GUEST);
		assert_int_equal(
		    stp_receive(h->stp, GUEST, rst, sizeof(rst), h->now_ms),
		    STP_RX_FILTERED);
		nothing_moved(h, root ? root : self);
		host_run(h, 1000);
		nothing_moved(h, root ? root : self);
	}
}

static void guest_on_a_lan_without_a_tree(void **state)
{
	struct host h;

	(void)state;
	office(&h, STP_BPDU_AUTO, 0);
	attack(&h, 0);
	host_close(&h);
}

static void guest_on_a_lan_with_a_better_root(void **state)
{
	struct host h;

	(void)state;
	office(&h, STP_BPDU_AUTO, lan_root);
	attack(&h, lan_root);
	host_close(&h);
}

/* Our identifier is better than that of the LAN's root. */
static void guest_on_a_lan_with_a_worse_root(void **state)
{
	struct host h;

	(void)state;
	office(&h, STP_BPDU_AUTO, worse);
	attack(&h, worse);
	host_close(&h);
}

static void guest_beside_an_uplink_that_may_not_speak(void **state)
{
	struct host h;

	(void)state;
	office(&h, STP_BPDU_NEVER, lan_root);
	attack(&h, lan_root);
	host_close(&h);
}

/* With two uplinks the bridge speaks, but says nothing that a guest said. */
static void guest_beside_two_uplinks(void **state)
{
	struct host h;

	(void)state;
	host_open(&h, 3, STP_BPDU_AUTO);
	stp_port_set_bpdu(h.stp, GUEST, STP_BPDU_FILTER, 0);
	for (int port = 1; port <= 3; port++)
		host_up(&h, port);
	for (int s = 0; s < 60; s++) {
		host_hear(&h, UPLINK, lan_root, 0, lan_root, 0x8001);
		host_hear(&h, OTHER, lan_root, 4, lan_root + 1, 0x8001);
		host_run(&h, 1000);
	}
	host_quiet(&h);
	uint64_t changes = host_bridge(&h).topology_changes;
	for (int s = 0; s < 20; s++) {
		host_hear(&h, UPLINK, lan_root, 0, lan_root, 0x8001);
		host_hear(&h, OTHER, lan_root, 4, lan_root + 1, 0x8001);
		host_hear(&h, GUEST, better, 0, better, 0x8001);
		host_hear(&h, GUEST, lan_root, 0, lan_root, 0x8001);
		host_hear_tcn(&h, GUEST);
		host_run(&h, 1000);
		assert_true(host_bridge(&h).root_id == lan_root);
		assert_int_equal(host_bridge(&h).root_port, UPLINK);
		assert_int_equal(h.states[OTHER], STP_BLOCKING);
	}
	assert_int_equal(h.tcns[UPLINK] + h.configs[OTHER], 0);
	assert_int_equal(host_bridge(&h).topology_changes, changes);
	host_close(&h);
}

static void a_guest_gets_probes_and_no_bpdu(void **state)
{
	struct host h;

	(void)state;
	office(&h, STP_BPDU_AUTO, 0);
	host_run(&h, 10000);
	assert_int_equal(h.configs[GUEST] + h.tcns[GUEST], 0);
	assert_int_equal(h.probes[GUEST], 5);
	assert_int_equal(h.probes[UPLINK], 0);
	assert_int_equal(host_port(&h, GUEST).tx_probes, 6);
	host_down(&h, UPLINK);
	host_down(&h, OTHER);
	host_quiet(&h);
	host_run(&h, 10000);
	assert_int_equal(h.probes[GUEST], 0); /* no second port, no loop */
	host_up(&h, UPLINK);
	assert_int_equal(h.probes[GUEST], 1); /* at once */
	host_close(&h);
}

static void loop_through_two_cards_blocks_the_later(void **state)
{
	struct host h;

	(void)state;
	office(&h, STP_BPDU_AUTO, lan_root);
	assert_int_equal(
	    stp_probe_heard(h.stp, GUEST, OTHER, h.now_ms), STP_RX_LOOP);
	assert_int_equal(
	    stp_probe_heard(h.stp, OTHER, GUEST, h.now_ms), STP_RX_LOOP);
	assert_int_equal(h.states[GUEST], STP_FORWARDING);
	assert_int_equal(h.states[OTHER], STP_BLOCKING);
	assert_int_equal(h.loops[OTHER], 1);
	assert_int_equal(h.loops[GUEST], 0);
	assert_int_equal(host_port(&h, OTHER).loop_by, GUEST);
	assert_int_equal(h.configs[UPLINK] + h.tcns[UPLINK], 0);
	/* it stays blocked for as long as probes come back, told of once */
	for (int s = 0; s < 60; s += 2) {
		host_run(&h, 2000);
		stp_probe_heard(h.stp, GUEST, OTHER, h.now_ms);
		assert_int_equal(h.states[OTHER], STP_BLOCKING);
	}
	assert_int_equal(h.loops[OTHER], 1);
	assert_true(h.probes[OTHER] > 20);
	/* and recovers by itself, at once and with a probe */
	host_quiet(&h);
	host_run(&h, 18000);
	assert_int_equal(h.states[OTHER], STP_FORWARDING);
	assert_int_equal(host_port(&h, OTHER).loop_by, 0);
	assert_int_equal(host_port(&h, OTHER).loops, 1);
	host_close(&h);
}

static void loop_through_guest_and_lan_blocks_the_guest(void **state)
{
	struct host h;

	(void)state;
	office(&h, STP_BPDU_AUTO, lan_root);
	assert_int_equal(
	    stp_probe_heard(h.stp, UPLINK, GUEST, h.now_ms), STP_RX_LOOP);
	assert_int_equal(h.states[UPLINK], STP_FORWARDING);
	assert_int_equal(h.states[OTHER], STP_FORWARDING);
	assert_int_equal(h.states[GUEST], STP_BLOCKING);
	assert_int_equal(h.configs[UPLINK] + h.tcns[UPLINK], 0);
	host_close(&h);
}

/* We speak on two uplinks; a guest passes that on to its port. */
static void own_bpdu_by_a_guest_blocks_it(void **state)
{
	struct host h;

	(void)state;
	office(&h, STP_BPDU_AUTO, lan_root);
	/* whatever port it names */
	assert_int_equal(
	    host_hear(&h, GUEST, lan_root, 4, self, 0x8001), STP_RX_LOOP);
	assert_int_equal(
	    host_hear(&h, GUEST, self, 0, self, 0x8003), STP_RX_LOOP);
	assert_int_equal(h.states[GUEST], STP_BLOCKING);
	assert_int_equal(h.states[UPLINK], STP_FORWARDING);
	assert_int_equal(h.states[OTHER], STP_FORWARDING);
	host_close(&h);
}

static void a_mirror_or_a_stranger_blocks_nothing(void **state)
{
	struct host h;

	(void)state;
	office(&h, STP_BPDU_AUTO, lan_root);
	assert_int_equal(
	    stp_probe_heard(h.stp, GUEST, GUEST, h.now_ms), STP_RX_OWN);
	assert_int_equal(
	    stp_probe_heard(h.stp, GUEST, UPLINK, h.now_ms), STP_RX_OWN);
	assert_int_equal(
	    stp_probe_heard(h.stp, GUEST, 7, h.now_ms), STP_RX_OWN);
	assert_int_equal(
	    stp_probe_heard(h.stp, 7, GUEST, h.now_ms), STP_RX_DOWN);
	nothing_moved(&h, lan_root);
	host_close(&h);
}

static void a_new_link_or_policy_ends_the_blocking(void **state)
{
	struct host h;

	(void)state;
	office(&h, STP_BPDU_AUTO, lan_root);
	stp_probe_heard(h.stp, UPLINK, GUEST, h.now_ms);
	host_down(&h, GUEST);
	host_up(&h, GUEST);
	assert_int_equal(h.states[GUEST], STP_FORWARDING);
	stp_probe_heard(h.stp, UPLINK, GUEST, h.now_ms);
	assert_int_equal(h.states[GUEST], STP_BLOCKING);
	assert_int_equal(h.loops[GUEST], 2);
	stp_port_set_bpdu(h.stp, GUEST, STP_BPDU_AUTO, h.now_ms);
	assert_int_equal(h.states[GUEST], STP_LISTENING);
	host_close(&h);
}

static void explain_names_the_loop(void **state)
{
	char text[512];
	struct host h;

	(void)state;
	office(&h, STP_BPDU_AUTO, 0);
	stp_explain(h.stp, GUEST, h.now_ms, text, sizeof(text));
	assert_non_null(strstr(text, "leads to a machine"));
	stp_probe_heard(h.stp, UPLINK, GUEST, h.now_ms);
	stp_explain(h.stp, GUEST, h.now_ms, text, sizeof(text));
	assert_non_null(strstr(text, "blocked for a loop"));
	assert_non_null(strstr(text, "by port 1"));
	host_close(&h);
}

/* Who was believed is forgotten when the operator begins to filter. */
static void filter_forgets_what_the_port_heard(void **state)
{
	struct host h;

	(void)state;
	office(&h, STP_BPDU_AUTO, 0);
	stp_port_set_bpdu(h.stp, GUEST, STP_BPDU_AUTO, h.now_ms);
	host_hear(&h, GUEST, better, 0, better, 0x8001);
	assert_int_equal(host_bridge(&h).root_port, GUEST);
	stp_port_set_bpdu(h.stp, GUEST, STP_BPDU_FILTER, h.now_ms);
	assert_true(host_bridge(&h).root_id == self);
	assert_int_equal(h.states[GUEST], STP_FORWARDING);
	host_close(&h);
}

/* --- edge=auto: a network interface beside an uplink ------------------- */

static void beside_uplink(struct host *h)
{
	host_open(h, 2, STP_BPDU_AUTO);
	stp_port_set_edge(h->stp, 2, STP_EDGE_AUTO, 0);
	host_up(h, 1);
	host_up(h, 2);
}

static void interface_beside_an_uplink_listens_first(void **state)
{
	struct host h;

	(void)state;
	beside_uplink(&h);
	assert_int_equal(h.states[1], STP_FORWARDING);
	assert_int_equal(h.states[2], STP_LISTENING);
	assert_int_equal(h.configs[2], 1);
	host_run(&h, 3000);
	assert_int_equal(h.states[2], STP_FORWARDING);
	host_run(&h, 60000);
	assert_int_equal(h.configs[1] + h.tcns[1], 0);
	assert_int_equal(host_bridge(&h).topology_changes, 0);
	host_close(&h);
}

static void interface_that_hears_a_bridge_is_a_second_path(void **state)
{
	struct host h;

	(void)state;
	for (int wait_ms = 1000; wait_ms <= 9000; wait_ms += 8000) {
		beside_uplink(&h);
		host_run(&h, wait_ms);
		host_hear(&h, 2, worse, 0, worse, 0x8001);
		assert_int_equal(h.states[1], STP_FORWARDING);
		assert_int_equal(h.states[2], STP_LISTENING);
		host_run(&h, 2000);
		assert_true(h.configs[1] > 0);
		host_run(&h, 27000);
		assert_int_equal(h.states[2], STP_LEARNING);
		host_close(&h);
	}
}

/* Both on one LAN without a tree: our BPDU comes in by the uplink. */
static void own_bpdu_by_the_uplink_is_a_second_path(void **state)
{
	struct host h;

	(void)state;
	beside_uplink(&h);
	host_run(&h, 5000);
	host_hear(&h, 1, self, 0, self, 0x8002);
	assert_int_equal(h.states[1], STP_FORWARDING);
	assert_int_equal(h.states[2], STP_LISTENING);
	assert_true(host_port(&h, 1).speaks);
	host_hear(&h, 2, self, 0, self, 0x8001);
	assert_int_equal(h.states[2], STP_BLOCKING);
	host_close(&h);
}

/* A bridge between both took us for the root through port 2. */
static void our_name_by_the_uplink_is_a_second_path(void **state)
{
	struct host h;

	(void)state;
	beside_uplink(&h);
	host_run(&h, 5000);
	host_hear(&h, 1, self, 10, worse, 0x8001);
	assert_int_equal(h.states[1], STP_FORWARDING);
	assert_int_equal(h.states[2], STP_LISTENING);
	host_hear(&h, 1, self, 10, worse, 0x8001);
	assert_int_equal(h.states[1], STP_FORWARDING);
	host_run(&h, 2000);
	assert_true(h.configs[1] > 0); /* that bridge must block */
	host_close(&h);
}

static void interface_first_uplink_second(void **state)
{
	struct host h;

	(void)state;
	host_open(&h, 2, STP_BPDU_AUTO);
	stp_port_set_edge(h.stp, 2, STP_EDGE_AUTO, 0);
	host_up(&h, 2);
	assert_int_equal(h.states[2], STP_FORWARDING); /* the leaf */
	host_run(&h, 5000);
	assert_int_equal(h.configs[2], 0);
	host_up(&h, 1);
	assert_int_equal(h.states[1], STP_FORWARDING);
	assert_int_equal(h.states[2], STP_LISTENING); /* is there a loop? */
	assert_int_equal(h.configs[2], 1);
	host_run(&h, 3000);
	assert_int_equal(h.states[2], STP_FORWARDING);
	host_down(&h, 1);
	host_up(&h, 1);
	assert_int_equal(h.states[2], STP_FORWARDING); /* it has asked */
	host_run(&h, 30000);
	assert_int_equal(h.configs[1], 0);
	assert_int_equal(h.states[2], STP_FORWARDING);
	host_close(&h);
}

static void without_an_uplink_auto_is_no(void **state)
{
	struct host h;

	(void)state;
	host_open(&h, 2, STP_BPDU_AUTO);
	stp_port_set_edge(h.stp, 1, STP_EDGE_AUTO, 0);
	stp_port_set_edge(h.stp, 2, STP_EDGE_AUTO, 0);
	host_up(&h, 1);
	host_up(&h, 2);
	assert_int_equal(h.states[1], STP_FORWARDING);
	host_run(&h, 29900);
	assert_int_equal(h.states[2], STP_LEARNING);
	assert_true(h.configs[1] > 0);
	host_close(&h);
}

/* --- times that become shorter ------------------------------------------ */

/* A BPDU with long times and then one, nearly too old, with short ones. Other
 * bridges may have missed the second and believe the first for 40 seconds. */
static void two_bpdus_with_different_times(void **state)
{
	struct bpdu bpdu = {
	    .vector = {better, 0, better, 0x8001},
	    .times = {10000, 40000, 30000},
	};
	uint8_t data[BPDU_CONFIG_LEN];
	struct host h;

	(void)state;
	host_open(&h, 2, STP_BPDU_ALWAYS);
	host_up(&h, 1);
	host_up(&h, 2);
	bpdu_encode_config(&bpdu, data);
	stp_receive(h.stp, 1, data, sizeof(data), h.now_ms);
	bpdu.times = (struct stp_times){1000, 6000, 4000};
	bpdu.message_age_ms = 5900;
	bpdu_encode_config(&bpdu, data);
	stp_receive(h.stp, 1, data, sizeof(data), h.now_ms);
	host_run(&h, 200); /* the root is forgotten: we are it */
	assert_true(host_bridge(&h).root_id == self);
	host_run(&h, 29000);
	assert_int_equal(h.states[1], STP_LISTENING);
	assert_int_equal(h.states[2], STP_LISTENING);
	host_run(&h, 11000); /* 40 s: nobody believes it any more */
	assert_int_equal(h.states[2], STP_LEARNING);
	host_run(&h, 15000);
	assert_int_equal(h.states[2], STP_FORWARDING);
	host_close(&h);
}

static void a_bridge_that_becomes_root_keeps_the_longer_delay(void **state)
{
	struct bpdu bpdu = {
	    .vector = {better, 0, better, 0x8001},
	    .times = {10000, 40000, 30000},
	};
	uint8_t data[BPDU_CONFIG_LEN];
	struct host h;

	(void)state;
	host_open(&h, 2, STP_BPDU_ALWAYS);
	host_up(&h, 1);
	bpdu_encode_config(&bpdu, data);
	stp_receive(h.stp, 1, data, sizeof(data), h.now_ms);
	host_up(&h, 2);
	host_down(&h, 1);
	assert_true(host_bridge(&h).root_id == self);
	host_run(&h, 29000);
	assert_int_equal(h.states[2], STP_LISTENING);
	host_run(&h, 1100);
	assert_int_equal(h.states[2], STP_LEARNING);
	host_close(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(guest_on_a_lan_without_a_tree),
	    cmocka_unit_test(guest_on_a_lan_with_a_better_root),
	    cmocka_unit_test(guest_on_a_lan_with_a_worse_root),
	    cmocka_unit_test(guest_beside_an_uplink_that_may_not_speak),
	    cmocka_unit_test(guest_beside_two_uplinks),
	    cmocka_unit_test(a_guest_gets_probes_and_no_bpdu),
	    cmocka_unit_test(loop_through_two_cards_blocks_the_later),
	    cmocka_unit_test(loop_through_guest_and_lan_blocks_the_guest),
	    cmocka_unit_test(own_bpdu_by_a_guest_blocks_it),
	    cmocka_unit_test(a_mirror_or_a_stranger_blocks_nothing),
	    cmocka_unit_test(a_new_link_or_policy_ends_the_blocking),
	    cmocka_unit_test(explain_names_the_loop),
	    cmocka_unit_test(filter_forgets_what_the_port_heard),
	    cmocka_unit_test(interface_beside_an_uplink_listens_first),
	    cmocka_unit_test(interface_that_hears_a_bridge_is_a_second_path),
	    cmocka_unit_test(own_bpdu_by_the_uplink_is_a_second_path),
	    cmocka_unit_test(our_name_by_the_uplink_is_a_second_path),
	    cmocka_unit_test(interface_first_uplink_second),
	    cmocka_unit_test(without_an_uplink_auto_is_no),
	    cmocka_unit_test(two_bpdus_with_different_times),
	    cmocka_unit_test(a_bridge_that_becomes_root_keeps_the_longer_delay),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
