/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dgram_io.c - one frame per datagram, in batches: see dgram_io.h.
 */
#include "dgram_io.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "kind.h"
#include "sock.h"

/* A record of the queue: its length, then that many bytes. */
typedef uint32_t record_len;

/* Frames that have waited and are sent before other ports have a turn. */
enum { DRAIN_TURN = 4 * BATCH_MAX };

/* A control message with the credentials that dgram_io_claim() has set. */
struct claim {
	_Alignas(struct cmsghdr) char bytes[CMSG_SPACE(sizeof(struct ucred))];
};

static bool is_ip(int fd);
static void put_claim(
    const struct dgram_io *d, struct claim *claim, struct msghdr *msg);
static void prepare_batch(struct dgram_io *d, struct arena *arena);
static void take_error(struct dgram_io *d);
static int drain(struct dgram_io *d);
static int send_record(struct dgram_io *d, uint8_t *bytes, size_t len);
static void watch_tx(struct dgram_io *d, bool waiting);
static void take_datagrams(
    struct dgram_io *d, struct port *port, struct batch *batch, int n);
static int send_batch(
    struct dgram_io *d, const struct frame *const *frames, int n);
static bool bounces(struct dgram_io *d, int error);
static int enqueue(struct dgram_io *d, const struct frame *f);

int dgram_io_start(
    struct dgram_io *d, const struct port *port, int rx, int tx, char *err)
{
	*d = (struct dgram_io){.epoll = epoll_create1(EPOLL_CLOEXEC),
	    .rx = rx,
	    .tx = -1,
	    .unreliable = is_ip(rx),
	    .queue = malloc(DGRAM_IO_QUEUE)};
	int result = d->epoll < 0 ? -errno : dgram_io_watch(d, rx);
	sock_enlarge(rx);
	dgram_io_set_tx(d, tx);
	if (!d->queue)
		result = -ENOMEM;
	prepare_batch(d, port->host->arena);
	if (result)
		port_refuse(err, result, "cannot watch a socket: %s",
		    strerror(-result));
	return result;
}

void dgram_io_set_tx(struct dgram_io *d, int tx)
{
	if (d->tx >= 0 && d->tx != d->rx)
		close(d->tx);
	d->tx = tx;
	d->waiting = false;
	d->head = d->tail = 0;
	if (tx < 0 || tx == d->rx)
		return;
	struct epoll_event event = {.data.fd = tx};
	epoll_ctl(d->epoll, EPOLL_CTL_ADD, tx, &event);
	sock_enlarge(tx);
}

int dgram_io_watch(struct dgram_io *d, int fd)
{
	struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};

	return epoll_ctl(d->epoll, EPOLL_CTL_ADD, fd, &event) ? -errno : 0;
}

int dgram_io_receive(struct dgram_io *d, struct port *port, struct batch *batch)
{
	int result = d->waiting ? drain(d) : 0;

	if (result)
		return result;
	if (d->unreliable && d->tx >= 0 && d->tx != d->rx)
		take_error(d);
	int n = recvmmsg(d->rx, d->in, BATCH_MAX, MSG_DONTWAIT, NULL);
	if (n < 0 && d->unreliable && errno != EAGAIN && errno != EINTR) {
		d->bounced++; /* reading the error has cleared it */
		return 0;
	}
	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	take_datagrams(d, port, batch, n);
	return batch->n;
}

int dgram_io_send(struct dgram_io *d, const struct frame *const *frames, int n)
{
	int sent = 0;

	if (d->tx < 0)
		return -ENOTCONN;
	if (!d->waiting) {
		sent = send_batch(d, frames, n);
		if (sent > 0 || (sent != -EAGAIN && sent != -ENOBUFS))
			return sent;
		sent = 0;
	}
	while (sent < n && !enqueue(d, frames[sent]))
		sent++;
	if (d->head < d->tail)
		watch_tx(d, true);
	return sent ? sent : -EAGAIN;
}

int dgram_io_claim(struct dgram_io *d, uid_t uid, gid_t gid)
{
	struct claim claim;
	struct msghdr msg = {.msg_iovlen = 0};
	int pair[2], result;

	d->as = (struct ucred){.pid = getpid(), .uid = uid, .gid = gid};
	d->claims = true;
	if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, pair) < 0)
		return -errno;
	put_claim(d, &claim, &msg);
	result = sendmsg(pair[0], &msg, MSG_DONTWAIT) < 0 ? -errno : 0;
	close(pair[0]);
	close(pair[1]);
	d->claims = result == 0;
	return result;
}

bool dgram_io_peer_gone(int error)
{
	return error == ECONNREFUSED || error == ECONNRESET ||
	       error == ENOTCONN || error == ENOENT || error == EPIPE;
}

void dgram_io_facts(const struct dgram_io *d,
    void (*emit)(const char *key, const char *value, void *arg), void *arg)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu64, d->bounced);
	if (d->bounced)
		emit("bounced", text, arg);
}

void dgram_io_stop(struct dgram_io *d)
{
	dgram_io_set_tx(d, -1);
	if (d->rx >= 0)
		close(d->rx);
	if (d->epoll >= 0)
		close(d->epoll);
	free(d->queue);
	*d = (struct dgram_io){.epoll = -1, .rx = -1, .tx = -1};
}

static bool is_ip(int fd)
{
	int domain = AF_UNIX;
	socklen_t len = sizeof(domain);

	getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &len);
	return domain == AF_INET || domain == AF_INET6;
}

static void put_claim(
    const struct dgram_io *d, struct claim *claim, struct msghdr *msg)
{
	if (!d->claims)
		return;
	msg->msg_control = claim->bytes;
	msg->msg_controllen = sizeof(claim->bytes);
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(msg);
	cmsg->cmsg_level = SOL_SOCKET;
	cmsg->cmsg_type = SCM_CREDENTIALS;
	cmsg->cmsg_len = CMSG_LEN(sizeof(d->as));
	memcpy(CMSG_DATA(cmsg), &d->as, sizeof(d->as));
}

static void prepare_batch(struct dgram_io *d, struct arena *arena)
{
	for (int i = 0; i < BATCH_MAX; i++) {
		d->in_iov[i] = (struct iovec){arena_slot(arena, i), ARENA_SLOT};
		d->in[i].msg_hdr =
		    (struct msghdr){.msg_iov = &d->in_iov[i], .msg_iovlen = 1};
	}
}

/* As long as an error stays at tx, which is not read, epoll reports it. */
static void take_error(struct dgram_io *d)
{
	int error = 0;
	socklen_t len = sizeof(error);

	getsockopt(d->tx, SOL_SOCKET, SO_ERROR, &error, &len);
	d->bounced += error != 0;
}

/* Send what has waited. Return: 0, or -errno when tx has failed. */
static int drain(struct dgram_io *d)
{
	for (int i = 0; d->head < d->tail; i++) {
		record_len len;

		if (i == DRAIN_TURN)
			return 0;
		memcpy(&len, d->queue + d->head, sizeof(len));
		int error =
		    send_record(d, d->queue + d->head + sizeof(len), len);
		if (error == EAGAIN || error == ENOBUFS)
			return 0;
		if (dgram_io_peer_gone(error) && !d->unreliable)
			return -error;
		d->head += sizeof(len) + len;
	}
	d->head = d->tail = 0;
	watch_tx(d, false);
	return 0;
}

/* Return: 0 or errno. */
static int send_record(struct dgram_io *d, uint8_t *bytes, size_t len)
{
	struct claim claim;
	struct iovec iov = {bytes, len};
	struct msghdr msg = {.msg_iov = &iov, .msg_iovlen = 1};

	put_claim(d, &claim, &msg);
	ssize_t sent = sendmsg(d->tx, &msg, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (sent < 0 && bounces(d, errno))
		sent = sendmsg(d->tx, &msg, MSG_DONTWAIT | MSG_NOSIGNAL);
	return sent < 0 ? errno : 0;
}

static void watch_tx(struct dgram_io *d, bool waiting)
{
	struct epoll_event event = {.data.fd = d->tx};

	if (waiting == d->waiting)
		return;
	d->waiting = waiting;
	event.events =
	    (waiting ? EPOLLOUT : 0u) | (d->tx == d->rx ? EPOLLIN : 0u);
	epoll_ctl(d->epoll, EPOLL_CTL_MOD, d->tx, &event);
}

static void take_datagrams(
    struct dgram_io *d, struct port *port, struct batch *batch, int n)
{
	for (int i = 0; i < n; i++) {
		if (d->in[i].msg_hdr.msg_flags & MSG_TRUNC ||
		    d->in[i].msg_len > DGRAM_IO_MAX)
			port->counters.rx_invalid++;
		else if (d->in[i].msg_len)
			frame_parse(&batch->frames[batch->n++],
			    d->in_iov[i].iov_base, d->in[i].msg_len);
	}
}

static int send_batch(
    struct dgram_io *d, const struct frame *const *frames, int n)
{
	struct mmsghdr out[BATCH_MAX];
	struct iovec iov[BATCH_MAX][FRAME_IOV];
	uint8_t tags[BATCH_MAX][VLAN_TAG];
	struct claim claim;

	if (n > BATCH_MAX)
		n = BATCH_MAX;
	for (int i = 0; i < n; i++) {
		int parts = frame_iov(frames[i], iov[i], tags[i]);

		out[i].msg_hdr = (struct msghdr){
		    .msg_iov = iov[i], .msg_iovlen = (size_t)parts};
		put_claim(d, &claim, &out[i].msg_hdr);
	}
	int sent =
	    sendmmsg(d->tx, out, (unsigned)n, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (sent < 0 && bounces(d, errno))
		sent = sendmmsg(
		    d->tx, out, (unsigned)n, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (sent >= 0)
		return sent;
	if (errno == EAGAIN || errno == ENOBUFS || errno == EMSGSIZE ||
	    (dgram_io_peer_gone(errno) && !d->unreliable))
		return -errno;
	return -EIO;
}

/* May @error be of a frame that was sent before? Then the next try works. */
static bool bounces(struct dgram_io *d, int error)
{
	if (!d->unreliable || error == EAGAIN || error == ENOBUFS)
		return false;
	d->bounced++;
	return true;
}

/* The bytes from head to tail move to the front when the end is reached. */
static int enqueue(struct dgram_io *d, const struct frame *f)
{
	record_len len = (record_len)frame_len(f);
	size_t need = sizeof(len) + len;

	if (d->tail + need > DGRAM_IO_QUEUE) {
		memmove(d->queue, d->queue + d->head, d->tail - d->head);
		d->tail -= d->head;
		d->head = 0;
	}
	if (d->tail + need > DGRAM_IO_QUEUE)
		return -EAGAIN;
	memcpy(d->queue + d->tail, &len, sizeof(len));
	frame_copy(f, d->queue + d->tail + sizeof(len), len);
	d->tail += need;
	assert(d->head < d->tail && d->tail <= DGRAM_IO_QUEUE);
	return 0;
}
