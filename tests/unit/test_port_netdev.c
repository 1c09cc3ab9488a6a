/* SPDX-License-Identifier: BSD-2-Clause */
/* test_port_netdev.c - plain frames between TAP and NIC ports on real
 * interfaces: tags, sizes, order. */
#include "netdev_fixture.h"

static void check_tags(const char *nic_spec)
{
	struct pair p;

	setup(&p, nic_spec);
	for (size_t i = 0; i < 3; i++) {
		make_plain(&sent, tpids[i], 64);
		netns_say(p.wire, &sent);
		pass(p.nic, p.tap);
		netns_hear(p.side, &heard);
		check_same();
		netns_say(p.side, &sent);
		pass(p.tap, p.nic);
		netns_hear(p.wire, &heard);
		check_same();
	}
	assert_int_equal(p.nic->counters.tx_frames, 3);
	assert_int_equal(p.tap->counters.tx_frames, 3);
	teardown(&p);
}

static void test_tags(void **state)
{
	(void)state;
	check_tags("nic:n0");
}

static void test_tags_pcap(void **state)
{
	(void)state;
	check_tags("nic:n0,driver=pcap");
}

/* A port does not receive what it sends. */
static void check_no_echo(const char *nic_spec)
{
	struct batch batch;
	struct pair p;

	setup(&p, nic_spec);
	make_plain(&sent, 0, 60);
	netns_say(p.side, &sent);
	pass(p.tap, p.nic);
	netns_hear(p.wire, &heard);
	assert_int_equal(port_receive(p.nic, &batch), 0);
	teardown(&p);
}

static void test_no_echo(void **state)
{
	(void)state;
	check_no_echo("nic:n0");
	check_no_echo("nic:n0,driver=pcap");
}

/* 14 bytes pass and are not padded. */
static void test_short(void **state)
{
	struct pair p;

	(void)state;
	setup(&p, "nic:n0");
	make_plain(&sent, 0, 14);
	netns_say(p.wire, &sent);
	pass(p.nic, p.tap);
	netns_hear(p.side, &heard);
	check_same();
	netns_say(p.side, &sent);
	pass(p.tap, p.nic);
	netns_hear(p.wire, &heard);
	check_same();
	teardown(&p);
}

/* Jumbo frames pass where the MTU has room, to the last byte, a tag on top. */
static void test_jumbo(void **state)
{
	struct pair p;

	(void)state;
	setup(&p, "nic:n0");
	resize(&p, 9000);
	for (size_t t = 0; t < 2; t++) {
		size_t tag = tpids[t] ? 4 : 0;

		make_plain(&sent, tpids[t], 9014 + tag);
		netns_say(p.wire, &sent);
		pass(p.nic, p.tap);
		netns_hear(p.side, &heard);
		check_same();
		netns_say(p.side, &sent);
		pass(p.tap, p.nic);
		netns_hear(p.wire, &heard);
		check_same();
	}
	teardown(&p);
}

/* A frame too long for the other side is dropped whole, and counted. */
static void test_mismatch(void **state)
{
	struct link link;
	struct pair p;

	(void)state;
	setup(&p, "nic:n0");
	resize(&p, 9000);
	netns_run("ip link set t0 mtu 1500");
	assert_int_equal(link_find("t0", &link), 0);
	port_link(p.tap, &link);
	make_plain(&sent, 0, 1519);
	netns_say(p.wire, &sent);
	pass(p.nic, p.tap);
	assert_int_equal(p.tap->counters.tx_oversize, 1);
	sent.len = 1518; /* 4 more than the MTU pass a bridge */
	netns_say(p.wire, &sent);
	pass(p.nic, p.tap);
	netns_hear(p.side, &heard);
	check_same();
	teardown(&p);
}

/* More than a batch waits: it is drained by batches, in order. */
static void test_drain(void **state)
{
	struct batch batch;
	struct pair p;
	int n = 0;

	(void)state;
	setup(&p, "nic:n0");
	for (int i = 0; i < 150; i++) {
		make_plain(&sent, 0, 60);
		sent.bytes[20] = (uint8_t)i;
		netns_say(p.side, &sent);
	}
	while (n < 150) {
		assert_true(netns_receive(p.tap, &batch) > 0);
		for (int i = 0; i < batch.n; i++)
			assert_int_equal(batch.frames[i].body[8], n++);
		port_release(p.tap, &batch);
	}
	assert_int_equal(port_receive(p.tap, &batch), 0);
	teardown(&p);
}

/* An interface that goes down leaves an error in its socket. It must be taken:
 * otherwise the loop would call without end. */
static void test_error_is_taken(void **state)
{
	struct batch batch;
	struct pair p;

	(void)state;
	setup(&p, "nic:n0");
	netns_run("ip link set n0 down");
	netns_wait(p.nic->fd, POLLIN);
	assert_int_equal(port_receive(p.nic, &batch), 0);
	netns_silent(p.nic->fd);
	assert_true(p.nic->is_open);
	teardown(&p);
}

/* Short and long frames in turn, many times round the ring: in order, and of
 * those that nobody read in time the books are right. */
static void test_receive_ring(void **state)
{
	struct batch batch;
	struct pair p;
	int n = 0;

	(void)state;
	setup(&p, "nic:n0");
	resize(&p, 9000);
	for (int i = 0; i < 4000; i++) {
		make_plain(&sent, 0, i % 3 ? 60 : 9014);
		sent.bytes[20] = (uint8_t)i;
		netns_say(p.wire, &sent);
		if (i % 40 < 39)
			continue;
		while (n <= i) {
			assert_true(netns_receive(p.nic, &batch) > 0);
			for (int f = 0; f < batch.n; f++, n++) {
				assert_int_equal(
				    batch.frames[f].body[8], n & 255);
				assert_int_equal(frame_len(&batch.frames[f]),
				    n % 3 ? 60 : 9014);
			}
			port_release(p.nic, &batch);
		}
	}
	assert_int_equal(port_receive(p.nic, &batch), 0);
	assert_int_equal(p.nic->counters.rx_frames, 4000);
	teardown(&p);
}

/* The interface goes down and up while short and long frames wait: in order,
 * and nothing is left behind. */
static void test_flap_while_frames_wait(void **state)
{
	static const size_t sizes[] = {60, 4000, 60, 4000, 60};
	struct batch batch;
	struct pair p;

	(void)state;
	setup(&p, "nic:n0");
	resize(&p, 9000);
	for (int i = 0; i < 5; i++) {
		make_plain(&sent, 0, sizes[i]);
		netns_say(p.wire, &sent);
	}
	netns_run("ip link set n0 down && ip link set n0 up");
	assert_int_equal(netns_receive(p.nic, &batch), 5);
	for (int i = 0; i < 5; i++)
		assert_int_equal(frame_len(&batch.frames[i]), sizes[i]);
	port_release(p.nic, &batch);
	assert_int_equal(port_receive(p.nic, &batch), 0);
	netns_silent(p.nic->fd);
	teardown(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_tags),
	    cmocka_unit_test(test_tags_pcap),
	    cmocka_unit_test(test_no_echo),
	    cmocka_unit_test(test_short),
	    cmocka_unit_test(test_jumbo),
	    cmocka_unit_test(test_mismatch),
	    cmocka_unit_test(test_drain),
	    cmocka_unit_test(test_error_is_taken),
	    cmocka_unit_test(test_receive_ring),
	    cmocka_unit_test(test_flap_while_frames_wait),
	};
	int failed;

	netns_enter();
	netns_host(&host);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(host.arena);
	return failed;
}
