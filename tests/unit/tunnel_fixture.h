/* SPDX-License-Identifier: BSD-2-Clause */
/* tunnel_fixture.h - packets in tunnels, as their sender leaves them. */
#ifndef TESTS_UNIT_TUNNEL_FIXTURE_H
#define TESTS_UNIT_TUNNEL_FIXTURE_H

#include <string.h>

#include "forwarding/byte_order.h"
#include "tests/packet.h"

#include "cm.h"

enum { PAYLOAD = 5000, SLICE = 1000, ID = 0xfffe, SEQ = 0x7ffffffe };

/* The letters of a stack: what is around the TCP, UDP or SCTP header. */
struct mark {
	char letter;
	size_t at;
};

static struct packet p;
static struct mark marks[16];
static int n_marks;
static size_t l4_at;

/** put_ip() - append an IP header */
static inline void put_ip(bool ipv6, unsigned proto)
{
	packet_put(&p, ipv6 ? 0x60000000 : 0x45000000, 4);
	if (ipv6) {
		packet_put(&p, 0, 2);
		packet_put(&p, proto << 8 | 64, 2);
		for (int i = 0; i < 32; i++)
			packet_put(&p, (size_t)(0x20 + i), 1);
		return;
	}
	packet_put(&p, ID, 2);
	packet_put(&p, 0x4000, 2);
	packet_put(&p, 64 << 8 | proto, 2);
	packet_put(&p, 0, 2);
	packet_put(&p, 0x0a000001, 4);
	packet_put(&p, 0x0a0000fe, 4);
}

/** is_ip() - does this letter stand for an IP header? */
static inline bool is_ip(char letter)
{
	return strchr("46", letter);
}

/** proto_of() - IP protocol of what comes next */
static inline unsigned proto_of(char next)
{
	static const char letters[] = "46gGtusvVfenU";
	static const uint8_t protos[] = {
	    4, 41, 47, 47, 6, 17, 132, 17, 17, 17, 17, 17, 17};
	const char *at = strchr(letters, next);

	assert_non_null(at);
	return protos[at - letters];
}

/** type_of() - EtherType of what comes next */
static inline unsigned type_of(char next)
{
	switch (next) {
	case '4':
		return 0x0800;
	case '6':
		return 0x86dd;
	case 'm':
		return 0x8847;
	case 'p':
		return 0x8864;
	default:
		return 0x6558;
	}
}

/** put_ethernet() - append an Ethernet header */
static inline void put_ethernet(char next)
{
	packet_put(&p, 0x02aa00000001, 6);
	packet_put(&p, 0x02aa00000002, 6);
	packet_put(&p, type_of(next), 2);
}

/** put_udp() - append the UDP header of a tunnel */
static inline void put_udp(bool csum)
{
	packet_put(&p, 0xc0004789, 4);
	packet_put(&p, 0, 2);
	packet_put(&p, csum ? 0x1234 : 0, 2); /* "there is one" */
}

/** put_layer() - append a header of a tunnel */
static inline void put_layer(char letter, char next)
{
	switch (letter) {
	case '4':
	case '6':
		put_ip(letter == '6', proto_of(next));
		break;
	case 'g': /* GRE */
		packet_put(&p, type_of(next), 4);
		break;
	case 'G': /* GRE with checksum, key and sequence number */
		packet_put(&p, 0xb0000000 | type_of(next), 4);
		packet_put(&p, 0xbeef0000, 4);
		packet_put(&p, 77, 4);
		packet_put(&p, SEQ, 4);
		break;
	case 'v': /* VXLAN; V: with a checksum */
	case 'V':
		put_udp(letter == 'V');
		packet_put(&p, 0x08000000, 4);
		packet_put(&p, 0x00000700, 4);
		break;
	case 'n': /* Geneve with an option of 8 bytes */
		put_udp(true);
		packet_put(&p, 0x02000000 | type_of(next), 4);
		packet_put(&p, 0x00000700, 4);
		packet_put(&p, 0x01020301, 4);
		packet_put(&p, 0x45454545, 4);
		break;
	case 'f': /* IP in UDP */
		put_udp(false);
		break;
	case 'U': /* GUE */
		put_udp(true);
		packet_put(&p, proto_of(next) << 16, 4);
		break;
	case 'E':
		put_ethernet(next);
		break;
	case 'm': /* two labels */
		packet_put(&p, 0x00010040, 4);
		packet_put(&p, 0x00020140, 4);
		break;
	case 'p':
		packet_put(&p, 0x11000007, 4);
		packet_put(&p, 0, 2);
		packet_put(&p, next == '6' ? 0x57 : 0x21, 2);
		break;
	default:
		fail_msg("no layer %c", letter);
	}
}

/** put_transport() - append TCP, UDP or SCTP and its payload */
static inline void put_transport(char letter, size_t payload)
{
	const struct packet_spec s = {.seq = 5, .flags = 0x18};

	if (letter == 't') {
		packet_put_tcp(&p, &s);
	} else {
		packet_put(&p, 0xc0000035, 4);
		packet_put(&p, 0, letter == 's' ? 8 : 4);
	}
	p.payload = p.len;
	for (size_t i = 0; i < payload; i++)
		packet_put(&p, (i * 7) & 0xff, 1);
}

/**
 * close_layers() - lengths and checksums of the headers around, as a sender
 * leaves them: the checksums of UDP and GRE to whoever segments
 */
static inline void close_layers(void)
{
	for (int i = 0; i < n_marks; i++) {
		uint8_t *head = p.bytes + marks[i].at;
		size_t len = p.len - marks[i].at;

		switch (marks[i].letter) {
		case '4':
			put_be16(head + 2, len);
			put_be16(head + 10, ~packet_sum(0, head, 20));
			break;
		case '6':
			put_be16(head + 4, len - 40);
			break;
		case 'p':
			put_be16(head + 4, len - 6);
			break;
		case 'v':
		case 'V':
		case 'n':
		case 'f':
		case 'U':
			put_be16(head + 4, len);
			break;
		default:
			break;
		}
	}
}

/** make() - a frame with these headers, outermost first, the transport last */
static inline struct frame make(
    const char *stack, size_t payload, uint16_t gso_size)
{
	const char *at = stack;
	struct frame f;

	memset(&p, 0, offsetof(struct packet, bytes));
	n_marks = 0;
	put_ethernet(*at);
	for (; at[1]; at++) {
		marks[n_marks++] = (struct mark){*at, p.len};
		put_layer(*at, at[1]);
		if (is_ip(*at))
			p.ip = marks[n_marks - 1].at;
	}
	l4_at = p.len;
	put_transport(*at, payload);
	close_layers();
	assert_true(frame_parse(&f, p.bytes, p.len));
	bool ipv6 = p.bytes[p.ip] >> 4 == 6;
	f.off = (struct offload){.needs_csum = true,
	    .csum_start = (uint16_t)l4_at,
	    .csum_offset = *at == 't'	? 16
			   : *at == 'u' ? 6
					: 8,
	    .gso_size = gso_size};
	if (gso_size)
		f.off.gso_type = *at == 'u' ? GSO_UDP_L4
				 : ipv6	    ? GSO_TCPV6
					    : GSO_TCPV4;
	if (*at != 's')
		put_be16(p.bytes + l4_at + f.off.csum_offset,
		    packet_pseudo_sum(
			p.bytes + p.ip, proto_of(*at), p.len - l4_at));
	return f;
}

#endif
