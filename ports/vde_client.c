/* SPDX-License-Identifier: BSD-2-Clause */
/* vde_client.c - a client of a VDE switch, as a port: see vde_client.h. */
#include "vde_client.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bsd/string.h>

#include "dgram_io.h"
#include "gate.h"
#include "peer.h"
#include "sock.h"

enum { DEFAULT_MTU = 1500 };

struct client {
	struct dgram_io io;
	int stream;
	uint32_t number;
	struct vde_switch *vs;
	struct peer peer;
	char path[sizeof((struct sockaddr_un){0}).sun_path];
	char text[VDE_TEXT + 1];
};

static int start(struct port *port, const struct vde_seed *seed,
    const struct vde_request *request, char *err);
static int plug_in(
    struct port *port, const struct vde_request *request, char *err);
static int reach(struct client *client, int fd,
    const struct vde_request *request, char *err);
static int claim(struct client *client, bool abstract, char *err);
static int check_path(const struct client *client, const char *path, char *err);
static int check_reached(int fd, const char *path, char *err);
static int bind_data(struct client *client, int fd, char *err);
static int reply(struct port *port, int stream, char *err);
static bool has_left(int stream);
static int lose(struct port *port, int error);

static int open_client(struct port *port, char *err)
{
	struct vde_seed *seed = port->seed;
	struct vde_request request;
	const char *why;

	if (!seed) {
		port->gone = true;
		return port_refuse(err, -ENOTCONN,
		    "the client has left: it must connect again");
	}
	if (vde_request_parse(seed->data, seed->len, &request, &why) < 0)
		return port_refuse(err, -EPROTO, "%s", why);
	int result = start(port, seed, &request, err);
	if (result == 0)
		result = plug_in(port, &request, err);
	if (result == 0)
		result = reply(port, seed->stream, err);
	if (result < 0)
		return result;
	struct client *client = port->priv;
	client->stream = seed->stream;
	dgram_io_watch(&client->io, client->stream);
	port->seed = NULL;
	free(seed);
	return 0;
}

static int start(struct port *port, const struct vde_seed *seed,
    const struct vde_request *request, char *err)
{
	struct vde_switch *vs = seed->vs;
	struct client *client;
	struct peer peer;

	peer_of_socket(seed->stream, &peer);
	uint32_t number = vde_switch_choose(vs, peer.uid, request->port);
	assert(number < VDE_PORTS);
	if (!number)
		return port_refuse(err, -EACCES,
		    "user %u (pid %d) may not have port %u of %s",
		    (unsigned)peer.uid, (int)peer.pid, request->port, vs->dir);
	client = calloc(1, sizeof(*client));
	if (!client)
		return port_refuse(err, -ENOMEM, "out of memory");
	*client = (struct client){.stream = -1,
	    .number = number,
	    .vs = vs,
	    .peer = peer,
	    .io = {.epoll = -1, .rx = -1, .tx = -1}};
	peer_ask(&client->peer);
	strlcpy(client->text, request->text, sizeof(client->text));
	gate_hold(vs->gate)->peers++;
	vs->ports[number].clients++;
	vs->ports[number].uid = peer.uid;
	port->priv = client;
	port->mtu = DEFAULT_MTU;
	return port_spec_mtu(&port->spec, &port->mtu, err);
}

static int plug_in(
    struct port *port, const struct vde_request *request, char *err)
{
	struct client *client = port->priv;
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return port_refuse(
		    err, -errno, "cannot make a socket: %s", strerror(errno));
	int result = reach(client, fd, request, err);
	if (result == 0)
		result = bind_data(client, fd, err);
	if (result < 0) {
		close(fd);
		return result;
	}
	result = dgram_io_start(&client->io, port, fd, fd, err);
	if (result == 0)
		result = claim(client, request->abstract, err);
	port->fd = client->io.epoll;
	port->events = POLLIN;
	port->carrier = true;
	return result;
}

/*
 * The socket that a client named may be of another user, who believes what the
 * kernel says about who sends. An abstract name has no owner that we could
 * check. So we send as the client's user; to a path that belongs to the client
 * also as ourselves, where we may not.
 */
static int claim(struct client *client, bool abstract, char *err)
{
	const struct peer *peer = &client->peer;

	if (peer->uid == getuid() && peer->gid == getgid())
		return 0;
	int result = dgram_io_claim(&client->io, peer->uid, peer->gid);
	if (result == 0 || !abstract)
		return 0;
	return port_refuse(err, result,
	    "pid %d of user %u gave an abstract socket, to which we may not "
	    "send as that user: %s: give qswitchd CAP_SETUID and CAP_SETGID, "
	    "or let the client name a path",
	    (int)peer->pid, (unsigned)peer->uid, strerror(-result));
}

static int reach(
    struct client *client, int fd, const struct vde_request *request, char *err)
{
	const char *path = request->address.sun_path;
	int result = request->abstract ? 0 : check_path(client, path, err);

	if (result < 0)
		return result;
	if (connect(fd, (const struct sockaddr *)&request->address,
		sizeof(request->address)) < 0)
		return port_refuse(err, -errno,
		    "cannot reach the client's socket %s: %s",
		    request->abstract ? "(abstract)" : path, strerror(errno));
	return request->abstract ? 0 : check_reached(fd, path, err);
}

/* Is the path that the client named a socket that belongs to it? */
static int check_path(const struct client *client, const char *path, char *err)
{
	const struct peer *peer = &client->peer;
	struct stat st;

	if (lstat(path, &st) < 0)
		return port_refuse(err, -errno,
		    "cannot look at the client's socket %s: %s", path,
		    strerror(errno));
	if (!S_ISSOCK(st.st_mode))
		return port_refuse(err, -ENOTSOCK,
		    "pid %d gave %s, which is %s", (int)peer->pid, path,
		    S_ISLNK(st.st_mode) ? "a symbolic link" : "not a socket");
	if (st.st_uid != peer->uid)
		return port_refuse(err, -EACCES,
		    "pid %d of user %u gave %s, which belongs to user %u",
		    (int)peer->pid, (unsigned)peer->uid, path,
		    (unsigned)st.st_uid);
	return 0;
}

/* What we have reached was bound under the name that we checked: a link that
 * was slipped in between leads to a socket of another name. */
static int check_reached(int fd, const char *path, char *err)
{
	struct sock_address a = {.len = sizeof(a.un)};

	if (getpeername(fd, &a.any, &a.len) == 0 &&
	    strncmp(a.un.sun_path, path, sizeof(a.un.sun_path)) == 0)
		return 0;
	return port_refuse(err, -EACCES,
	    "the client's socket %s was replaced while we connected to it",
	    path);
}

/* DIR/001.9, for this client alone. */
static int bind_data(struct client *client, int fd, char *err)
{
	struct vde_switch *vs = client->vs;
	struct sock_access access = {
	    .mode = vs->access.mode, .uid = (uid_t)-1, .gid = (gid_t)-1};
	struct sock_address a;
	char path[sizeof(vs->dir) + 24];

	snprintf(path, sizeof(path), "%s/%03u.%d", vs->dir, client->number, fd);
	int result = sock_unix(&a, path, err);
	if (result < 0)
		return result;
	unlink(path);
	if (bind(fd, &a.any, a.len) < 0)
		return port_refuse(
		    err, -errno, "cannot bind %s: %s", path, strerror(errno));
	strlcpy(client->path, path, sizeof(client->path));
	if (geteuid() == 0) {
		access.mode &= 0700;
		access.uid = client->peer.uid;
	}
	return sock_grant(&access, path, err);
}

static int reply(struct port *port, int stream, char *err)
{
	const struct client *client = port->priv;
	struct sockaddr_un a = {.sun_family = AF_UNIX};

	strlcpy(a.sun_path, client->path, sizeof(a.sun_path));
	if (send(stream, &a, sizeof(a), MSG_NOSIGNAL) == sizeof(a))
		return 0;
	return port_refuse(
	    err, -EPIPE, "the client left before it had its answer");
}

static int receive(struct port *port, struct batch *batch)
{
	struct client *client = port->priv;
	int n = dgram_io_receive(&client->io, port, batch);

	if (n < 0 || (n == 0 && has_left(client->stream)))
		return lose(port, n < 0 ? -n : EPIPE);
	return n;
}

/* Has the client closed its stream? Nothing else is expected there. */
static bool has_left(int stream)
{
	char waste[256];
	ssize_t n = recv(stream, waste, sizeof(waste), MSG_DONTWAIT);

	return n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR);
}

static int lose(struct port *port, int error)
{
	port->gone = true;
	port_fail(port, "the client has disconnected");
	return -error;
}

static int send_frames(
    struct port *port, const struct frame *const *frames, int n)
{
	struct client *client = port->priv;
	int result = dgram_io_send(&client->io, frames, n);

	return result < 0 && dgram_io_peer_gone(-result) ? lose(port, -result)
							 : result;
}

static void facts(struct port *port,
    void (*emit)(const char *key, const char *value, void *arg), void *arg)
{
	const struct client *client = port->priv;
	char number[16];

	peer_facts(&client->peer, emit, arg);
	snprintf(number, sizeof(number), "%u", client->number);
	emit("vde_port", number, arg);
	if (client->text[0])
		emit("vde_client", client->text, arg);
}

static void close_client(struct port *port)
{
	struct client *client = port->priv;

	if (!client)
		return;
	if (client->path[0])
		unlink(client->path);
	dgram_io_stop(&client->io);
	peer_drop(&client->peer);
	if (client->stream >= 0)
		close(client->stream);
	assert(client->vs->ports[client->number].clients > 0);
	client->vs->ports[client->number].clients--;
	client->vs->gate->peers--;
	vde_switch_drop(client->vs);
	free(client);
	port->priv = NULL;
}

const struct port_kind kind_vde_client = {
    .name = "vde",
    .open = open_client,
    .receive = receive,
    .send = send_frames,
    .facts = facts,
    .close = close_client,
};
