/* SPDX-License-Identifier: BSD-2-Clause */
/* offload_headers.c - the headers of a frame that is to be segmented. Every
 * length is checked against the frame. */
#include "offload_headers.h"

#include "byte_order.h"

enum { TYPE_IPV4 = 0x0800, TYPE_IPV6 = 0x86dd };

static size_t skip_tags(const struct frame *f, uint16_t *type);
static bool parse_ipv4(const struct frame *f, struct headers *h);
static size_t packet_end(const struct frame *f, size_t start, size_t len);
static bool parse_ipv6(const struct frame *f, struct headers *h);
static bool is_extension(uint8_t proto);
static bool parse_l4(const struct frame *f, struct headers *h);

bool headers_parse(const struct frame *f, struct headers *h)
{
	uint16_t type = 0;
	uint8_t gso = f->off.gso_type;

	*h = (struct headers){.ip = skip_tags(f, &type)};
	if (!h->ip)
		return false;
	if (type == TYPE_IPV4 ? !parse_ipv4(f, h)
			      : type != TYPE_IPV6 || !parse_ipv6(f, h))
		return false;
	if (h->proto == PROTO_TCP ? gso != (h->ipv6 ? GSO_TCPV6 : GSO_TCPV4)
				  : h->proto != PROTO_UDP || gso != GSO_UDP_L4)
		return false;
	return parse_l4(f, h);
}

/* Writes the type of what follows the Ethernet header and the inner tags to
 * @type. Return: its offset, or 0 if the frame ends before. */
static size_t skip_tags(const struct frame *f, uint16_t *type)
{
	size_t offset = ETH_ADDRS;

	while (offset + 2 <= frame_untagged_len(f)) {
		*type = be16(frame_at(f, offset));
		if (!type_is_tpid(*type))
			return offset + 2;
		offset += VLAN_TAG;
	}
	return 0;
}

static bool parse_ipv4(const struct frame *f, struct headers *h)
{
	const uint8_t *ip = frame_at(f, h->ip);

	if (h->ip + IPV4_HEAD > frame_untagged_len(f))
		return false;
	size_t header_len = (ip[0] & 15) * 4u;
	bool fragment = be16(ip + 6) & 0x3fff; /* more fragments, or offset */
	if (ip[0] >> 4 != 4 || header_len < IPV4_HEAD || fragment)
		return false;
	h->proto = ip[9];
	h->l4 = h->ip + header_len;
	h->end = packet_end(f, h->ip, be16(ip + 2));
	return true;
}

/* The end of a packet whose header gives its length as @len; senders that leave
 * the length to the segmentation write 0. Return: 0 if it exceeds the frame. */
static size_t packet_end(const struct frame *f, size_t start, size_t len)
{
	if (len == 0)
		return frame_untagged_len(f);
	return start + len <= frame_untagged_len(f) ? start + len : 0;
}

static bool parse_ipv6(const struct frame *f, struct headers *h)
{
	const uint8_t *ip = frame_at(f, h->ip);

	if (h->ip + IPV6_HEAD > frame_untagged_len(f) || ip[0] >> 4 != 6)
		return false;
	size_t len = be16(ip + 4);
	h->ipv6 = true;
	h->proto = ip[6];
	h->l4 = h->ip + IPV6_HEAD;
	h->end = packet_end(f, h->ip, len ? IPV6_HEAD + len : 0);
	while (is_extension(h->proto)) {
		if (h->l4 + 8 > h->end)
			return false;
		const uint8_t *extension = frame_at(f, h->l4);
		h->proto = extension[0];
		h->l4 += 8 + 8u * extension[1];
	}
	return true;
}

/* Is @proto an IPv6 extension header that may precede TCP or UDP and gives its
 * length in units of 8? (RFC 8200 4.1) */
static bool is_extension(uint8_t proto)
{
	enum { HOP_BY_HOP = 0, ROUTING = 43, DESTINATION = 60 };

	return proto == HOP_BY_HOP || proto == ROUTING || proto == DESTINATION;
}

static bool parse_l4(const struct frame *f, struct headers *h)
{
	size_t header_len = UDP_HEAD;

	if (h->proto == PROTO_TCP) {
		if (h->l4 + TCP_HEAD > h->end)
			return false;
		header_len = (frame_at(f, h->l4)[12] >> 4) * 4u;
		if (header_len < TCP_HEAD)
			return false;
	}
	h->payload = h->l4 + header_len;
	return h->payload <= h->end;
}
