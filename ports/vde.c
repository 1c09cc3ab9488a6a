/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vde.c - kind vde: a VDE switch's side of the protocol (version 3), so that
 * vde_plug, QEMU's -netdev vde, VirtualBox, User-mode Linux and all that uses
 * libvdeplug plug in.
 *
 *     client                         DIR/ctl
 *       | connect, request: "my data socket is C" -->|   who is it, may it?
 *       |<------------------------- "yours is DIR/001.9"
 *       | C <====== one frame a datagram ======> DIR/001.9
 *       | (the stream stays open: its end is the end of the port)
 *
 * A client is believed nothing but its credentials: the path that it names
 * must be a socket, of its own, and must still be that socket when we have
 * connected to it.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pwd.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <bsd/stdlib.h>
#include <bsd/string.h>

#include "dgram_io.h"
#include "gate.h"
#include "kinds.h"
#include "peer.h"
#include "sock.h"
#include "vde_request.h"

enum {
	VDE_PENDING = 32, /* clients that have connected but not yet asked */
	VDE_PORTS = 1000, /* numbers 1..999, as in the names of data sockets */
	VDE_USERS = 32,	  /* entries of users= */
	VDE_MTU = 1500,
};

/* One entry of users=NAME[@PORT]+NAME... */
struct vde_user {
	uid_t uid;
	uint32_t port; /* 0: any */
};

/* Shared by the server and its ports through the gate's count of holders. */
struct vde_switch {
	struct gate *gate;
	char dir[sizeof((struct sockaddr_un){0}).sun_path];
	bool made_dir;
	struct sock_access access;
	int n_users;
	struct vde_user users[VDE_USERS];
	struct {
		int clients;
		uid_t uid; /* whose the port is while it has clients */
	} ports[VDE_PORTS];
};

/* A client that has not said all of its request. */
struct vde_pending {
	int fd; /* -1: free */
	size_t len;
	uint64_t since; /* counts up: the oldest makes room */
	uint8_t data[VDE_REQUEST_MAX];
};

struct vde_server {
	int epoll;
	uint64_t clock;
	struct vde_switch *vs;
	struct vde_pending pending[VDE_PENDING];
};

struct vde_client {
	struct dgram io;
	int stream;
	uint32_t number;
	struct vde_switch *vs;
	struct peer peer;
	char path[sizeof((struct sockaddr_un){0}).sun_path];
	char text[VDE_TEXT + 1];
};

/* What the server hands to the port that a client becomes. */
struct vde_seed {
	int stream;
	struct vde_switch *vs;
	size_t len;
	uint8_t data[VDE_REQUEST_MAX];
};

static const struct port_kind kind_vde_client;

static int make_dir(struct vde_switch *vs, char *err);
static int parse_users(struct vde_switch *vs, const char *text, char *err);
static struct vde_pending *pending_add(struct vde_server *s, int fd);
static void pending_drop(struct vde_pending *p);
static void pending_read(struct port *port, struct vde_pending *p);
static void admit(struct port *port, const struct vde_pending *p);
static int client_new(struct port *port, const struct vde_seed *seed,
    const struct vde_request *request, char *err);
static int client_connect(
    struct port *port, const struct vde_request *request, char *err);
static int client_reply(struct port *port, int stream, char *err);

static const char *const keys[] = {
    "users", "max", "mode", "owner", "group", "mtu", NULL};

static void switch_drop(struct vde_switch *vs)
{
	bool last = vs->gate->holders == 1;

	gate_drop(vs->gate);
	if (!last)
		return;
	if (vs->made_dir)
		rmdir(vs->dir);
	free(vs);
}

/* --- the server: kind vde ------------------------------------------------ */

static struct vde_switch *switch_new(const struct port_spec *spec, char *err)
{
	struct vde_switch *vs = calloc(1, sizeof *vs);
	const char *users = port_spec_get(spec, "users");
	int rc;

	if (!vs) {
		port_refuse(err, -ENOMEM, "out of memory");
		return NULL;
	}
	/* names of data sockets are longer by up to 16 bytes */
	rc = strlcpy(vs->dir, spec->arg, sizeof vs->dir) >= sizeof vs->dir - 16
		 ? port_refuse(err, -ENAMETOOLONG,
		       "vde:%s: the path is too long", spec->arg)
		 : sock_access(&vs->access, spec, err);
	if (!rc && users)
		rc = parse_users(vs, users, err);
	if (!rc)
		rc = make_dir(vs, err);
	if (!rc)
		return vs;
	free(vs);
	return NULL;
}

static int switch_listen(
    struct vde_switch *vs, const struct port_spec *spec, char *err)
{
	char path[sizeof vs->dir + 8];
	struct sock_address a;

	snprintf(path, sizeof path, "%s/ctl", vs->dir);
	int rc = sock_unix(&a, path, err);
	int fd = rc ? rc : sock_bind(&a, SOCK_STREAM, &vs->access, err);
	if (fd < 0)
		return fd;
	vs->gate = gate_new(spec, fd, path, err);
	return vs->gate ? 0 : -EINVAL;
}

static int server_open(struct port *port, char *err)
{
	struct vde_server *s = malloc(sizeof *s);
	struct vde_switch *vs = s ? switch_new(&port->spec, err) : NULL;
	int rc = vs ? switch_listen(vs, &port->spec, err) : -EINVAL;

	if (rc) {
		if (vs && vs->made_dir)
			rmdir(vs->dir);
		free(vs);
		free(s);
		return rc;
	}
	s->vs = vs;
	s->clock = 0;
	for (int i = 0; i < VDE_PENDING; i++)
		s->pending[i].fd = -1;
	port->priv = s;
	s->epoll = epoll_create1(EPOLL_CLOEXEC);
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
	if (s->epoll < 0 ||
	    epoll_ctl(s->epoll, EPOLL_CTL_ADD, vs->gate->fd, &event))
		return port_refuse(err, -errno, "cannot watch %s/ctl: %s",
		    vs->dir, strerror(errno));
	port->fd = s->epoll;
	port->events = POLLIN;
	port->carrier = true;
	return 0;
}

/* vde_switch's rule: who may read or write the socket may enter. */
static mode_t dir_mode(mode_t mode)
{
	return 02000 | mode | (mode & 0444) >> 2 | (mode & 0222) >> 1;
}

static int make_dir(struct vde_switch *vs, char *err)
{
	struct sock_access access = vs->access;
	struct stat st;

	access.mode = dir_mode(access.mode);
	vs->made_dir = !mkdir(vs->dir, 0700);
	if (vs->made_dir)
		return sock_grant(&access, vs->dir, err);
	if (errno != EEXIST)
		return port_refuse(err, -errno, "cannot make directory %s: %s",
		    vs->dir, strerror(errno));
	if (lstat(vs->dir, &st) || !S_ISDIR(st.st_mode))
		return port_refuse(err, -ENOTDIR,
		    "%s exists and is no directory: give another one", vs->dir);
	return 0;
}

static int parse_user(struct vde_switch *vs, char *text, char *err)
{
	char *at = strchr(text, '@');
	const char *wrong = NULL;
	long long port = 0;

	if (at) {
		*at++ = 0;
		port = strtonum(at, 1, VDE_PORTS - 1, &wrong);
	}
	const struct passwd *user = getpwnam(text);
	if (!user || wrong || vs->n_users == VDE_USERS)
		return port_refuse(err, -EINVAL,
		    "users=: %s: write up to %d USER or USER@PORT, joined by "
		    "+, users that exist and ports from 1 to %d",
		    text, VDE_USERS, VDE_PORTS - 1);
	vs->users[vs->n_users++] =
	    (struct vde_user){user->pw_uid, (uint32_t)port};
	return 0;
}

static int parse_users(struct vde_switch *vs, const char *text, char *err)
{
	char copy[PORT_ARG], *rest = copy, *word;
	int rc = 0;

	strlcpy(copy, text, sizeof copy);
	while (!rc && (word = strsep(&rest, "+")))
		rc = parse_user(vs, word, err);
	return rc;
}

static int server_receive(struct port *port, struct batch *batch)
{
	struct vde_server *s = port->priv;
	struct epoll_event events[GATE_TURN];
	int n = epoll_wait(s->epoll, events, GATE_TURN, 0);

	(void)batch;
	for (int i = 0; i < n; i++)
		if (events[i].data.ptr)
			pending_read(port, events[i].data.ptr);
	/* New ones last: they may take the place of what was looked at. */
	for (int i = 0; i < GATE_TURN; i++) {
		int fd = gate_accept(s->vs->gate);

		if (fd < 0)
			break;
		struct vde_pending *p = pending_add(s, fd);
		if (p)
			pending_read(port, p);
	}
	return 0;
}

static int server_send(
    struct port *port, const struct frame *const *frames, int n)
{
	(void)port, (void)frames, (void)n;
	return -EIO; /* no port of the bridge: nothing is sent to it */
}

static void server_facts(struct port *port,
    void (*emit)(const char *key, const char *value, void *arg), void *arg)
{
	struct vde_server *s = port->priv;

	gate_facts(s->vs->gate, emit, arg);
}

static void server_close(struct port *port)
{
	struct vde_server *s = port->priv;

	if (!s)
		return;
	for (int i = 0; i < VDE_PENDING; i++)
		pending_drop(&s->pending[i]);
	if (s->epoll >= 0)
		close(s->epoll);
	gate_shut(s->vs->gate);
	switch_drop(s->vs);
	free(s);
	port->priv = NULL;
}

/* --- clients that have not asked yet ------------------------------------- */

static struct vde_pending *pending_add(struct vde_server *s, int fd)
{
	struct vde_pending *p = &s->pending[0];

	for (int i = 0; i < VDE_PENDING && p->fd >= 0; i++)
		if (s->pending[i].fd < 0 || s->pending[i].since < p->since)
			p = &s->pending[i];
	pending_drop(p);
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = p};
	if (epoll_ctl(s->epoll, EPOLL_CTL_ADD, fd, &event)) {
		close(fd);
		return NULL;
	}
	p->fd = fd;
	p->len = 0;
	p->since = s->clock++;
	return p;
}

static void pending_drop(struct vde_pending *p)
{
	if (p->fd >= 0)
		close(p->fd);
	p->fd = -1;
}

static void pending_read(struct port *port, struct vde_pending *p)
{
	struct vde_server *s = port->priv;
	struct vde_request request;
	const char *why;

	if (p->fd < 0)
		return;
	ssize_t n = recv(p->fd, p->data + p->len, sizeof p->data - p->len, 0);
	if (n < 0 && errno == EAGAIN)
		return;
	if (n <= 0) {
		pending_drop(p);
		return;
	}
	p->len += (size_t)n;
	if (vde_request_parse(p->data, p->len, &request, &why) == -EAGAIN)
		return;
	epoll_ctl(s->epoll, EPOLL_CTL_DEL, p->fd, NULL);
	admit(port, p);
	p->fd = -1;
}

/* What the client may not have, its port's open() refuses with a sentence. */
static void admit(struct port *port, const struct vde_pending *p)
{
	struct vde_server *s = port->priv;
	struct vde_seed *seed = malloc(sizeof *seed);

	if (seed) {
		*seed = (struct vde_seed){
		    .stream = p->fd, .vs = s->vs, .len = p->len};
		memcpy(seed->data, p->data, p->len);
	}
	if (!seed || port->host->spawn(port, &kind_vde_client, "vde", seed)) {
		close(p->fd);
		free(seed);
	}
}

/* --- a client, as a port ------------------------------------------------- */

static int client_open(struct port *port, char *err)
{
	struct vde_seed *seed = port->seed;
	struct vde_request request;
	const char *why;

	if (!seed) {
		port->gone = true;
		return port_refuse(err, -ENOTCONN,
		    "the client has to connect again by itself");
	}
	if (vde_request_parse(seed->data, seed->len, &request, &why))
		return port_refuse(err, -EPROTO, "%s", why);
	int rc = client_new(port, seed, &request, err);
	if (!rc)
		rc = client_connect(port, &request, err);
	if (!rc)
		rc = client_reply(port, seed->stream, err);
	if (rc)
		return rc;
	struct vde_client *c = port->priv;
	c->stream = seed->stream;
	dgram_watch(&c->io, c->stream);
	port->seed = NULL;
	free(seed);
	return 0;
}

static bool user_may(const struct vde_switch *vs, uid_t uid, uint32_t port)
{
	for (int i = 0; i < vs->n_users; i++)
		if (vs->users[i].uid == uid &&
		    (!vs->users[i].port || vs->users[i].port == port))
			return true;
	return !vs->n_users || uid == 0 || uid == geteuid();
}

/* The number wished for, or the first free one that @uid may have; 0: none. A
 * port belongs to the user whose clients it has. */
static uint32_t choose_port(
    const struct vde_switch *vs, uid_t uid, uint32_t wish)
{
	if (wish)
		return wish < VDE_PORTS && user_may(vs, uid, wish) &&
			       (!vs->ports[wish].clients ||
				   vs->ports[wish].uid == uid)
			   ? wish
			   : 0;
	for (uint32_t i = 1; i < VDE_PORTS; i++)
		if (!vs->ports[i].clients && user_may(vs, uid, i))
			return i;
	return 0;
}

static int client_new(struct port *port, const struct vde_seed *seed,
    const struct vde_request *request, char *err)
{
	struct vde_switch *vs = seed->vs;
	struct vde_client *c;
	struct peer peer;

	peer_of_socket(seed->stream, &peer);
	uint32_t number = choose_port(vs, peer.uid, request->port);
	if (!number)
		return port_refuse(err, -EACCES,
		    "user %u (pid %d) may not have port %u of %s",
		    (unsigned)peer.uid, (int)peer.pid, request->port, vs->dir);
	c = calloc(1, sizeof *c);
	if (!c)
		return port_refuse(err, -ENOMEM, "out of memory");
	*c = (struct vde_client){.stream = -1,
	    .number = number,
	    .vs = vs,
	    .peer = peer,
	    .io = {.epoll = -1, .rx = -1, .tx = -1}};
	strlcpy(c->text, request->text, sizeof c->text);
	gate_hold(vs->gate)->peers++;
	vs->ports[number].clients++;
	vs->ports[number].uid = peer.uid;
	port->priv = c;
	port->mtu = VDE_MTU;
	return port_spec_mtu(&port->spec, &port->mtu, err);
}

/* Is the path that the client named a socket of its own? */
static int check_path(const struct vde_client *c, const char *path, char *err)
{
	struct stat st;

	if (lstat(path, &st))
		return port_refuse(err, -errno,
		    "cannot look at the client's socket %s: %s", path,
		    strerror(errno));
	if (!S_ISSOCK(st.st_mode))
		return port_refuse(err, -ENOTSOCK,
		    "pid %d gave %s, which is %s", (int)c->peer.pid, path,
		    S_ISLNK(st.st_mode) ? "a symbolic link" : "no socket");
	if (st.st_uid != c->peer.uid)
		return port_refuse(err, -EACCES,
		    "pid %d of user %u gave %s, which belongs to user %u",
		    (int)c->peer.pid, (unsigned)c->peer.uid, path,
		    (unsigned)st.st_uid);
	return 0;
}

/* What we have reached was bound under the name that we checked: a link that
 * was slipped in between leads to a socket of another name. */
static int check_reached(int fd, const char *path, char *err)
{
	struct sock_address a = {.len = sizeof a.un};

	if (!getpeername(fd, &a.any, &a.len) &&
	    !strncmp(a.un.sun_path, path, sizeof a.un.sun_path))
		return 0;
	return port_refuse(err, -EACCES,
	    "the client's socket %s was exchanged under way", path);
}

static int reach(
    struct vde_client *c, int fd, const struct vde_request *request, char *err)
{
	const char *path = request->address.sun_path;
	int rc = request->abstract ? 0 : check_path(c, path, err);

	if (rc)
		return rc;
	if (connect(fd, (const struct sockaddr *)&request->address,
		sizeof request->address))
		return port_refuse(err, -errno,
		    "cannot reach the client's socket %s: %s",
		    request->abstract ? "(abstract)" : path, strerror(errno));
	return request->abstract ? 0 : check_reached(fd, path, err);
}

/* DIR/001.9, for this client alone. */
static int bind_data(struct vde_client *c, int fd, char *err)
{
	struct sock_access access = {
	    .mode = c->vs->access.mode, .uid = (uid_t)-1, .gid = (gid_t)-1};
	struct sock_address a;
	char path[sizeof c->vs->dir + 24];

	snprintf(path, sizeof path, "%s/%03u.%d", c->vs->dir, c->number, fd);
	int rc = sock_unix(&a, path, err);
	if (rc)
		return rc;
	unlink(path);
	if (bind(fd, &a.any, a.len))
		return port_refuse(
		    err, -errno, "cannot bind %s: %s", path, strerror(errno));
	strlcpy(c->path, path, sizeof c->path);
	if (geteuid() == 0) {
		access.mode &= 0700;
		access.uid = c->peer.uid;
	}
	return sock_grant(&access, path, err);
}

static int client_connect(
    struct port *port, const struct vde_request *request, char *err)
{
	struct vde_client *c = port->priv;
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return port_refuse(
		    err, -errno, "cannot make a socket: %s", strerror(errno));
	int rc = reach(c, fd, request, err);
	if (!rc)
		rc = bind_data(c, fd, err);
	if (rc) {
		close(fd);
		return rc;
	}
	rc = dgram_start(&c->io, port, fd, fd, err);
	port->fd = c->io.epoll;
	port->events = POLLIN;
	port->carrier = true;
	return rc;
}

static int client_reply(struct port *port, int stream, char *err)
{
	struct vde_client *c = port->priv;
	struct sockaddr_un a = {.sun_family = AF_UNIX};

	strlcpy(a.sun_path, c->path, sizeof a.sun_path);
	if (send(stream, &a, sizeof a, MSG_NOSIGNAL) == sizeof a)
		return 0;
	return port_refuse(
	    err, -EPIPE, "the client left before it had its answer");
}

/* Has the client closed its stream? Nothing else is expected there. */
static bool has_left(int stream)
{
	char waste[256];
	ssize_t n = recv(stream, waste, sizeof waste, MSG_DONTWAIT);

	return n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR);
}

static int lose(struct port *port, int error)
{
	port->gone = true;
	port_fail(port, "the client has disconnected");
	return -error;
}

static int client_receive(struct port *port, struct batch *batch)
{
	struct vde_client *c = port->priv;
	int n = dgram_receive(&c->io, port, batch);

	if (n < 0 || (n == 0 && has_left(c->stream)))
		return lose(port, n < 0 ? -n : EPIPE);
	return n;
}

static int client_send(
    struct port *port, const struct frame *const *frames, int n)
{
	struct vde_client *c = port->priv;
	int rc = dgram_send(&c->io, frames, n);

	return rc < 0 && dgram_peer_gone(-rc) ? lose(port, -rc) : rc;
}

static void client_facts(struct port *port,
    void (*emit)(const char *key, const char *value, void *arg), void *arg)
{
	struct vde_client *c = port->priv;
	char number[16];

	peer_facts(&c->peer, emit, arg);
	snprintf(number, sizeof number, "%u", c->number);
	emit("vde_port", number, arg);
	if (*c->text)
		emit("vde_client", c->text, arg);
}

static void client_close(struct port *port)
{
	struct vde_client *c = port->priv;

	if (!c)
		return;
	if (*c->path)
		unlink(c->path);
	dgram_stop(&c->io);
	if (c->stream >= 0)
		close(c->stream);
	c->vs->ports[c->number].clients--;
	c->vs->gate->peers--;
	switch_drop(c->vs);
	free(c);
	port->priv = NULL;
}

const struct port_kind kind_vde = {
    .name = "vde",
    .help = "DIR[,users=USER[@PORT]+...][,max=N][,mode=][,owner=]"
	    "[,group=][,mtu=]\n"
	    "a VDE switch for vde_plug, QEMU, UML and others",
    .keys = keys,
    .listener = true,
    .open = server_open,
    .receive = server_receive,
    .send = server_send,
    .facts = server_facts,
    .close = server_close,
};

static const struct port_kind kind_vde_client = {
    .name = "vde",
    .open = client_open,
    .receive = client_receive,
    .send = client_send,
    .facts = client_facts,
    .close = client_close,
};
