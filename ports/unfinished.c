/* SPDX-License-Identifier: BSD-2-Clause */
/* unfinished.c - recognize unfinished frames: see unfinished.h. Pure. */
#include "unfinished.h"

#include <stddef.h>

#include "forwarding/byte_order.h"

enum {
	TYPE_IPV4 = 0x0800,
	TYPE_IPV6 = 0x86dd,
	IPV4_HEAD = 20,
	IPV6_HEAD = 40,
	PROTO_TCP = 6,
	PROTO_UDP = 17,
	TCP_HEAD = 20,
	UDP_HEAD = 8,
	TCP_CWR = 0x80,
};

/* A TCP or UDP packet; offsets count from the destination address, the outer
 * tag left out. */
struct packet {
	uint8_t *body; /* writable; byte ETH_ADDRS of the frame */
	size_t end;    /* of the IP packet */
	size_t ip;
	size_t l4;
	uint8_t proto;
	bool ipv6;
};

static bool find_packet(
    struct packet *p, const struct frame *f, uint8_t *bytes);
static bool find_ip(struct packet *p, size_t len, uint16_t *type);
static uint8_t *at(const struct packet *p, size_t offset);
static bool find_ipv4(struct packet *p, size_t len);
static bool set_end(struct packet *p, size_t start, size_t claimed, size_t len);
static bool find_ipv6(struct packet *p, size_t len);
static uint16_t pseudo_sum(const struct packet *p);
static bool ask_for_segments(
    struct offload *off, const struct packet *p, uint32_t mtu);
static void ask_for_csum(struct offload *off, const struct packet *p);

bool unfinished_recognize(struct frame *f, uint8_t *bytes, uint32_t mtu)
{
	struct packet p;
	uint16_t sum;
	uint8_t *field;

	if (!find_packet(&p, f, bytes))
		return true;
	sum = pseudo_sum(&p);
	field = at(&p, p.l4 + (p.proto == PROTO_TCP ? 16 : 6));
	if (p.end - p.ip > mtu) {
		if (p.proto != PROTO_TCP || !ask_for_segments(&f->off, &p, mtu))
			return false;
		field[0] = (uint8_t)(sum >> 8);
		field[1] = (uint8_t)sum;
	}
	if (be16(field) == sum)
		ask_for_csum(&f->off, &p);
	return true;
}

static bool find_packet(struct packet *p, const struct frame *f, uint8_t *bytes)
{
	size_t len = ETH_ADDRS + f->body_len, head;
	uint16_t type;

	*p = (struct packet){.body = bytes + (f->body - f->addrs)};
	if (!find_ip(p, len, &type))
		return false;
	if (type == TYPE_IPV4 ? !find_ipv4(p, len)
			      : type != TYPE_IPV6 || !find_ipv6(p, len))
		return false;
	head = p->proto == PROTO_TCP ? TCP_HEAD : UDP_HEAD;
	return (p->proto == PROTO_TCP || p->proto == PROTO_UDP) &&
	       p->l4 + head <= p->end;
}

static bool find_ip(struct packet *p, size_t len, uint16_t *type)
{
	size_t offset = ETH_ADDRS;

	for (; offset + 2 <= len; offset += VLAN_TAG) {
		*type = be16(at(p, offset));
		if (*type == TPID_8021Q || *type == TPID_8021AD)
			continue;
		p->ip = offset + 2;
		return true;
	}
	return false;
}

static uint8_t *at(const struct packet *p, size_t offset)
{
	return p->body + (offset - ETH_ADDRS);
}

static bool find_ipv4(struct packet *p, size_t len)
{
	const uint8_t *ip = at(p, p->ip);
	size_t head;

	if (p->ip + IPV4_HEAD > len || ip[0] >> 4 != 4)
		return false;
	head = (ip[0] & 15) * 4u;
	if (head < IPV4_HEAD || be16(ip + 6) & 0x3fff) /* a fragment */
		return false;
	p->proto = ip[9];
	p->l4 = p->ip + head;
	return set_end(p, p->ip, be16(ip + 2), len);
}

/* A length of 0 means a packet too long for the field. */
static bool set_end(struct packet *p, size_t start, size_t claimed, size_t len)
{
	p->end = claimed ? start + claimed : len;
	return p->end <= len;
}

/* Hop-by-hop and destination options; behind a routing header the final
 * destination is not in the pseudo-header's place, so that ends the search. */
static bool find_ipv6(struct packet *p, size_t len)
{
	const uint8_t *ip = at(p, p->ip);

	if (p->ip + IPV6_HEAD > len || ip[0] >> 4 != 6)
		return false;
	p->ipv6 = true;
	p->proto = ip[6];
	p->l4 = p->ip + IPV6_HEAD;
	if (!set_end(p, p->l4, be16(ip + 4), len))
		return false;
	while (p->proto == 0 || p->proto == 60) {
		if (p->l4 + 8 > p->end)
			return false;
		p->proto = at(p, p->l4)[0];
		p->l4 += 8 + 8u * at(p, p->l4)[1];
	}
	return true;
}

static uint16_t pseudo_sum(const struct packet *p)
{
	const uint8_t *addrs = at(p, p->ip) + (p->ipv6 ? 8 : 12);
	size_t n = p->ipv6 ? 32 : 8;
	uint64_t sum = p->proto + (p->end - p->l4);

	for (size_t i = 0; i < n; i += 2)
		sum += be16(addrs + i);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)sum;
}

static bool ask_for_segments(
    struct offload *off, const struct packet *p, uint32_t mtu)
{
	const uint8_t *tcp = at(p, p->l4);
	size_t head = (tcp[12] >> 4) * 4u;
	size_t headers = p->l4 + head - p->ip;

	if (head < TCP_HEAD || p->l4 + head > p->end || headers >= mtu)
		return false;
	off->gso_type = p->ipv6 ? GSO_TCPV6 : GSO_TCPV4;
	off->gso_size = (uint16_t)(mtu - headers);
	off->hdr_len = (uint16_t)(p->l4 + head);
	off->ecn = tcp[13] & TCP_CWR;
	return true;
}

static void ask_for_csum(struct offload *off, const struct packet *p)
{
	off->needs_csum = true;
	off->csum_start = (uint16_t)p->l4;
	off->csum_offset = p->proto == PROTO_TCP ? 16 : 6;
}
