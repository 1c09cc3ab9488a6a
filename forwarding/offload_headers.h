/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * offload_headers.h - where the headers are in a frame that is to be segmented:
 * Ethernet, inner tags, IPv4 or IPv6, TCP or UDP. For offload*.c only.
 *
 * Offsets count from addrs[0] of the frame without outer tag.
 */
#ifndef FORWARDING_OFFLOAD_HEADERS_H
#define FORWARDING_OFFLOAD_HEADERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "frame.h"

enum { PROTO_TCP = 6, PROTO_UDP = 17 };
enum { IPV4_HEAD = 20, IPV6_HEAD = 40, TCP_HEAD = 20, UDP_HEAD = 8 };
enum { TCP_CSUM = 16, UDP_CSUM = 6 }; /* offset of the checksum in its header */

struct headers {
	bool ipv6;
	uint8_t proto;	/* PROTO_TCP or PROTO_UDP */
	size_t ip;	/* offset of the IP header */
	size_t l4;	/* offset of the TCP or UDP header */
	size_t payload; /* offset of what is behind it */
	size_t end;	/* offset of the first byte behind the payload */
};

/**
 * headers_parse() - find the headers of a frame that is to be segmented
 * @h: undefined on failure
 *
 * Reads no byte outside the frame, whatever the headers say.
 *
 * Return: are they complete, and of the kind that the request of @f names?
 */
bool headers_parse(const struct frame *f, struct headers *h);

/** headers_csum() - offset of the checksum field in the TCP or UDP header */
static inline size_t headers_csum(const struct headers *h)
{
	return h->proto == PROTO_TCP ? TCP_CSUM : UDP_CSUM;
}

/** frame_untagged_len() - bytes of @f without its outer tag */
static inline size_t frame_untagged_len(const struct frame *f)
{
	return ETH_ADDRS + f->body_len;
}

/** frame_at() - the byte at @offset, which is behind the addresses */
static inline const uint8_t *frame_at(const struct frame *f, size_t offset)
{
	return f->body + (offset - ETH_ADDRS);
}

#endif
