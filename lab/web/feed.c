/* SPDX-License-Identifier: BSD-2-Clause */
/* feed.c - those who watch: server-sent events (HTML 9.2). */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <microhttpd.h>

#include "web.h"

struct watcher {
	struct watcher *next;
	struct web *web;
	struct MHD_Connection *connection;
	int fd;
	char *text; /* being sent; NULL: all is */
	size_t len, sent;
	int missed; /* messages in a row that there was no room for */
	bool asleep;
	bool closing;
};

static void leave(void *arg)
{
	struct watcher *w = arg;
	struct watcher **at = &w->web->watchers;

	while (*at != w)
		at = &(*at)->next;
	*at = w->next;
	free(w->text);
	free(w);
}

/* As much of the message as @max; asleep until the next when it is sent. */
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

static void wake(struct watcher *w)
{
	if (w->asleep)
		MHD_resume_connection(w->connection);
	w->asleep = false;
}

struct MHD_Response *feed_join(struct web *web, struct MHD_Connection *to)
{
	const int sndbuf = FEED_SNDBUF;
	struct watcher *w = calloc(1, sizeof *w);

	if (!w)
		return NULL;
	w->web = web;
	w->connection = to;
	w->fd = MHD_get_connection_info(to, MHD_CONNECTION_INFO_CONNECTION_FD)
		    ->connect_fd;
	w->next = web->watchers;
	/* the kernel shall not keep for it what it does not read */
	setsockopt(w->fd, SOL_SOCKET, SO_SNDBUF, &sndbuf, sizeof sndbuf);
	struct MHD_Response *response = MHD_create_response_from_callback(
	    MHD_SIZE_UNKNOWN, 1 << 15, give, w, leave);
	if (!response) {
		free(w);
		return NULL;
	}
	web->watchers = w;
	/* a new one has seen nothing yet */
	for (size_t i = 0; i < web->n; i++) {
		web->sources[i].last_frame = 0;
		web->sources[i].stirred = true;
	}
	return response;
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
	w->len = sizeof head - 1 + len + sizeof tail - 1;
	w->text = malloc(w->len + 1);
	if (w->text)
		snprintf(w->text, w->len + 1, "%s%s%s", head, json, tail);
	wake(w);
}

void feed_send(struct web *web, const char *json, size_t len)
{
	for (struct watcher *w = web->watchers; w; w = w->next)
		send_to(w, json, len);
}

void feed_close(struct web *web)
{
	for (struct watcher *w = web->watchers; w; w = w->next) {
		w->closing = true;
		wake(w);
	}
}
