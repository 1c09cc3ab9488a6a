/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * flow_fixture.h - TCP and UDP packets over IPv4 and IPv6, unfinished ones and
 * super-frames, and the check that they arrive finished.
 */
#ifndef TESTS_UNIT_FLOW_FIXTURE_H
#define TESTS_UNIT_FLOW_FIXTURE_H

#include "forwarding/byte_order.h"

#include "netdev_fixture.h"

struct flow {
	const char *name;
	bool ipv6;
	uint8_t proto;
	uint8_t gso_type;
};

static const struct flow flows[] = {
    {"TCP over IPv4", false, 6, GSO_TCPV4},
    {"TCP over IPv6", true, 6, GSO_TCPV6},
    {"UDP over IPv4", false, 17, GSO_UDP_L4},
    {"UDP over IPv6", true, 17, GSO_UDP_L4},
};

/** sum16() - the Internet checksum of @p, before its complement (RFC 1071) */
static inline uint32_t sum16(const uint8_t *p, size_t len, uint32_t sum)
{
	for (size_t i = 0; i < len; i += 2)
		sum += (uint32_t)(p[i] << 8) + (i + 1 < len ? p[i + 1] : 0);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

/** put_ip() - an IP header before @len bytes. Return: where these go. */
static inline uint8_t *put_ip(uint8_t *ip, const struct flow *flow, size_t len)
{
	if (flow->ipv6) {
		ip[0] = 0x60;
		put_be16(ip + 4, len);
		ip[6] = flow->proto;
		ip[7] = 64;
		memset(ip + 8, 0xfd, 32);
		return ip + 40;
	}
	ip[0] = 0x45;
	put_be16(ip + 2, len + 20);
	ip[8] = 64;
	ip[9] = flow->proto;
	memcpy(ip + 12, "\x0a\0\0\1\x0a\0\0\2", 8);
	put_be16(ip + 10, 0xffff & ~sum16(ip, 20, 0));
	return ip + 20;
}

/** l4_head() - bytes of the TCP or UDP header */
static inline size_t l4_head(const struct flow *flow)
{
	return flow->proto == 6 ? 20 : 8;
}

/** pseudo() - sum of the pseudo-header of a packet, TCP or UDP from @l4 on */
static inline uint32_t pseudo(
    const struct flow *flow, const uint8_t *l4, size_t len)
{
	size_t addrs = flow->ipv6 ? 32 : 8;

	return sum16(l4 - addrs, addrs, flow->proto + (uint32_t)len);
}

/**
 * make_flow() - a packet whose checksum is left to others
 * @tpid:     0: no tag
 * @gso_size: of a super-frame's segments; 0: it is not one
 */
static inline void make_flow(struct netns_frame *f, const struct flow *flow,
    uint16_t tpid, size_t payload, uint16_t gso_size)
{
	uint8_t *ip = put_head(f, tpid, flow->ipv6 ? 0x86dd : 0x0800);
	size_t len = l4_head(flow) + payload;
	uint8_t *l4 = put_ip(ip, flow, len);
	size_t field = flow->proto == 6 ? 16 : 6;

	put_be16(l4, 1234);
	put_be16(l4 + 2, 5678);
	if (flow->proto == 6)
		l4[12] = 0x50;
	else
		put_be16(l4 + 4, len);
	put_be16(l4 + field, pseudo(flow, l4, len));
	for (size_t i = 0; i < payload; i++)
		l4[l4_head(flow) + i] = (uint8_t)(i * 7 + i / 251);
	f->len = (size_t)(l4 - f->bytes) + len;
	f->vnet.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
	f->vnet.csum_start = (uint16_t)(l4 - f->bytes);
	f->vnet.csum_offset = (uint16_t)field;
	if (gso_size) {
		f->vnet.gso_type = flow->gso_type;
		f->vnet.gso_size = gso_size;
		f->vnet.hdr_len =
		    (uint16_t)(f->vnet.csum_start + l4_head(flow));
	}
}

/**
 * check_finished() - @f is finished and its checksum right
 * @payload: set to where its payload begins
 *
 * Return: bytes of payload.
 */
static inline size_t check_finished(const struct netns_frame *f,
    const struct flow *flow, uint16_t tpid, const uint8_t **payload)
{
	size_t start = ETH_HEAD + (tpid ? 4u : 0) + (flow->ipv6 ? 40 : 20);
	const uint8_t *l4 = f->bytes + start;
	size_t len = f->len - start;

	assert_int_equal(f->vnet.flags & VIRTIO_NET_HDR_F_NEEDS_CSUM, 0);
	assert_int_equal(f->vnet.gso_type, VIRTIO_NET_HDR_GSO_NONE);
	assert_int_equal(sum16(l4, len, pseudo(flow, l4, len)), 0xffff);
	*payload = l4 + l4_head(flow);
	return len - l4_head(flow);
}

/** check_untouched() - `heard` is `sent`, with the same request */
static inline void check_untouched(void)
{
	check_same();
	assert_int_equal(heard.vnet.flags & 1, sent.vnet.flags & 1);
	assert_int_equal(heard.vnet.gso_type, sent.vnet.gso_type);
	assert_int_equal(heard.vnet.gso_size, sent.vnet.gso_size);
	assert_int_equal(heard.vnet.csum_start, sent.vnet.csum_start);
	assert_int_equal(heard.vnet.csum_offset, sent.vnet.csum_offset);
}

/** both_ways() - pass `sent` in both directions, untouched */
static inline void both_ways(struct pair *p)
{
	netns_say(p->wire, &sent);
	pass(p->nic, p->tap);
	netns_hear(p->side, &heard);
	check_untouched();
	netns_say(p->side, &sent);
	pass(p->tap, p->nic);
	netns_hear(p->wire, &heard);
	check_untouched();
}

/**
 * check_cut() - what left a TAP unfinished arrives finished at the NIC's far
 * side, in order and whole
 *
 * For a port that can take nothing unfinished. Parameters: see make_flow().
 */
static inline void check_cut(struct pair *p, const struct flow *flow,
    uint16_t tpid, size_t payload, uint16_t gso_size)
{
	const uint8_t *part, *want;
	size_t done = 0;

	make_flow(&sent, flow, tpid, payload, gso_size);
	want = sent.bytes + sent.len - payload;
	netns_say(p->side, &sent);
	pass(p->tap, p->nic);
	while (done < payload) {
		netns_hear(p->wire, &heard);
		size_t n = check_finished(&heard, flow, tpid, &part);
		assert_true(n > 0 && done + n <= payload);
		assert_memory_equal(part, want + done, n);
		assert_memory_equal(heard.bytes, sent.bytes, 16);
		done += n;
	}
	netns_silent(p->wire);
}

#endif
