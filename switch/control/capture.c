/* SPDX-License-Identifier: BSD-2-Clause */
/* capture.c - frames of a port, for who asked on the control socket: see
 * capture.h. The line's format is in docs/control-protocol.md. */
#include "capture.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control.h"
#include "switch.h"

enum {
	LINE_HEAD = 512,   /* bytes before the frame's, at most */
	PIECE = 3 * 512,   /* bytes encoded at once, in threes */
	CLOSING_BYTES = 3, /* "}\n and the quote */
};

struct tap {
	struct capture *capture;
	struct client *client; /* NULL: this place is free */
	int port;	       /* 0: all */
	uint32_t snaplen;
};

struct capture {
	struct qswitch *sw;
	int64_t to_wall_ns; /* what to add to the switch's monotonic time */
	struct tap taps[CONTROL_CLIENTS];
};

static void stop(void *arg);
static void put_frame(struct tap *tap, const struct switch_port *p,
    enum capture_direction direction, const struct frame *f);

struct capture *capture_new(struct qswitch *sw)
{
	struct capture *c = calloc(1, sizeof *c);

	if (c)
		c->sw = sw;
	return c;
}

void capture_free(struct capture *c)
{
	free(c);
}

static uint64_t bit(const struct tap *tap)
{
	return UINT64_C(1) << (tap - tap->capture->taps);
}

int capture_start(
    struct qswitch *sw, struct client *client, int port, uint32_t snaplen)
{
	struct capture *c = sw->capture;
	int place = 0;

	while (place < CONTROL_CLIENTS && c->taps[place].client)
		place++;
	if (place == CONTROL_CLIENTS)
		return -ENOSPC;
	struct tap *tap = &c->taps[place];
	if (!client_stream(client, stop, tap))
		return -ENOMEM;
	*tap = (struct tap){c, client, port, snaplen};
	/* The clock of the day may have been set since the last one began. */
	c->to_wall_ns = (int64_t)(clock_wall_ns() - sw->clock.real_ns);
	qswitch_foreach (sw, p)
		capture_port_added(c, p);
	return 0;
}

static void stop(void *arg)
{
	struct tap *tap = arg;

	qswitch_foreach (tap->capture->sw, p)
		p->captures &= ~bit(tap);
	tap->client = NULL;
}

void capture_port_added(struct capture *c, struct switch_port *p)
{
	for (int i = 0; i < CONTROL_CLIENTS; i++) {
		const struct tap *tap = &c->taps[i];

		if (tap->client && (!tap->port || tap->port == p->port->no))
			p->captures |= bit(tap);
	}
}

void capture_port_removed(struct capture *c, struct switch_port *p)
{
	for (int i = 0; i < CONTROL_CLIENTS; i++) {
		const struct tap *tap = &c->taps[i];

		if (tap->client && tap->port == p->port->no)
			client_end(tap->client);
	}
}

void capture_frame(struct switch_port *p, enum capture_direction direction,
    const struct frame *f, uint64_t now_ms)
{
	(void)now_ms;
	for (uint64_t left = p->captures; left; left &= left - 1)
		put_frame(&p->sw->capture->taps[__builtin_ctzll(left)], p,
		    direction, f);
}

/* RFC 4648 4. Return: characters written for @len bytes. */
static size_t base64(const uint8_t *bytes, size_t len, char *text)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";
	char *at = text;

	for (size_t i = 0; i < len; i += 3) {
		uint32_t b1 = i + 1 < len ? bytes[i + 1] : 0;
		uint32_t b2 = i + 2 < len ? bytes[i + 2] : 0;
		uint32_t three = (uint32_t)bytes[i] << 16 | b1 << 8 | b2;

		*at++ = digits[three >> 18];
		*at++ = digits[three >> 12 & 63];
		*at++ = i + 1 < len ? digits[three >> 6 & 63] : '=';
		*at++ = i + 2 < len ? digits[three & 63] : '=';
	}
	return (size_t)(at - text);
}

/* Encodes a frame that comes in pieces of any length. */
struct encoder {
	struct client *client;
	size_t left; /* bytes still wanted */
	size_t n;    /* bytes that wait in piece */
	uint8_t piece[PIECE];
};

static void encoder_flush(struct encoder *e)
{
	char text[PIECE / 3 * 4];

	client_put(e->client, text, base64(e->piece, e->n, text));
	e->n = 0;
}

static void encode(struct encoder *e, const uint8_t *bytes, size_t len)
{
	len = len < e->left ? len : e->left;
	e->left -= len;
	while (len) {
		size_t n = PIECE - e->n < len ? PIECE - e->n : len;

		memcpy(e->piece + e->n, bytes, n);
		e->n += n;
		bytes += n;
		len -= n;
		if (e->n == PIECE)
			encoder_flush(e);
	}
}

static void put_bytes(
    struct client *client, const struct frame *f, size_t caplen)
{
	struct encoder e = {.client = client, .left = caplen};
	struct iovec iov[FRAME_IOV];
	uint8_t tag[VLAN_TAG];
	int n = frame_iov(f, iov, tag);

	for (int i = 0; i < n; i++)
		encode(&e, iov[i].iov_base, iov[i].iov_len);
	encoder_flush(&e);
}

static int line_head(char head[LINE_HEAD], const struct tap *tap,
    const struct switch_port *p, enum capture_direction direction,
    const struct frame *f)
{
	int64_t time_ns =
	    (int64_t)p->sw->clock.real_ns + tap->capture->to_wall_ns;

	return snprintf(head, LINE_HEAD,
	    "{\"time_ns\":%" PRId64 ",\"port\":\"%s\",\"direction\":\"%s\","
	    "\"len\":%zu,\"needs_csum\":%s,\"gso_size\":%u,\"dropped\":%" PRIu64
	    ",\"data\":\"",
	    time_ns, p->port->spec.name, direction == CAPTURE_IN ? "in" : "out",
	    frame_len(f), f->off.needs_csum ? "true" : "false",
	    f->off.gso_type ? f->off.gso_size : 0, client_dropped(tap->client));
}

static void put_frame(struct tap *tap, const struct switch_port *p,
    enum capture_direction direction, const struct frame *f)
{
	char head[LINE_HEAD];
	size_t caplen = frame_len(f);

	if (caplen > tap->snaplen)
		caplen = tap->snaplen;
	size_t head_len = (size_t)line_head(head, tap, p, direction, f);
	size_t text_len = (caplen + 2) / 3 * 4;
	if (!client_room(tap->client, head_len + text_len + CLOSING_BYTES))
		return;
	client_put(tap->client, head, head_len);
	put_bytes(tap->client, f, caplen);
	client_put(tap->client, "\"}\n", CLOSING_BYTES);
}
