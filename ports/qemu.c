/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * qemu.c - kind qemu: QEMU's -netdev stream and socket, over unix and TCP
 * sockets, listening or connecting. stream.c moves the frames.
 *
 *     qemu:PATH              listens; each VM becomes a port vm-1, vm-2, ...
 *     qemu:PATH,connect=yes  connects, and is the port itself
 *     qemu:tcp:HOST:PORT     the same over TCP
 */
#include <string.h>

#include "connecting.h"
#include "kinds.h"
#include "sock.h"
#include "stream.h"

#define QEMU_HELP                                              \
	"PATH|tcp:HOST:PORT[,connect=yes][,max=PEERS][,mode=]" \
	"[,owner=][,group=][,mtu=]\n"                          \
	"a stream socket: QEMU -netdev stream, passt"

static const char *const keys[] = {
    "connect", "max", "mode", "owner", "group", "mtu", NULL};

static int open_port(struct port *port, char *err);
static int address(struct sock_address *a, const char *arg, char *err);
static int open_listening(
    struct port *port, const struct sock_address *a, char *err);
static void connecting_facts(struct port *port,
    void (*emit)(const char *key, const char *value, void *arg), void *arg);

const struct port_kind kind_qemu = {
    .name = "qemu",
    .help = QEMU_HELP,
    .keys = keys,
    .listener = true,
    .open = open_port,
    .receive = listener_receive,
    .send = listener_send,
    .facts = listener_facts,
    .close = listener_close,
};

static const struct port_kind kind_qemu_connecting = {
    .name = "qemu",
    .help = QEMU_HELP,
    .keys = keys,
    .open = open_port,
    .receive = stream_receive,
    .release = stream_release,
    .send = stream_send,
    .writable = stream_writable,
    .facts = connecting_facts,
    .close = stream_close,
};

static const struct port_kind kind_qemu_waiting = {
    .name = "qemu",
    .help = QEMU_HELP,
    .keys = keys,
    .open = open_port,
    .receive = connecting_receive,
    .send = connecting_send,
    .close = connecting_close,
};

static const struct connecting connecting = {
    .type = SOCK_STREAM,
    .waiting = &kind_qemu_waiting,
    .ready = &kind_qemu_connecting,
    .start = stream_start,
};

static int open_port(struct port *port, char *err)
{
	bool connects = false;
	struct sock_address a;
	int result = port_spec_yes(&port->spec, "connect", &connects, err);

	port->kind = connects ? &kind_qemu_connecting : &kind_qemu;
	if (!result)
		result = address(&a, port->spec.arg, err);
	if (result)
		return result;
	return connects ? connecting_open(port, &a, &connecting, err)
			: open_listening(port, &a, err);
}

static int address(struct sock_address *a, const char *arg, char *err)
{
	static const char tcp[] = "tcp:";
	size_t len = sizeof(tcp) - 1;

	return strncmp(arg, tcp, len) == 0 ? sock_inet(a, arg + len, err)
					   : sock_unix(a, arg, err);
}

static int open_listening(
    struct port *port, const struct sock_address *a, char *err)
{
	struct sock_access access;
	bool is_unix = a->any.sa_family == AF_UNIX;
	int result = sock_access(&access, &port->spec, err);

	if (result)
		return result;
	int fd = sock_bind(a, SOCK_STREAM, &access, err);
	if (fd < 0)
		return fd;
	return listener_start(port, fd, is_unix ? a->un.sun_path : NULL, err);
}

static void connecting_facts(struct port *port,
    void (*emit)(const char *key, const char *value, void *arg), void *arg)
{
	emit("connects", "yes", arg);
	stream_facts(port, emit, arg);
}
