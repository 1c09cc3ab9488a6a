/* SPDX-License-Identifier: BSD-2-Clause */
/* unfinished.c - recognize unfinished frames: see unfinished.h. Pure. */
#include "unfinished.h"

#include <stddef.h>

#include "forwarding/byte_order.h"
#include "forwarding/offload_headers.h"

enum { TCP_CWR = 0x80 };

static bool is_super(const struct headers *h, uint32_t mtu);
static bool ask_for_segments(
    struct frame *f, struct headers *h, uint8_t *bytes, uint32_t mtu);
static uint16_t pseudo_sum(const struct frame *f, const struct headers *h);
static bool is_partial(const struct frame *f, const struct headers *h);
static void ask_for_csum(struct offload *off, const struct headers *h);

bool unfinished_recognize(struct frame *f, uint8_t *bytes, uint32_t mtu)
{
	struct headers h;
	bool found = headers_first(f, &h);

	/* behind a routing header the final destination is not in the
	 * pseudo-header's place */
	if (!found || h.routed)
		return true;
	if (is_super(&h, mtu))
		return ask_for_segments(f, &h, bytes, mtu);
	for (; found && !h.routed; found = headers_inner(f, &h)) {
		if (!is_partial(f, &h))
			continue;
		ask_for_csum(&f->off, &h);
		break;
	}
	return true;
}

/* Is the packet longer than the interface allows? A label is, as a tag,
 * nobody's concern. */
static bool is_super(const struct headers *h, uint32_t mtu)
{
	size_t more = h->layers[0].kind == LAYER_MPLS ? VLAN_TAG : 0;

	return h->end - h->layers[0].at > mtu + more;
}

/* Return: false if it is not TCP, innermost, or has no room for payload. */
static bool ask_for_segments(
    struct frame *f, struct headers *h, uint8_t *bytes, uint32_t mtu)
{
	struct headers inner = *h;
	const uint8_t *tcp;

	while (headers_inner(f, &inner))
		*h = inner;
	if (h->proto != PROTO_TCP || h->routed)
		return false;
	tcp = frame_at(f, h->l4);
	size_t head = (tcp[12] >> 4) * 4u;
	size_t headers = h->l4 + head - h->layers[0].at;
	if (head < TCP_HEAD || h->l4 + head > h->end || headers >= mtu)
		return false;
	f->off.gso_type = h->ipv6 ? GSO_TCPV6 : GSO_TCPV4;
	f->off.gso_size = (uint16_t)(mtu - headers);
	f->off.hdr_len = (uint16_t)(h->l4 + head);
	f->off.ecn = tcp[13] & TCP_CWR;
	put_be16(bytes + (f->body - f->addrs) + (h->l4 + TCP_CSUM - ETH_ADDRS),
	    pseudo_sum(f, h));
	ask_for_csum(&f->off, h);
	return true;
}

static uint16_t pseudo_sum(const struct frame *f, const struct headers *h)
{
	const uint8_t *addrs = frame_at(f, h->ip) + (h->ipv6 ? 8 : 12);
	size_t n = h->ipv6 ? 32 : 8;
	uint64_t sum = h->proto + (h->end - h->l4);

	for (size_t i = 0; i < n; i += 2)
		sum += be16(addrs + i);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)sum;
}

/* Does the checksum field hold what a sender leaves there? */
static bool is_partial(const struct frame *f, const struct headers *h)
{
	const uint8_t *field = frame_at(f, h->l4 + headers_csum(h));

	if (h->proto == PROTO_SCTP)
		return be32(field) == 0;
	return be16(field) == pseudo_sum(f, h);
}

static void ask_for_csum(struct offload *off, const struct headers *h)
{
	off->needs_csum = true;
	off->csum_start = (uint16_t)h->l4;
	off->csum_offset = (uint16_t)headers_csum(h);
}
