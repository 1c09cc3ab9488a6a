/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * packet.h - TCP and UDP packets for tests: made to a specification, checked
 * field by field. Shares no code with forwarding/offload.c: sums are calculated
 * byte by byte, in the words of RFC 1071.
 */
#ifndef TESTS_PACKET_H
#define TESTS_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "forwarding/frame.h"

/* The packet to make. */
struct packet_spec {
	bool ipv6, udp;
	int inner_tags;
	int ip_options;	 /* IPv4: words of 4 bytes, 0..10 */
	int extensions;	 /* IPv6: 0..3 extension headers */
	int tcp_options; /* words of 4 bytes, 0..10 */
	size_t payload;
	uint8_t fill; /* the payload counts up from it */
	uint32_t seq;
	uint16_t id;
	uint8_t flags;
};

/* The packet made. Offsets count from the destination address. */
struct packet {
	size_t ip, l4, payload, len;
	uint8_t bytes[FRAME_MAX];
};

/** packet_put() - append the low @bytes bytes of @value, big-endian */
static inline void packet_put(struct packet *p, size_t value, int bytes)
{
	while (bytes--)
		p->bytes[p->len++] = (uint8_t)(value >> 8 * bytes);
}

/** packet_get() - the big-endian number in @bytes bytes at @at */
static inline size_t packet_get(const uint8_t *at, int bytes)
{
	size_t value = 0;

	while (bytes--)
		value = value << 8 | *at++;
	return value;
}

/** packet_sum() - add @len bytes to a one's complement sum of 16-bit words */
static inline unsigned packet_sum(unsigned sum, const uint8_t *at, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		sum += i % 2 ? at[i] : (unsigned)at[i] << 8;
		sum = (sum & 0xffff) + (sum >> 16);
	}
	return sum;
}

/** packet_pseudo_sum() - of the pseudo-header (RFC 9293 3.1, RFC 8200 8.1) */
static inline unsigned packet_pseudo_sum(
    const uint8_t *ip, unsigned proto, size_t len)
{
	bool ipv6 = ip[0] >> 4 == 6;
	uint8_t tail[6] = {
	    0, (uint8_t)proto, 0, 0, (uint8_t)(len >> 8), (uint8_t)len};
	unsigned sum = packet_sum(0, tail, sizeof(tail));

	return packet_sum(sum, ip + (ipv6 ? 8 : 12), ipv6 ? 32 : 8);
}

/** packet_put_ipv4() - append an IPv4 header for @l4_len bytes of TCP or UDP */
static inline void packet_put_ipv4(
    struct packet *p, const struct packet_spec *s, size_t l4_len)
{
	size_t head = 20 + 4u * (size_t)s->ip_options;

	packet_put(p, 0x40 | head / 4, 1);
	packet_put(p, 0, 1);
	packet_put(p, head + l4_len, 2);
	packet_put(p, s->id, 2);
	packet_put(p, 0x4000, 2); /* don't fragment */
	packet_put(p, 64, 1);
	packet_put(p, s->udp ? 17 : 6, 1);
	packet_put(p, 0, 2);
	packet_put(p, 0x0a000001, 4);
	packet_put(p, 0x0a0000fe, 4);
	for (int i = 0; i < s->ip_options; i++)
		packet_put(p, 0x01010101, 4); /* no operation */

	unsigned csum = ~packet_sum(0, p->bytes + p->ip, head);
	p->bytes[p->ip + 10] = (uint8_t)(csum >> 8);
	p->bytes[p->ip + 11] = (uint8_t)csum;
}

/** packet_put_ipv6() - append an IPv6 header and extensions, likewise */
static inline void packet_put_ipv6(
    struct packet *p, const struct packet_spec *s, size_t l4_len)
{
	static const uint8_t order[] = {0, 60, 43}; /* RFC 8200 4.1 */
	uint8_t proto = s->udp ? 17 : 6;
	size_t extensions = 0;

	for (int i = 0; i < s->extensions; i++)
		extensions += 8u * (size_t)(i + 1);
	packet_put(p, 0x60012345, 4);
	packet_put(p, extensions + l4_len, 2);
	packet_put(p, s->extensions ? order[0] : proto, 1);
	packet_put(p, 64, 1);
	for (int i = 0; i < 32; i++)
		packet_put(p, (size_t)(0x20 + i), 1);
	for (int i = 0; i < s->extensions; i++) {
		packet_put(p, i + 1 < s->extensions ? order[i + 1] : proto, 1);
		packet_put(p, (size_t)i, 1);
		for (int k = 2; k < 8 * (i + 1); k++)
			packet_put(p, 0, 1);
	}
}

/** packet_put_tcp() - append a TCP header without its checksum */
static inline void packet_put_tcp(struct packet *p, const struct packet_spec *s)
{
	packet_put(p, 40000, 2);
	packet_put(p, 80, 2);
	packet_put(p, s->seq, 4);
	packet_put(p, 0x01020304, 4);
	packet_put(p, 0x50 + 0x10u * (size_t)s->tcp_options, 1);
	packet_put(p, s->flags, 1);
	packet_put(p, 512, 2);
	packet_put(p, 0, 4);
	for (int i = 0; i < s->tcp_options; i++)
		packet_put(p, 0x01010101, 4);
}

/**
 * packet_make() - write the packet that @s specifies to @p
 * @whole: with a complete TCP or UDP checksum; otherwise the field holds the
 *         sum of the pseudo-header, as CHECKSUM_PARTIAL leaves it
 */
static inline void packet_make(
    struct packet *p, const struct packet_spec *s, bool whole)
{
	size_t head = s->udp ? 8 : 20 + 4u * (size_t)s->tcp_options;
	unsigned proto = s->udp ? 17 : 6;

	memset(p, 0, offsetof(struct packet, bytes));
	packet_put(p, 0x0200000000b, 6);
	packet_put(p, 0x0200000000a, 6);
	for (int i = 0; i < s->inner_tags; i++)
		packet_put(p, 0x81000001 + (size_t)i, 4);
	packet_put(p, s->ipv6 ? 0x86dd : 0x0800, 2);
	p->ip = p->len;
	if (s->ipv6)
		packet_put_ipv6(p, s, head + s->payload);
	else
		packet_put_ipv4(p, s, head + s->payload);
	p->l4 = p->len;
	if (s->udp) {
		packet_put(p, 40000, 2);
		packet_put(p, 53, 2);
		packet_put(p, head + s->payload, 2);
		packet_put(p, 0, 2);
	} else {
		packet_put_tcp(p, s);
	}
	p->payload = p->len;
	for (size_t i = 0; i < s->payload; i++)
		packet_put(p, (s->fill + i * 7) & 0xff, 1);

	unsigned sum =
	    packet_pseudo_sum(p->bytes + p->ip, proto, p->len - p->l4);
	if (whole) {
		sum =
		    0xffff & ~packet_sum(sum, p->bytes + p->l4, p->len - p->l4);
		if (sum == 0)
			sum = 0xffff;
	}
	uint8_t *field = p->bytes + p->l4 + (s->udp ? 6 : 16);
	field[0] = (uint8_t)(sum >> 8);
	field[1] = (uint8_t)sum;
}

/** packet_request() - to finish what packet_make() left, in @gso_size pieces */
static inline struct offload packet_request(
    const struct packet *p, const struct packet_spec *s, uint16_t gso_size)
{
	uint8_t type = s->udp ? GSO_UDP_L4 : s->ipv6 ? GSO_TCPV6 : GSO_TCPV4;

	return (struct offload){
	    .needs_csum = true,
	    .gso_type = gso_size ? type : GSO_NONE,
	    .gso_size = gso_size,
	    .csum_start = (uint16_t)p->l4,
	    .csum_offset = s->udp ? 6 : 16,
	};
}

/** packet_is_right() - does a packet of @len bytes with these offsets have the
 * correct lengths and checksums? */
static inline bool packet_is_right(
    const uint8_t *bytes, size_t ip, size_t l4, size_t len, bool udp)
{
	const uint8_t *at = bytes + ip;
	unsigned sum = packet_pseudo_sum(at, udp ? 17 : 6, len - l4);

	if (at[0] >> 4 == 4 && (packet_get(at + 2, 2) != len - ip ||
				   packet_sum(0, at, l4 - ip) != 0xffff))
		return false;
	if (at[0] >> 4 == 6 && packet_get(at + 4, 2) != len - ip - 40)
		return false;
	if (udp && (packet_get(bytes + l4 + 4, 2) != len - l4 ||
		       packet_get(bytes + l4 + 6, 2) == 0))
		return false;
	return packet_sum(sum, bytes + l4, len - l4) == 0xffff;
}

#endif
