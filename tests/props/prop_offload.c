/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * prop_offload.c - finishes random packets: the payloads of the segments make
 * up the original, each segment has correct lengths and checksums, and nothing
 * else in the headers has changed.
 */
#include "forwarding/offload.h"

#include <string.h>

#include "tests/packet.h"

#include "prop.h"

enum { FIN_PSH = 0x09, CWR = 0x80, STEPS = 40 };

static struct packet packet;
static uint8_t scratch[OFFLOAD_SCRATCH];

struct taken {
	struct prop *prop;
	const struct frame *f;
	const struct packet_spec *spec;
	size_t payload; /* bytes seen so far */
	int n;
};

/* The header of the original, changed as that of segment @n must be. */
static void expected_header(const struct taken *t, size_t slice, uint8_t *head)
{
	const struct packet_spec *s = t->spec;
	uint8_t *l4 = head + packet.l4, *ip = head + packet.ip;
	uint32_t seq = s->seq + (uint32_t)t->payload;
	bool last = t->payload + slice == s->payload;

	memcpy(head, packet.bytes, packet.payload);
	if (!s->ipv6) {
		ip[4] = (uint8_t)((s->id + t->n) >> 8);
		ip[5] = (uint8_t)(s->id + t->n);
	}
	if (s->udp)
		return;
	for (int i = 0; i < 4; i++)
		l4[4 + i] = (uint8_t)(seq >> (24 - 8 * i));
	l4[13] &= (uint8_t) ~((last ? 0 : FIN_PSH) | (t->n ? CWR : 0));
}

/* Clears the fields that packet_is_right() checks, before a comparison. */
static void blank(const struct packet_spec *s, uint8_t *head)
{
	memset(head + packet.ip + (s->ipv6 ? 4 : 2), 0, 2);
	if (!s->ipv6)
		memset(head + packet.ip + 10, 0, 2);
	memset(head + packet.l4 + (s->udp ? 6 : 16), 0, 2);
	if (s->udp)
		memset(head + packet.l4 + 4, 0, 2);
}

static void take_one(const struct frame *done, struct taken *t)
{
	static uint8_t bytes[FRAME_MAX];
	static uint8_t head[256];
	struct frame plain = *done;
	size_t len, slice;

	PROP_CHECK(t->prop, done->tpid == t->f->tpid);
	PROP_CHECK(t->prop, done->tci == t->f->tci);
	PROP_CHECK(t->prop, !done->off.needs_csum && !done->off.gso_type);
	plain.tpid = 0;
	len = frame_copy(&plain, bytes, sizeof(bytes));
	PROP_CHECK(t->prop, len >= packet.payload);
	slice = len - packet.payload;
	PROP_CHECK(t->prop, offload_mtu_len(done) <= offload_mtu_len(t->f));
	PROP_CHECK(t->prop, t->payload + slice <= t->spec->payload);
	PROP_CHECK(t->prop,
	    packet_is_right(bytes, packet.ip, packet.l4, len, t->spec->udp));
	PROP_CHECK(t->prop,
	    memcmp(bytes + packet.payload,
		packet.bytes + packet.payload + t->payload, slice) == 0);
	expected_header(t, slice, head);
	blank(t->spec, head);
	blank(t->spec, bytes);
	PROP_CHECK(t->prop, memcmp(head, bytes, packet.payload) == 0);
	t->payload += slice;
	t->n++;
}

static int take(const struct frame *const *done, int n, void *arg)
{
	for (int i = 0; i < n; i++)
		take_one(done[i], arg);
	return n;
}

static struct packet_spec any_packet(struct prop *prop)
{
	static const uint32_t sizes[] = {1, 30, 1500, 9000, 65000};
	uint32_t size = sizes[prop_below(prop, 5)];

	return (struct packet_spec){
	    .ipv6 = prop_one_in(prop, 2),
	    .udp = prop_one_in(prop, 2),
	    .inner_tags = (int)prop_below(prop, 3),
	    .ip_options = prop_one_in(prop, 4) ? (int)prop_below(prop, 11) : 0,
	    .extensions = (int)prop_below(prop, 4),
	    .tcp_options = (int)prop_below(prop, 11),
	    .payload = prop_below(prop, size + 1),
	    .fill = (uint8_t)prop_below(prop, 256),
	    .seq = prop_below(prop, UINT32_MAX),
	    .id = (uint16_t)prop_below(prop, 65536),
	    .flags = (uint8_t)prop_below(prop, 256),
	};
}

static uint16_t any_gso_size(struct prop *prop, const struct packet_spec *s)
{
	if (prop_one_in(prop, 5))
		return 0;
	return (uint16_t)((s->payload > 3000 ? 500 : 1 + s->payload / 128) +
			  prop_below(prop, prop_one_in(prop, 2) ? 100 : 60000));
}

/* The frame's body lies in memory of exactly its size, not behind addrs. */
static void finishes(struct prop *prop)
{
	struct packet_spec spec = any_packet(prop);
	uint16_t gso_size = any_gso_size(prop, &spec);
	bool whole = gso_size && prop_one_in(prop, 4);

	packet_make(&packet, &spec, whole);
	size_t body_len = packet.len - ETH_ADDRS;
	uint8_t *body = malloc(body_len);
	struct frame f = {
	    .addrs = packet.bytes,
	    .body = memcpy(body, packet.bytes + ETH_ADDRS, body_len),
	    .body_len = (uint32_t)body_len,
	    .tpid = prop_one_in(prop, 2) ? TPID_8021AD : 0,
	    .tci = (uint16_t)prop_below(prop, 65536),
	    .off = packet_request(&packet, &spec, gso_size),
	};
	struct taken taken = {.prop = prop, .f = &f, .spec = &spec};

	f.off.needs_csum = !whole;
	PROP_CHECK(prop, offload_valid(&f));
	int n = offload_finish(&f, scratch, take, &taken);
	PROP_CHECK(prop, n == taken.n && n == offload_segments(&f));
	PROP_CHECK(prop, taken.payload == spec.payload);
	free(body);
}

static void segments_make_up_the_original(struct prop *prop)
{
	for (prop->step = 0; prop->step < STEPS; prop->step++)
		finishes(prop);
}

int main(int argc, char **argv)
{
	return prop_main(argc, argv, segments_make_up_the_original, 100);
}
