/* SPDX-License-Identifier: BSD-2-Clause */
/* test_control.c - the control socket: lines, clients that are slow, many or
 * hostile, and the socket's file. What the commands say: test_commands.c. */
#include "control_fixture.h"

#include <sys/wait.h>

#include "switch/control/client.h"

static void a_line_is_answered(void **state)
{
	struct json_object *answer = ask(*state, "{\"cmd\":\"version\"}");

	assert_string_equal(text_of(answer, "version"), QSWITCH_VERSION);
	json_object_put(answer);
}

static void lines_come_in_pieces_and_together(void **state)
{
	struct reader r = {.fd = dial(((struct fixture *)*state)->path)};

	say(r.fd, "{\"cmd\":");
	assert_null(hear(*state, &r));
	say(r.fd, "\"version\"}\n{\"cmd\":\"nix\"}\n{\"cmd\":\"version\"}");
	for (int i = 0; i < 2; i++) {
		struct json_object *answer = hear(*state, &r);
		assert_non_null(answer);
		assert_int_equal(number(answer, "ok"), i == 0);
		json_object_put(answer);
	}
	assert_null(hear(*state, &r));
	assert_false(r.is_eof);
	/* The last line needs no newline when nothing more is to come. */
	shutdown(r.fd, SHUT_WR);
	struct json_object *answer = hear(*state, &r);
	assert_int_equal(number(answer, "ok"), 1);
	json_object_put(answer);
	assert_null(hear(*state, &r));
	assert_true(r.is_eof);
	close(r.fd);
}

static void a_line_without_end_is_refused(void **state)
{
	struct reader *r = calloc(1, sizeof(*r));
	char bytes[CLIENT_LINE];

	r->fd = dial(((struct fixture *)*state)->path);
	memset(bytes, 'a', sizeof(bytes));
	say_bytes(r->fd, bytes, sizeof(bytes));
	struct json_object *answer = hear(*state, r);
	assert_non_null(answer);
	assert_int_equal(number(answer, "ok"), 0);
	assert_non_null(strstr(text_of(answer, "error"), "longer than 16383"));
	json_object_put(answer);
	assert_null(hear(*state, r));
	assert_true(r->is_eof);
	close(r->fd);
	free(r);
}

static void what_is_no_request_gets_a_sentence(void **state)
{
	static const struct {
		const char *line, *part;
	} cases[] = {
	    {"", "the request is"},
	    {"nonsense", "the request is"},
	    {"[]", "not an object"},
	    {"17", "the request is"},
	    {"{\"cmd\":\"ports\"", "incomplete"},
	    {"{\"cmd\":\"ports\"} x", "the request is"},
	    {"{\"cmd\":\"ports\"}{}", "the request is"},
	    {"{\"cmd\":\"\xff\"}", "utf-8"},
	    {"{\"a\":[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]}", "nested too deeply"},
	    {"{}", "cmd is missing"},
	    {"{\"cmd\":5}", "cmd must be text"},
	    {"{\"cmd\":\"ports\\u0000\"}", "NUL"},
	    {"{\"cmd\":\"nix\"}", "no command is named nix"},
	    {"{\"cmd\":\"ports\",\"prot\":1}", "no argument prot"},
	    {"{\"cmd\":\"ports\",\"from\":-1}", "out of range"},
	    {"{\"cmd\":\"ports\",\"from\":1e3}", "a whole number"},
	    {"{\"cmd\":\"fdb\",\"vlan\":99999999999999999999999999}",
		"out of range"},
	    {"{\"cmd\":\"fdb\",\"vlan\":-99999999999999999999999999}",
		"out of range"},
	    {"{\"cmd\":\"fdb\",\"vlan\":\"7\"}", "a whole number"},
	    {"{\"cmd\":\"fdb\",\"vlan\":4095}", "1 to 4094"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		ask_bad(*state, cases[i].line, cases[i].part);
}

static void a_nul_byte_is_refused(void **state)
{
	static const char line[] = "{\"cmd\":\"ver\0sion\"}\n";
	struct reader r = {.fd = dial(((struct fixture *)*state)->path)};

	say_bytes(r.fd, line, sizeof(line) - 1);
	struct json_object *answer = hear(*state, &r);
	assert_non_null(strstr(text_of(answer, "error"), "NUL byte"));
	json_object_put(answer);
	close(r.fd);
}

static void one_client_too_many_is_told_so(void **state)
{
	struct fixture *fixture = *state;
	int fds[CONTROL_CLIENTS];

	for (int i = 0; i < CONTROL_CLIENTS; i++) {
		fds[i] = dial(fixture->path);
		pump(fixture);
	}
	struct reader r = {.fd = dial(fixture->path)};
	struct json_object *answer = hear(fixture, &r);
	assert_non_null(answer);
	assert_non_null(strstr(text_of(answer, "error"), "32 clients"));
	json_object_put(answer);
	assert_null(hear(fixture, &r));
	assert_true(r.is_eof);
	close(r.fd);
	for (int i = 0; i < CONTROL_CLIENTS; i++)
		close(fds[i]);
	pump(fixture);
	ask_ok(fixture, "{\"cmd\":\"version\"}");
}

/* It asks and asks and reads nothing: then it is no longer listened to. */
static void who_does_not_read_waits(void **state)
{
	static const char line[] = "{\"cmd\":\"help\"}\n";
	struct fixture *fixture = *state;
	struct reader *r = calloc(1, sizeof(*r));
	int sent = 0, heard = 0;
	struct json_object *answer;

	r->fd = dial(fixture->path);
	for (int quiet = 0; quiet < 4; quiet++) {
		while (send(r->fd, line, sizeof(line) - 1, 0) ==
		       (ssize_t)sizeof(line) - 1) {
			assert_true(sent++ < 1000000);
			quiet = 0;
		}
		pump(fixture);
	}
	/* Others do not notice. */
	ask_ok(fixture, "{\"cmd\":\"version\"}");
	/* Nothing was lost. */
	while ((answer = hear(fixture, r))) {
		assert_int_equal(number(answer, "ok"), 1);
		json_object_put(answer);
		heard++;
	}
	assert_true(heard >= sent && !r->is_eof);
	close(r->fd);
	free(r);
}

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

	while ((e = hear(fixture, r)) && strcmp(text_of(e, "event"), name))
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

static void clients_that_vanish_are_forgotten(void **state)
{
	struct fixture *fixture = *state;

	for (int i = 0; i < 200; i++) {
		int fd = dial(fixture->path);

		say(fd, i & 1 ? "{\"cmd\":\"help\"}\n{\"cmd\":" : "{\"cmd\"");
		if (i & 2)
			pump(fixture);
		close(fd);
		pump(fixture);
	}
	ask_ok(fixture, "{\"cmd\":\"version\"}");
}

static void the_socket_is_for_owner_and_group(void **state)
{
	struct stat st;

	assert_int_equal(stat(((struct fixture *)*state)->path, &st), 0);
	assert_true(S_ISSOCK(st.st_mode));
	assert_int_equal(st.st_mode & 0777, 0660);
}

static void a_live_daemon_is_named(void **state)
{
	struct fixture *fixture = *state;
	char err[CONFIG_ERR] = "", pid[32];

	assert_null(control_new(fixture->sw, NULL, fixture->path, err));
	snprintf(pid, sizeof(pid), "(process %d)", getpid());
	assert_non_null(strstr(err, "in use by a running qswitchd"));
	assert_non_null(strstr(err, pid));
	pump(fixture);
	ask_ok(fixture, "{\"cmd\":\"version\"}");
}

/* As kill -9 leaves it. */
static void a_stale_socket_is_replaced(void **state)
{
	struct fixture *fixture = *state;
	struct sockaddr_un sun = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	char err[CONFIG_ERR] = "";

	snprintf(
	    sun.sun_path, sizeof(sun.sun_path), "%s/s", fixture->directory);
	assert_int_equal(bind(fd, (struct sockaddr *)&sun, sizeof(sun)), 0);
	close(fd);
	struct control *c = control_new(fixture->sw, NULL, sun.sun_path, err);
	assert_string_equal(err, "");
	assert_non_null(c);
	close(dial(sun.sun_path));
	control_free(c);
	assert_int_equal(access(sun.sun_path, F_OK), -1);
}

static void something_else_is_not_replaced(void **state)
{
	struct fixture *fixture = *state;
	char path[64], err[CONFIG_ERR] = "";

	snprintf(path, sizeof(path), "%s/file", fixture->directory);
	fclose(fopen(path, "w"));
	assert_null(control_new(fixture->sw, NULL, path, err));
	assert_non_null(strstr(err, "exists but is not a socket"));
	assert_int_equal(unlink(path), 0);
}

/* Whoever took our place keeps it when we go. */
static void another_ones_socket_is_left(void **state)
{
	struct fixture *fixture = *state;
	char path[64], moved[64], err[CONFIG_ERR] = "";

	snprintf(path, sizeof(path), "%s/a", fixture->directory);
	snprintf(moved, sizeof(moved), "%s/b", fixture->directory);
	struct control *first = control_new(fixture->sw, NULL, path, err);
	assert_int_equal(rename(path, moved), 0);
	struct control *second = control_new(fixture->sw, NULL, path, err);
	assert_non_null(second);
	control_free(first);
	assert_int_equal(access(path, F_OK), 0);
	control_free(second);
	assert_int_equal(access(path, F_OK), -1);
	assert_int_equal(unlink(moved), 0);
}

static void a_bad_path_is_a_sentence(void **state)
{
	struct fixture *fixture = *state;
	char err[CONFIG_ERR] = "", path[200];

	assert_null(control_new(fixture->sw, NULL, "/nowhere/at/all", err));
	assert_non_null(
	    strstr(err, "/nowhere/at/all: cannot create it: No such"));
	memset(path, 'a', sizeof(path));
	path[sizeof(path) - 1] = 0;
	assert_null(control_new(fixture->sw, NULL, path, err));
	assert_non_null(strstr(err, "longer than 107 bytes"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_line_is_answered),
	    TEST(lines_come_in_pieces_and_together),
	    TEST(a_line_without_end_is_refused),
	    TEST(what_is_no_request_gets_a_sentence),
	    TEST(a_nul_byte_is_refused),
	    TEST(one_client_too_many_is_told_so),
	    TEST(who_does_not_read_waits),
	    TEST(a_capture_tells_of_each_frame),
	    TEST(a_capture_has_the_tag_in_band),
	    TEST(a_capture_of_all_has_ports_that_come_later),
	    TEST(a_capture_ends_with_its_port),
	    TEST(a_slow_capture_drops_and_counts),
	    TEST(monitor_tells_of_events),
	    TEST(listeners_come_and_go),
	    TEST(a_half_closed_stream_goes_on),
	    TEST(clients_that_vanish_are_forgotten),
	    TEST(the_socket_is_for_owner_and_group),
	    TEST(a_live_daemon_is_named),
	    TEST(a_stale_socket_is_replaced),
	    TEST(something_else_is_not_replaced),
	    TEST(another_ones_socket_is_left),
	    TEST(a_bad_path_is_a_sentence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
