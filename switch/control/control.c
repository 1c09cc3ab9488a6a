/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * control.c - the control socket: accepts clients, and gives those that have a
 * request their turn. client.c reads and writes their lines, commands.c knows
 * what a line means.
 */
#include "control.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <bsd/string.h>

#include "switch/log.h"
#include "switch/protocol/json.h"
#include "switch/switch.h"

#include "client.h"
#include "commands.h"
#include "socket_file.h"

struct control {
	struct qswitch *sw;
	struct lab *lab;
	struct socket_file file;
	struct ev_io accept_io;
	struct ev_timer accept_again; /* after a lack of descriptors */
	struct ev_idle serve;	      /* active while there are requests */
	struct client *clients[CONTROL_CLIENTS];
	struct client
	    *queue[CONTROL_CLIENTS]; /* with a request, oldest first */
	int n_queued;
};

static void on_accept(struct ev_loop *loop, struct ev_io *w, int events);
static void pause_accepting(struct control *c);
static void refuse(int fd);
static void on_accept_again(
    struct ev_loop *loop, struct ev_timer *w, int events);
static void on_serve(struct ev_loop *loop, struct ev_idle *w, int events);
static void has_request(struct client *client, void *arg);
static void leaves(struct client *client, void *arg);
static void queue_remove(struct control *c, const struct client *client);

struct control *control_new(
    struct qswitch *sw, struct lab *lab, const char *path, char *err)
{
	struct control *c = calloc(1, sizeof(*c));
	char by_name[SOCKET_PATH];

	if (!c) {
		strlcpy(err, "out of memory", CONFIG_ERR);
		return NULL;
	}
	c->sw = sw;
	c->lab = lab;
	ev_init(&c->accept_io, on_accept);
	ev_timer_init(&c->accept_again, on_accept_again, 1, 0);
	/* An idle watcher of the highest priority is called once per turn of
	 * the loop, also while frames keep it busy. */
	ev_idle_init(&c->serve, on_serve);
	ev_set_priority(&c->serve, EV_MAXPRI);
	c->accept_io.data = c->accept_again.data = c->serve.data = c;
	socket_path(sw->config.name, by_name);
	if (socket_file_open(&c->file, path && *path ? path : by_name,
		sw->config.name, CONTROL_CLIENTS, err) ||
	    socket_file_give(&c->file, sw->config.control_group, err)) {
		control_free(c);
		return NULL;
	}
	ev_io_set(&c->accept_io, c->file.fd, EV_READ);
	ev_io_start(sw->loop, &c->accept_io);
	return c;
}

void control_free(struct control *c)
{
	if (!c)
		return;
	for (int i = 0; i < CONTROL_CLIENTS; i++)
		if (c->clients[i])
			client_free(c->clients[i]);
	ev_io_stop(c->sw->loop, &c->accept_io);
	ev_timer_stop(c->sw->loop, &c->accept_again);
	ev_idle_stop(c->sw->loop, &c->serve);
	socket_file_close(&c->file);
	free(c);
}

/* #syscalls accept4 */
static void on_accept(struct ev_loop *loop, struct ev_io *w, int events)
{
	struct control *c = w->data;
	int place = 0;
	int fd = accept4(c->file.fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	(void)events;
	if (fd < 0) {
		if (errno != EAGAIN && errno != ECONNABORTED && errno != EINTR)
			pause_accepting(c);
		return;
	}
	while (place < CONTROL_CLIENTS && c->clients[place])
		place++;
	if (place == CONTROL_CLIENTS)
		refuse(fd);
	else
		c->clients[place] = client_new(
		    loop, fd, &(struct client_owner){has_request, leaves, c});
}

/* Descriptors have run out: clients that wait are accepted later. */
static void pause_accepting(struct control *c)
{
	log_warn("control: cannot accept a client: %s; trying again in a "
		 "second",
	    strerror(errno));
	ev_io_stop(c->sw->loop, &c->accept_io);
	ev_timer_set(&c->accept_again, 1, 0);
	ev_timer_start(c->sw->loop, &c->accept_again);
}

static void refuse(int fd)
{
	char line[128];
	int len = snprintf(line, sizeof(line),
	    "{\"ok\":false,\"error\":\"%d clients are connected, which is the "
	    "maximum: disconnect one\"}\n",
	    CONTROL_CLIENTS);

	if (send(fd, line, (size_t)len, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
		log_debug("control: %s", strerror(errno));
	close(fd);
}

static void on_accept_again(
    struct ev_loop *loop, struct ev_timer *w, int events)
{
	struct control *c = w->data;

	(void)events;
	ev_io_start(loop, &c->accept_io);
}

/* One request per turn of the loop: the one that has waited longest. */
static void on_serve(struct ev_loop *loop, struct ev_idle *w, int events)
{
	struct control *c = w->data;
	struct client *client = c->queue[0];
	struct request r = {
	    .sw = c->sw,
	    .lab = c->lab,
	    .control_path = c->file.path,
	    .client = client,
	};
	size_t len;
	const char *line = client_request(client, &len);

	(void)loop, (void)events;
	queue_remove(c, client);
	struct json_object *answer = command_run(&r, line, len);
	client_answer(client, answer);
	json_object_put(answer);
}

static void has_request(struct client *client, void *arg)
{
	struct control *c = arg;

	c->queue[c->n_queued++] = client;
	ev_idle_start(c->sw->loop, &c->serve);
}

static void leaves(struct client *client, void *arg)
{
	struct control *c = arg;

	queue_remove(c, client);
	for (int i = 0; i < CONTROL_CLIENTS; i++)
		if (c->clients[i] == client)
			c->clients[i] = NULL;
}

static void queue_remove(struct control *c, const struct client *client)
{
	int kept = 0;

	for (int i = 0; i < c->n_queued; i++)
		if (c->queue[i] != client)
			c->queue[kept++] = c->queue[i];
	c->n_queued = kept;
	if (!kept)
		ev_idle_stop(c->sw->loop, &c->serve);
}
