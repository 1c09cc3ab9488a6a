/* SPDX-License-Identifier: BSD-2-Clause */
/* test_port_segments.c - how much work super-frames may cause, and how their
 * segments leave. */
#include "port_fixture.h"

/* What a port's frames become is bounded in each turn of the loop, over all
 * ports that they leave by; the others have their own share. */
static void test_segments_bounded(void **state)
{
	struct port *from = open_kind(&kind_mem), *other = open_kind(&kind_mem);
	struct port *to[30];
	struct frame super = super_frame(4600); /* 128 segments of 36 */
	const struct frame *batch[] = {&super, &super, &super, &super};
	uint64_t made = 0, full = 0;
	struct batch in;

	(void)state;
	super.off.gso_size = 36;
	assert_int_equal(offload_segments(&super), 128);
	port_turn(&host);
	assert_int_equal(port_receive(from, &in), 0);
	for (int i = 0; i < 30; i++) {
		to[i] = open_kind(&kind_mem);
		to[i]->can = 0;
		port_send(to[i], batch, 4);
		made += to[i]->counters.tx_segments;
		full += to[i]->counters.tx_full;
		assert_int_equal(copies(to[i]), 4);
	}
	assert_int_equal(made, 1024);
	assert_int_equal(full, 30 * 4 - 8);
	assert_int_equal(port_receive(from, &in), 0); /* the same turn */
	port_send(to[0], batch, 1);
	assert_int_equal(to[0]->counters.tx_segments, 512);
	assert_int_equal(port_receive(other, &in), 0);
	port_send(to[0], batch, 1);
	assert_int_equal(to[0]->counters.tx_segments, 512 + 128);
	port_turn(&host);
	assert_int_equal(port_receive(from, &in), 0);
	port_send(to[1], batch, 1);
	assert_int_equal(to[1]->counters.tx_segments, 512 + 128);
	for (int i = 0; i < 30; i++)
		port_free(to[i]);
	port_free(other);
	port_free(from);
	assert_null(host.charged);
}

/* However many ports receive, a turn ends. */
static void test_turn_bounded(void **state)
{
	struct port *to = open_kind(&kind_mem);
	struct frame super = super_frame(4600);
	const struct frame *f = &super;
	struct batch in;

	(void)state;
	super.off.gso_size = 36;
	to->can = 0;
	port_turn(&host);
	for (int i = 0; i < 100; i++) {
		struct port *from = open_kind(&kind_mem);

		assert_int_equal(port_receive(from, &in), 0);
		for (int k = 0; k < 10; k++) {
			port_send(to, &f, 1);
			while (mem_collect(to))
				;
		}
		port_free(from);
	}
	assert_in_range(to->counters.tx_segments, 2048, 4096);
	port_free(to);
}

/* Segments leave many at a time. */
static void test_segments_together(void **state)
{
	static const int queue[] = {-EOPNOTSUPP, 43, 3};
	struct port *port = open_script(3, queue);
	struct frame super = super_frame(46000);
	const struct frame *f = &super;

	(void)state;
	port_send(port, &f, 1);
	assert_int_equal(n_sends, 3);
	assert_int_equal(port->counters.tx_frames, 1);
	assert_int_equal(port->counters.tx_segments, 46);
	port_free(port);
}

/* A frame that the device refuses is counted alone, as too long if it is. */
static void test_refused_alone(void **state)
{
	static const int queue[] = {4};
	struct port *port = open_script(1, queue);
	struct frame small = tcp_frame(0), tall = tcp_frame(1460);
	const struct frame *four[] = {&small, &small, &tall, &small};

	(void)state;
	tall.tpid = TPID_8021AD;
	tall.body_len += VLAN_TAG;
	port->refused = 1 << 1 | 1 << 2;
	port_send(port, four, 4);
	assert_int_equal(n_sends, 1);
	assert_int_equal(port->counters.tx_frames, 2);
	assert_int_equal(port->counters.tx_full, 1);
	assert_int_equal(port->counters.tx_oversize, 1);
	assert_int_equal(copies(port), 4);
	assert_int_equal(port->refused, 0);
	port_free(port);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_segments_bounded),
	    cmocka_unit_test(test_turn_bounded),
	    cmocka_unit_test(test_segments_together),
	    cmocka_unit_test(test_refused_alone),
	};
	int failed;

	netns_host(&host);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(host.arena);
	return failed;
}
