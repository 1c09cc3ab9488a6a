/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * control.c - the control socket: clients, their lines and their backlog. What
 * a line means is the business of commands.c.
 *
 *     readable -> client_read() -> a whole line? -> queue of clients with a
 *     request -> serve(): the oldest one, once a turn of the loop -> answer ->
 *     outbox -> socket, the rest when it becomes writable
 *
 * client_settle() is the one place that decides what is waited for next and
 * whether the client is done; it may free it and therefore comes last.
 */
#include "control.h"

#include <assert.h>
#include <errno.h>
#include <libgen.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <bsd/string.h>

#include "commands.h"
#include "json.h"
#include "log.h"
#include "outbox.h"
#include "switch.h"

struct client {
	struct control *control;
	int place; /* in control->clients */
	struct ev_io io;
	char in[CONTROL_LINE];
	size_t in_len;
	struct outbox out;
	struct client *next; /* in the queue of requests */
	bool queued;
	bool is_eof; /* it sends no more */
	bool is_streaming;
	bool is_closing; /* once it has read what there is */
	bool is_broken;	 /* at once */
	void (*stop)(void *arg);
	void *stop_arg;
	uint64_t dropped;
};

struct control {
	struct qswitch *sw;
	char path[CONFIG_PATH];
	int fd;
	dev_t dev; /* of the socket's file, to know it again */
	ino_t ino;
	bool own_directory;
	struct ev_io accept_io;
	struct ev_timer accept_again; /* after a lack of descriptors */
	struct ev_idle serve;	      /* active while there are requests */
	struct client *first, *last;  /* clients with a request, oldest first */
	struct client *clients[CONTROL_CLIENTS];
};

static int listen_at(struct control *c, char *err);
static bool make_directory(struct control *c, char *err);
static bool clear_stale(const char *path, char *err);
static void on_accept(struct ev_loop *loop, struct ev_io *w, int events);
static void on_accept_again(
    struct ev_loop *loop, struct ev_timer *w, int events);
static void on_client(struct ev_loop *loop, struct ev_io *w, int events);
static void on_serve(struct ev_loop *loop, struct ev_idle *w, int events);
static void client_new(struct control *c, int place, int fd);
static void client_free(struct client *client);
static void client_read(struct client *client);
static void client_serve(struct client *client);
static void client_answer(struct client *client, struct json_object *answer);
static void client_flush(struct client *client);
static void client_settle(struct client *client);
static void client_watch(struct client *client, int events);
static int client_wants(const struct client *client);

struct control *control_new(struct qswitch *sw, const char *path, char *err)
{
	struct control *c = calloc(1, sizeof *c);

	if (!c) {
		strlcpy(err, "out of memory", CONFIG_ERR);
		return NULL;
	}
	c->sw = sw;
	c->fd = -1;
	ev_init(&c->accept_io, on_accept);
	ev_timer_init(&c->accept_again, on_accept_again, 1, 0);
	/* An idle watcher of the highest priority is called once a turn of the
	 * loop, also while frames keep it busy. */
	ev_idle_init(&c->serve, on_serve);
	ev_set_priority(&c->serve, EV_MAXPRI);
	c->accept_io.data = c->accept_again.data = c->serve.data = c;
	if (strlcpy(c->path, path, sizeof c->path) >= sizeof c->path) {
		snprintf(err, CONFIG_ERR,
		    "control socket %s: the path is longer than %d bytes: "
		    "choose another with --control",
		    path, CONFIG_PATH - 1);
		free(c);
		return NULL;
	}
	if (listen_at(c, err)) {
		control_free(c);
		return NULL;
	}
	return c;
}

void control_free(struct control *c)
{
	struct stat st;

	if (!c)
		return;
	for (int i = 0; i < CONTROL_CLIENTS; i++)
		if (c->clients[i])
			client_free(c->clients[i]);
	ev_io_stop(c->sw->loop, &c->accept_io);
	ev_timer_stop(c->sw->loop, &c->accept_again);
	ev_idle_stop(c->sw->loop, &c->serve);
	if (c->fd >= 0)
		close(c->fd);
	/* Only what is ours: somebody may have put another in its place. */
	if (c->ino && !stat(c->path, &st) && st.st_ino == c->ino &&
	    st.st_dev == c->dev)
		unlink(c->path);
	if (c->own_directory)
		rmdir(dirname(c->path)); /* stays while others are in it */
	free(c);
}

const char *control_path(const struct control *c)
{
	return c->path;
}

static int fail(const struct control *c, char *err, const char *what)
{
	int error = errno;

	snprintf(err, CONFIG_ERR,
	    "control socket %s: %s: %s; choose another with --control", c->path,
	    what, strerror(error));
	return -error;
}

static void address(const char *path, struct sockaddr_un *sun)
{
	*sun = (struct sockaddr_un){.sun_family = AF_UNIX};
	static_assert(sizeof sun->sun_path == CONFIG_PATH, "a path fits");
	strlcpy(sun->sun_path, path, sizeof sun->sun_path);
}

/* bind() makes the file; its mode is set by the mask, so that it is never
 * wider, not for a moment. */
static int bind_0660(int fd, const struct sockaddr_un *sun)
{
	mode_t mask = umask(0117);
	int result = bind(fd, (const struct sockaddr *)sun, sizeof *sun);

	umask(mask);
	return result;
}

/* #syscalls socket bind listen umask stat connect unlink mkdir */
static int listen_at(struct control *c, char *err)
{
	struct sockaddr_un sun;
	struct stat st;

	address(c->path, &sun);
	if (!make_directory(c, err) || !clear_stale(c->path, err))
		return -EADDRINUSE;
	c->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (c->fd < 0)
		return fail(c, err, "cannot make it");
	if (bind_0660(c->fd, &sun))
		return fail(c, err, "cannot make it");
	if (!stat(c->path, &st)) {
		c->dev = st.st_dev;
		c->ino = st.st_ino;
	}
	if (listen(c->fd, CONTROL_CLIENTS))
		return fail(c, err, "cannot listen on it");
	ev_io_set(&c->accept_io, c->fd, EV_READ);
	ev_io_start(c->sw->loop, &c->accept_io);
	return 0;
}

/* The default directory is ours to make; any other has to be there. One that
 * somebody else made (/tmp is open to all) is not to be trusted. */
static bool make_directory(struct control *c, char *err)
{
	char path[CONFIG_PATH];
	struct stat st;

	config_control_path(c->sw->config.name, path);
	if (strcmp(path, c->path))
		return true;
	const char *directory = dirname(path);
	if ((mkdir(directory, geteuid() ? 0700 : 0755) && errno != EEXIST) ||
	    lstat(directory, &st)) {
		fail(c, err, "cannot make its directory");
		return false;
	}
	c->own_directory = st.st_uid == geteuid() && S_ISDIR(st.st_mode);
	if (c->own_directory || st.st_uid == 0)
		return true;
	snprintf(err, CONFIG_ERR,
	    "control socket %s: its directory belongs to user %u: remove it "
	    "or choose another with --control",
	    c->path, (unsigned)st.st_uid);
	return false;
}

/* The process that listens on connected socket @fd, 0: unknown. */
static int peer_pid(int fd)
{
	struct ucred cred = {0};
	socklen_t len = sizeof cred;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len))
		return 0;
	return cred.pid;
}

/* Is there somebody at the other end of @path? Return: 0 nobody, 1, -errno. */
static int is_live(const char *path, int *pid)
{
	struct sockaddr_un sun;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int result = -errno;

	if (fd < 0)
		return result;
	address(path, &sun);
	if (!connect(fd, (struct sockaddr *)&sun, sizeof sun)) {
		*pid = peer_pid(fd);
		result = 1;
	} else if (errno == EAGAIN) {
		*pid = 0;
		result = 1; /* too busy to answer */
	} else {
		result = errno == ECONNREFUSED ? 0 : -errno;
	}
	close(fd);
	return result;
}

static bool clear_stale(const char *path, char *err)
{
	struct stat st;
	int pid = 0;

	if (lstat(path, &st))
		return true;
	if (!S_ISSOCK(st.st_mode)) {
		snprintf(err, CONFIG_ERR,
		    "control socket %s: something that is no socket is there "
		    "already: remove it or choose another with --control",
		    path);
		return false;
	}
	int live = is_live(path, &pid);
	if (!live && !unlink(path))
		return true;
	if (live > 0)
		snprintf(err, CONFIG_ERR,
		    "control socket %s is in use by a running qswitchd "
		    "(process %d): stop that one, or start this one with "
		    "another --name",
		    path, pid);
	else
		snprintf(err, CONFIG_ERR,
		    "control socket %s is there already and cannot be "
		    "replaced: %s",
		    path, strerror(live ? -live : errno));
	return false;
}

/* Descriptors have run out: the ones that wait are accepted later. */
static void pause_accepting(struct control *c)
{
	log_warn(
	    "control: cannot accept a client: %s; trying again in a second",
	    strerror(errno));
	ev_io_stop(c->sw->loop, &c->accept_io);
	ev_timer_set(&c->accept_again, 1, 0);
	ev_timer_start(c->sw->loop, &c->accept_again);
}

static void refuse(int fd)
{
	char line[128];
	int len = snprintf(line, sizeof line,
	    "{\"ok\":false,\"error\":\"%d clients are connected, which is the "
	    "limit: end one of them\"}\n",
	    CONTROL_CLIENTS);

	if (send(fd, line, (size_t)len, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
		log_debug("control: %s", strerror(errno));
	close(fd);
}

/* #syscalls accept4 */
static void on_accept(struct ev_loop *loop, struct ev_io *w, int events)
{
	struct control *c = w->data;
	int place = 0;
	int fd = accept4(c->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	(void)loop, (void)events;
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
		client_new(c, place, fd);
}

static void on_accept_again(
    struct ev_loop *loop, struct ev_timer *w, int events)
{
	struct control *c = w->data;

	(void)events;
	ev_io_start(loop, &c->accept_io);
}

static void client_new(struct control *c, int place, int fd)
{
	struct client *client = calloc(1, sizeof *client);

	if (!client) {
		close(fd);
		return;
	}
	client->control = c;
	client->place = place;
	outbox_init(&client->out, CONTROL_BACKLOG);
	ev_io_init(&client->io, on_client, fd, EV_READ);
	client->io.data = client;
	c->clients[place] = client;
	ev_io_start(c->sw->loop, &client->io);
}

static void queue_add(struct client *client)
{
	struct control *c = client->control;

	client->queued = true;
	client->next = NULL;
	if (c->first)
		c->last->next = client;
	else
		c->first = client;
	c->last = client;
	ev_idle_start(c->sw->loop, &c->serve);
}

static void queue_remove(struct client *client)
{
	struct control *c = client->control;
	struct client **at = &c->first, *before = NULL;

	if (!client->queued)
		return;
	for (; *at != client; at = &(*at)->next)
		before = *at;
	*at = client->next;
	if (c->last == client)
		c->last = before;
	client->queued = false;
	if (!c->first)
		ev_idle_stop(c->sw->loop, &c->serve);
}

static void client_free(struct client *client)
{
	struct control *c = client->control;

	if (client->stop)
		client->stop(client->stop_arg);
	queue_remove(client);
	ev_io_stop(c->sw->loop, &client->io);
	close(client->io.fd);
	outbox_free(&client->out);
	c->clients[client->place] = NULL;
	free(client);
}

static void on_client(struct ev_loop *loop, struct ev_io *w, int events)
{
	struct client *client = w->data;

	(void)loop;
	if (events & EV_READ)
		client_read(client);
	if (events & EV_WRITE)
		client_flush(client);
	client_settle(client);
}

static void on_serve(struct ev_loop *loop, struct ev_idle *w, int events)
{
	struct control *c = w->data;
	struct client *client = c->first;

	(void)loop, (void)events;
	queue_remove(client);
	client_serve(client);
	client_flush(client);
	client_settle(client);
}

/* Both directions are shut: the client did not just say all it had to say. */
static bool has_hung_up(int fd)
{
	struct pollfd pfd = {.fd = fd};

	return poll(&pfd, 1, 0) > 0 && pfd.revents & (POLLHUP | POLLERR);
}

/* #syscalls recvfrom poll */
static void client_read(struct client *client)
{
	int fd = client->io.fd;
	ssize_t n = recv(fd, client->in + client->in_len,
	    sizeof client->in - client->in_len, MSG_DONTWAIT);

	if (n > 0 && !client->is_streaming)
		client->in_len += (size_t)n;
	else if (!n)
		client->is_eof = true;
	else if (n < 0 && errno != EAGAIN && errno != EINTR)
		client->is_broken = true;
	if (client->is_eof && client->is_streaming)
		client->is_broken = has_hung_up(fd);
}

/* Bytes of the first request, newline counted; 0: there is none (yet). */
static size_t line_len(const struct client *client)
{
	const char *end = memchr(client->in, '\n', client->in_len);

	if (end)
		return (size_t)(end - client->in) + 1;
	return client->is_eof ? client->in_len : 0;
}

static void client_serve(struct client *client)
{
	size_t len = line_len(client);
	size_t text = client->in[len - 1] == '\n' ? len - 1 : len;

	struct json_object *answer =
	    command_run(client->control->sw, client, client->in, text);
	client_answer(client, answer);
	json_object_put(answer);
	memmove(client->in, client->in + len, client->in_len - len);
	client->in_len = client->is_streaming ? 0 : client->in_len - len;
}

static void client_answer(struct client *client, struct json_object *answer)
{
	size_t len;
	const char *line = json_line(answer, &len);

	if (!line || !outbox_fits(&client->out, len + 1) ||
	    !outbox_put(&client->out, line, len) ||
	    !outbox_put(&client->out, "\n", 1))
		client->is_broken = true;
}

static void client_flush(struct client *client)
{
	if (outbox_send(&client->out, client->io.fd))
		client->is_broken = true;
}

static void refuse_line(struct client *client)
{
	struct json_object *answer = command_refuse(
	    "the request is longer than %d bytes", CONTROL_LINE - 1);

	client_answer(client, answer);
	json_object_put(answer);
	client->is_closing = true;
	client_flush(client);
}

static void client_settle(struct client *client)
{
	bool has_line = !client->is_streaming && line_len(client);

	if (!has_line && client->in_len == sizeof client->in &&
	    !client->is_closing)
		refuse_line(client);
	if (client->is_eof && !has_line && !client->is_streaming)
		client->is_closing = true;
	if (client->is_broken || (client->is_closing && !client->out.len)) {
		client_free(client);
		return;
	}
	if (has_line && !client->queued && !client->is_closing &&
	    client->out.len <= CONTROL_PATIENCE)
		queue_add(client);
	client_watch(client, client_wants(client));
}

/* Reading stops while a request waits to be served. */
static int client_wants(const struct client *client)
{
	bool listens = !client->is_eof && !client->is_closing &&
		       (client->is_streaming || !line_len(client));

	return (listens ? EV_READ : 0) | (client->out.len ? EV_WRITE : 0);
}

static void client_watch(struct client *client, int events)
{
	struct ev_loop *loop = client->control->sw->loop;
	struct ev_io *io = &client->io;

	if (ev_is_active(io) && (io->events & (EV_READ | EV_WRITE)) == events)
		return;
	ev_io_stop(loop, io);
	if (!events)
		return;
	ev_io_set(io, io->fd, events);
	ev_io_start(loop, io);
}

bool client_stream(struct client *client, void (*stop)(void *arg), void *arg)
{
	if (!outbox_reserve(&client->out, CONTROL_STREAM))
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
	client_watch(client, client_wants(client));
}

uint64_t client_dropped(const struct client *client)
{
	return client->dropped;
}

void client_end(struct client *client)
{
	client->is_closing = true;
	/* Freed by the loop and not here: the caller still has it in hand. */
	ev_feed_event(client->control->sw->loop, &client->io, EV_WRITE);
}
