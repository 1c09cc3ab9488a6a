/* SPDX-License-Identifier: BSD-2-Clause */
/* The generator and the sink joined by a socket pair instead of a switch. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "bench/generator.h"
#include "bench/pingpong.h"
#include "bench/sink.h"

enum { RUN = 77 };

static const uint8_t here[6] = {2, 0, 0, 0, 0, 1};
static const uint8_t there[6] = {2, 0, 0, 0, 0, 2};
static const uint8_t elsewhere[6] = {2, 0, 0, 0, 0, 3};

struct wire {
	struct endpoint ends[2];
};

static void wire_open(struct wire *wire)
{
	int fds[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fds), 0);
	endpoint_plug(&wire->ends[0], plug_new(PLUG_DGRAM, fds[0]), here);
	endpoint_plug(&wire->ends[1], plug_new(PLUG_DGRAM, fds[1]), there);
}

static void wire_close(struct wire *wire)
{
	endpoint_close(&wire->ends[0]);
	endpoint_close(&wire->ends[1]);
}

/* Two of three frames are for the sink's own address. */
static void every_frame_is_counted_once(void **state)
{
	uint8_t dsts[3][6];
	struct wire wire;
	struct sink sink;
	struct flow flow;
	struct load load = {.flows = &flow,
	    .nflows = 1,
	    .count = 3000,
	    .duration_ns = 20000000000ULL,
	    .burst = 32};
	struct offered offered;

	(void)state;
	wire_open(&wire);
	memcpy(dsts[0], there, 6);
	memcpy(dsts[1], there, 6);
	memcpy(dsts[2], elsewhere, 6);
	assert_int_equal(flow_init(&flow, &wire.ends[0], 60, 3, dsts, RUN), 0);
	assert_int_equal(
	    sink_open(&sink, &wire.ends[1], -1, RUN, true, NULL), 0);
	generator_run(&load, &offered);
	sinks_settle(&sink, 1);
	assert_int_equal(offered.sent, 3000);
	assert_int_equal(sink.all, 3000);
	assert_int_equal(sink.mine, 2000);
	sink_close(&sink);
	flow_free(&flow);
	wire_close(&wire);
}

static void frames_of_others_are_not_counted(void **state)
{
	uint8_t dst[1][6], stray[60] = {0};
	struct wire wire;
	struct sink sink;
	struct flow flow;
	struct load load = {.flows = &flow,
	    .nflows = 1,
	    .count = 10,
	    .duration_ns = 20000000000ULL,
	    .burst = 4};
	struct offered offered;

	(void)state;
	wire_open(&wire);
	memcpy(dst[0], there, 6);
	assert_int_equal(
	    flow_init(&flow, &wire.ends[0], 60, 1, dst, RUN + 1), 0);
	assert_int_equal(
	    sink_open(&sink, &wire.ends[1], -1, RUN, true, NULL), 0);
	assert_int_equal(
	    send(plug_fd(wire.ends[0].plug), stray, sizeof(stray), 0), 60);
	generator_run(&load, &offered);
	sinks_settle(&sink, 1);
	assert_int_equal(offered.sent, 10);
	assert_int_equal(sink.all, 0);
	sink_close(&sink);
	flow_free(&flow);
	wire_close(&wire);
}

static void probes_carry_their_time(void **state)
{
	struct histogram latency;
	uint8_t dst[1][6];
	struct wire wire;
	struct sink sink;
	struct flow flow;
	struct load load = {.flows = &flow,
	    .nflows = 1,
	    .rate = 20000,
	    .count = 1000,
	    .duration_ns = 20000000000ULL,
	    .burst = 16,
	    .probe_every = 100};
	struct offered offered;

	(void)state;
	wire_open(&wire);
	histogram_clear(&latency);
	memcpy(dst[0], there, 6);
	assert_int_equal(flow_init(&flow, &wire.ends[0], 100, 1, dst, RUN), 0);
	assert_int_equal(
	    sink_open(&sink, &wire.ends[1], -1, RUN, true, &latency), 0);
	generator_run(&load, &offered);
	sinks_settle(&sink, 1);
	sink_close(&sink);
	assert_int_equal(sink.all, 1000);
	assert_int_equal(latency.count, 10);
	assert_true(latency.max < 20000000000ULL);
	/* 1000 frames at 20 000/s cannot take less than 49 ms. */
	assert_true(offered.elapsed_ns > 49000000);
	flow_free(&flow);
	wire_close(&wire);
}

/* No reader: frames that do not fit are refused and never count as sent. */
static void a_full_queue_is_not_loss(void **state)
{
	uint8_t dst[1][6], frame[2048];
	struct wire wire;
	struct flow flow;
	struct load load = {
	    .flows = &flow, .nflows = 1, .duration_ns = 30000000, .burst = 64};
	struct offered offered;
	uint64_t got = 0;

	(void)state;
	wire_open(&wire);
	memcpy(dst[0], there, 6);
	assert_int_equal(flow_init(&flow, &wire.ends[0], 1514, 1, dst, RUN), 0);
	generator_run(&load, &offered);
	while (plug_read(wire.ends[1].plug, frame, sizeof(frame)) == 1514)
		got++;
	assert_true(offered.refused > 0);
	assert_int_equal(offered.sent, got);
	flow_free(&flow);
	wire_close(&wire);
}

static void ping_and_pong(void **state)
{
	struct histogram rtt;
	struct wire wire;
	struct pingpong pingpong = {.client = &wire.ends[0],
	    .server = &wire.ends[1],
	    .home = -1,
	    .run_id = RUN,
	    .duration_ns = 20000000000ULL,
	    .count = 200};

	(void)state;
	wire_open(&wire);
	histogram_clear(&rtt);
	assert_int_equal(pingpong_run(&pingpong, &rtt), 0);
	assert_int_equal(rtt.count + pingpong.lost, 200);
	assert_true(rtt.count > 0);
	wire_close(&wire);
}

static void a_match_is_all_of_it(void **state)
{
	struct match match = {.run_id = RUN, .tag = FRAME_TAG_FLOOD};
	uint8_t frame[60];

	(void)state;
	frame_write(frame, sizeof(frame), there, here, FRAME_TAG_FLOOD, RUN);
	frame_set_sequence(frame, 1ULL << 40);
	frame_set_time(frame, 123456789);
	assert_true(frame_fits(frame, sizeof(frame), &match));
	assert_int_equal(frame_sequence(frame), 1ULL << 40);
	assert_int_equal(frame_time(frame), 123456789);
	match.dst = here;
	assert_false(frame_fits(frame, sizeof(frame), &match));
	match.dst = there;
	assert_true(frame_fits(frame, sizeof(frame), &match));
	assert_false(frame_fits(frame, 37, &match));
	match.tag = FRAME_TAG_PROBE;
	assert_false(frame_fits(frame, sizeof(frame), &match));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_frame_is_counted_once),
	    cmocka_unit_test(frames_of_others_are_not_counted),
	    cmocka_unit_test(probes_carry_their_time),
	    cmocka_unit_test(a_full_queue_is_not_loss),
	    cmocka_unit_test(ping_and_pong),
	    cmocka_unit_test(a_match_is_all_of_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
