/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * control_fixture.h - a switch with two mem ports, m-1 and m-2, behind a real
 * control socket, and clients of it. Everything runs in this process: pump()
 * lets the switch's loop have its turns.
 */
#ifndef TESTS_UNIT_CONTROL_FIXTURE_H
#define TESTS_UNIT_CONTROL_FIXTURE_H

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "ports/mem.h"
#include "switch/control/control.h"
#include "switch/datapath.h"
#include "switch/protocol/json.h"
#include "switch/switch.h"

#include "cm.h"

struct fixture {
	struct qswitch *sw;
	struct control *control;
	char directory[32];
	char path[64];
};

static void add_port(struct qswitch *sw)
{
	struct port from = {.host = &sw->host};

	assert_int_equal(sw->host.spawn(&from, &kind_mem, "m", NULL), 0);
}

static int set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	char *argv[] = {"qswitchd", "--stp", "off", NULL};
	struct config config;
	char err[CONFIG_ERR] = "";

	strcpy(fixture->directory, "/tmp/qswitch-test-XXXXXX");
	assert_non_null(mkdtemp(fixture->directory));
	snprintf(fixture->path, sizeof(fixture->path), "%s/q.sock",
	    fixture->directory);
	config_parse(&config, 3, argv, err);
	fixture->sw = qswitch_new(&config, err);
	assert_non_null(fixture->sw);
	fixture->control = control_new(fixture->sw, NULL, fixture->path, err);
	assert_non_null(fixture->control);
	add_port(fixture->sw);
	add_port(fixture->sw);
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	qswitch_close(fixture->sw);
	control_free(fixture->control);
	qswitch_free(fixture->sw);
	/* nothing is left behind */
	assert_int_equal(rmdir(fixture->directory), 0);
	free(fixture);
	return 0;
}

static void pump(struct fixture *fixture)
{
	for (int i = 0; i < 16; i++)
		ev_run(fixture->sw->loop, EVRUN_NOWAIT);
}

static int dial(const char *path)
{
	struct sockaddr_un sun = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);

	snprintf(sun.sun_path, sizeof(sun.sun_path), "%s", path);
	assert_int_equal(connect(fd, (struct sockaddr *)&sun, sizeof(sun)), 0);
	return fd;
}

static void say_bytes(int fd, const void *bytes, size_t len)
{
	assert_int_equal(send(fd, bytes, len, MSG_NOSIGNAL), len);
}

static void say(int fd, const char *text)
{
	say_bytes(fd, text, strlen(text));
}

/* What has come, as far as one reader has got. */
struct reader {
	int fd;
	bool is_eof;
	size_t len;
	char bytes[1 << 17];
};

/* The next line as an object to be put, or NULL when there is none now. */
static struct json_object *hear(struct fixture *fixture, struct reader *r)
{
	char *end;

	while (!(end = memchr(r->bytes, '\n', r->len))) {
		pump(fixture);
		ssize_t n = recv(
		    r->fd, r->bytes + r->len, sizeof(r->bytes) - r->len, 0);
		r->is_eof |= n == 0 || (n < 0 && errno != EAGAIN);
		if (n <= 0)
			return NULL;
		r->len += (size_t)n;
	}
	*end = 0;
	struct json_object *o = json_tokener_parse(r->bytes);
	if (!o)
		fail_msg("not JSON: %s", r->bytes);
	r->len -= (size_t)(end + 1 - r->bytes);
	memmove(r->bytes, end + 1, r->len);
	return o;
}

static struct json_object *member(struct json_object *o, const char *key)
{
	struct json_object *value = NULL;

	if (!json_object_object_get_ex(o, key, &value))
		fail_msg("no %s in %s", key, json_object_to_json_string(o));
	return value;
}

static int64_t number(struct json_object *o, const char *key)
{
	return json_object_get_int64(member(o, key));
}

static const char *text_of(struct json_object *o, const char *key)
{
	const char *text = json_object_get_string(member(o, key));

	return text ? text : "";
}

/* One request on a connection of its own. */
static struct json_object *ask(struct fixture *fixture, const char *line)
{
	struct reader *r = calloc(1, sizeof(*r));

	r->fd = dial(fixture->path);
	say(r->fd, line);
	say(r->fd, "\n");
	struct json_object *answer = hear(fixture, r);
	assert_non_null(answer);
	close(r->fd);
	free(r);
	pump(fixture);
	return answer;
}

static void ask_ok(struct fixture *fixture, const char *line)
{
	struct json_object *answer = ask(fixture, line);

	if (!json_object_get_boolean(member(answer, "ok")))
		fail_msg("%s: %s", line, text_of(answer, "error"));
	json_object_put(answer);
}

/* The error sentence that @line earns has @part in it. */
static inline void ask_bad(
    struct fixture *fixture, const char *line, const char *part)
{
	struct json_object *answer = ask(fixture, line);

	assert_false(json_object_get_boolean(member(answer, "ok")));
	if (!strstr(text_of(answer, "error"), part))
		fail_msg("%s: \"%s\" instead of \"%s\"", line,
		    text_of(answer, "error"), part);
	json_object_put(answer);
}

/* A frame of @len bytes from station @src comes in by port @no. */
static inline void come_in(
    struct fixture *fixture, int no, int src, int dst, size_t len)
{
	static uint8_t bytes[FRAME_MAX];
	struct frame f;

	memset(bytes, 0x5a, sizeof(bytes));
	memcpy(bytes,
	    (uint8_t[]){2, 0, 0, 0, 0, (uint8_t)dst, 2, 0, 0, 0, 0,
		(uint8_t)src, 0x88, 0xb5},
	    ETH_HEAD);
	frame_parse(&f, bytes, len);
	assert_int_equal(mem_inject(fixture->sw->ports[no]->port, &f), 0);
	datapath_ready(fixture->sw->ports[no]);
	for (int out = 1; out <= fixture->sw->port_high; out++)
		while (fixture->sw->ports[out] &&
		       mem_collect(fixture->sw->ports[out]->port))
			;
}

#endif
