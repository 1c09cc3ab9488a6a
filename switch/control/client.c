/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * client.c - one client of the control socket: see client.h.
 *
 * settle() is the one place that decides what is waited for next and whether
 * the client is done. It may free the client and therefore comes last.
 */
#include "client.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <ev.h>

#include "switch/protocol/json.h"

#include "outbox.h"
#include "refusal.h"

struct client {
	struct ev_loop *loop;
	struct client_owner owner;
	struct ev_io io;
	char in[CLIENT_LINE];
	size_t in_len;
	struct outbox out;
	bool is_queued; /* the owner knows of its request */
	bool is_eof;	/* it sends no more */
	bool is_streaming;
	bool is_closing; /* once it has read what there is */
	bool is_broken;	 /* at once */
	void (*stop)(void *arg);
	void *stop_arg;
	uint64_t dropped;
};

static void on_ready(struct ev_loop *loop, struct ev_io *w, int events);
static void receive(struct client *client);
static bool has_hung_up(int fd);
static void put_line(struct client *client, struct json_object *answer);
static void flush(struct client *client);
static void settle(struct client *client);
static void refuse_line(struct client *client);
static size_t line_len(const struct client *client);
static int wanted_events(const struct client *client);
static void watch(struct client *client, int events);

struct client *client_new(
    struct ev_loop *loop, int fd, const struct client_owner *owner)
{
	struct client *client = calloc(1, sizeof(*client));

	if (!client) {
		close(fd);
		return NULL;
	}
	client->loop = loop;
	client->owner = *owner;
	outbox_init(&client->out, CLIENT_BACKLOG);
	ev_io_init(&client->io, on_ready, fd, EV_READ);
	client->io.data = client;
	ev_io_start(loop, &client->io);
	return client;
}

void client_free(struct client *client)
{
	if (client->stop)
		client->stop(client->stop_arg);
	if (!client->is_broken)
		flush(client);
	client->owner.leaves(client, client->owner.arg);
	ev_io_stop(client->loop, &client->io);
	close(client->io.fd);
	outbox_free(&client->out);
	free(client);
}

const char *client_request(const struct client *client, size_t *len)
{
	*len = line_len(client);
	if (client->in[*len - 1] == '\n')
		--*len;
	return client->in;
}

void client_answer(struct client *client, struct json_object *answer)
{
	size_t len = line_len(client);

	put_line(client, answer);
	memmove(client->in, client->in + len, client->in_len - len);
	client->in_len = client->is_streaming ? 0 : client->in_len - len;
	client->is_queued = false;
	flush(client);
	settle(client);
}

bool client_stream(struct client *client, void (*stop)(void *arg), void *arg)
{
	if (!outbox_reserve(&client->out, CLIENT_STREAM))
		return false;
	client->is_streaming = true;
	client->stop = stop;
	client->stop_arg = arg;
	return true;
}

bool client_room(struct client *client, size_t len)
{
	if (!client->is_closing && outbox_fits(&client->out, len))
		return true;
	client->dropped++;
	return false;
}

void client_put(struct client *client, const void *bytes, size_t len)
{
	outbox_put(&client->out, bytes, len);
	watch(client, wanted_events(client));
}

uint64_t client_dropped(const struct client *client)
{
	return client->dropped;
}

void client_end(struct client *client)
{
	client->is_closing = true;
	/* Freed by the loop and not here: the caller still uses it. */
	ev_feed_event(client->loop, &client->io, EV_WRITE);
}

static void on_ready(struct ev_loop *loop, struct ev_io *w, int events)
{
	struct client *client = w->data;

	(void)loop;
	if (events & EV_READ)
		receive(client);
	if (events & EV_WRITE)
		flush(client);
	settle(client);
}

/* #syscalls recvfrom poll */
static void receive(struct client *client)
{
	int fd = client->io.fd;
	ssize_t n = recv(fd, client->in + client->in_len,
	    sizeof(client->in) - client->in_len, MSG_DONTWAIT);

	if (n > 0 && !client->is_streaming)
		client->in_len += (size_t)n;
	else if (!n)
		client->is_eof = true;
	else if (n < 0 && errno != EAGAIN && errno != EINTR)
		client->is_broken = true;
	if (client->is_eof && client->is_streaming)
		client->is_broken = has_hung_up(fd);
}

/* Are both directions shut? Else the client has only finished sending. */
static bool has_hung_up(int fd)
{
	struct pollfd pfd = {.fd = fd};

	return poll(&pfd, 1, 0) > 0 && pfd.revents & (POLLHUP | POLLERR);
}

static void put_line(struct client *client, struct json_object *answer)
{
	size_t len;
	const char *line = json_line(answer, &len);

	if (!line || !outbox_fits(&client->out, len + 1) ||
	    !outbox_put(&client->out, line, len) ||
	    !outbox_put(&client->out, "\n", 1))
		client->is_broken = true;
}

static void flush(struct client *client)
{
	if (outbox_send(&client->out, client->io.fd))
		client->is_broken = true;
}

static void settle(struct client *client)
{
	bool has_line = !client->is_streaming && line_len(client);

	if (!has_line && client->in_len == sizeof(client->in) &&
	    !client->is_closing)
		refuse_line(client);
	if (client->is_eof && !has_line && !client->is_streaming)
		client->is_closing = true;
	if (client->is_broken || (client->is_closing && !client->out.len)) {
		client_free(client);
		return;
	}
	if (has_line && !client->is_queued && !client->is_closing &&
	    client->out.len <= CLIENT_PATIENCE) {
		client->is_queued = true;
		client->owner.has_request(client, client->owner.arg);
	}
	watch(client, wanted_events(client));
}

static void refuse_line(struct client *client)
{
	struct json_object *answer =
	    refusal_new("the request is longer than %d bytes", CLIENT_LINE - 1);

	put_line(client, answer);
	json_object_put(answer);
	client->is_closing = true;
	flush(client);
}

/* Bytes of the first request, newline counted; 0: there is none (yet). */
static size_t line_len(const struct client *client)
{
	const char *end = memchr(client->in, '\n', client->in_len);

	if (end)
		return (size_t)(end - client->in) + 1;
	return client->is_eof ? client->in_len : 0;
}

/* Reading stops while a request waits for its turn. */
static int wanted_events(const struct client *client)
{
	bool listens = !client->is_eof && !client->is_closing &&
		       (client->is_streaming || !line_len(client));

	return (listens ? EV_READ : 0) | (client->out.len ? EV_WRITE : 0);
}

static void watch(struct client *client, int events)
{
	struct ev_io *io = &client->io;

	if (ev_is_active(io) && (io->events & (EV_READ | EV_WRITE)) == events)
		return;
	ev_io_stop(client->loop, io);
	if (!events)
		return;
	ev_io_set(io, io->fd, events);
	ev_io_start(client->loop, io);
}
