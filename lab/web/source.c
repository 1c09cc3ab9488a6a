/* SPDX-License-Identifier: BSD-2-Clause */
/* source.c - one switch, as its control socket tells of it: see source.h. */
#include "source.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <bsd/string.h>

#include "switch/protocol/json.h"

static int dial(const struct source *s);
static void lose(struct source *s, const char *why);

void source_init(struct source *s, const char *path)
{
	memset(s, 0, sizeof *s);
	strlcpy(s->path, path, sizeof s->path);
	strlcpy(s->error, "not asked yet", sizeof s->error);
	s->fd = s->stream = -1;
	s->events = json_object_new_array();
}

static void hang_up(struct source *s)
{
	if (s->in)
		fclose(s->in);
	else if (s->fd >= 0)
		close(s->fd);
	if (s->stream >= 0)
		close(s->stream);
	s->in = NULL;
	s->fd = s->stream = -1;
	s->len = 0;
	s->skipping = false;
}

void source_close(struct source *s)
{
	hang_up(s);
	json_object_put(s->events);
	s->events = json_object_new_array();
	s->last_frame = 0;
	s->retry_at_ms = 0;
}

static void lose(struct source *s, const char *why)
{
	strlcpy(s->error, why, sizeof s->error);
	hang_up(s);
}

/* Waits at most SOURCE_PATIENCE_S for the switch. */
static int dial(const struct source *s)
{
	const struct timeval patience = {.tv_sec = SOURCE_PATIENCE_S};
	struct sockaddr_un sun = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	strlcpy(sun.sun_path, s->path, sizeof sun.sun_path);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
	if (!connect(fd, (const struct sockaddr *)&sun, sizeof sun))
		return fd;
	int error = errno;
	close(fd);
	errno = error;
	return -1;
}

static bool start_stream(struct source *s)
{
	static const char request[] = "{\"cmd\":\"monitor\"}\n";

	s->stream = dial(s);
	return s->stream >= 0 &&
	       send(s->stream, request, sizeof request - 1, MSG_NOSIGNAL) ==
		   (ssize_t)(sizeof request - 1);
}

bool source_open(struct source *s, int64_t now_ms)
{
	if (s->fd >= 0)
		return true;
	if (now_ms < s->retry_at_ms)
		return false;
	s->retry_at_ms = now_ms + SOURCE_RETRY_MS;
	s->fd = dial(s);
	s->in = s->fd >= 0 ? fdopen(s->fd, "r") : NULL;
	if (!s->in || !start_stream(s)) {
		lose(s, strerror(errno));
		return false;
	}
	*s->error = 0;
	s->last_frame = 0;
	return true;
}

struct json_object *source_request(const char *cmd)
{
	struct json_object *request = json_object_new_object();

	json_put_text(request, "cmd", cmd);
	return request;
}

static bool send_line(struct source *s, struct json_object *request)
{
	size_t len;
	const char *line = json_line(request, &len);

	return send(s->fd, line, len, MSG_NOSIGNAL | MSG_MORE) ==
		   (ssize_t)len &&
	       send(s->fd, "\n", 1, MSG_NOSIGNAL) == 1;
}

struct json_object *source_ask(struct source *s, struct json_object *request)
{
	static char *line; /* grows to the longest line there is */
	static size_t size;
	char wrong[128];
	struct json_object *answer = NULL;
	bool sent = s->fd >= 0 && send_line(s, request);
	ssize_t len = sent ? getline(&line, &size, s->in) : -1;

	json_object_put(request);
	if (len > 0)
		answer = json_read(line, (size_t)len - 1, wrong, sizeof wrong);
	if (!answer)
		lose(s, "the switch does not answer");
	return answer;
}

static size_t count(struct json_object *from, const char *list)
{
	struct json_object *array = json_object_object_get(from, list);

	return json_object_is_type(array, json_type_array)
		   ? json_object_array_length(array)
		   : 0;
}

static void append(
    struct json_object *to, struct json_object *from, const char *list)
{
	struct json_object *source = json_object_object_get(from, list);
	struct json_object *target = json_object_object_get(to, list);

	for (size_t i = 0; i < count(from, list); i++)
		json_object_array_add(target,
		    json_object_get(json_object_array_get_idx(source, i)));
}

struct json_object *source_ask_list(
    struct source *s, const char *cmd, const char *list, int pages)
{
	struct json_object *all = source_ask(s, source_request(cmd));
	struct json_object *next = json_object_object_get(all, "next");
	struct json_object *page = NULL;

	while (all && next && --pages > 0) {
		struct json_object *more = source_request(cmd);
		json_object_object_add(more, "from", json_object_get(next));
		json_object_put(page);
		page = source_ask(s, more);
		if (!page)
			break;
		append(all, page, list);
		next = json_object_object_get(page, "next");
	}
	json_object_put(page);
	return all;
}

static void take_line(struct source *s)
{
	char wrong[128];
	struct json_object *event =
	    json_read(s->line, s->len, wrong, sizeof wrong);

	/* the first line is the answer to "monitor" */
	if (!event || !json_object_object_get(event, "event")) {
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

void source_take(struct source *s, const char *data, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (data[i] == '\n') {
			if (!s->skipping)
				take_line(s);
			s->len = 0;
			s->skipping = false;
		} else if (s->len < sizeof s->line) {
			s->line[s->len++] = data[i];
		} else {
			s->skipping = true;
		}
	}
}

void source_read_events(struct source *s)
{
	char data[1 << 16];
	ssize_t len;

	if (s->stream < 0)
		return;
	len = recv(s->stream, data, sizeof data, MSG_DONTWAIT);
	if (len > 0)
		source_take(s, data, (size_t)len);
	else if (len == 0 || (errno != EAGAIN && errno != EINTR))
		lose(s, "the switch has closed the connection");
}

/* Decisions that no page has seen. The first of the list is the newest. */
static void put_frames(struct source *s, struct json_object *to)
{
	struct json_object *request = source_request("why");
	struct json_object *fresh = json_put_array(to, "frames");
	uint64_t newest = s->last_frame;

	json_put_count(request, "last", SOURCE_FRAMES);
	struct json_object *answer = source_ask(s, request);
	struct json_object *frames = json_object_object_get(answer, "frames");
	for (size_t i = 0; i < count(answer, "frames"); i++) {
		struct json_object *f = json_object_array_get_idx(frames, i);
		uint64_t no =
		    json_object_get_uint64(json_object_object_get(f, "frame"));
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

static void put_answer(
    struct json_object *to, const char *key, struct json_object *answer)
{
	if (answer)
		json_object_object_add(to, key, answer);
}

struct json_object *source_tell(struct source *s, bool full)
{
	struct json_object *to = json_object_new_object();

	if (s->fd >= 0 && (full || s->stirred)) {
		put_answer(to, "info", source_ask(s, source_request("info")));
		put_answer(to, "ports",
		    source_ask_list(s, "ports", "ports", INT16_MAX));
		put_answer(
		    to, "stp", source_ask_list(s, "stp", "ports", INT16_MAX));
		put_answer(
		    to, "fdb", source_ask_list(s, "fdb", "fdb", SOURCE_PAGES));
		put_answer(
		    to, "counters", source_ask(s, source_request("counters")));
		s->stirred = false;
	}
	if (s->fd >= 0)
		put_answer(to, "lab", source_ask(s, source_request("lab")));
	if (s->fd >= 0)
		put_frames(s, to);
	put_events(s, to);
	json_put_text(to, "error", s->error);
	return to;
}
