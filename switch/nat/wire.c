/* SPDX-License-Identifier: BSD-2-Clause */
/* wire.c - how qswitch-nat's frames come and go: see wire.h. */
#include "wire.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { PACKETS_A_TURN = 64 };

static bool read_packets(struct wire *wire,
    void (*take)(void *arg, const uint8_t *frame, size_t len), void *arg);

struct wire *wire_new(int fd, bool packets)
{
	struct wire *wire = malloc(sizeof(*wire));

	if (!wire)
		return NULL;
	memset(wire, 0, offsetof(struct wire, in));
	wire->fd = fd;
	wire->packets = packets;
	return wire;
}

bool wire_read(struct wire *wire,
    void (*take)(void *arg, const uint8_t *frame, size_t len), void *arg)
{
	const uint8_t *frame;
	size_t len, used;
	int result;

	if (wire->packets)
		return read_packets(wire, take, arg);
	memmove(wire->in, wire->in + wire->start, wire->end - wire->start);
	wire->end -= wire->start;
	wire->start = 0;
	ssize_t n = recv(wire->fd, wire->in + wire->end,
	    sizeof(wire->in) - wire->end, MSG_DONTWAIT);
	if (n <= 0)
		return n < 0 && (errno == EAGAIN || errno == EINTR);
	wire->end += (size_t)n;
	for (;;) {
		result = framing_next(wire->in + wire->start,
		    wire->end - wire->start, &frame, &len, &used);
		wire->start += used;
		if (result <= 0)
			return result == 0;
		take(arg, frame, len);
	}
}

void wire_send(struct wire *wire, const uint8_t *frame, size_t len)
{
	uint32_t length = htonl((uint32_t)len);

	if (wire->packets) {
		send(wire->fd, frame, len, MSG_DONTWAIT);
		return;
	}
	if (FRAMING_HEAD + len > WIRE_OUT - wire->out_end)
		wire_flush(wire);
	if (FRAMING_HEAD + len > WIRE_OUT - wire->out_end)
		return;
	memcpy(wire->out + wire->out_end, &length, sizeof(length));
	memcpy(wire->out + wire->out_end + FRAMING_HEAD, frame, len);
	wire->out_end += FRAMING_HEAD + len;
}

bool wire_flush(struct wire *wire)
{
	size_t left = wire->out_end - wire->out_start;

	if (!left)
		return true;
	ssize_t n = send(wire->fd, wire->out + wire->out_start, left,
	    MSG_DONTWAIT | MSG_NOSIGNAL);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	wire->out_start += (size_t)n;
	left -= (size_t)n;
	memmove(wire->out, wire->out + wire->out_start, left);
	wire->out_start = 0;
	wire->out_end = left;
	return true;
}

static bool read_packets(struct wire *wire,
    void (*take)(void *arg, const uint8_t *frame, size_t len), void *arg)
{
	for (int i = 0; i < PACKETS_A_TURN; i++) {
		ssize_t n =
		    recv(wire->fd, wire->in, sizeof(wire->in), MSG_DONTWAIT);

		if (n < 0)
			return errno == EAGAIN || errno == EINTR ||
			       errno == ENETDOWN;
		take(arg, wire->in, (size_t)n);
	}
	return true;
}
