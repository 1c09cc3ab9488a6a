/* SPDX-License-Identifier: BSD-2-Clause */
/* test_lab.c - time in the operator's hand: frames wait, are counted, and
 * leave in the order they came. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ports/mem.h"
#include "switch/books.h"
#include "switch/control/commands.h"
#include "switch/datapath.h"
#include "switch/lab.h"
#include "switch/protocol/json.h"
#include "switch/switch.h"

enum { PORTS = 3, LEN = 60 };

struct classroom {
	struct qswitch *sw;
	struct lab *lab;
};

static struct classroom *new_room(bool lab)
{
	struct classroom *room = calloc(1, sizeof(*room));
	struct config config;
	char err[CONFIG_ERR] = "";
	char *argv[] = {"qswitchd", "--stp", "off", "--lab", NULL};

	config_parse(&config, lab ? 4 : 3, argv, err);
	struct qswitch *sw = room->sw = qswitch_new(&config, err);
	assert_non_null(sw);
	room->lab = lab ? lab_new(sw) : NULL;
	struct port from = {.host = &sw->host};
	for (int i = 0; i < PORTS; i++)
		assert_int_equal(
		    sw->host.spawn(&from, &kind_mem, "m", NULL), 0);
	/* from the start, without spanning-tree delays */
	for (int no = 1; no <= PORTS; no++)
		bridge_port_set_state(sw->bridge, no, BRIDGE_FORWARDING);
	return room;
}

static void free_room(struct classroom *room)
{
	qswitch_close(room->sw);
	lab_free(room->lab);
	qswitch_free(room->sw);
	free(room);
}

static int set_up(void **state)
{
	*state = new_room(true);
	return 0;
}

static int tear_down(void **state)
{
	struct classroom *room = *state;

	assert_true(books_balance(room->sw));
	free_room(room);
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

	assert_true(frame_parse(&f, bytes, sizeof(bytes)));
	assert_int_equal(mem_inject(sw->ports[no]->port, &f), 0);
	datapath_ready(sw->ports[no]);
}

/* The mark of the next frame that left by port @no, -1: none. */
static int went_out(struct qswitch *sw, int no)
{
	const struct frame *f = mem_collect(sw->ports[no]->port);

	return f ? f->body[2] : -1;
}

static struct json_object *ask(struct classroom *room, const char *line)
{
	struct request r = {.sw = room->sw, .lab = room->lab};

	return command_run(&r, line, strlen(line));
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

static int waiting(const struct classroom *room)
{
	struct lab_state state;

	lab_state(room->lab, &state);
	return state.waiting;
}

static void frames_wait_and_step(void **state)
{
	struct classroom *room = *state;
	struct qswitch *sw = room->sw;

	lab_pause(room->lab);
	come_in(sw, 1, 1, 2, 10);
	come_in(sw, 2, 2, 1, 11);
	assert_int_equal(waiting(room), 2);
	assert_int_equal(went_out(sw, 2), -1);
	assert_int_equal(fdb_port_count(bridge_fdb(sw->bridge), 1), 0);

	assert_true(lab_step(room->lab));
	assert_int_equal(went_out(sw, 2), 10);
	assert_int_equal(went_out(sw, 3), 10);
	assert_true(lab_step(room->lab));
	assert_int_equal(went_out(sw, 1), 11);
	assert_int_equal(went_out(sw, 3), -1);
	assert_false(lab_step(room->lab));
}

static void resume_keeps_the_order(void **state)
{
	struct classroom *room = *state;
	struct qswitch *sw = room->sw;

	lab_pause(room->lab);
	for (int i = 0; i < 5; i++)
		come_in(sw, 1 + i % 2, 1 + i % 2, 9, i);
	lab_resume(room->lab);
	for (int i = 0; i < 5; i++)
		assert_int_equal(went_out(sw, 3), i);
	come_in(sw, 1, 1, 9, 7);
	assert_int_equal(went_out(sw, 3), 7);
}

static void a_full_buffer_counts(void **state)
{
	struct classroom *room = *state;
	struct qswitch *sw = room->sw;
	struct lab_state s;

	lab_pause(room->lab);
	for (int i = 0; i < LAB_FRAMES + 3; i++)
		come_in(sw, 1, 1, 2, i);
	lab_state(room->lab, &s);
	assert_int_equal(s.waiting, LAB_FRAMES);
	assert_int_equal(s.bytes, LAB_FRAMES * LEN);
	assert_int_equal(s.dropped, 3);
	assert_int_equal(
	    bridge_counters(sw->bridge)->verdicts[VERDICT_drop_lab_full], 3);
}

static void bytes_are_bounded_too(void **state)
{
	static uint8_t bytes[FRAME_MAX] = {[0] = 2, [6] = 2};
	struct classroom *room = *state;
	struct qswitch *sw = room->sw;
	struct lab_state s;
	struct frame f;

	lab_pause(room->lab);
	assert_true(frame_parse(&f, bytes, sizeof(bytes)));
	for (int i = 0; i < LAB_BYTES / FRAME_MAX + 2; i++) {
		mem_inject(sw->ports[1]->port, &f);
		datapath_ready(sw->ports[1]);
	}
	lab_state(room->lab, &s);
	assert_int_equal(s.waiting, LAB_BYTES / FRAME_MAX);
	assert_in_range(s.bytes, 1, LAB_BYTES);
	assert_int_equal(s.dropped, 2);
}

static void a_copy_is_whole(void **state)
{
	struct classroom *room = *state;
	struct qswitch *sw = room->sw;
	uint8_t bytes[LEN] = {[0] = 2,
	    [5] = 2,
	    [6] = 2,
	    [11] = 1,
	    [12] = 0x81,
	    [15] = 7,
	    [16] = 0x08,
	    [59] = 0xee};
	struct frame f;

	assert_true(frame_parse(&f, bytes, sizeof(bytes)));
	f.off = (struct offload){
	    .needs_csum = true, .csum_start = 34, .csum_offset = 6};
	sw->ports[2]->port->can = CAN_CSUM;
	lab_pause(room->lab);
	mem_inject(sw->ports[1]->port, &f);
	datapath_ready(sw->ports[1]);
	memset(bytes, 0, sizeof(bytes));
	lab_step(room->lab);

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
	struct classroom *room = *state;
	struct qswitch *sw = room->sw;

	lab_pause(room->lab);
	for (int i = 0; i < LAB_FRAMES; i++)
		come_in(sw, 1 + i % 2, 1, 9, i % 200);
	qswitch_port_del(sw, 1);
	assert_int_equal(waiting(room), LAB_FRAMES / 2);
	assert_int_equal(
	    bridge_counters(sw->bridge)->verdicts[VERDICT_drop_port_disabled],
	    LAB_FRAMES / 2);
	lab_resume(room->lab);
	for (int i = 1; i < LAB_FRAMES; i += 2)
		assert_int_equal(went_out(sw, 3), i % 200);
}

static void clocks_stand_still(void **state)
{
	struct classroom *room = *state;
	struct qswitch *sw = room->sw;

	clock_tick(&sw->clock);
	lab_pause(room->lab);
	uint64_t then_ms = qswitch_now_ms(sw);
	sw->clock.real_ns -= 5000000000; /* five seconds pass */
	clock_tick(&sw->clock);
	assert_int_equal(qswitch_now_ms(sw), then_ms);

	lab_resume(room->lab);
	lab_slow(room->lab, 10);
	sw->clock.real_ns -= 5000000000;
	clock_tick(&sw->clock);
	assert_in_range(qswitch_now_ms(sw) - then_ms, 500, 520);
}

static void slow_lets_one_go_at_a_time(void **state)
{
	struct classroom *room = *state;
	struct qswitch *sw = room->sw;

	lab_slow(room->lab, 2);
	for (int i = 0; i < 3; i++)
		come_in(sw, 1, 1, 2, i);
	assert_int_equal(waiting(room), 3);
	for (int left = 3; left > 0; left--) {
		while (waiting(room) == left)
			ev_run(sw->loop, EVRUN_ONCE);
		assert_int_equal(waiting(room), left - 1);
		assert_int_equal(went_out(sw, 2), 3 - left);
	}
	come_in(sw, 1, 1, 2, 3);
	lab_slow(room->lab, 1);
	assert_int_equal(waiting(room), 0);
	assert_int_equal(went_out(sw, 2), 3);
}

/* What is foretold of a frame is what becomes of it. */
static void step_tells_before(void **state)
{
	struct classroom *room = *state;
	struct qswitch *sw = room->sw;
	struct json_object *o, *next, *frames;
	char foretold[32];

	json_object_put(ask(room, "{\"cmd\":\"pause\"}"));
	come_in(sw, 1, 1, 2, 0);
	come_in(sw, 2, 2, 1, 0);
	come_in(sw, 2, 2, 1, 0);

	o = ask(room, "{\"cmd\":\"step\",\"frames\":0}");
	assert_int_equal(count(o, "waiting"), 3);
	assert_true(json_object_object_get_ex(o, "next_frame", &next));
	assert_string_equal(text(next, "verdict"), "flood_unknown");
	json_object_put(o);

	o = ask(room, "{\"cmd\":\"step\"}");
	assert_true(json_object_object_get_ex(o, "frames", &frames));
	assert_int_equal(json_object_array_length(frames), 1);
	assert_string_equal(
	    text(json_object_array_get_idx(frames, 0), "verdict"),
	    "flood_unknown");
	assert_true(json_object_object_get_ex(o, "next_frame", &next));
	snprintf(foretold, sizeof(foretold), "%s", text(next, "verdict"));
	assert_string_equal(foretold, "forward");
	json_object_put(o);

	o = ask(room, "{\"cmd\":\"step\",\"frames\":9}");
	assert_true(json_object_object_get_ex(o, "frames", &frames));
	assert_int_equal(json_object_array_length(frames), 2);
	assert_string_equal(
	    text(json_object_array_get_idx(frames, 0), "verdict"), foretold);
	assert_true(json_object_object_get_ex(o, "next_frame", &next));
	assert_null(next);
	json_object_put(o);
}

static void refused(struct classroom *room, const char *line, const char *why)
{
	struct json_object *o = ask(room, line);

	assert_int_equal(count(o, "ok"), 0);
	assert_non_null(strstr(text(o, "error"), why));
	json_object_put(o);
}

static void only_with_lab(void **state)
{
	struct classroom *room = new_room(false);

	(void)state;
	refused(room, "{\"cmd\":\"pause\"}", "--lab");
	refused(room, "{\"cmd\":\"step\"}", "--lab");
	refused(room, "{\"cmd\":\"resume\"}", "--lab");
	refused(room, "{\"cmd\":\"slow\",\"factor\":2}", "--lab");
	struct json_object *o = ask(room, "{\"cmd\":\"lab\"}");
	assert_int_equal(count(o, "lab"), 0);
	json_object_put(o);
	free_room(room);
}

static void bad_arguments(void **state)
{
	struct classroom *room = *state;

	refused(room, "{\"cmd\":\"slow\"}", "factor");
	refused(room, "{\"cmd\":\"slow\",\"factor\":\"2\"}", "factor");
	refused(room, "{\"cmd\":\"slow\",\"factor\":0}", "factor");
	refused(room, "{\"cmd\":\"slow\",\"factor\":1001}", "factor");
	refused(room, "{\"cmd\":\"step\",\"frames\":65}", "frames");
	refused(room, "{\"cmd\":\"step\",\"frames\":-1}", "frames");
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
