/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * source.h - one switch, as its control socket tells of it.
 *
 * Two connections: one is asked, on the other the switch tells of events. Both
 * are made when somebody looks and closed when nobody does. A switch that is
 * not there, or does not answer within a second, is tried again later; the
 * others do not notice.
 */
#ifndef WEB_SOURCE_H
#define WEB_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct json_object;

enum {
	SOURCE_PATH = 108,
	SOURCE_LINE = 4096, /* an event is shorter */
	SOURCE_EVENTS = 40, /* kept of those between two messages */
	SOURCE_FRAMES = 12, /* decisions asked for at a time */
	SOURCE_PAGES = 4,   /* of each list but the ports' */
	SOURCE_RETRY_MS = 2000,
	SOURCE_PATIENCE_S = 1,
};

struct source {
	char path[SOURCE_PATH];
	char error[256];	/* why it is not there; "": it is */
	int fd;			/* asked; -1: not connected */
	FILE *in;		/* of fd */
	int stream;		/* of events; -1: none */
	char line[SOURCE_LINE]; /* of the stream, not yet ended */
	size_t len;
	bool skipping; /* the line is too long: up to its end */
	struct json_object *events;
	uint64_t events_left_out;
	uint64_t last_frame; /* up to here all have been told */
	int64_t retry_at_ms;
	bool stirred; /* an event came: look at everything again */
};

void source_init(struct source *s, const char *path);
void source_close(struct source *s);

/* Connect, if it is not and the time has come. Return: is it? */
bool source_open(struct source *s, int64_t now_ms);

/**
 * source_ask() - one request, one answer
 * @request: is put
 *
 * Return: the answer, to be put; NULL: the switch is gone (@s->error says why).
 */
struct json_object *source_ask(struct source *s, struct json_object *request);

/* The same with a list's pages put together, at most @pages of them. */
struct json_object *source_ask_list(
    struct source *s, const char *cmd, const char *list, int pages);

/* A request without arguments. */
struct json_object *source_request(const char *cmd);

/* What came on the stream; never blocks. */
void source_read_events(struct source *s);

/* @len bytes of the stream; apart for the fuzzer. */
void source_take(struct source *s, const char *data, size_t len);

/**
 * source_tell() - what a page has to know of the switch now
 * @full: all of it, not only the decisions since the last and the time
 */
struct json_object *source_tell(struct source *s, bool full);

#endif
