/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * web.h - qswitch-web: a page that shows switches, drawn in the browser.
 *
 *     main.c     command line, and the turn: ask, tell, serve
 *     http.c     which path is what, and who is refused
 *     feed.c     those who watch: server-sent events
 *     source.c   a switch, as its control socket tells of it
 *     guard.c    checks of what a browser sends
 *     metrics.c  OpenMetrics
 *     static/    the page: HTML, CSS and JavaScript modules, embedded
 *
 * One thread. Switches are asked only while somebody watches, so many times a
 * second however many watch. A watcher holds one message at most; one that does
 * not read for FEED_PATIENCE messages is dropped.
 */
#ifndef WEB_WEB_H
#define WEB_WEB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "guard.h"
#include "source.h"

struct MHD_Daemon;
struct MHD_Connection;
struct MHD_Response;
struct watcher;
struct sockaddr;

enum {
	WEB_SWITCHES = 16,
	WEB_CLIENTS = 24,	 /* connections at a time */
	WEB_MEMORY = 16 * 1024,	 /* of one: request line and headers */
	WEB_TARGET = 256,	 /* bytes of a path */
	WEB_TIMEOUT_S = 10,	 /* for a request to be complete */
	WEB_TICK_MS = 250,	 /* between two messages */
	WEB_FULL_TICKS = 4,	 /* so often all of a switch is told */
	FEED_PATIENCE = 20,	 /* messages */
	FEED_SNDBUF = 64 * 1024, /* of a watcher's socket */
};

struct web {
	struct source sources[WEB_SWITCHES];
	size_t n;
	bool allow_control;
	struct guard guard;
	struct MHD_Daemon *daemon;
	struct watcher *watchers;
};

struct asset {
	const char *path, *type;
	const unsigned char *data;
	size_t len;
};

/* Of static/, made by CMake; the last has no path. */
extern const struct asset assets[];

/**
 * http_start() - listen
 *
 * Sets @web->daemon and the port of @web->guard.
 *
 * Return: 0, or -1 with errno.
 */
int http_start(struct web *web, const struct sockaddr *address);

void http_stop(struct web *web);

/* All switches, as of source_tell(), to be put. */
struct json_object *web_tell(struct web *web, bool full);

int64_t web_now_ms(void);

/* A response that is a stream of what feed_send() sends; NULL: no memory. */
struct MHD_Response *feed_join(struct web *web, struct MHD_Connection *to);

/* One message to all who watch. */
void feed_send(struct web *web, const char *json, size_t len);

/* Before the end: nobody waits any more. */
void feed_close(struct web *web);

#endif
