/* SPDX-License-Identifier: BSD-2-Clause */
/* test_port_unfinished.c - unfinished checksums and super-frames between TAP
 * and NIC ports on real interfaces. */
#include "flow_fixture.h"

/* Requests pass from TAP to NIC and back as they are, tagged or not; but for
 * AF_XDP, which has no words for them. */
static void test_offloads_pass(void **state)
{
	struct pair p;

	(void)state;
	setup(&p, "nic:n0,xdp=no");
	for (size_t i = 0; i < 4; i++) {
		for (size_t t = 0; t < 3; t++) {
			printf("%s, TPID %04x\n", flows[i].name, tpids[t]);
			make_flow(&sent, &flows[i], tpids[t], 1000, 0);
			both_ways(&p);
			make_flow(&sent, &flows[i], tpids[t], 40000, 1400);
			both_ways(&p);
		}
	}
	assert_int_equal(p.nic->counters.tx_segmented, 0);
	assert_int_equal(p.tap->counters.tx_segmented, 0);
	assert_int_equal(p.nic->counters.tx_csummed, 0);
	teardown(&p);
}

/* A short frame's checksum is finished on the way into AF_XDP; a super-frame
 * passes as it is. */
static void test_finished_for_xdp(void **state)
{
	struct pair p;

	(void)state;
	setup(&p, "nic:n0");
	for (size_t i = 0; i < 4; i++) {
		for (size_t t = 0; t < 3; t++) {
			printf("%s, TPID %04x\n", flows[i].name, tpids[t]);
			check_cut(&p, &flows[i], tpids[t], 1, 0);
			check_cut(&p, &flows[i], tpids[t], 1001, 0);
			make_flow(&sent, &flows[i], tpids[t], 40000, 1400);
			both_ways(&p);
		}
	}
	assert_int_equal(p.nic->counters.tx_frames, 36);
	assert_int_equal(p.nic->counters.tx_csummed, 24);
	assert_int_equal(p.nic->counters.tx_segmented, 0);
	teardown(&p);
}

static void test_finished_for_pcap(void **state)
{
	struct pair p;

	(void)state;
	setup(&p, "nic:n0,driver=pcap");
	for (size_t i = 0; i < 4; i++) {
		for (size_t t = 0; t < 3; t++) {
			printf("%s, TPID %04x\n", flows[i].name, tpids[t]);
			check_cut(&p, &flows[i], tpids[t], 1001, 0);
			check_cut(&p, &flows[i], tpids[t], 30001, 1200);
		}
	}
	assert_int_equal(p.nic->counters.tx_frames, 24);
	assert_int_equal(p.nic->counters.tx_csummed, 12);
	assert_int_equal(p.nic->counters.tx_segmented, 12);
	assert_int_equal(p.nic->counters.tx_segments, 12 * 26);
	teardown(&p);
}

/* The same for a NIC whose device leaves cutting to the kernel. */
static void test_finished_for_nic(void **state)
{
	struct link link;
	struct pair p;

	(void)state;
	setup(&p, "nic:n0");
	assert_int_equal(p.nic->can, CAN_VNET);
	netns_run("ethtool -K n0 tso off >/dev/null");
	assert_int_equal(link_find("n0", &link), 0);
	port_link(p.nic, &link);
	assert_int_equal(p.nic->can, CAN_CSUM);
	check_cut(&p, &flows[0], 0, 30001, 1200);
	assert_int_equal(p.nic->counters.tx_segmented, 1);
	p.nic->can = CAN_VNET; /* as if it was not known */
	check_cut(&p, &flows[0], 0, 30001, 1200);
	assert_int_equal(p.nic->counters.tx_segmented, 2);
	assert_int_equal(p.nic->counters.tx_frames, 2);
	netns_run("ethtool -K n0 tso on >/dev/null");
	assert_int_equal(link_find("n0", &link), 0);
	port_link(p.nic, &link);
	assert_int_equal(p.nic->can, CAN_VNET);
	teardown(&p);
}

/* libpcap does not say that received frames are unfinished; the TAP is told
 * all the same. */
static void test_recognised_by_pcap(void **state)
{
	struct pair p;

	(void)state;
	setup(&p, "nic:n0,driver=pcap");
	for (size_t i = 0; i < 4; i++) {
		for (size_t t = 0; t < 3; t++) {
			make_flow(&sent, &flows[i], tpids[t], 1001, 0);
			netns_say(p.wire, &sent);
			pass(p.nic, p.tap);
			netns_hear(p.side, &heard);
			check_untouched();
		}
	}
	for (size_t i = 0; i < 2; i++) {
		for (size_t t = 0; t < 3; t++) {
			size_t headers = flows[i].ipv6 ? 60 : 40;

			make_flow(&sent, &flows[i], tpids[t], 30001,
			    (uint16_t)(1500 - headers));
			netns_say(p.wire, &sent);
			pass(p.nic, p.tap);
			netns_hear(p.side, &heard);
			check_untouched();
		}
	}
	assert_int_equal(p.nic->counters.rx_invalid, 0);
	teardown(&p);
}

/* Nothing shows where a UDP super-frame must be cut: it is counted. */
static void test_udp_super_by_pcap(void **state)
{
	struct batch batch;
	struct pair p;

	(void)state;
	setup(&p, "nic:n0,driver=pcap");
	make_flow(&sent, &flows[2], 0, 30000, 1200);
	netns_say(p.wire, &sent);
	netns_wait(p.nic->fd, POLLIN);
	assert_int_equal(port_receive(p.nic, &batch), 0);
	assert_int_equal(p.nic->counters.rx_invalid, 1);
	assert_true(port_up(p.nic));
	teardown(&p);
}

/* AF_PACKET's sendmsg() has room on top of the MTU for one 802.1Q tag only;
 * with an 802.1ad tag a full frame goes another way. Many of them, so that what
 * is used is also given back; and one that is refused holds up none. */
static void check_full_8021ad(const char *nic_spec, bool finishes)
{
	struct pair p;

	setup(&p, nic_spec);
	/* the test sends by AF_PACKET, too */
	netns_run("ip link set t0 mtu 2000 && ip link set w0 mtu 2000");
	for (int i = 0; i < 300; i++) {
		make_plain(&sent, 0x88a8, 1518);
		sent.bytes[100] = (uint8_t)i;
		netns_say(p.side, &sent);
		if (i == 200)
			netns_run("ip link set n0 down");
		pass(p.tap, p.nic);
		if (i == 200) {
			netns_run("ip link set n0 up");
			continue;
		}
		netns_hear(p.wire, &heard);
		check_same();
		netns_say(p.wire, &sent);
		pass(p.nic, p.tap);
		netns_hear(p.side, &heard);
		check_same();
	}
	assert_int_equal(p.nic->counters.tx_frames, 299);
	assert_int_equal(p.nic->counters.tx_error + p.nic->counters.tx_full +
			     p.nic->counters.tx_down,
	    1);
	if (finishes) {
		check_cut(&p, &flows[0], 0x88a8, 1460, 0);
	} else {
		make_flow(&sent, &flows[0], 0x88a8, 1460, 0);
		netns_say(p.side, &sent);
		pass(p.tap, p.nic);
		netns_hear(p.wire, &heard);
		check_untouched();
	}
	teardown(&p);
}

static void test_full_8021ad(void **state)
{
	(void)state;
	check_full_8021ad("nic:n0", true);
	check_full_8021ad("nic:n0,xdp=no", false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_offloads_pass),
	    cmocka_unit_test(test_finished_for_xdp),
	    cmocka_unit_test(test_finished_for_pcap),
	    cmocka_unit_test(test_finished_for_nic),
	    cmocka_unit_test(test_recognised_by_pcap),
	    cmocka_unit_test(test_udp_super_by_pcap),
	    cmocka_unit_test(test_full_8021ad),
	};
	int failed;

	netns_enter();
	netns_host(&host);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(host.arena);
	return failed;
}
