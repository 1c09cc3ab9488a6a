/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vde.c - kind vde: a VDE switch's side of the protocol (version 3), so that
 * vde_plug, QEMU's -netdev vde, VirtualBox, User-mode Linux and all programs
 * that use libvdeplug plug in.
 *
 *     client                         DIR/ctl
 *       | connect, request: "my data socket is C" -->|   who is it, may it?
 *       |<------------------------- "yours is DIR/001.9"
 *       | C <====== one frame a datagram ======> DIR/001.9
 *       | (the stream stays open: its end is the end of the port)
 *
 * The port that is configured only reads requests. Each client becomes a port
 * of its own (vde_client.c).
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "gate.h"
#include "kinds.h"
#include "vde_client.h"
#include "vde_request.h"
#include "vde_switch.h"

/* Clients that have connected and not asked yet. */
enum { PENDING = 32 };

/* One of them. */
struct pending {
	int fd; /* -1: free */
	size_t len;
	uint64_t since; /* counts up: the oldest makes room */
	uint8_t data[VDE_REQUEST_MAX];
};

struct server {
	int epoll;
	uint64_t arrivals;
	struct vde_switch *vs;
	struct pending pending[PENDING];
};

static const char *const keys[] = {
    "users", "max", "mode", "owner", "group", "mtu", NULL};

static void read_request(struct port *port, struct pending *p);
static void drop(struct pending *p);
static void admit(struct port *port, const struct pending *p);
static struct pending *add(struct server *server, int fd);

static int open_server(struct port *port, char *err)
{
	struct server *server = calloc(1, sizeof(*server));
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};

	if (!server)
		return port_refuse(err, -ENOMEM, "out of memory");
	server->vs = vde_switch_new(&port->spec, err);
	if (!server->vs) {
		int error = errno;
		free(server);
		return -error;
	}
	for (int i = 0; i < PENDING; i++)
		server->pending[i].fd = -1;
	port->priv = server;
	server->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (server->epoll < 0 || epoll_ctl(server->epoll, EPOLL_CTL_ADD,
				     server->vs->gate->fd, &event) < 0)
		return port_refuse(err, -errno, "cannot watch %s/ctl: %s",
		    server->vs->dir, strerror(errno));
	port->fd = server->epoll;
	port->events = POLLIN;
	port->carrier = true;
	return 0;
}

static int receive(struct port *port, struct batch *batch)
{
	struct server *server = port->priv;
	struct epoll_event events[GATE_TURN];
	int n = epoll_wait(server->epoll, events, GATE_TURN, 0);

	(void)batch;
	for (int i = 0; i < n; i++) {
		if (events[i].data.ptr)
			read_request(port, events[i].data.ptr);
	}
	/* New ones last: they may take the place of what was looked at. */
	for (int i = 0; i < GATE_TURN; i++) {
		int fd = gate_accept(server->vs->gate);

		if (fd < 0)
			break;
		struct pending *p = add(server, fd);
		if (p)
			read_request(port, p);
	}
	return 0;
}

static void read_request(struct port *port, struct pending *p)
{
	struct server *server = port->priv;
	struct vde_request request;
	const char *why;

	if (p->fd < 0)
		return;
	ssize_t n = recv(p->fd, p->data + p->len, sizeof(p->data) - p->len, 0);
	if (n < 0 && errno == EAGAIN)
		return;
	if (n <= 0) {
		drop(p);
		return;
	}
	p->len += (size_t)n;
	if (vde_request_parse(p->data, p->len, &request, &why) == -EAGAIN)
		return;
	epoll_ctl(server->epoll, EPOLL_CTL_DEL, p->fd, NULL);
	admit(port, p);
	p->fd = -1;
}

static void drop(struct pending *p)
{
	if (p->fd >= 0)
		close(p->fd);
	p->fd = -1;
}

/* If the client asks for what it may not have, open() of its port refuses that
 * with a sentence. */
static void admit(struct port *port, const struct pending *p)
{
	struct server *server = port->priv;
	struct vde_seed *seed = malloc(sizeof(*seed));

	if (seed) {
		*seed = (struct vde_seed){
		    .stream = p->fd, .vs = server->vs, .len = p->len};
		memcpy(seed->data, p->data, p->len);
	}
	if (!seed ||
	    port->host->spawn(port, &kind_vde_client, "vde", seed) < 0) {
		close(p->fd);
		free(seed);
	}
}

static struct pending *add(struct server *server, int fd)
{
	struct pending *p = &server->pending[0];

	for (int i = 0; i < PENDING && p->fd >= 0; i++) {
		struct pending *other = &server->pending[i];

		if (other->fd < 0 || other->since < p->since)
			p = other;
	}
	drop(p);
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = p};
	if (epoll_ctl(server->epoll, EPOLL_CTL_ADD, fd, &event) < 0) {
		close(fd);
		return NULL;
	}
	p->fd = fd;
	p->len = 0;
	p->since = server->arrivals++;
	return p;
}

static int send_frames(
    struct port *port, const struct frame *const *frames, int n)
{
	(void)port, (void)frames, (void)n;
	return -EIO; /* not a port of the bridge: nothing is sent to it */
}

static void facts(struct port *port,
    void (*emit)(const char *key, const char *value, void *arg), void *arg)
{
	const struct server *server = port->priv;

	gate_facts(server->vs->gate, emit, arg);
}

static void close_server(struct port *port)
{
	struct server *server = port->priv;

	if (!server)
		return;
	for (int i = 0; i < PENDING; i++)
		drop(&server->pending[i]);
	if (server->epoll >= 0)
		close(server->epoll);
	gate_shut(server->vs->gate);
	vde_switch_drop(server->vs);
	free(server);
	port->priv = NULL;
}

const struct port_kind kind_vde = {
    .name = "vde",
    .help = "DIR[,users=USER[@PORT]+...][,max=N][,mode=][,owner=]"
	    "[,group=][,mtu=]\n"
	    "a VDE switch for vde_plug, QEMU, UML and others",
    .keys = keys,
    .listener = true,
    .open = open_server,
    .receive = receive,
    .send = send_frames,
    .facts = facts,
    .close = close_server,
};
