/* SPDX-License-Identifier: BSD-2-Clause */
/* test_control_stream.c - the answers of the control socket that do not end:
 * capture and monitor. */
#include "control_fixture.h"

static struct reader *start_stream(struct fixture *fixture, const char *line)
{
	struct reader *r = calloc(1, sizeof(*r));

	r->fd = dial(fixture->path);
	say(r->fd, line);
	struct json_object *answer = hear(fixture, r);
	assert_non_null(answer);
	assert_int_equal(number(answer, "ok"), 1);
	json_object_put(answer);
	return r;
}

static void stop_stream(struct fixture *fixture, struct reader *r)
{
	close(r->fd);
	free(r);
	pump(fixture);
}

static void a_capture_tells_of_each_frame(void **state)
{
	struct fixture *fixture = *state;
	struct reader *r = start_stream(
	    fixture, "{\"cmd\":\"capture\",\"port\":\"m-2\",\"snaplen\":15}\n");

	come_in(fixture, 1, 1, 2, 60);
	struct json_object *f = hear(fixture, r);
	assert_non_null(f);
	assert_string_equal(text_of(f, "port"), "m-2");
	assert_string_equal(text_of(f, "direction"), "out");
	assert_int_equal(number(f, "len"), 60);
	assert_int_equal(number(f, "dropped"), 0);
	/* 02..02 02..01 88b5 5a */
	assert_string_equal(text_of(f, "data"), "AgAAAAACAgAAAAABiLVa");
	json_object_put(f);
	assert_null(hear(fixture, r));
	stop_stream(fixture, r);
	assert_int_equal(fixture->sw->ports[2]->watchers, 0);
}

static void a_capture_has_the_tag_in_band(void **state)
{
	struct fixture *fixture = *state;
	struct reader *r =
	    start_stream(fixture, "{\"cmd\":\"capture\",\"port\":\"m-1\"}\n");
	uint8_t bytes[18] = {
	    2, 0, 0, 0, 0, 9, 2, 0, 0, 0, 0, 8, 0x81, 0, 0x20, 7, 0x88, 0xb5};
	struct frame parsed;

	assert_true(frame_parse(&parsed, bytes, sizeof(bytes)));
	assert_int_equal(parsed.tpid, 0x8100);
	mem_inject(fixture->sw->ports[1]->port, &parsed);
	datapath_ready(fixture->sw->ports[1]);
	struct json_object *f = hear(fixture, r);
	assert_non_null(f);
	assert_string_equal(text_of(f, "direction"), "in");
	assert_string_equal(text_of(f, "data"), "AgAAAAAJAgAAAAAIgQAgB4i1");
	json_object_put(f);
	stop_stream(fixture, r);
}

static void a_capture_of_all_has_ports_that_come_later(void **state)
{
	struct fixture *fixture = *state;
	struct reader *r = start_stream(fixture, "{\"cmd\":\"capture\"}\n");

	add_port(fixture->sw);
	come_in(fixture, 3, 1, 2, 60);
	for (int i = 0; i < 3; i++) {
		struct json_object *f = hear(fixture, r);
		assert_non_null(f);
		json_object_put(f);
	}
	assert_null(hear(fixture, r));
	stop_stream(fixture, r);
}

static void a_capture_ends_with_its_port(void **state)
{
	struct fixture *fixture = *state;
	struct reader *r =
	    start_stream(fixture, "{\"cmd\":\"capture\",\"port\":\"m-2\"}\n");

	ask_ok(fixture, "{\"cmd\":\"port del\",\"port\":\"m-2\"}");
	assert_null(hear(fixture, r));
	assert_true(r->is_eof);
	stop_stream(fixture, r);
}

/* Each frame is told of, or counted as dropped; and nobody waits. */
static void a_slow_capture_drops_and_counts(void **state)
{
	enum { FRAMES = 400, BIG = 60000 };
	struct fixture *fixture = *state;
	struct reader *r =
	    start_stream(fixture, "{\"cmd\":\"capture\",\"port\":\"m-1\"}\n");
	int64_t heard = 0, dropped = 0;
	struct json_object *f;

	for (int i = 0; i < FRAMES; i++)
		come_in(fixture, 1, 1, 2, BIG);
	while ((f = hear(fixture, r))) {
		assert_int_equal(number(f, "dropped"), 0);
		json_object_put(f);
		heard++;
	}
	assert_true(heard > 10 && heard < FRAMES);
	come_in(fixture, 1, 1, 2, 60);
	f = hear(fixture, r);
	assert_non_null(f);
	dropped = number(f, "dropped");
	json_object_put(f);
	assert_int_equal(heard + dropped, FRAMES);
	stop_stream(fixture, r);
}

/* The next event of that name, whatever else is told before. */
static struct json_object *hear_event(
    struct fixture *fixture, struct reader *r, const char *name)
{
	struct json_object *e;

	while ((e = hear(fixture, r)) && strcmp(text_of(e, "event"), name) != 0)
		json_object_put(e);
	if (!e)
		fail_msg("nothing was heard of %s", name);
	return e;
}

static void monitor_tells_of_events(void **state)
{
	struct fixture *fixture = *state;
	struct reader *r = start_stream(fixture, "{\"cmd\":\"monitor\"}\n");

	ask_ok(fixture, "{\"cmd\":\"port down\",\"port\":\"m-2\"}");
	struct json_object *e = hear_event(fixture, r, "port_down");
	assert_string_equal(text_of(e, "port"), "m-2");
	assert_string_equal(text_of(e, "detail"), "taken down by the operator");
	json_object_put(e);

	come_in(fixture, 1, 7, 8, 60);
	e = hear_event(fixture, r, "mac_learned");
	assert_string_equal(text_of(e, "mac"), "02:00:00:00:00:07");
	assert_int_equal(number(e, "vlan"), 1);
	assert_int_equal(number(e, "frame"), 1);
	json_object_put(e);
	stop_stream(fixture, r);
	assert_int_equal(fixture->sw->listeners, 0);
}

/* Clients that monitor hear of the ports that leave when the switch ends. */
static void monitor_hears_the_end(void **state)
{
	struct fixture *fixture = *state;
	struct reader *r = start_stream(fixture, "{\"cmd\":\"monitor\"}\n");

	qswitch_close(fixture->sw);
	control_free(fixture->control);
	fixture->control = NULL;
	for (int i = 0; i < 2; i++) {
		struct json_object *e = hear_event(fixture, r, "port_removed");
		json_object_put(e);
	}
	assert_null(hear(fixture, r));
	assert_true(r->is_eof);
	stop_stream(fixture, r);
}

/* Two listen, the first leaves, then the second. */
static void listeners_come_and_go(void **state)
{
	struct fixture *fixture = *state;
	struct reader *a = start_stream(fixture, "{\"cmd\":\"monitor\"}\n");
	struct reader *b = start_stream(fixture, "{\"cmd\":\"monitor\"}\n");
	struct json_object *e;

	assert_int_equal(fixture->sw->listeners, 2);
	stop_stream(fixture, a);
	assert_int_equal(fixture->sw->listeners, 1);
	come_in(fixture, 1, 7, 8, 60);
	e = hear(fixture, b);
	assert_non_null(e);
	json_object_put(e);
	stop_stream(fixture, b);
	assert_int_equal(fixture->sw->listeners, 0);
}

/* A client that has said all it had to say may still listen. */
static void a_half_closed_stream_goes_on(void **state)
{
	struct fixture *fixture = *state;
	struct reader *r = start_stream(fixture, "{\"cmd\":\"monitor\"}\n");

	shutdown(r->fd, SHUT_WR);
	pump(fixture);
	come_in(fixture, 1, 7, 8, 60);
	struct json_object *e = hear(fixture, r);
	assert_non_null(e);
	json_object_put(e);
	stop_stream(fixture, r);
	/* It is found out when there is something to tell. */
	come_in(fixture, 1, 9, 8, 60);
	pump(fixture);
	assert_int_equal(fixture->sw->listeners, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_capture_tells_of_each_frame),
	    TEST(a_capture_has_the_tag_in_band),
	    TEST(a_capture_of_all_has_ports_that_come_later),
	    TEST(a_capture_ends_with_its_port),
	    TEST(a_slow_capture_drops_and_counts),
	    TEST(monitor_tells_of_events),
	    TEST(monitor_hears_the_end),
	    TEST(listeners_come_and_go),
	    TEST(a_half_closed_stream_goes_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
