/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dgram.c - kind dgram: QEMU's -netdev dgram, its old -netdev socket,udp=, and
 * the UDP tunnels of GNS3 and dynamips. One frame per datagram, no header.
 *
 *     dgram:PATH,remote=PATH            unix sockets
 *     dgram:udp:HOST:PORT,remote=HOST:PORT
 *     dgram:udp:HOST:PORT,remote=GROUP:PORT   QEMU's mcast= (multicast.c)
 *
 * QEMU never says hello and, when it starts again, makes its unix socket again.
 * The port therefore has one socket bound, to which QEMU sends, and another one
 * connected to QEMU's path, which sends. While nobody is at that path the port
 * has no carrier and a timer tries once a second; a frame from there ends the
 * wait at once.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <bsd/string.h>

#include "dgram_io.h"
#include "kinds.h"
#include "multicast.h"
#include "sock.h"

struct dgram_port {
	struct dgram_io io;
	bool udp;
	struct sock_address local, remote;
	int retry;	    /* timer, armed while nobody is at `remote` */
	char who[SOCK_WHO]; /* may send to `local`, or "" */
};

static const char *const keys[] = {
    "remote", "mode", "owner", "group", "mtu", NULL};

static int addresses(
    struct dgram_port *p, const struct port_spec *spec, char *err);
static int open_udp(struct dgram_port *p, struct port *port, char *err);
static int open_group(struct dgram_port *p, struct port *port, char *err);
static int open_unix(struct dgram_port *p, struct port *port, char *err);
static void try_connect(struct port *port);
static void lose(struct port *port, int error);
static void arm_retry(struct dgram_port *p, bool on);
static void read_timer(int timer);

static int open_port(struct port *port, char *err)
{
	struct dgram_port *p = calloc(1, sizeof(*p));

	if (!p)
		return port_refuse(err, -ENOMEM, "out of memory");
	port->priv = p;
	p->io = (struct dgram_io){.epoll = -1, .rx = -1, .tx = -1};
	p->retry = -1;
	port->mtu = PORT_MTU_DEFAULT;
	int result = addresses(p, &port->spec, err);
	if (!result)
		result = port_spec_mtu(&port->spec, &port->mtu, err);
	if (!result)
		result =
		    p->udp ? open_udp(p, port, err) : open_unix(p, port, err);
	port->fd = p->io.epoll;
	port->events = POLLIN;
	return result;
}

static int addresses(
    struct dgram_port *p, const struct port_spec *spec, char *err)
{
	static const char udp[] = "udp:";
	const char *remote = port_spec_get(spec, "remote");
	int result;

	if (!remote || !*remote)
		return port_refuse(err, -EINVAL,
		    "dgram:%s: remote= is missing: give the address of the "
		    "other "
		    "side",
		    spec->arg);
	p->udp = strncmp(spec->arg, udp, sizeof(udp) - 1) == 0;
	result = p->udp ? sock_inet(&p->local, spec->arg + sizeof(udp) - 1, err)
			: sock_unix(&p->local, spec->arg, err);
	if (result)
		return result;
	return p->udp ? sock_inet(&p->remote, remote, err)
		      : sock_unix(&p->remote, remote, err);
}

static int open_udp(struct dgram_port *p, struct port *port, char *err)
{
	if (multicast_is(&p->remote))
		return open_group(p, port, err);
	if (multicast_is(&p->local))
		return port_refuse(err, -EINVAL,
		    "dgram:%s: a group as the local address needs it as "
		    "remote=, too",
		    port->spec.arg);
	int fd = sock_bind(&p->local, SOCK_DGRAM, NULL, err);

	if (fd < 0)
		return fd;
	if (connect(fd, &p->remote.any, p->remote.len)) {
		int error = errno;
		close(fd);
		return port_refuse(err, -error, "cannot send to %s: %s",
		    port_spec_get(&port->spec, "remote"), strerror(error));
	}
	port->carrier = true;
	return dgram_io_start(&p->io, port, fd, fd, err);
}

static int open_group(struct dgram_port *p, struct port *port, char *err)
{
	int rx, tx, result;

	result = multicast_open(&p->local, &p->remote, &rx, &tx, err);
	if (result < 0)
		return result;
	port->carrier = true;
	return dgram_io_start(&p->io, port, rx, tx, err);
}

static int open_unix(struct dgram_port *p, struct port *port, char *err)
{
	struct sock_access access;
	int result = sock_access(&access, &port->spec, err);

	if (result)
		return result;
	int fd = sock_bind(&p->local, SOCK_DGRAM, &access, err);
	if (fd < 0)
		return fd;
	sock_who(p->local.un.sun_path, p->who);
	result = dgram_io_start(&p->io, port, fd, -1, err);
	p->retry = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (result || p->retry < 0 || dgram_io_watch(&p->io, p->retry))
		return port_refuse(err, result ? result : -errno,
		    "cannot watch %s: %s", port->spec.arg,
		    strerror(result ? -result : errno));
	try_connect(port);
	strlcpy(err, port->reason, PORT_ERR);
	return 0;
}

static void try_connect(struct port *port)
{
	struct dgram_port *p = port->priv;
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0 || connect(fd, &p->remote.any, p->remote.len)) {
		int error = errno;
		if (fd >= 0)
			close(fd);
		lose(port, error);
		return;
	}
	dgram_io_set_tx(&p->io, fd);
	arm_retry(p, false);
	port->carrier = true;
	port->reason[0] = 0;
}

/* Nobody is at the other side now. */
static void lose(struct port *port, int error)
{
	struct dgram_port *p = port->priv;

	dgram_io_set_tx(&p->io, -1);
	arm_retry(p, true);
	port->carrier = false;
	snprintf(port->reason, sizeof(port->reason),
	    "waiting for a peer at %s: %s", p->remote.un.sun_path,
	    strerror(error));
}

static void arm_retry(struct dgram_port *p, bool on)
{
	struct itimerspec when = {
	    .it_interval.tv_sec = on, .it_value.tv_sec = on};

	timerfd_settime(p->retry, 0, &when, NULL);
}

static int receive(struct port *port, struct batch *batch)
{
	struct dgram_port *p = port->priv;
	int n = dgram_io_receive(&p->io, port, batch);

	if (n < 0 && dgram_io_peer_gone(-n)) {
		if (!p->udp)
			lose(port, -n);
		n = 0;
	}
	if (!p->udp && p->io.tx < 0) {
		read_timer(p->retry);
		try_connect(port);
	}
	return n;
}

static void read_timer(int timer)
{
	uint64_t expired;

	while (read(timer, &expired, sizeof(expired)) > 0)
		;
}

static int send_frames(
    struct port *port, const struct frame *const *frames, int n)
{
	struct dgram_port *p = port->priv;
	int result = dgram_io_send(&p->io, frames, n);

	if (result >= 0 || !dgram_io_peer_gone(-result))
		return result;
	if (!p->udp)
		lose(port, -result);
	return -EIO;
}

static void facts(struct port *port,
    void (*emit)(const char *key, const char *value, void *arg), void *arg)
{
	const struct dgram_port *p = port->priv;

	emit("local", port->spec.arg, arg);
	emit("remote", port_spec_get(&port->spec, "remote"), arg);
	if (*p->who)
		emit("may connect", p->who, arg);
	dgram_io_facts(&((const struct dgram_port *)port->priv)->io, emit, arg);
}

static void close_port(struct port *port)
{
	struct dgram_port *p = port->priv;

	if (!p)
		return;
	if (!p->udp && p->io.rx >= 0)
		unlink(p->local.un.sun_path);
	dgram_io_stop(&p->io);
	if (p->retry >= 0)
		close(p->retry);
	free(p);
	port->priv = NULL;
}

const struct port_kind kind_dgram = {
    .name = "dgram",
    .help = "PATH|udp:HOST:PORT,remote=PATH|HOST:PORT"
	    "[,mode=][,owner=][,group=][,mtu=]\n"
	    "one frame per datagram: QEMU -netdev dgram, GNS3",
    .keys = keys,
    .open = open_port,
    .receive = receive,
    .send = send_frames,
    .facts = facts,
    .close = close_port,
};
