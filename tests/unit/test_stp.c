/* SPDX-License-Identifier: BSD-2-Clause */
/* test_stp.c - operation (IEEE 802.1D-1998 8.7) and management (8.8) of plain
 * ports, and the callbacks. tests/stp/ and props_stp test whole networks. */
#include "stp_host.h"

#include <errno.h>

static const uint64_t better = 0x8000000000000001;
static const uint64_t worse = 0x80000000000000ff;

static void enabled_port_waits_twice_the_forward_delay(void **state)
{
	struct host h;

	(void)state;
	host_open(&h, 1, STP_BPDU_ALWAYS);
	host_up(&h, 1);
	assert_int_equal(h.states[1], STP_LISTENING);
	host_run(&h, 14900);
	assert_int_equal(h.states[1], STP_LISTENING);
	assert_int_equal(host_port(&h, 1).next_state_ms, 100);
	host_run(&h, 100);
	assert_int_equal(h.states[1], STP_LEARNING);
	host_run(&h, 15000);
	assert_int_equal(h.states[1], STP_FORWARDING);
	assert_int_equal(host_port(&h, 1).next_state_ms, -1);
	assert_int_equal(host_port(&h, 1).transitions, 1);
	host_down(&h, 1);
	assert_int_equal(h.states[1], STP_DISABLED);
	host_close(&h);
}

static void root_says_hello_every_two_seconds(void **state)
{
	struct host h;

	(void)state;
	host_open(&h, 1, STP_BPDU_ALWAYS);
	host_up(&h, 1);
	host_quiet(&h);
	host_run(&h, 20000);
	assert_int_equal(h.configs[1], 10);
	assert_true(h.last[1].vector.root == 0x8000000000000042);
	assert_int_equal(h.last[1].message_age_ms, 0);
	host_close(&h);
}

static void hold_time_between_two_bpdus(void **state)
{
	struct host h;

	(void)state;
	host_open(&h, 1, STP_BPDU_ALWAYS);
	host_up(&h, 1);
	host_run(&h, 1500);
	host_quiet(&h);
	for (int i = 0; i < 10; i++) /* each requires a reply (8.6.5) */
		host_hear(&h, 1, worse, 0, worse, 0x8001);
	assert_int_equal(h.configs[1], 1);
	assert_true(host_port(&h, 1).config_pending);
	host_run(&h, 1000);
	assert_int_equal(h.configs[1], 2);
	host_close(&h);
}

static void better_root_is_obeyed_and_told(void **state)
{
	struct host h;

	(void)state;
	host_open(&h, 2, STP_BPDU_ALWAYS);
	host_up(&h, 1);
	host_up(&h, 2);
	host_run(&h, 1500);
	stp_port_set_cost(h.stp, 1, 19, h.now_ms);
	assert_int_equal(
	    host_hear(&h, 1, better, 4, better, 0x8001), STP_RX_CONFIG);
	assert_true(host_bridge(&h).root_id == better);
	assert_int_equal(host_bridge(&h).root_port, 1);
	assert_int_equal(host_bridge(&h).root_path_cost, 23);
	assert_int_equal(host_port(&h, 1).role, STP_ROLE_ROOT);
	assert_int_equal(host_port(&h, 2).role, STP_ROLE_DESIGNATED);
	assert_true(h.last[2].vector.root == better);
	assert_int_equal(h.last[2].vector.cost, 23);
	assert_true(h.last[2].message_age_ms > 0);
	host_close(&h);
}

static void root_that_falls_silent_is_forgotten(void **state)
{
	struct host h;

	(void)state;
	host_open(&h, 2, STP_BPDU_ALWAYS);
	host_up(&h, 1);
	host_up(&h, 2);
	host_hear(&h, 1, better, 0, better, 0x8001);
	host_run(&h, 19900);
	assert_int_equal(host_bridge(&h).root_port, 1);
	host_quiet(&h);
	host_run(&h, 100);
	assert_int_equal(host_bridge(&h).root_port, 0);
	assert_int_equal(h.configs[2], 1);
	host_close(&h);
}

static void second_way_to_the_root_blocks(void **state)
{
	struct host h;

	(void)state;
	host_open(&h, 2, STP_BPDU_ALWAYS);
	host_up(&h, 1);
	host_up(&h, 2);
	host_hear(&h, 1, better, 0, better, 0x8001);
	host_hear(&h, 2, better, 0, better, 0x8002);
	assert_int_equal(host_port(&h, 2).role, STP_ROLE_ALTERNATE);
	assert_int_equal(h.states[2], STP_BLOCKING);
	host_down(&h, 1); /* 8.8.3: the other steps in at once */
	assert_int_equal(host_port(&h, 2).role, STP_ROLE_ROOT);
	assert_int_equal(h.states[2], STP_LISTENING);
	host_close(&h);
}

/* Found by props_stp: in the standard of 1998 the backup port becomes the root
 * port when the root port goes down. */
static void own_old_claim_is_not_a_path_to_the_root(void **state)
{
	struct host h;

	(void)state;
	host_open(&h, 3, STP_BPDU_ALWAYS);
	for (int port = 1; port <= 3; port++)
		host_up(&h, port);
	host_hear(&h, 1, better, 0, better, 0x8001);
	host_hear(&h, 3, better, 100, 0x8000000000000042, 0x8002);
	assert_int_equal(host_port(&h, 3).role, STP_ROLE_BACKUP);
	host_down(&h, 1);
	assert_int_equal(host_bridge(&h).root_port, 0);
	assert_int_equal(h.states[3], STP_BLOCKING);
	host_close(&h);
}

/* Found by props_stp: 8.8.5 makes the port designated but sends nothing. */
static void port_that_becomes_designated_speaks(void **state)
{
	struct host h;

	(void)state;
	host_open(&h, 3, STP_BPDU_ALWAYS);
	for (int port = 1; port <= 3; port++)
		host_up(&h, port);
	host_hear(&h, 1, better, 0, better, 0x8001);
	host_hear(&h, 3, better, 100, 0x8000000000000042, 0x8002);
	host_run(&h, 1500);
	host_quiet(&h);
	stp_port_set_priority(h.stp, 3, 16, h.now_ms);
	assert_int_equal(host_port(&h, 3).role, STP_ROLE_DESIGNATED);
	assert_int_equal(h.configs[3], 1);
	host_close(&h);
}

static void topology_change_is_notified_until_acknowledged(void **state)
{
	uint8_t data[BPDU_CONFIG_LEN];
	struct bpdu ack = {
	    .vector = {better, 0, better, 0x8001},
	    .times = stp_times_default(),
	    .topology_change_ack = true,
	    .topology_change = true,
	};
	struct host h;

	(void)state;
	host_open(&h, 2, STP_BPDU_ALWAYS);
	host_up(&h, 1);
	host_up(&h, 2);
	host_hear(&h, 1, better, 0, better, 0x8001);
	host_run(&h, 2500);
	host_quiet(&h);
	host_hear_tcn(&h, 2); /* 8.7.2: pass it on and acknowledge it */
	assert_int_equal(h.tcns[1], 1);
	assert_int_equal(h.configs[2], 1);
	assert_true(h.last[2].topology_change_ack);
	host_run(&h, 4000); /* 8.7.6: again every bridge hello time */
	assert_int_equal(h.tcns[1], 3);
	assert_int_equal(h.ageing_ms, 0);

	bpdu_encode_config(&ack, data);
	stp_receive(h.stp, 1, data, sizeof(data), h.now_ms);
	assert_int_equal(h.ageing_ms, 15000); /* the root shortens ageing */
	host_run(&h, 4000);
	assert_int_equal(h.tcns[1], 3);
	assert_int_equal(host_bridge(&h).topology_changes, 1);
	assert_int_equal(host_bridge(&h).since_change_ms, 0);
	host_hear(&h, 1, better, 0, better, 0x8001);
	assert_int_equal(h.ageing_ms, 0);
	host_close(&h);
}

static void root_announces_a_change_for_35_seconds(void **state)
{
	struct host h;

	(void)state;
	host_open(&h, 1, STP_BPDU_ALWAYS);
	host_up(&h, 1);
	host_run(&h, 29900);
	assert_int_equal(h.ageing_ms, 0);
	host_run(&h, 100); /* 8.7.5: the port forwards */
	assert_int_equal(h.ageing_ms, 15000);
	host_run(&h, 34900);
	assert_true(h.last[1].topology_change);
	assert_true(host_bridge(&h).topology_change);
	host_run(&h, 100);
	assert_int_equal(h.ageing_ms, 0);
	host_run(&h, 2000);
	assert_false(h.last[1].topology_change);
	assert_int_equal(host_bridge(&h).since_change_ms, 2000);
	host_close(&h);
}

static void calls_come_in_order_states_ageing_bpdus(void **state)
{
	struct host h;

	(void)state;
	host_open(&h, 2, STP_BPDU_ALWAYS);
	host_up(&h, 1);
	host_run(&h, 30000);
	host_hear(&h, 1, better, 0, better, 0x8001);
	host_run(&h, 1500);
	host_quiet(&h);
	host_down(&h, 1); /* we become the root; port 2 is down */
	assert_string_equal(h.order, "SA");
	host_quiet(&h);
	host_up(&h, 2);
	assert_string_equal(h.order, "ST");
	host_close(&h);
}

static void bridge_priority_makes_and_unmakes_a_root(void **state)
{
	struct host h;

	(void)state;
	host_open(&h, 1, STP_BPDU_ALWAYS);
	host_up(&h, 1);
	host_hear(&h, 1, better, 0, better, 0x8001);
	stp_set_bridge_id(h.stp, 0x1000000000000042, h.now_ms);
	assert_int_equal(host_bridge(&h).root_port, 0);
	assert_int_equal(host_port(&h, 1).role, STP_ROLE_DESIGNATED);
	stp_set_bridge_id(h.stp, 0xf000000000000042, h.now_ms);
	host_hear(&h, 1, better, 0, better, 0x8001);
	assert_int_equal(host_bridge(&h).root_port, 1);
	host_close(&h);
}

static void times_outside_the_table_are_bounded(void **state)
{
	uint8_t data[BPDU_CONFIG_LEN];
	struct bpdu hasty = {
	    .vector = {better, 0, better, 0x8001},
	    .times = {.hello_ms = 0, .max_age_ms = 1000},
	};
	struct host h;

	(void)state;
	host_open(&h, 1, STP_BPDU_ALWAYS);
	host_up(&h, 1);
	bpdu_encode_config(&hasty, data);
	stp_receive(h.stp, 1, data, sizeof(data), h.now_ms);
	assert_int_equal(host_bridge(&h).times.forward_delay_ms, 4000);
	assert_int_equal(host_bridge(&h).times.max_age_ms, 6000);
	host_run(&h, 3900);
	assert_int_equal(h.states[1], STP_LISTENING);
	host_close(&h);
}

static void verdicts_are_counted(void **state)
{
	static const uint8_t garbage[] = {1, 2, 3, 4};
	struct host h;

	(void)state;
	host_open(&h, 1, STP_BPDU_ALWAYS);
	assert_int_equal(host_hear_tcn(&h, 1), STP_RX_DOWN);
	host_up(&h, 1);
	assert_int_equal(stp_receive(h.stp, 1, garbage, 4, 0), STP_RX_PROTOCOL);
	assert_int_equal(stp_receive(h.stp, 1, garbage, 3, 0), STP_RX_SHORT);
	assert_int_equal(
	    host_hear(&h, 1, 0x8000000000000042, 0, 0x8000000000000042, 0x8001),
	    STP_RX_OWN);
	assert_int_equal(host_hear_tcn(&h, 7), STP_RX_DOWN); /* no such port */
	assert_int_equal(host_port(&h, 1).rx[STP_RX_PROTOCOL], 1);
	assert_int_equal(host_port(&h, 1).rx[STP_RX_OWN], 1);
	assert_int_equal(host_port(&h, 1).rx_total, 4);
	host_close(&h);
}

static void ports_come_and_go_in_any_order(void **state)
{
	static const int order[] = {7, 2, 4095, 1, 300};
	static const int sorted[] = {1, 2, 300, 4095};
	struct stp_callbacks callbacks = {
	    host_port_state, host_ageing, host_transmit};
	struct stp_times times = stp_times_default();
	struct stp *stp = stp_new(1, &times, 5, &callbacks, NULL, 0);
	int port = 0;

	(void)state;
	for (int i = 0; i < 5; i++)
		assert_int_equal(stp_port_add(stp, order[i]), 0);
	assert_int_equal(stp_port_add(stp, 8), -ENOSPC);
	stp_port_remove(stp, 7, 0);
	assert_int_equal(stp_port_add(stp, 2), -EEXIST);
	assert_int_equal(stp_port_add(stp, 0), -EINVAL);
	assert_int_equal(stp_port_add(stp, 4096), -EINVAL);
	for (int i = 0; i < 4; i++) {
		port = stp_port_next(stp, port);
		assert_int_equal(port, sorted[i]);
	}
	assert_int_equal(stp_port_next(stp, port), 0);
	assert_int_equal(stp_port_set_cost(stp, 7, 5, 0), -ENOENT);
	assert_int_equal(stp_port_set_cost(stp, 1, 0, 0), -EINVAL);
	assert_int_equal(stp_port_set_cost(stp, 1, 65536, 0), -EINVAL);
	assert_int_equal(stp_port_set_priority(stp, 1, 15, 0), -EINVAL);
	assert_int_equal(stp_port_set_priority(stp, 1, 256, 0), -EINVAL);
	stp_free(stp);
}

static void deadline_is_the_next_timer(void **state)
{
	struct host h;

	(void)state;
	host_open(&h, 1, STP_BPDU_ALWAYS);
	assert_int_equal(stp_deadline_at_ms(h.stp), 2000); /* hello */
	host_up(&h, 1); /* the hold timer runs; nothing waits for it */
	assert_int_equal(stp_deadline_at_ms(h.stp), 2000);
	stp_tick(h.stp, 2000);
	assert_int_equal(stp_deadline_at_ms(h.stp), 4000);
	h.now_ms = 2400; /* a reply now waits for it */
	host_hear(&h, 1, worse, 0, worse, 0x8001);
	assert_true(host_port(&h, 1).config_pending);
	assert_int_equal(stp_deadline_at_ms(h.stp), 3000);
	host_close(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(enabled_port_waits_twice_the_forward_delay),
	    cmocka_unit_test(root_says_hello_every_two_seconds),
	    cmocka_unit_test(hold_time_between_two_bpdus),
	    cmocka_unit_test(better_root_is_obeyed_and_told),
	    cmocka_unit_test(root_that_falls_silent_is_forgotten),
	    cmocka_unit_test(second_way_to_the_root_blocks),
	    cmocka_unit_test(own_old_claim_is_not_a_path_to_the_root),
	    cmocka_unit_test(port_that_becomes_designated_speaks),
	    cmocka_unit_test(topology_change_is_notified_until_acknowledged),
	    cmocka_unit_test(root_announces_a_change_for_35_seconds),
	    cmocka_unit_test(calls_come_in_order_states_ageing_bpdus),
	    cmocka_unit_test(bridge_priority_makes_and_unmakes_a_root),
	    cmocka_unit_test(times_outside_the_table_are_bounded),
	    cmocka_unit_test(verdicts_are_counted),
	    cmocka_unit_test(ports_come_and_go_in_any_order),
	    cmocka_unit_test(deadline_is_the_next_timer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
