/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * feed.h - the browsers that watch, through server-sent events (HTML 9.2).
 *
 * A watcher holds at most one message. A message that finds the last one unsent
 * is skipped for that watcher; after FEED_PATIENCE of them in a row the watcher
 * is dropped.
 */
#ifndef LAB_WEB_FEED_H
#define LAB_WEB_FEED_H

#include <stdbool.h>
#include <stddef.h>

struct MHD_Connection;
struct MHD_Response;
struct watcher;

enum {
	FEED_PATIENCE = 20,	 /* messages */
	FEED_SNDBUF = 64 * 1024, /* bytes, of a watcher's socket */
};

/* All zero: nobody watches. */
struct feed {
	struct watcher *watchers;
};

/**
 * feed_join() - make the client of @to a watcher
 *
 * The watcher leaves, and is freed, when its connection ends.
 *
 * Return: a response whose body is the stream of what feed_send() sends, which
 * the caller destroys after it is queued; NULL: out of memory.
 */
struct MHD_Response *feed_join(struct feed *feed, struct MHD_Connection *to);

/** feed_is_watched() - does any browser watch? */
bool feed_is_watched(const struct feed *feed);

/**
 * feed_send() - one message to every watcher
 * @json: @len bytes without a newline, then a NUL; copied
 */
void feed_send(struct feed *feed, const char *json, size_t len);

/**
 * feed_close() - end every stream
 *
 * The streams end in the next run of the HTTP server, which may then stop.
 */
void feed_close(struct feed *feed);

#endif
