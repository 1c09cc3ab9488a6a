/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fdport.c - kind fd: a socket that this process inherited, for QEMU's
 * -netdev stream,addr.type=fd, for wrappers and for service managers.
 *
 *     fd:N             a connected stream or datagram socket is the port, a
 *                      listening one lets VMs in
 *     fd:N,kind=dgram  the same, and any other socket is an error
 *
 * The port owns the descriptor. When its peer has left, the port stays down: it
 * cannot be opened again, as the number may belong to another file by then.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <bsd/stdlib.h>

#include "dgram_io.h"
#include "inherited.h"
#include "kinds.h"
#include "stream.h"

#define FD_COMMON                                            \
	.name = "fd",                                        \
	.help = "N[,kind=stream|dgram][,max=PEERS][,mtu=]\n" \
		"a socket that the process inherited",       \
	.keys = keys, .open = open_port

static const char *const keys[] = {"kind", "max", "mtu", NULL};

static int open_port(struct port *port, char *err);
static int socket_option(int fd, int option);
static int check_kind(const struct port_spec *spec, int type, char *err);
static int open_dgram(struct port *port, int fd, char *err);
static int receive(struct port *port, struct batch *batch);
static int send_frames(
    struct port *port, const struct frame *const *frames, int n);
static void facts(struct port *port,
    void (*emit)(const char *key, const char *value, void *arg), void *arg);
static void close_port(struct port *port);

const struct port_kind kind_fd = {
    FD_COMMON,
    .receive = receive,
    .send = send_frames,
    .facts = facts,
    .close = close_port,
};

static const struct port_kind kind_fd_stream = {
    FD_COMMON,
    .receive = stream_receive,
    .release = stream_release,
    .send = stream_send,
    .writable = stream_writable,
    .facts = stream_facts,
    .close = stream_close,
};

static const struct port_kind kind_fd_listener = {
    FD_COMMON,
    .listener = true,
    .receive = listener_receive,
    .send = listener_send,
    .facts = listener_facts,
    .close = listener_close,
};

static int open_port(struct port *port, char *err)
{
	const char *wrong = NULL;

	if (port->past.used)
		return port_refuse(err, -ENOTCONN,
		    "fd:%s was closed when its peer left and cannot be opened "
		    "again: remove the port",
		    port->spec.arg);
	int fd = (int)strtonum(port->spec.arg, 3, INT32_MAX, &wrong);
	bool ours = !wrong && inherited_has(fd);
	int type = ours ? socket_option(fd, SO_TYPE) : 0;

	if (!ours || type < 0)
		return port_refuse(err, -EBADF,
		    "fd:%s is not a socket that this process inherited: give "
		    "the number of one, 3 to %d",
		    port->spec.arg, INHERITED_MAX);
	int result = check_kind(&port->spec, type, err);
	if (result)
		return result;
	port->past.used = true;
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
	if (type == SOCK_DGRAM) {
		port->kind = &kind_fd;
		return open_dgram(port, fd, err);
	}
	bool listens = socket_option(fd, SO_ACCEPTCONN) > 0;
	port->kind = listens ? &kind_fd_listener : &kind_fd_stream;
	return listens ? listener_start(port, fd, NULL, err)
		       : stream_start(port, fd, true, err);
}

static int socket_option(int fd, int option)
{
	int value = 0;
	socklen_t len = sizeof(value);

	return getsockopt(fd, SOL_SOCKET, option, &value, &len) ? -errno
								: value;
}

static int check_kind(const struct port_spec *spec, int type, char *err)
{
	const char *kind = port_spec_get(spec, "kind");
	const char *is = type == SOCK_STREAM ? "stream" : "dgram";

	if (type != SOCK_STREAM && type != SOCK_DGRAM)
		return port_refuse(err, -EINVAL,
		    "fd:%s is neither a stream nor a datagram socket",
		    spec->arg);
	if (kind && strcmp(kind, is) != 0)
		return port_refuse(err, -EINVAL,
		    "fd:%s is a %s socket, not kind=%s", spec->arg, is, kind);
	return 0;
}

static int open_dgram(struct port *port, int fd, char *err)
{
	struct dgram_io *d = malloc(sizeof(*d));

	if (!d) {
		close(fd);
		return port_refuse(err, -ENOMEM, "out of memory");
	}
	port->priv = d;
	port->mtu = PORT_MTU_DEFAULT;
	int result = dgram_io_start(d, port, fd, fd, err);
	if (!result)
		result = port_spec_mtu(&port->spec, &port->mtu, err);
	port->fd = d->epoll;
	port->events = POLLIN;
	port->carrier = true;
	return result;
}

static int receive(struct port *port, struct batch *batch)
{
	return dgram_io_receive(port->priv, port, batch);
}

static int send_frames(
    struct port *port, const struct frame *const *frames, int n)
{
	return dgram_io_send(port->priv, frames, n);
}

static void facts(struct port *port,
    void (*emit)(const char *key, const char *value, void *arg), void *arg)
{
	emit("socket", "datagram", arg);
	dgram_io_facts(port->priv, emit, arg);
}

static void close_port(struct port *port)
{
	struct dgram_io *d = port->priv;

	if (!d)
		return;
	dgram_io_stop(d);
	free(d);
	port->priv = NULL;
}
