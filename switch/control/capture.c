/* SPDX-License-Identifier: BSD-2-Clause */
/* capture.c - the frames of a port, for a client: see capture.h. The format of
 * a line is in docs/control-protocol.md. */
#include "capture.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "switch/protocol/base64.h"
#include "switch/switch.h"

#include "client.h"

enum {
	LINE_HEAD = 512,   /* bytes before the frame's, at most */
	PIECE = 3 * 512,   /* bytes encoded at once, in threes */
	CLOSING_BYTES = 3, /* "}\n and the quote */
};

/* What one client wants to see. */
struct subscription {
	struct hook hook;
	struct qswitch *sw;
	struct client *client;
	int port; /* 0: all */
	uint32_t snaplen;
	int64_t to_wall_ns; /* to be added to the switch's monotonic time */
};

/* Encodes a frame that comes in pieces of any length. */
struct encoder {
	struct client *client;
	size_t left; /* bytes still wanted */
	size_t n;    /* bytes that wait in piece */
	uint8_t piece[PIECE];
};

static void on_frame(void *arg, const struct switch_port *p,
    enum frame_direction direction, const struct frame *f);
static void on_port_added(void *arg, struct switch_port *p);
static void on_port_removed(void *arg, struct switch_port *p);
static void stop(void *arg);
static bool wants(const struct subscription *s, const struct switch_port *p);
static int line_head(char head[LINE_HEAD], const struct subscription *s,
    const struct switch_port *p, enum frame_direction direction,
    const struct frame *f);
static void put_bytes(
    struct client *client, const struct frame *f, size_t caplen);
static void encode(struct encoder *e, const uint8_t *bytes, size_t len);
static void encoder_flush(struct encoder *e);

int capture_start(
    struct qswitch *sw, struct client *client, int port, uint32_t snaplen)
{
	struct subscription *s = calloc(1, sizeof(*s));

	if (!s || !client_stream(client, stop, s)) {
		free(s);
		return -ENOMEM;
	}
	*s = (struct subscription){
	    .hook = {.arg = s,
		.on_frame = on_frame,
		.on_port_added = on_port_added,
		.on_port_removed = on_port_removed},
	    .sw = sw,
	    .client = client,
	    .port = port,
	    .snaplen = snaplen,
	    /* the wall clock may have been set since the last capture */
	    .to_wall_ns = (int64_t)(clock_wall_ns() - sw->clock.real_ns),
	};
	hook_register(sw, &s->hook);
	qswitch_foreach (sw, p)
		on_port_added(s, p);
	return 0;
}

static void on_frame(void *arg, const struct switch_port *p,
    enum frame_direction direction, const struct frame *f)
{
	const struct subscription *s = arg;
	char head[LINE_HEAD];
	size_t caplen = frame_len(f);

	if (!wants(s, p))
		return;
	if (caplen > s->snaplen)
		caplen = s->snaplen;
	size_t head_len = (size_t)line_head(head, s, p, direction, f);
	size_t text_len = BASE64_LEN(caplen);
	if (!client_room(s->client, head_len + text_len + CLOSING_BYTES))
		return;
	client_put(s->client, head, head_len);
	put_bytes(s->client, f, caplen);
	client_put(s->client, "\"}\n", CLOSING_BYTES);
}

static void on_port_added(void *arg, struct switch_port *p)
{
	p->watchers += wants(arg, p);
}

static void on_port_removed(void *arg, struct switch_port *p)
{
	const struct subscription *s = arg;

	if (s->port == p->port->no)
		client_end(s->client);
}

static void stop(void *arg)
{
	struct subscription *s = arg;

	qswitch_foreach (s->sw, p)
		p->watchers -= wants(s, p);
	hook_remove(s->sw, &s->hook);
	free(s);
}

static bool wants(const struct subscription *s, const struct switch_port *p)
{
	return !s->port || s->port == p->port->no;
}

static int line_head(char head[LINE_HEAD], const struct subscription *s,
    const struct switch_port *p, enum frame_direction direction,
    const struct frame *f)
{
	int64_t time_ns = (int64_t)p->sw->clock.real_ns + s->to_wall_ns;

	return snprintf(head, LINE_HEAD,
	    "{\"time_ns\":%" PRId64 ",\"port\":\"%s\",\"direction\":\"%s\","
	    "\"len\":%zu,\"needs_csum\":%s,\"gso_size\":%u,\"dropped\":%" PRIu64
	    ",\"data\":\"",
	    time_ns, p->port->spec.name, direction == FRAME_IN ? "in" : "out",
	    frame_len(f), f->off.needs_csum ? "true" : "false",
	    f->off.gso_type ? f->off.gso_size : 0, client_dropped(s->client));
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

static void encoder_flush(struct encoder *e)
{
	char text[BASE64_LEN(PIECE)];

	client_put(e->client, text, base64_encode(e->piece, e->n, text));
	e->n = 0;
}
