/* SPDX-License-Identifier: BSD-2-Clause */
/* plug.c - frames through a descriptor, as QEMU moves them (see plug.h). */
#include "plug.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/virtio_net.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "mark.h"

enum {
	HEAD = sizeof(uint32_t),
	RECORD_MAX = HEAD + FRAME_BUFFER,
	CHUNK = 69632, /* as much as QEMU reads at once */
	TORN_MS = 20,  /* a running switch makes room sooner */
};

struct plug {
	enum plug_kind kind;
	int fd, tx; /* often the same */
	int kept;   /* -1: none */
	/* of streams: in[head..tail) was read but not passed on yet,
	 * out[out_at..out_len) is the rest of a record */
	size_t head, tail, out_at, out_len;
	uint8_t in[RECORD_MAX + CHUNK];
	uint8_t out[RECORD_MAX];
};

static int send_tap(struct plug *plug, const struct iovec *frame);
static int send_record(struct plug *plug, const struct iovec *frame);
static int finish_record(struct plug *plug);
static void keep_rest(
    struct plug *plug, const struct iovec parts[2], size_t sent);
static int send_datagram(struct plug *plug, const struct iovec *frame);
static ssize_t read_tap(struct plug *plug, uint8_t *frame, size_t size);
static ssize_t none_or_error(void);
static ssize_t read_record(struct plug *plug, uint8_t *frame, size_t size);
static size_t whole_record(const struct plug *plug);
static ssize_t fill(struct plug *plug);
static ssize_t read_datagram(struct plug *plug, uint8_t *frame, size_t size);

struct plug *plug_new(enum plug_kind kind, int fd)
{
	struct plug *plug = malloc(sizeof(*plug));

	if (!plug) {
		close(fd);
		return NULL;
	}
	plug->kind = kind;
	plug->fd = plug->tx = fd;
	plug->kept = -1;
	plug->head = plug->tail = plug->out_at = plug->out_len = 0;
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
	return plug;
}

void plug_free(struct plug *plug)
{
	if (!plug)
		return;
	if (plug->tx != plug->fd)
		close(plug->tx);
	close(plug->fd);
	if (plug->kept >= 0)
		close(plug->kept);
	free(plug);
}

int plug_fd(const struct plug *plug)
{
	return plug->fd;
}

void plug_send_by(struct plug *plug, int fd)
{
	plug->tx = fd;
}

bool plug_is_socket(const struct plug *plug)
{
	return plug->kind != PLUG_TAP;
}

void plug_keep(struct plug *plug, int fd)
{
	plug->kept = fd;
}

int plug_send(struct plug *plug, const struct mmsghdr *frames, unsigned int n)
{
	static int (*const senders[])(
	    struct plug * plug, const struct iovec *frame) = {
	    [PLUG_TAP] = send_tap,
	    [PLUG_STREAM] = send_record,
	    [PLUG_DGRAM] = send_datagram,
	};

	for (unsigned int i = 0; i < n; i++) {
		int result =
		    senders[plug->kind](plug, frames[i].msg_hdr.msg_iov);

		if (result)
			return i ? (int)i : result;
	}
	return (int)n;
}

ssize_t plug_read(struct plug *plug, uint8_t *frame, size_t size)
{
	static ssize_t (*const readers[])(
	    struct plug * plug, uint8_t * frame, size_t size) = {
	    [PLUG_TAP] = read_tap,
	    [PLUG_STREAM] = read_record,
	    [PLUG_DGRAM] = read_datagram,
	};

	return readers[plug->kind](plug, frame, size);
}

bool plug_wait(const struct plug *plug, short events, int timeout_ms)
{
	struct pollfd ready = {
	    .fd = events == POLLIN ? plug->fd : plug->tx, .events = events};

	if (events == POLLIN && whole_record(plug))
		return true;
	return poll(&ready, 1, timeout_ms) > 0;
}

/* Fill in the offload header as a guest's driver does. */
static int send_tap(struct plug *plug, const struct iovec *frame)
{
	static const struct virtio_net_hdr plain = {0};
	static const struct virtio_net_hdr unfinished = {
	    .flags = VIRTIO_NET_HDR_F_NEEDS_CSUM,
	    .gso_type = VIRTIO_NET_HDR_GSO_TCPV4,
	    .hdr_len = AT_PAYLOAD,
	    .gso_size = SUPER_SEGMENT,
	    .csum_start = AT_TCP,
	    .csum_offset = TCP_CHECKSUM};
	bool super = frame_is_super(frame->iov_base);
	struct iovec parts[2] = {
	    {(void *)(super ? &unfinished : &plain), sizeof(plain)}, *frame};

	return writev(plug->tx, parts, 2) < 0 ? -errno : 0;
}

/* Once the socket has accepted the first byte of a frame, the frame counts as
 * sent and the rest is kept here. Sending the rest is tried at once, so that
 * none remains when it is the last frame of a measurement. */
static int send_record(struct plug *plug, const struct iovec *frame)
{
	uint32_t length = htonl((uint32_t)frame->iov_len);
	struct iovec parts[2] = {{&length, sizeof(length)}, *frame};
	const struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
	int result = finish_record(plug);

	if (result)
		return result;
	ssize_t n = sendmsg(plug->tx, &message, MSG_DONTWAIT | MSG_NOSIGNAL);

	if (n < 0)
		return -errno;
	if ((size_t)n < HEAD + frame->iov_len) {
		keep_rest(plug, parts, (size_t)n);
		(void)finish_record(plug);
	}
	return 0;
}

static int finish_record(struct plug *plug)
{
	while (plug->out_at < plug->out_len) {
		ssize_t n = send(plug->tx, plug->out + plug->out_at,
		    plug->out_len - plug->out_at, MSG_DONTWAIT | MSG_NOSIGNAL);

		if (n >= 0)
			plug->out_at += (size_t)n;
		else if (errno != EAGAIN)
			return -errno;
		else if (!plug_wait(plug, POLLOUT, TORN_MS))
			return -EAGAIN;
	}
	return 0;
}

static void keep_rest(
    struct plug *plug, const struct iovec parts[2], size_t sent)
{
	memcpy(plug->out, parts[0].iov_base, HEAD);
	memcpy(plug->out + HEAD, parts[1].iov_base, parts[1].iov_len);
	plug->out_at = sent;
	plug->out_len = HEAD + parts[1].iov_len;
}

static int send_datagram(struct plug *plug, const struct iovec *frame)
{
	ssize_t n = send(plug->tx, frame->iov_base, frame->iov_len,
	    MSG_DONTWAIT | MSG_NOSIGNAL);

	return n < 0 ? -errno : 0;
}

static ssize_t read_tap(struct plug *plug, uint8_t *frame, size_t size)
{
	struct virtio_net_hdr header;
	struct iovec parts[2] = {{&header, sizeof(header)}, {frame, size}};
	ssize_t n = readv(plug->fd, parts, 2);

	if (n < 0)
		return none_or_error();
	return n > (ssize_t)sizeof(header) ? n - (ssize_t)sizeof(header) : 0;
}

static ssize_t none_or_error(void)
{
	return errno == EAGAIN || errno == EINTR ? 0 : -errno;
}

static ssize_t read_record(struct plug *plug, uint8_t *frame, size_t size)
{
	size_t record;

	while ((record = whole_record(plug)) <= HEAD) {
		plug->head += record; /* skip an empty one */
		ssize_t n = record ? 1 : fill(plug);

		if (n <= 0)
			return n;
	}
	size_t len = record - HEAD < size ? record - HEAD : size;

	memcpy(frame, plug->in + plug->head + HEAD, len);
	plug->head += record;
	return (ssize_t)len;
}

/* Bytes of the record at in[head]; 0 while it is incomplete. */
static size_t whole_record(const struct plug *plug)
{
	size_t have = plug->tail - plug->head;
	uint32_t length;

	if (have < HEAD)
		return 0;
	memcpy(&length, plug->in + plug->head, HEAD);
	length = ntohl(length);
	return have - HEAD >= length ? HEAD + length : 0;
}

/* Move the rest of the last chunk, the beginning of a record, to the front.
 * Either a whole chunk fits behind it, or the record is too long. */
static ssize_t fill(struct plug *plug)
{
	memmove(plug->in, plug->in + plug->head, plug->tail - plug->head);
	plug->tail -= plug->head;
	plug->head = 0;
	if (plug->tail > RECORD_MAX)
		return -EBADMSG;
	ssize_t n = recv(plug->fd, plug->in + plug->tail, CHUNK, MSG_DONTWAIT);

	if (n == 0)
		return -ECONNRESET;
	if (n < 0)
		return none_or_error();
	plug->tail += (size_t)n;
	return n;
}

/* An error that an earlier datagram caused does not concern the next. */
static ssize_t read_datagram(struct plug *plug, uint8_t *frame, size_t size)
{
	ssize_t n = recv(plug->fd, frame, size, MSG_DONTWAIT);

	if (n >= 0 || errno == ECONNREFUSED || errno == ECONNRESET)
		return n < 0 ? 0 : n;
	return none_or_error();
}
