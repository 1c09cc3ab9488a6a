/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * source.h - one switch, through its control socket.
 *
 * Two connections: one for requests, one for events. Both are made when a page
 * is open and closed when none is. A switch that is not there, or does not
 * answer within a second, is tried again later and does not delay the others.
 */
#ifndef LAB_WEB_SOURCE_H
#define LAB_WEB_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "switch/client/connection.h"
#include "switch/protocol/socket_path.h"

struct json_object;

enum {
	SOURCE_LINE = 4096, /* an event is shorter */
	SOURCE_EVENTS = 40, /* kept of those between two messages */
	SOURCE_FRAMES = 12, /* decisions asked for at a time */
	SOURCE_PAGES = 4,   /* of each list but the ports' */
	SOURCE_RETRY_MS = 2000,
	SOURCE_PATIENCE_S = 1,
};

struct source {
	char path[SOCKET_PATH];
	char error[256]; /* why it is not there; "": it is */
	struct connection asked;
	struct connection stream; /* of events, read from its fd */
	char line[SOURCE_LINE];	  /* of the stream, not yet ended */
	size_t len;
	bool skipping; /* the line is too long: up to its end */
	struct json_object *events;
	uint64_t events_left_out;
	uint64_t last_frame; /* up to here all have been told */
	int64_t retry_at_ms;
	bool stirred; /* an event came: look at everything again */
};

/**
 * source_init() - a switch that is not connected to yet
 * @path: of its control socket, shorter than SOCKET_PATH
 */
void source_init(struct source *s, const char *path);

/**
 * source_close() - close both connections and forget the events
 *
 * source_open() may follow; else @s->events is still to be put.
 */
void source_close(struct source *s);

/**
 * source_open() - connect, unless @s is connected or was tried too recently
 * @now_ms: monotonic ms
 *
 * Return: is it connected? If not, @s->error says why.
 */
bool source_open(struct source *s, int64_t now_ms);

/**
 * source_ask() - one request, one answer
 * @request: is put
 *
 * Waits for SOURCE_PATIENCE_S at most.
 *
 * Return: the answer, to be put; NULL: the switch is gone (@s->error says why).
 */
struct json_object *source_ask(struct source *s, struct json_object *request);

/** source_read_events() - read what came on the stream; never blocks */
void source_read_events(struct source *s);

/** source_take() - take @len bytes of the stream; apart for the fuzzer */
void source_take(struct source *s, const char *data, size_t len);

/**
 * source_tell() - what a page has to know of the switch now
 * @full: all of it, not only the decisions since the last and the time
 *
 * Return: an object, to be put.
 */
struct json_object *source_tell(struct source *s, bool full);

#endif
