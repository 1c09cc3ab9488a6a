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
	char lock[80], moved_lock[64];

	snprintf(path, sizeof(path), "%s/a", fixture->directory);
	snprintf(moved_lock, sizeof(moved_lock), "%s/c", fixture->directory);
	snprintf(moved, sizeof(moved), "%s/b", fixture->directory);
	struct control *first = control_new(fixture->sw, NULL, path, err);
	assert_int_equal(rename(path, moved), 0);
	/* it is there no more, but two at once are too many */
	assert_null(control_new(fixture->sw, NULL, path, err));
	assert_non_null(strstr(err, "is in use by a running qswitchd"));
	snprintf(lock, sizeof(lock), "%s.lock", path);
	assert_int_equal(rename(lock, moved_lock), 0);
	struct control *second = control_new(fixture->sw, NULL, path, err);
	assert_non_null(second);
	control_free(first);
	assert_int_equal(access(path, F_OK), 0);
	assert_int_equal(access(lock, F_OK), 0);
	control_free(second);
	assert_int_equal(access(path, F_OK), -1);
	assert_int_equal(access(lock, F_OK), -1);
	assert_int_equal(unlink(moved_lock), 0);
	assert_int_equal(unlink(moved), 0);
}

static void a_bad_path_is_a_sentence(void **state)
{
	struct fixture *fixture = *state;
	char err[CONFIG_ERR] = "", path[200];

	assert_null(control_new(fixture->sw, NULL, "/nowhere/at/all", err));
	assert_non_null(
	    strstr(err, "/nowhere/at/all: cannot create its lock: No such"));
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
