/* SPDX-License-Identifier: BSD-2-Clause */
/* test_policy.c - edge ports, the silent leaf, ports that only listen, guard */
#include "stp_host.h"

static const uint64_t self = 0x8000000000000042;
static const uint64_t better = 0x8000000000000001;
static const uint64_t worse = 0x80000000000000ff;

/* One uplink (port 1, auto) and two edge ports (2 and 3), all up. */
static void usual_case(struct host *h)
{
	host_open(h, 3, STP_BPDU_AUTO);
	stp_port_set_edge(h->stp, 2, true, 0);
	stp_port_set_edge(h->stp, 3, true, 0);
	for (int port = 1; port <= 3; port++)
		host_up(h, port);
}

static void usual_case_forwards_at_once_and_is_silent(void **state)
{
	struct host h;

	(void)state;
	usual_case(&h);
	for (int port = 1; port <= 3; port++)
		assert_int_equal(h.states[port], STP_FORWARDING);
	host_run(&h, 120000);
	assert_int_equal(h.configs[1] + h.tcns[1], 0);
	assert_true(h.configs[2] > 50);
	assert_true(host_bridge(&h).leaf);
	assert_int_equal(host_bridge(&h).topology_changes, 0);
	host_close(&h);
}

static void leaf_obeys_an_outside_root_silently(void **state)
{
	struct host h;

	(void)state;
	usual_case(&h);
	host_hear(&h, 1, better, 4, better, 0x8001);
	assert_int_equal(host_bridge(&h).root_port, 1);
	assert_int_equal(h.states[1], STP_FORWARDING);
	host_down(&h, 2); /* edge ports cause no topology change */
	host_up(&h, 2);
	host_run(&h, 15000);
	assert_int_equal(h.configs[1], 0);
	assert_int_equal(h.tcns[1], 0);
	host_close(&h);
}

static void leaf_believes_a_worse_root_too(void **state)
{
	struct host h;

	(void)state;
	usual_case(&h);
	host_hear(&h, 1, worse, 0, worse, 0x8001);
	assert_true(host_bridge(&h).root_id == worse);
	assert_int_equal(h.states[1], STP_FORWARDING);
	assert_int_equal(h.configs[1], 0);
	host_run(&h, 20000); /* its information ages out */
	assert_true(host_bridge(&h).root_id == self);
	assert_int_equal(h.states[1], STP_FORWARDING);
	host_close(&h);
}

static void second_uplink_makes_all_speak_and_waits(void **state)
{
	struct host h;

	(void)state;
	host_open(&h, 2, STP_BPDU_AUTO);
	host_up(&h, 1);
	host_run(&h, 10000);
	host_quiet(&h);
	host_up(&h, 2);
	assert_int_equal(h.states[1], STP_FORWARDING);
	assert_int_equal(h.states[2], STP_LISTENING);
	assert_int_equal(h.configs[2], 1);
	host_run(&h, 2000);
	assert_true(h.configs[1] > 0);
	host_run(&h, 27900);
	assert_int_equal(h.states[2], STP_LEARNING);
	host_run(&h, 100);
	assert_int_equal(h.states[2], STP_FORWARDING);
	host_close(&h);
}

static void two_uplinks_to_one_lan_never_both_forward(void **state)
{
	struct host h;

	(void)state;
	host_open(&h, 2, STP_BPDU_AUTO);
	host_up(&h, 1);
	host_up(&h, 2);
	host_hear(&h, 2, self, 0, self, 0x8001); /* what port 1 says */
	assert_int_equal(h.states[2], STP_BLOCKING);
	assert_int_equal(host_port(&h, 2).role, STP_ROLE_BACKUP);
	host_close(&h);
}

static void the_remaining_uplink_takes_over_at_once(void **state)
{
	struct host h;

	(void)state;
	host_open(&h, 2, STP_BPDU_AUTO);
	host_up(&h, 1);
	host_up(&h, 2);
	host_hear(&h, 1, better, 0, better, 0x8001);
	host_hear(&h, 2, better, 0, better, 0x8002);
	assert_int_equal(h.states[2], STP_BLOCKING);
	host_run(&h, 1500);
	host_quiet(&h);
	host_down(&h, 1);
	assert_int_equal(h.states[2], STP_FORWARDING);
	/* it has spoken: neighbors count on it, and hear of the change */
	assert_int_equal(h.tcns[2], 1);
	assert_true(host_port(&h, 2).speaks);
	host_down(&h, 2);
	host_up(&h, 2); /* a new link, where nobody knows us */
	assert_false(host_port(&h, 2).speaks);
	host_close(&h);
}

static void edge_speaks_at_once_and_ends_at_a_bpdu(void **state)
{
	struct host h;

	(void)state;
	host_open(&h, 3, STP_BPDU_AUTO);
	host_up(&h, 1);
	stp_port_set_edge(h.stp, 2, true, 0);
	host_up(&h, 2);
	assert_int_equal(h.states[2], STP_FORWARDING);
	assert_int_equal(h.configs[2], 1);
	host_hear(&h, 2, worse, 0, worse, 0x8001);
	assert_int_equal(h.states[2], STP_LISTENING);
	assert_false(host_port(&h, 2).edge);
	assert_true(host_port(&h, 1).speaks);
	assert_int_equal(h.states[1], STP_FORWARDING);
	host_run(&h, 30000);
	assert_int_equal(h.states[2], STP_FORWARDING);
	host_down(&h, 2);
	host_up(&h, 2);
	assert_true(host_port(&h, 2).edge);
	assert_int_equal(h.states[2], STP_FORWARDING);
	host_close(&h);
}

static void rstp_ends_edge_too(void **state)
{
	static const uint8_t rst[36] = {0, 0, 2, 2};
	struct host h;

	(void)state;
	usual_case(&h);
	assert_int_equal(
	    stp_receive(h.stp, 3, rst, sizeof(rst), 0), STP_RX_RST);
	assert_int_equal(h.states[3], STP_LISTENING);
	assert_true(host_bridge(&h).root_id == self);
	host_close(&h);
}

static void garbage_does_not_end_edge(void **state)
{
	static const uint8_t garbage[36] = {0, 1, 2, 2};
	struct host h;

	(void)state;
	usual_case(&h);
	stp_receive(h.stp, 3, garbage, sizeof(garbage), 0);
	assert_true(host_port(&h, 3).edge);
	host_close(&h);
}

/* A guest with two network cards bridges them. */
static void loop_behind_two_edge_ports_is_cut(void **state)
{
	struct host h;

	(void)state;
	usual_case(&h);
	host_hear(&h, 3, self, 0, self, 0x8002); /* what port 2 said */
	assert_int_equal(h.states[3], STP_BLOCKING);
	assert_int_equal(h.states[2], STP_FORWARDING);
	host_close(&h);
}

/* A bridge joins the uplink's LAN and a guest's. Through the guest it hears
 * that we are the root, and says so on the uplink, where we are silent. */
static void loop_through_uplink_and_edge_is_cut(void **state)
{
	struct host h;

	(void)state;
	usual_case(&h);
	host_hear(&h, 1, self, 10, worse, 0x8001);
	assert_int_equal(h.states[1], STP_BLOCKING);
	assert_true(host_bridge(&h).root_id == self);
	assert_int_equal(h.configs[1], 0);
	host_close(&h);
}

static void always_waits_and_speaks_alone(void **state)
{
	struct host h;

	(void)state;
	host_open(&h, 1, STP_BPDU_ALWAYS);
	host_up(&h, 1);
	assert_int_equal(h.states[1], STP_LISTENING);
	assert_int_equal(h.configs[1], 1);
	host_close(&h);
}

static void never_sends_nothing_but_listens(void **state)
{
	struct host h;

	(void)state;
	host_open(&h, 2, STP_BPDU_NEVER);
	host_up(&h, 1);
	host_up(&h, 2);
	host_run(&h, 30000);
	host_hear(&h, 1, worse, 0, worse, 0x8001);
	host_hear(&h, 2, worse, 0, worse, 0x8002);
	assert_true(host_bridge(&h).root_id == worse);
	assert_int_equal(h.states[1], STP_FORWARDING);
	assert_int_equal(h.states[2], STP_BLOCKING);
	assert_int_equal(
	    h.configs[1] + h.configs[2] + h.tcns[1] + h.tcns[2], 0);
	host_close(&h);
}

static void guard_takes_the_port_down(void **state)
{
	struct host h;

	(void)state;
	usual_case(&h);
	stp_port_set_bpdu(h.stp, 2, STP_BPDU_GUARD, 0);
	assert_int_equal(
	    host_hear(&h, 2, better, 0, better, 0x8001), STP_RX_GUARDED);
	assert_int_equal(h.states[2], STP_DISABLED);
	assert_true(host_bridge(&h).root_id == self);
	assert_int_equal(h.states[1], STP_FORWARDING);
	host_up(&h, 2); /* after the caller's hold time */
	assert_int_equal(h.states[2], STP_FORWARDING);
	host_close(&h);
}

static void edge_taken_away_by_the_operator(void **state)
{
	struct host h;

	(void)state;
	usual_case(&h);
	stp_port_set_edge(h.stp, 2, false, h.now_ms);
	assert_int_equal(h.states[2], STP_LISTENING);
	assert_int_equal(h.states[1], STP_FORWARDING);
	stp_port_set_edge(h.stp, 2, true, h.now_ms);
	assert_int_equal(h.states[2], STP_FORWARDING);
	host_close(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(usual_case_forwards_at_once_and_is_silent),
	    cmocka_unit_test(leaf_obeys_an_outside_root_silently),
	    cmocka_unit_test(leaf_believes_a_worse_root_too),
	    cmocka_unit_test(second_uplink_makes_all_speak_and_waits),
	    cmocka_unit_test(two_uplinks_to_one_lan_never_both_forward),
	    cmocka_unit_test(the_remaining_uplink_takes_over_at_once),
	    cmocka_unit_test(edge_speaks_at_once_and_ends_at_a_bpdu),
	    cmocka_unit_test(rstp_ends_edge_too),
	    cmocka_unit_test(garbage_does_not_end_edge),
	    cmocka_unit_test(loop_behind_two_edge_ports_is_cut),
	    cmocka_unit_test(loop_through_uplink_and_edge_is_cut),
	    cmocka_unit_test(always_waits_and_speaks_alone),
	    cmocka_unit_test(never_sends_nothing_but_listens),
	    cmocka_unit_test(guard_takes_the_port_down),
	    cmocka_unit_test(edge_taken_away_by_the_operator),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
