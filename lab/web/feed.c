/* SPDX-License-Identifier: BSD-2-Clause */
/* feed.c - the browsers that watch: see feed.h. */
#include "feed.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <microhttpd.h>

struct watcher {
	struct watcher *next;
	struct feed *feed;
	struct MHD_Connection *connection;
	int fd;
	char *text; /* being sent; NULL: all of it has been sent */
	size_t len, sent;
	int missed; /* messages in a row that found no room */
	bool asleep;
	bool closing;
};

static struct MHD_Response *make_stream(struct watcher *w);
static ssize_t give(void *arg, uint64_t pos, char *buf, size_t max);
static void leave(void *arg);
static void send_to(struct watcher *w, const char *json, size_t len);
static void wake(struct watcher *w);

struct MHD_Response *feed_join(struct feed *feed, struct MHD_Connection *to)
{
	struct watcher *w = calloc(1, sizeof(*w));

	if (!w)
		return NULL;
	w->feed = feed;
	w->connection = to;
	w->fd = MHD_get_connection_info(to, MHD_CONNECTION_INFO_CONNECTION_FD)
		    ->connect_fd;
	w->next = feed->watchers;
	struct MHD_Response *response = make_stream(w);
	if (!response) {
		free(w);
		return NULL;
	}
	feed->watchers = w;
	return response;
}

bool feed_is_watched(const struct feed *feed)
{
	return feed->watchers;
}

void feed_send(struct feed *feed, const char *json, size_t len)
{
	for (struct watcher *w = feed->watchers; w; w = w->next)
		send_to(w, json, len);
}

void feed_close(struct feed *feed)
{
	for (struct watcher *w = feed->watchers; w; w = w->next) {
		w->closing = true;
		wake(w);
	}
}

/* The small buffer keeps the kernel from hoarding what a watcher does not
 * read. */
static struct MHD_Response *make_stream(struct watcher *w)
{
	const int sndbuf = FEED_SNDBUF;

	setsockopt(w->fd, SOL_SOCKET, SO_SNDBUF, &sndbuf, sizeof(sndbuf));
	return MHD_create_response_from_callback(
	    MHD_SIZE_UNKNOWN, 1 << 15, give, w, leave);
}

/* Copies at most @max bytes of the message to @buf. The connection sleeps from
 * the end of one message to the next. */
static ssize_t give(void *arg, uint64_t pos, char *buf, size_t max)
{
	struct watcher *w = arg;
	size_t len = w->len - w->sent;

	(void)pos;
	if (w->closing)
		return MHD_CONTENT_READER_END_OF_STREAM;
	if (!w->text) {
		w->asleep = true;
		MHD_suspend_connection(w->connection);
		return 0;
	}
	if (len > max)
		len = max;
	memcpy(buf, w->text + w->sent, len);
	w->sent += len;
	if (w->sent == w->len) {
		free(w->text);
		w->text = NULL;
	}
	return (ssize_t)len;
}

static void leave(void *arg)
{
	struct watcher *w = arg;
	struct watcher **at = &w->feed->watchers;

	while (*at != w)
		at = &(*at)->next;
	*at = w->next;
	free(w->text);
	free(w);
}

static void send_to(struct watcher *w, const char *json, size_t len)
{
	static const char head[] = "data: ", tail[] = "\n\n";

	if (w->text) {
		if (++w->missed == FEED_PATIENCE)
			shutdown(w->fd, SHUT_RDWR);
		return;
	}
	w->missed = 0;
	w->sent = 0;
	w->len = sizeof(head) - 1 + len + sizeof(tail) - 1;
	w->text = malloc(w->len + 1);
	if (w->text)
		snprintf(w->text, w->len + 1, "%s%s%s", head, json, tail);
	wake(w);
}

static void wake(struct watcher *w)
{
	if (w->asleep)
		MHD_resume_connection(w->connection);
	w->asleep = false;
}
