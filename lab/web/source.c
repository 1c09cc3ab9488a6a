/* SPDX-License-Identifier: BSD-2-Clause */
/* source.c - one switch, through its control socket: see source.h. */
#include "source.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include <bsd/string.h>

#include "switch/client/answer.h"
#include "switch/protocol/json.h"

static void hang_up(struct source *s);
static int dial(struct source *s);
static void lose(struct source *s, const char *why);
static void take_line(struct source *s);
static void put_answer(
    struct json_object *to, const char *key, struct json_object *answer);
static struct json_object *ask(struct source *s, const char *cmd);
static struct json_object *ask_list(
    struct source *s, const char *cmd, const char *list, int pages);
static void put_frames(struct source *s, struct json_object *to);
static void put_events(struct source *s, struct json_object *to);

void source_init(struct source *s, const char *path)
{
	memset(s, 0, sizeof(*s));
	strlcpy(s->path, path, sizeof(s->path));
	strlcpy(s->error, "not asked yet", sizeof(s->error));
	s->asked.fd = s->stream.fd = -1;
	s->events = json_object_new_array();
}

void source_close(struct source *s)
{
	hang_up(s);
	json_object_put(s->events);
	s->events = json_object_new_array();
	s->last_frame = 0;
	s->retry_at_ms = 0;
}

bool source_open(struct source *s, int64_t now_ms)
{
	if (connection_is_open(&s->asked))
		return true;
	if (now_ms < s->retry_at_ms)
		return false;
	s->retry_at_ms = now_ms + SOURCE_RETRY_MS;
	int result = dial(s);
	if (result) {
		lose(s, strerror(-result));
		return false;
	}
	*s->error = 0;
	s->last_frame = 0;
	return true;
}

struct json_object *source_ask(struct source *s, struct json_object *request)
{
	struct json_object *answer = connection_ask(&s->asked, request);

	json_object_put(request);
	if (!answer)
		lose(s, "the switch does not answer");
	return answer;
}

void source_read_events(struct source *s)
{
	char data[1 << 16];
	ssize_t len;

	if (!connection_is_open(&s->stream))
		return;
	len = recv(s->stream.fd, data, sizeof(data), MSG_DONTWAIT);
	if (len > 0)
		source_take(s, data, (size_t)len);
	else if (len == 0 || (errno != EAGAIN && errno != EINTR))
		lose(s, "the switch has closed the connection");
}

void source_take(struct source *s, const char *data, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (data[i] == '\n') {
			if (!s->skipping)
				take_line(s);
			s->len = 0;
			s->skipping = false;
		} else if (s->len < sizeof(s->line)) {
			s->line[s->len++] = data[i];
		} else {
			s->skipping = true;
		}
	}
}

struct json_object *source_tell(struct source *s, bool full)
{
	struct json_object *to = json_object_new_object();

	if (connection_is_open(&s->asked) && (full || s->stirred)) {
		put_answer(to, "info", ask(s, "info"));
		put_answer(to, "ports",
		    ask_list(s, "ports", "ports", CONNECTION_ALL_PAGES));
		put_answer(to, "stp",
		    ask_list(s, "stp", "ports", CONNECTION_ALL_PAGES));
		put_answer(to, "fdb", ask_list(s, "fdb", "fdb", SOURCE_PAGES));
		put_answer(to, "counters", ask(s, "counters"));
		s->stirred = false;
	}
	if (connection_is_open(&s->asked))
		put_answer(to, "lab", ask(s, "lab"));
	if (connection_is_open(&s->asked))
		put_frames(s, to);
	put_events(s, to);
	json_put_text(to, "error", s->error);
	return to;
}

static void hang_up(struct source *s)
{
	connection_close(&s->asked);
	connection_close(&s->stream);
	s->len = 0;
	s->skipping = false;
}

/* Return: 0 or -errno. */
static int dial(struct source *s)
{
	int result = connection_open(&s->asked, s->path, SOURCE_PATIENCE_S);

	if (result)
		return result;
	result = connection_open(&s->stream, s->path, SOURCE_PATIENCE_S);
	if (result)
		return result;
	struct json_object *request = connection_request("monitor");
	if (!connection_send(&s->stream, request))
		result = -errno;
	json_object_put(request);
	return result;
}

static void lose(struct source *s, const char *why)
{
	strlcpy(s->error, why, sizeof(s->error));
	hang_up(s);
}

static void take_line(struct source *s)
{
	char wrong[128];
	struct json_object *event =
	    json_read(s->line, s->len, wrong, sizeof(wrong));

	/* the first line is the answer to "monitor" */
	if (!get(event, "event")) {
		json_object_put(event);
		return;
	}
	s->stirred = true;
	if (json_object_array_length(s->events) < SOURCE_EVENTS) {
		json_object_array_add(s->events, event);
		return;
	}
	s->events_left_out++;
	json_object_put(event);
}

static void put_answer(
    struct json_object *to, const char *key, struct json_object *answer)
{
	if (answer)
		json_object_object_add(to, key, answer);
}

static struct json_object *ask(struct source *s, const char *cmd)
{
	return source_ask(s, connection_request(cmd));
}

/* A list with its pages as one, at most @pages of them. */
static struct json_object *ask_list(
    struct source *s, const char *cmd, const char *list, int pages)
{
	struct json_object *request = connection_request(cmd);
	struct json_object *answer =
	    connection_ask_list(&s->asked, request, list, pages);

	json_object_put(request);
	if (!answer)
		lose(s, "the switch does not answer");
	return answer;
}

/* Decisions that no page has seen. The first of the list is the newest. */
static void put_frames(struct source *s, struct json_object *to)
{
	struct json_object *request = connection_request("why");
	struct json_object *fresh = json_put_array(to, "frames");
	uint64_t newest = s->last_frame;

	json_put_count(request, "last", SOURCE_FRAMES);
	struct json_object *answer = source_ask(s, request);
	foreach_in(f, answer, "frames")
	{
		uint64_t no = get_count(f, "frame");
		if (no <= s->last_frame)
			continue;
		json_object_array_add(fresh, json_object_get(f));
		if (no > newest)
			newest = no;
	}
	s->last_frame = newest;
	json_object_put(answer);
}

static void put_events(struct source *s, struct json_object *to)
{
	json_object_object_add(to, "events", s->events);
	json_put_count(to, "events_left_out", s->events_left_out);
	s->events = json_object_new_array();
	s->events_left_out = 0;
}
