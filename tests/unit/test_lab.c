/* SPDX-License-Identifier: BSD-2-Clause */
/* test_lab.c - time in the operator's hand: frames wait, are counted, and
 * leave in the order they came. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "ports/mem.h"
#include "switch/control/commands.h"
#include "switch/datapath.h"
#include "switch/protocol/json.h"
#include "switch/lab.h"
#include "switch/switch.h"

enum { PORTS = 3, LEN = 60 };

static struct qswitch *new_switch(bool lab)
{
	struct config config;
	char err[CONFIG_ERR] = "";
	char *argv[] = {"qswitchd", "--stp", "off", "--lab", NULL};

	config_parse(&config, lab ? 4 : 3, argv, err);
	struct qswitch *sw = qswitch_new(&config, err);
	assert_non_null(sw);
	struct port from = {.host = &sw->host};
	for (int i = 0; i < PORTS; i++)
		assert_int_equal(
		    sw->host.spawn(&from, &kind_mem, "m", NULL), 0);
	/* from the start, without spanning-tree delays */
	for (int no = 1; no <= PORTS; no++)
		bridge_port_set_state(sw->bridge, no, BRIDGE_FORWARDING);
	return sw;
}

static int set_up(void **state)
{
	*state = new_switch(true);
	return 0;
}

static int tear_down(void **state)
{
	struct qswitch *sw = *state;
	struct qswitch_books books;

	qswitch_books(sw, &books);
	assert_int_equal(books.unaccounted, 0);
	qswitch_free(sw);
	return 0;
}

/* One frame from station @src, whose first payload byte is @mark. */
static void come_in(struct qswitch *sw, int no, int src, int dst, int mark)
{
	uint8_t bytes[LEN] = {[0] = 2,
	    [5] = (uint8_t)dst,
	    [6] = 2,
	    [11] = (uint8_t)src,
	    [12] = 0x88,
	    [13] = 0xb5,
	    [14] = (uint8_t)mark};
	struct frame f;

	assert_true(frame_parse(&f, bytes, sizeof bytes));
	assert_int_equal(mem_inject(sw->ports[no]->port, &f), 0);
	datapath_ready(sw->ports[no]);
}

/* The mark of the next frame that left by port @no, -1: none. */
static int went_out(struct qswitch *sw, int no)
{
	const struct frame *f = mem_collect(sw->ports[no]->port);

	return f ? f->body[2] : -1;
}

static struct json_object *ask(struct qswitch *sw, const char *line)
{
	return command_run(sw, NULL, line, strlen(line));
}

static int64_t count(struct json_object *o, const char *key)
{
	struct json_object *value;

	assert_true(json_object_object_get_ex(o, key, &value));
	return json_object_get_int64(value);
}

static const char *text(struct json_object *o, const char *key)
{
	struct json_object *value;

	assert_true(json_object_object_get_ex(o, key, &value));
	return json_object_get_string(value);
}

static int waiting(const struct qswitch *sw)
{
	struct lab_state state;

	lab_state(sw->lab, &state);
	return state.waiting;
}

static void frames_wait_and_step(void **state)
{
	struct qswitch *sw = *state;

	lab_pause(sw->lab);
	come_in(sw, 1, 1, 2, 10);
	come_in(sw, 2, 2, 1, 11);
	assert_int_equal(waiting(sw), 2);
	assert_int_equal(went_out(sw, 2), -1);
	assert_int_equal(fdb_port_count(bridge_fdb(sw->bridge), 1), 0);

	assert_true(lab_step(sw->lab));
	assert_int_equal(went_out(sw, 2), 10);
	assert_int_equal(went_out(sw, 3), 10);
	assert_true(lab_step(sw->lab));
	assert_int_equal(went_out(sw, 1), 11);
	assert_int_equal(went_out(sw, 3), -1);
	assert_false(lab_step(sw->lab));
}

static void resume_keeps_the_order(void **state)
{
	struct qswitch *sw = *state;

	lab_pause(sw->lab);
	for (int i = 0; i < 5; i++)
		come_in(sw, 1 + i % 2, 1 + i % 2, 9, i);
	lab_resume(sw->lab);
	for (int i = 0; i < 5; i++)
		assert_int_equal(went_out(sw, 3), i);
	come_in(sw, 1, 1, 9, 7);
	assert_int_equal(went_out(sw, 3), 7);
}

static void a_full_buffer_counts(void **state)
{
	struct qswitch *sw = *state;
	struct lab_state s;

	lab_pause(sw->lab);
	for (int i = 0; i < LAB_FRAMES + 3; i++)
		come_in(sw, 1, 1, 2, i);
	lab_state(sw->lab, &s);
	assert_int_equal(s.waiting, LAB_FRAMES);
	assert_int_equal(s.bytes, LAB_FRAMES * LEN);
	assert_int_equal(s.dropped, 3);
	assert_int_equal(
	    bridge_counters(sw->bridge)->verdicts[VERDICT_drop_lab_full], 3);
}

static void bytes_are_bounded_too(void **state)
{
	static uint8_t bytes[FRAME_MAX] = {[0] = 2, [6] = 2};
	struct qswitch *sw = *state;
	struct lab_state s;
	struct frame f;

	lab_pause(sw->lab);
	assert_true(frame_parse(&f, bytes, sizeof bytes));
	for (int i = 0; i < LAB_BYTES / FRAME_MAX + 2; i++) {
		mem_inject(sw->ports[1]->port, &f);
		datapath_ready(sw->ports[1]);
	}
	lab_state(sw->lab, &s);
	assert_int_equal(s.waiting, LAB_BYTES / FRAME_MAX);
	assert_in_range(s.bytes, 1, LAB_BYTES);
	assert_int_equal(s.dropped, 2);
}

static void a_copy_is_whole(void **state)
{
	struct qswitch *sw = *state;
	uint8_t bytes[LEN] = {[0] = 2,
	    [5] = 2,
	    [6] = 2,
	    [11] = 1,
	    [12] = 0x81,
	    [15] = 7,
	    [16] = 0x08,
	    [59] = 0xee};
	struct frame f;

	assert_true(frame_parse(&f, bytes, sizeof bytes));
	f.off = (struct offload){
	    .needs_csum = true, .csum_start = 34, .csum_offset = 6};
	sw->ports[2]->port->can = CAN_CSUM;
	lab_pause(sw->lab);
	mem_inject(sw->ports[1]->port, &f);
	datapath_ready(sw->ports[1]);
	memset(bytes, 0, sizeof bytes);
	lab_step(sw->lab);

	const struct frame *out = mem_collect(sw->ports[2]->port);
	assert_non_null(out);
	assert_int_equal(frame_len(out), LEN);
	assert_int_equal(out->tpid, TPID_8021Q);
	assert_int_equal(out->tci, 7);
	assert_int_equal(out->body[out->body_len - 1], 0xee);
	assert_true(out->off.needs_csum);
}

static void a_port_goes(void **state)
{
	struct qswitch *sw = *state;

	lab_pause(sw->lab);
	for (int i = 0; i < LAB_FRAMES; i++)
		come_in(sw, 1 + i % 2, 1, 9, i % 200);
	qswitch_port_del(sw, 1);
	assert_int_equal(waiting(sw), LAB_FRAMES / 2);
	assert_int_equal(
	    bridge_counters(sw->bridge)->verdicts[VERDICT_drop_port_disabled],
	    LAB_FRAMES / 2);
	lab_resume(sw->lab);
	for (int i = 1; i < LAB_FRAMES; i += 2)
		assert_int_equal(went_out(sw, 3), i % 200);
}

static void clocks_stand_still(void **state)
{
	struct qswitch *sw = *state;

	clock_tick(&sw->clock);
	lab_pause(sw->lab);
	uint64_t then_ms = qswitch_now_ms(sw);
	sw->clock.real_ns -= 5000000000; /* five seconds pass */
	clock_tick(&sw->clock);
	assert_int_equal(qswitch_now_ms(sw), then_ms);

	lab_resume(sw->lab);
	lab_slow(sw->lab, 10);
	sw->clock.real_ns -= 5000000000;
	clock_tick(&sw->clock);
	assert_in_range(qswitch_now_ms(sw) - then_ms, 500, 520);
}

static void slow_lets_one_go_at_a_time(void **state)
{
	struct qswitch *sw = *state;

	lab_slow(sw->lab, 2);
	for (int i = 0; i < 3; i++)
		come_in(sw, 1, 1, 2, i);
	assert_int_equal(waiting(sw), 3);
	for (int left = 3; left > 0; left--) {
		while (waiting(sw) == left)
			ev_run(sw->loop, EVRUN_ONCE);
		assert_int_equal(waiting(sw), left - 1);
		assert_int_equal(went_out(sw, 2), 3 - left);
	}
	come_in(sw, 1, 1, 2, 3);
	lab_slow(sw->lab, 1);
	assert_int_equal(waiting(sw), 0);
	assert_int_equal(went_out(sw, 2), 3);
}

/* What is foretold of a frame is what becomes of it. */
static void step_tells_before(void **state)
{
	struct qswitch *sw = *state;
	struct json_object *o, *next, *frames;
	char foretold[32];

	json_object_put(ask(sw, "{\"cmd\":\"pause\"}"));
	come_in(sw, 1, 1, 2, 0);
	come_in(sw, 2, 2, 1, 0);
	come_in(sw, 2, 2, 1, 0);

	o = ask(sw, "{\"cmd\":\"step\",\"frames\":0}");
	assert_int_equal(count(o, "waiting"), 3);
	assert_true(json_object_object_get_ex(o, "next_frame", &next));
	assert_string_equal(text(next, "verdict"), "flood_unknown");
	json_object_put(o);

	o = ask(sw, "{\"cmd\":\"step\"}");
	assert_true(json_object_object_get_ex(o, "frames", &frames));
	assert_int_equal(json_object_array_length(frames), 1);
	assert_string_equal(
	    text(json_object_array_get_idx(frames, 0), "verdict"),
	    "flood_unknown");
	assert_true(json_object_object_get_ex(o, "next_frame", &next));
	snprintf(foretold, sizeof foretold, "%s", text(next, "verdict"));
	assert_string_equal(foretold, "forward");
	json_object_put(o);

	o = ask(sw, "{\"cmd\":\"step\",\"frames\":9}");
	assert_true(json_object_object_get_ex(o, "frames", &frames));
	assert_int_equal(json_object_array_length(frames), 2);
	assert_string_equal(
	    text(json_object_array_get_idx(frames, 0), "verdict"), foretold);
	assert_true(json_object_object_get_ex(o, "next_frame", &next));
	assert_null(next);
	json_object_put(o);
}

static void refused(struct qswitch *sw, const char *line, const char *why)
{
	struct json_object *o = ask(sw, line);

	assert_int_equal(count(o, "ok"), 0);
	assert_non_null(strstr(text(o, "error"), why));
	json_object_put(o);
}

static void only_with_lab(void **state)
{
	struct qswitch *sw = new_switch(false);

	(void)state;
	refused(sw, "{\"cmd\":\"pause\"}", "--lab");
	refused(sw, "{\"cmd\":\"step\"}", "--lab");
	refused(sw, "{\"cmd\":\"resume\"}", "--lab");
	refused(sw, "{\"cmd\":\"slow\",\"factor\":2}", "--lab");
	struct json_object *o = ask(sw, "{\"cmd\":\"lab\"}");
	assert_int_equal(count(o, "lab"), 0);
	json_object_put(o);
	qswitch_free(sw);
}

static void bad_arguments(void **state)
{
	struct qswitch *sw = *state;

	refused(sw, "{\"cmd\":\"slow\"}", "factor");
	refused(sw, "{\"cmd\":\"slow\",\"factor\":\"2\"}", "factor");
	refused(sw, "{\"cmd\":\"slow\",\"factor\":0}", "factor");
	refused(sw, "{\"cmd\":\"slow\",\"factor\":1001}", "factor");
	refused(sw, "{\"cmd\":\"step\",\"frames\":65}", "frames");
	refused(sw, "{\"cmd\":\"step\",\"frames\":-1}", "frames");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(frames_wait_and_step),
	    TEST(resume_keeps_the_order),
	    TEST(a_full_buffer_counts),
	    TEST(bytes_are_bounded_too),
	    TEST(a_copy_is_whole),
	    TEST(a_port_goes),
	    TEST(clocks_stand_still),
	    TEST(slow_lets_one_go_at_a_time),
	    TEST(step_tells_before),
	    TEST(bad_arguments),
	    cmocka_unit_test(only_with_lab),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
