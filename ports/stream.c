/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stream.c - byte streams as ports: see stream.h and framing.h.
 *
 * The socket's buffer is the backlog of a peer that does not read: when it is
 * full, whole frames are refused. The rest of a record that a short write tore
 * is kept and goes first as soon as there is room, so the peer never sees a
 * torn record.
 */
#include "stream.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "framing.h"
#include "gate.h"
#include "kind.h"
#include "peer.h"
#include "poison.h"
#include "sock.h"

/* One read: a batch of full frames; and room for a record begun before it. */
enum { STREAM_READ = 128 << 10, STREAM_IN = STREAM_READ + FRAMING_RECORD_MAX };

struct stream {
	int fd;
	bool connected;
	struct peer peer;
	struct gate *gate;	     /* where it came in; NULL: we connected */
	size_t start, end;	     /* of what is not parsed yet in `in` */
	size_t rest_start, rest_end; /* of a torn record in `rest` */
	uint8_t in[STREAM_IN];
	uint8_t rest[FRAMING_RECORD_MAX];
};

static void meet(struct stream *s);
static int read_some(struct stream *s);
static int lose(struct port *port, int error);
static int parse(struct port *port, struct batch *batch);
static void keep_rest(struct port *port, const struct frame *f, size_t part);
static int note_connected(struct port *port);
static int peer_open(struct port *port, char *err);

/* The port that a listener's peer becomes. */
static const struct port_kind kind_stream_peer = {
    .name = "qemu",
    .open = peer_open,
    .receive = stream_receive,
    .release = stream_release,
    .send = stream_send,
    .writable = stream_writable,
    .facts = stream_facts,
    .close = stream_close,
};

int stream_start(struct port *port, int fd, bool connected, char *err)
{
	struct stream *s = malloc(sizeof(*s));

	port->mtu = PORT_MTU_DEFAULT;
	if (!s) {
		close(fd);
		return port_refuse(err, -ENOMEM, "out of memory");
	}
	memset(s, 0, offsetof(struct stream, in));
	s->fd = fd;
	s->connected = connected;
	port->priv = s;
	if (port_spec_mtu(&port->spec, &port->mtu, err))
		return -EINVAL;
	sock_set(fd, IPPROTO_TCP, TCP_NODELAY, 1);
	sock_set(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
	sock_enlarge(fd);
	if (connected)
		meet(s);
	port->fd = fd;
	port->events = connected ? POLLIN : POLLOUT;
	port->carrier = connected;
	port->more = false;
	return 0;
}

int stream_receive(struct port *port, struct batch *batch)
{
	struct stream *s = port->priv;

	if (!port->more) {
		int result = read_some(s);

		if (result == -EAGAIN)
			return 0;
		if (result < 0)
			return lose(port, -result);
	}
	return parse(port, batch);
}

void stream_release(struct port *port, struct batch *batch)
{
	struct stream *s = port->priv;

	poison_batch(batch, s->in, sizeof(s->in));
}

int stream_send(struct port *port, const struct frame *const *frames, int n)
{
	struct stream *s = port->priv;
	struct framing_head heads[BATCH_MAX];
	struct iovec iov[BATCH_MAX * FRAMING_IOV];
	struct msghdr msg = {.msg_iov = iov};
	size_t part;

	if (s->rest_end)
		return -EAGAIN;
	if (n > BATCH_MAX)
		n = BATCH_MAX;
	for (int i = 0; i < n; i++)
		msg.msg_iovlen += (size_t)framing_iov(
		    frames[i], iov + msg.msg_iovlen, &heads[i]);
	ssize_t sent = sendmsg(s->fd, &msg, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (sent < 0 && (errno == EAGAIN || errno == EINTR))
		return -EAGAIN;
	if (sent < 0)
		return lose(port, errno);
	int taken = framing_taken(frames, n, (size_t)sent, &part);
	if (part)
		keep_rest(port, frames[taken - 1], part);
	return taken;
}

int stream_writable(struct port *port)
{
	struct stream *s = port->priv;

	if (!s->connected)
		return note_connected(port);
	ssize_t sent = send(s->fd, s->rest + s->rest_start,
	    s->rest_end - s->rest_start, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (sent < 0)
		return errno == EAGAIN || errno == EINTR ? 0
							 : lose(port, errno);
	s->rest_start += (size_t)sent;
	if (s->rest_start < s->rest_end)
		return 0;
	s->rest_start = s->rest_end = 0;
	port->events &= ~POLLOUT;
	return 0;
}

void stream_facts(struct port *port,
    void (*emit)(const char *key, const char *value, void *arg), void *arg)
{
	const struct stream *s = port->priv;

	peer_facts(&s->peer, emit, arg);
}

void stream_close(struct port *port)
{
	struct stream *s = port->priv;

	if (!s)
		return;
	if (s->gate)
		gate_leave(s->gate);
	peer_drop(&s->peer);
	close(s->fd);
	free(s);
	port->priv = NULL;
}

int listener_start(struct port *port, int fd, const char *path, char *err)
{
	struct gate *gate = gate_new(&port->spec, fd, path, err);

	if (!gate)
		return -EINVAL;
	port->priv = gate;
	port->fd = fd;
	port->events = POLLIN;
	port->carrier = true;
	return 0;
}

int listener_receive(struct port *port, struct batch *batch)
{
	(void)batch;
	gate_serve(port->priv, port, &kind_stream_peer, "vm");
	return 0;
}

int listener_send(struct port *port, const struct frame *const *frames, int n)
{
	(void)port, (void)frames, (void)n;
	return -EIO; /* not a port of the bridge: nothing is sent to it */
}

void listener_facts(struct port *port,
    void (*emit)(const char *key, const char *value, void *arg), void *arg)
{
	gate_facts(port->priv, emit, arg);
}

void listener_close(struct port *port)
{
	struct gate *gate = port->priv;

	if (!gate)
		return;
	gate_shut(gate);
	gate_drop(gate);
	port->priv = NULL;
}

static void meet(struct stream *s)
{
	peer_of_socket(s->fd, &s->peer);
	peer_ask(&s->peer);
}

/* Move what is left to the front and read behind it. */
static int read_some(struct stream *s)
{
	memmove(s->in, s->in + s->start, s->end - s->start);
	s->end -= s->start;
	s->start = 0;
	assert(s->end < STREAM_IN);
	ssize_t n = recv(s->fd, s->in + s->end, STREAM_IN - s->end, 0);
	if (n < 0)
		return errno == EINTR ? -EAGAIN : -errno;
	s->end += (size_t)n;
	return n ? 0 : -EPIPE;
}

/* The peer has left. */
static int lose(struct port *port, int error)
{
	struct stream *s = port->priv;

	port->gone = s->gate;
	if (error == EPIPE || error == ECONNRESET)
		port_fail(port, "the peer has disconnected");
	else
		port_fail(port, "the connection failed: %s", strerror(error));
	return -error;
}

static int parse(struct port *port, struct batch *batch)
{
	struct stream *s = port->priv;
	const uint8_t *data;
	size_t len, used;
	int result = 1;

	while (batch->n < BATCH_MAX) {
		result = framing_next(
		    s->in + s->start, s->end - s->start, &data, &len, &used);
		s->start += used;
		if (result <= 0)
			break;
		frame_parse(&batch->frames[batch->n++], data, len);
	}
	/* A record that cannot be read ends the stream, but the frames before
	 * it are delivered first. */
	port->more = result && batch->n;
	if (result >= 0 || batch->n)
		return batch->n;
	port->gone = s->gate;
	port_fail(port,
	    "disconnected: it announced a frame of %zu bytes, so it does not "
	    "speak QEMU's stream framing",
	    len);
	return result;
}

static void keep_rest(struct port *port, const struct frame *f, size_t part)
{
	struct stream *s = port->priv;

	s->rest_end = framing_copy(f, s->rest);
	s->rest_start = part;
	port->events |= POLLOUT;
}

static int note_connected(struct port *port)
{
	struct stream *s = port->priv;
	int error = 0;
	socklen_t len = sizeof(error);

	getsockopt(s->fd, SOL_SOCKET, SO_ERROR, &error, &len);
	if (error)
		return lose(port, error);
	s->connected = true;
	meet(s);
	port->events = POLLIN;
	port->carrier = true;
	port->reason[0] = 0;
	return 0;
}

static int peer_open(struct port *port, char *err)
{
	int fd = gate_enter(port, err);
	int result = fd < 0 ? fd : stream_start(port, fd, true, err);

	if (result)
		return result;
	struct stream *s = port->priv;
	s->gate = gate_entered(port);
	return 0;
}
