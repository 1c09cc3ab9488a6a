/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * seq.c - kind seq: SOCK_SEQPACKET, one frame a message, as the transport
 * "bess" of User-mode Linux and gvproxy speak it. dgram_io.c moves the frames.
 *
 *     seq:PATH              listens; each peer becomes a port seq-1, seq-2, ...
 *     seq:PATH,connect=yes  connects, and is the port itself
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "connecting.h"
#include "dgram_io.h"
#include "gate.h"
#include "kinds.h"
#include "peer.h"
#include "stream.h"

#define SEQ_COMMON                                                        \
	.name = "seq",                                                    \
	.help = "PATH[,connect=yes][,max=PEERS][,mode=][,owner=]"         \
		"[,group=][,mtu=]\n"                                      \
		"a sequenced-packet socket: UML transport=bess, gvproxy", \
	.keys = keys, .open = open_port

struct seq {
	struct dgram_io io;
	struct peer peer;
	struct gate *gate; /* where it came in; NULL: we connected */
};

static const char *const keys[] = {
    "connect", "max", "mode", "owner", "group", "mtu", NULL};

static int open_port(struct port *port, char *err);
static int open_listening(
    struct port *port, const struct sock_address *a, char *err);
static int start(struct port *port, int fd, bool connected, char *err);
static int receive_peers(struct port *port, struct batch *batch);
static int open_peer(struct port *port, char *err);
static int receive(struct port *port, struct batch *batch);
static bool has_left(int fd);
static int lose(struct port *port, int error);
static int send_frames(
    struct port *port, const struct frame *const *frames, int n);
static void facts(struct port *port,
    void (*emit)(const char *key, const char *value, void *arg), void *arg);
static void close_port(struct port *port);

const struct port_kind kind_seq = {
    SEQ_COMMON,
    .listener = true,
    .receive = receive_peers,
    .send = listener_send,
    .facts = listener_facts,
    .close = listener_close,
};

static const struct port_kind kind_seq_waiting = {
    SEQ_COMMON,
    .receive = connecting_receive,
    .send = connecting_send,
    .close = connecting_close,
};

static const struct port_kind kind_seq_connected = {
    SEQ_COMMON,
    .receive = receive,
    .send = send_frames,
    .facts = facts,
    .close = close_port,
};

/* The port that a listener's peer becomes. */
static const struct port_kind kind_seq_peer = {
    .name = "seq",
    .open = open_peer,
    .receive = receive,
    .send = send_frames,
    .facts = facts,
    .close = close_port,
};

static const struct connecting connecting = {
    .type = SOCK_SEQPACKET,
    .waiting = &kind_seq_waiting,
    .ready = &kind_seq_connected,
    .start = start,
};

static int open_port(struct port *port, char *err)
{
	bool connects = false;
	struct sock_address a;
	int result = port_spec_yes(&port->spec, "connect", &connects, err);

	port->kind = connects ? &kind_seq_connected : &kind_seq;
	if (result == 0)
		result = sock_unix(&a, port->spec.arg, err);
	if (result < 0)
		return result;
	return connects ? connecting_open(port, &a, &connecting, err)
			: open_listening(port, &a, err);
}

static int open_listening(
    struct port *port, const struct sock_address *a, char *err)
{
	struct sock_access access;
	int result = sock_access(&access, &port->spec, err);

	if (result < 0)
		return result;
	int fd = sock_bind(a, SOCK_SEQPACKET, &access, err);
	if (fd < 0)
		return fd;
	return listener_start(port, fd, a->un.sun_path, err);
}

/* On a unix socket, who does not wait is connected at once. */
static int start(struct port *port, int fd, bool connected, char *err)
{
	struct seq *seq = calloc(1, sizeof(*seq));
	int result;

	if (!seq) {
		close(fd);
		return port_refuse(err, -ENOMEM, "out of memory");
	}
	port->priv = seq;
	port->mtu = PORT_MTU_DEFAULT;
	result = dgram_io_start(&seq->io, port, fd, fd, err);
	if (result == 0)
		result = port_spec_mtu(&port->spec, &port->mtu, err);
	peer_of_socket(fd, &seq->peer);
	port->fd = seq->io.epoll;
	port->events = POLLIN;
	port->carrier = connected;
	return result;
}

static int receive_peers(struct port *port, struct batch *batch)
{
	(void)batch;
	gate_serve(port->priv, port, &kind_seq_peer, "seq");
	return 0;
}

static int open_peer(struct port *port, char *err)
{
	int fd = gate_enter(port, err);
	int result = fd < 0 ? fd : start(port, fd, true, err);

	if (result < 0)
		return result;
	struct seq *seq = port->priv;
	seq->gate = gate_entered(port);
	return 0;
}

static int receive(struct port *port, struct batch *batch)
{
	struct seq *seq = port->priv;
	int n = dgram_io_receive(&seq->io, port, batch);

	if (n < 0 || (n == 0 && has_left(seq->io.rx)))
		return lose(port, n < 0 ? -n : EPIPE);
	return n;
}

/* An empty message looks like the end. */
static bool has_left(int fd)
{
	struct pollfd pfd = {.fd = fd, .events = POLLRDHUP};

	return poll(&pfd, 1, 0) == 1;
}

static int lose(struct port *port, int error)
{
	const struct seq *seq = port->priv;

	port->gone = seq->gate;
	port_fail(port, "the peer has disconnected");
	return -error;
}

static int send_frames(
    struct port *port, const struct frame *const *frames, int n)
{
	struct seq *seq = port->priv;
	int result = dgram_io_send(&seq->io, frames, n);

	return result < 0 && dgram_io_peer_gone(-result) ? lose(port, -result)
							 : result;
}

static void facts(struct port *port,
    void (*emit)(const char *key, const char *value, void *arg), void *arg)
{
	const struct seq *seq = port->priv;

	peer_facts(&seq->peer, emit, arg);
}

static void close_port(struct port *port)
{
	struct seq *seq = port->priv;

	if (!seq)
		return;
	if (seq->gate)
		gate_leave(seq->gate);
	dgram_io_stop(&seq->io);
	free(seq);
	port->priv = NULL;
}
