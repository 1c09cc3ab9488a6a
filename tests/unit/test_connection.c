/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_connection.c - a client's end of the control socket, against a switch
 * whose answers were written before the questions.
 */
#include "cm.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "switch/client/answer.h"
#include "switch/client/connection.h"
#include "switch/protocol/json.h"

struct fixture {
	char directory[32];
	char path[64];
	int listener, peer; /* peer: the switch's end */
	struct connection c;
};

static int set_up(void **state)
{
	struct fixture *t = calloc(1, sizeof(*t));
	struct sockaddr_un sun = {.sun_family = AF_UNIX};

	strcpy(t->directory, "/tmp/qswitch-test-XXXXXX");
	assert_non_null(mkdtemp(t->directory));
	snprintf(t->path, sizeof(t->path), "%s/s", t->directory);
	strcpy(sun.sun_path, t->path);
	t->listener = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_int_equal(
	    bind(t->listener, (struct sockaddr *)&sun, sizeof(sun)), 0);
	assert_int_equal(listen(t->listener, 1), 0);
	assert_int_equal(connection_open(&t->c, t->path, 1), 0);
	t->peer = accept(t->listener, NULL, NULL);
	assert_true(t->peer >= 0);
	*state = t;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *t = *state;

	connection_close(&t->c);
	assert_false(connection_is_open(&t->c));
	connection_close(&t->c);
	close(t->peer);
	close(t->listener);
	unlink(t->path);
	rmdir(t->directory);
	free(t);
	return 0;
}

static void answers(struct fixture *t, const char *text)
{
	assert_int_equal(write(t->peer, text, strlen(text)), strlen(text));
}

/* What the switch has been asked so far. */
static void check_asked(struct fixture *t, const char *text)
{
	char asked[512] = "";

	assert_true(recv(t->peer, asked, sizeof(asked) - 1, MSG_DONTWAIT) > 0);
	assert_string_equal(asked, text);
}

static struct json_object *ask_list(struct fixture *t, uint64_t last, int pages)
{
	struct json_object *request = connection_request("why");

	if (last)
		json_put_count(request, "last", last);
	struct json_object *answer =
	    connection_ask_list(&t->c, request, "frames", pages);
	json_object_put(request);
	return answer;
}

static void one_request_one_answer(void **state)
{
	struct fixture *t = *state;
	struct json_object *request = connection_request("version");

	answers(t, "{\"ok\":true,\"version\":\"1\"}\n");
	struct json_object *answer = connection_ask(&t->c, request);
	assert_string_equal(get_text(answer, "version"), "1");
	assert_string_equal(t->c.line, "{\"ok\":true,\"version\":\"1\"}\n");
	check_asked(t, "{\"cmd\":\"version\"}\n");
	json_object_put(answer);
	json_object_put(request);
}

static void pages_become_one_answer(void **state)
{
	struct fixture *t = *state;
	size_t len;

	answers(t, "{\"ok\":true,\"frames\":[5,4],\"next\":3}\n"
		   "{\"ok\":true,\"frames\":[3,2],\"next\":1}\n"
		   "{\"ok\":true,\"frames\":[1],\"next\":null}\n");
	struct json_object *answer = ask_list(t, 0, CONNECTION_ALL_PAGES);
	assert_string_equal(
	    json_line(answer, &len), "{\"ok\":true,\"frames\":[5,4,3,2,1]}");
	check_asked(t, "{\"cmd\":\"why\"}\n{\"cmd\":\"why\",\"from\":3}\n"
		       "{\"cmd\":\"why\",\"from\":1}\n");
	json_object_put(answer);
}

static void only_the_last_are_asked_for(void **state)
{
	struct fixture *t = *state;

	answers(t, "{\"ok\":true,\"frames\":[5,4],\"next\":3}\n"
		   "{\"ok\":true,\"frames\":[3],\"next\":2}\n");
	struct json_object *answer = ask_list(t, 3, CONNECTION_ALL_PAGES);
	assert_int_equal(list_length(answer, "frames"), 3);
	check_asked(t, "{\"cmd\":\"why\",\"last\":3}\n"
		       "{\"cmd\":\"why\",\"last\":1,\"from\":3}\n");
	json_object_put(answer);
}

static void pages_are_limited(void **state)
{
	struct fixture *t = *state;

	answers(t, "{\"ok\":true,\"frames\":[5],\"next\":4}\n"
		   "{\"ok\":true,\"frames\":[4],\"next\":3}\n"
		   "{\"ok\":true,\"frames\":[3],\"next\":2}\n");
	struct json_object *answer = ask_list(t, 0, 2);
	assert_int_equal(list_length(answer, "frames"), 2);
	assert_null(get(answer, "next"));
	json_object_put(answer);
}

static void a_page_that_is_refused(void **state)
{
	struct fixture *t = *state;

	answers(t, "{\"ok\":true,\"frames\":[5],\"next\":4}\n"
		   "{\"ok\":false,\"error\":\"no\"}\n");
	struct json_object *answer = ask_list(t, 0, CONNECTION_ALL_PAGES);
	assert_false(get_bool(answer, "ok"));
	assert_string_equal(get_text(answer, "error"), "no");
	json_object_put(answer);
}

static void a_switch_that_goes(void **state)
{
	struct fixture *t = *state;

	answers(t, "{\"ok\":true,\"frames\":[5],\"next\":4}\n");
	shutdown(t->peer, SHUT_WR);
	assert_null(ask_list(t, 0, CONNECTION_ALL_PAGES));
}

static void a_switch_that_is_silent_or_mad(void **state)
{
	struct fixture *t = *state;

	answers(t, "what?\n");
	assert_null(connection_read(&t->c));
	assert_null(connection_read(&t->c)); /* patience: 1 s */
}

static void nobody_is_there(void **state)
{
	struct connection c = {.fd = -1};
	char path[200];

	(void)state;
	assert_int_equal(connection_open(&c, "/nowhere", 0), -ENOENT);
	assert_false(connection_is_open(&c));
	memset(path, 'x', sizeof(path) - 1);
	path[sizeof(path) - 1] = 0;
	assert_int_equal(connection_open(&c, path, 0), -ENAMETOOLONG);
	struct json_object *request = connection_request("info");
	assert_null(connection_ask(&c, request));
	json_object_put(request);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(one_request_one_answer),
	    TEST(pages_become_one_answer),
	    TEST(only_the_last_are_asked_for),
	    TEST(pages_are_limited),
	    TEST(a_page_that_is_refused),
	    TEST(a_switch_that_goes),
	    TEST(a_switch_that_is_silent_or_mad),
	    cmocka_unit_test(nobody_is_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
