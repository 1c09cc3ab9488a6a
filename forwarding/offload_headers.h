/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * offload_headers.h - where the headers are in a frame that is to be finished:
 * Ethernet, inner tags, IPv4 or IPv6, TCP, UDP or SCTP. In front of those there
 * may be tunnels, one in another: IP in IP, GRE, UDP (VXLAN, Geneve, GUE, plain
 * IP), MPLS and PPPoE.
 *
 * Offsets count from addrs[0] of the frame without outer tag.
 */
#ifndef FORWARDING_OFFLOAD_HEADERS_H
#define FORWARDING_OFFLOAD_HEADERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "frame.h"

enum { PROTO_TCP = 6, PROTO_UDP = 17, PROTO_SCTP = 132 };
enum { IPV4_HEAD = 20, IPV6_HEAD = 40 };
enum { TCP_HEAD = 20, UDP_HEAD = 8, SCTP_HEAD = 12, PPPOE_HEAD = 6 };
/* offset of the checksum in its header */
enum { TCP_CSUM = 16, UDP_CSUM = 6, SCTP_CSUM = 8 };

enum { HEADERS_LAYERS = 8 };

/* A header with a field that changes when the packet in it is cut. */
enum layer_kind {
	LAYER_IPV4,
	LAYER_IPV6,
	LAYER_UDP,
	LAYER_GRE,
	LAYER_PPPOE,
	LAYER_MPLS, /* no such field, but a device must know it to cut */
};

struct layer {
	enum layer_kind kind;
	size_t at;
};

struct headers {
	bool ipv6;	/* the IP header is IPv6 */
	bool routed;	/* and a routing header follows it */
	uint8_t proto;	/* PROTO_TCP, PROTO_UDP or PROTO_SCTP */
	size_t ip;	/* offset of the innermost IP header */
	size_t l4;	/* offset of the transport header behind it */
	size_t payload; /* headers_parse() only: offset behind that */
	size_t end;	/* offset of the first byte behind the packet */
	int n_layers;	/* outermost first; the last is the IP header at ip */
	struct layer layers[HEADERS_LAYERS];
};

/**
 * headers_first() - find the outermost transport header
 * @h: undefined on failure; payload is not set
 *
 * Reads no byte outside the frame, whatever the headers say, and looks at a
 * bounded number of them. So do the functions below.
 *
 * Return: is there one? Not in fragments.
 */
bool headers_first(const struct frame *f, struct headers *h);

/**
 * headers_inner() - from a UDP header to the next transport header, inside it
 * @h: as found before
 *
 * Return: is there one? Does UDP carry a tunnel that we know?
 */
bool headers_inner(const struct frame *f, struct headers *h);

/** headers_find() - find the transport header at offset @l4, in whatever tunnel
 */
bool headers_find(const struct frame *f, size_t l4, struct headers *h);

/**
 * headers_parse() - find the headers of a frame that is to be segmented
 * @h: undefined on failure
 *
 * The transport header that counts is the one whose checksum is asked for,
 * otherwise the outermost.
 *
 * Return: are they complete, and of the kind that the request of @f names?
 */
bool headers_parse(const struct frame *f, struct headers *h);

/** headers_csum() - offset of the checksum field in the transport header */
static inline size_t headers_csum(const struct headers *h)
{
	if (h->proto == PROTO_SCTP)
		return SCTP_CSUM;
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
