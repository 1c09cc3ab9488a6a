/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * offload.c - checksums and segmentation in software (virtio 1.2 5.1.6.2).
 *
 * Segments are built one behind another in scratch memory, as many as fit, each
 * with a copy of the header in which some fields are written anew:
 *
 *     segment  | addrs | type, tags, tunnels, IP, TCP or UDP | payload slice |
 *              0       12                                    payload
 *
 * Of tunnels the innermost header comes first, as outer checksums cover it.
 *
 * If the sender asks for a checksum, the checksum field holds its sum of the
 * pseudo-header. That sum is used: only the sender knows the final destination
 * behind an IPv6 routing header. Otherwise the sum is taken from the addresses.
 *
 * Offsets count from addrs[0] of the frame without outer tag, as everywhere.
 */
#include "offload.h"

#include <assert.h>
#include <string.h>

#include "byte_order.h"
#include "crc32c.h"
#include "offload_headers.h"

enum {
	TCP_FIN = 0x01,
	TCP_PSH = 0x08,
	TCP_CWR = 0x80,
	/* The smallest segment of a long TCP frame: the smallest MSS that Linux
	 * accepts from a peer, 48, minus the timestamps in each segment, 12.
	 * Others stop earlier. */
	GSO_SIZE_MIN = 36,
	/* Segments that may be smaller: a sender cuts UDP into 128 at most, and
	 * a receiver that joins small segments stops earlier still. */
	GSO_SMALL_MAX = 128,
	GROUP = 64, /* segments emitted at once, at most */
	ALIGN = 16,
};

/* A frame to be segmented. */
struct super {
	const struct frame *f;
	struct headers h;
	uint64_t pseudo; /* sum of the pseudo-header without the length */
	size_t stride;	 /* from one segment in scratch memory to the next */
	int group;	 /* segments that fit there */
};

/* Where a segment is being built. */
struct segment {
	uint8_t *bytes;
	size_t len;
	unsigned n; /* number in the super-frame */
};

static bool check(const struct frame *f, struct offload *off);
static bool is_sctp(const struct frame *f);
static size_t count_segments(const struct frame *f, const struct headers *h);
static size_t slice_len(const struct frame *f, const struct headers *h);
static bool open_super(struct super *s, const struct frame *f);
static uint64_t pseudo_sum(const struct frame *f, const struct headers *h);
static uint64_t address_sum(const uint8_t *ip, bool ipv6, uint8_t proto);
static uint64_t sum_bytes(uint64_t sum, const uint8_t *p, size_t len);
static uint16_t fold(uint64_t sum);
static uint64_t sum_be16(size_t value);
static int finish_segments(const struct super *s, uint8_t *scratch,
    int (*emit)(const struct frame *const *done, int n, void *arg), void *arg);
static int make_group(const struct super *s, unsigned first,
    struct frame frames[GROUP], uint8_t *scratch);
static void make_segment(
    const struct super *s, size_t done, size_t slice, const struct segment *to);
static void write_l4(
    const struct super *s, size_t done, bool last, const struct segment *to);
static void write_tcp(uint8_t *tcp, size_t done, bool first, bool last);
static void write_layer(
    const struct headers *h, int i, const struct segment *to);
static void write_ipv4(uint8_t *ip, size_t len, unsigned n);
static void write_outer_udp(
    const struct layer *ip, uint8_t *udp, const struct segment *to, size_t at);
static void write_gre(uint8_t *gre, size_t len, unsigned n);
static void store_csum(uint8_t *field, uint64_t sum);
static void store_l4_csum(uint8_t *field, uint64_t sum);
static struct frame finished(
    const struct frame *f, const uint8_t *scratch, size_t len);
static struct frame finish_csum(const struct frame *f, uint8_t *scratch);
static void finish_copy(const struct frame *f, uint8_t *copy, size_t tag);
static void store_crc32c(const struct frame *f, uint8_t *start);

bool offload_fits(const struct offload *off, unsigned can)
{
	static const unsigned needs[] = {
	    [GSO_TCPV4] = CAN_TSO4,
	    [GSO_TCPV6] = CAN_TSO6,
	    [GSO_UDP_L4] = CAN_USO,
	};
	unsigned need = off->needs_csum ? CAN_CSUM : 0;

	if (off->gso_type < sizeof(needs) / sizeof(*needs))
		need |= needs[off->gso_type];
	if (off->ecn)
		need |= CAN_ECN;
	if (off->tunnel)
		need |= CAN_TUNNEL;
	if (off->crc32c)
		need |= CAN_CRC32C;
	return (need & ~can) == 0;
}

bool offload_accept(struct frame *f)
{
	return check(f, &f->off);
}

bool offload_valid(const struct frame *f)
{
	struct offload off = f->off;

	return check(f, &off) && off.tunnel == f->off.tunnel &&
	       off.crc32c == f->off.crc32c;
}

size_t offload_mtu_len(const struct frame *f)
{
	size_t len = frame_untagged_len(f);
	struct headers h;

	if (f->off.gso_type && headers_parse(f, &h))
		len = h.payload + slice_len(f, &h);
	len -= ETH_HEAD;
	return len > VLAN_TAG ? len - VLAN_TAG : 0;
}

int offload_segments(const struct frame *f)
{
	struct headers h;

	if (!f->off.gso_type || !headers_parse(f, &h))
		return 1;
	return (int)count_segments(f, &h);
}

int offload_finish(const struct frame *f, uint8_t *scratch,
    int (*emit)(const struct frame *const *done, int n, void *arg), void *arg)
{
	struct super super;

	assert(offload_valid(f) && frame_untagged_len(f) <= FRAME_MAX);
	if (f->off.gso_type && open_super(&super, f))
		return finish_segments(&super, scratch, emit, arg);

	struct frame done = finish_csum(f, scratch);
	return emit(&(const struct frame *){&done}, 1, arg);
}

void offload_csum(const struct frame *f, uint8_t *copy)
{
	assert(offload_valid(f) && f->off.gso_type == GSO_NONE);
	finish_copy(f, copy, f->tpid ? VLAN_TAG : 0);
}

/* Is the request consistent? Sets what @off leaves to us to find out. */
static bool check(const struct frame *f, struct offload *off)
{
	struct headers h;

	off->tunnel = off->crc32c = false;
	if (off->needs_csum && (off->csum_start < ETH_HEAD ||
				   off->csum_start + off->csum_offset + 2u >
				       frame_untagged_len(f)))
		return false;
	if (off->gso_type == GSO_NONE) {
		off->crc32c = off->needs_csum &&
			      off->csum_offset == SCTP_CSUM && is_sctp(f);
		return true;
	}
	if (off->gso_size == 0 || !headers_parse(f, &h))
		return false;
	if (off->needs_csum && off->csum_offset != headers_csum(&h))
		return false;
	off->tunnel = h.n_layers > 1;
	return off->gso_size >= GSO_SIZE_MIN ||
	       count_segments(f, &h) <= GSO_SMALL_MAX;
}

/* Does a request for a checksum concern SCTP? It then means a CRC32c. */
static bool is_sctp(const struct frame *f)
{
	struct headers h;

	return headers_find(f, f->off.csum_start, &h) && h.proto == PROTO_SCTP;
}

static size_t count_segments(const struct frame *f, const struct headers *h)
{
	size_t len = h->end - h->payload;

	return len ? (len + f->off.gso_size - 1) / f->off.gso_size : 1;
}

/* Payload bytes of the largest segment. */
static size_t slice_len(const struct frame *f, const struct headers *h)
{
	size_t len = h->end - h->payload;

	return len < f->off.gso_size ? len : f->off.gso_size;
}

static bool open_super(struct super *s, const struct frame *f)
{
	if (!headers_parse(f, &s->h))
		return false;
	s->f = f;
	s->pseudo = pseudo_sum(f, &s->h);
	s->stride = s->h.payload + slice_len(f, &s->h);
	s->stride = (s->stride + ALIGN - 1) / ALIGN * ALIGN;
	s->group = (int)(OFFLOAD_SCRATCH / s->stride);
	s->group = s->group < 1 ? 1 : s->group < GROUP ? s->group : GROUP;
	return true;
}

static uint64_t pseudo_sum(const struct frame *f, const struct headers *h)
{
	const uint8_t *field = frame_at(f, h->l4 + headers_csum(h));

	if (f->off.needs_csum) /* the sender's sum minus the length in it */
		return sum_bytes(0, field, 2) +
		       (0xffff - fold(sum_be16(h->end - h->l4)));
	return address_sum(frame_at(f, h->ip), h->ipv6, h->proto);
}

/* The pseudo-header of the packet at @ip without the length. */
static uint64_t address_sum(const uint8_t *ip, bool ipv6, uint8_t proto)
{
	return sum_bytes(sum_be16(proto), ip + (ipv6 ? 8 : 12), ipv6 ? 32 : 8);
}

/*
 * The Internet checksum (RFC 1071). Sums are one's complement, in the byte
 * order of the machine: that makes no difference if the sum is stored the way
 * the words were loaded. sum_be16() converts a number for it.
 */
static uint64_t sum_bytes(uint64_t sum, const uint8_t *p, size_t len)
{
	uint64_t odd = 0;
	uint32_t word;

	for (; len >= 8; p += 8, len -= 8) {
		uint64_t words;

		memcpy(&words, p, 8);
		sum += words & UINT32_MAX;
		odd += words >> 32;
	}
	sum += odd;
	for (; len; p += 4, len -= len < 4 ? len : 4) {
		word = 0;
		memcpy(&word, p, len < 4 ? len : 4);
		sum += word;
	}
	return sum;
}

static uint16_t fold(uint64_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)sum;
}

static uint64_t sum_be16(size_t value)
{
	uint8_t bytes[2];

	put_be16(bytes, value);
	return sum_bytes(0, bytes, 2);
}

static int finish_segments(const struct super *s, uint8_t *scratch,
    int (*emit)(const struct frame *const *done, int n, void *arg), void *arg)
{
	int total = (int)count_segments(s->f, &s->h);
	struct frame frames[GROUP];
	const struct frame *done[GROUP];
	int n = 0, made, taken;

	for (int i = 0; i < GROUP; i++)
		done[i] = &frames[i];
	do {
		made = make_group(s, (unsigned)n, frames, scratch);
		taken = emit(done, made, arg);
		n += taken;
	} while (taken == made && n < total);
	return n;
}

/* The segments from number @first on that fit. Return: how many. */
static int make_group(const struct super *s, unsigned first,
    struct frame frames[GROUP], uint8_t *scratch)
{
	const struct headers *h = &s->h;
	size_t total = h->end - h->payload;
	size_t done = (size_t)first * s->f->off.gso_size;
	int n = 0;

	do {
		size_t slice = total - done;
		struct segment to = {.bytes = scratch + (size_t)n * s->stride,
		    .n = first + (unsigned)n};

		if (slice > s->f->off.gso_size)
			slice = s->f->off.gso_size;
		to.len = h->payload + slice;
		make_segment(s, done, slice, &to);
		frames[n++] = finished(s->f, to.bytes, to.len);
		done += slice;
	} while (done < total && n < s->group);
	return n;
}

/* @slice bytes of payload behind the first @done. */
static void make_segment(
    const struct super *s, size_t done, size_t slice, const struct segment *to)
{
	const struct headers *h = &s->h;
	const struct frame *f = s->f;

	memcpy(to->bytes, f->addrs, ETH_ADDRS);
	memcpy(to->bytes + ETH_ADDRS, f->body, h->payload - ETH_ADDRS);
	memcpy(to->bytes + h->payload, frame_at(f, h->payload + done), slice);
	write_l4(s, done, h->payload + done + slice == h->end, to);
	for (int i = h->n_layers - 1; i >= 0; i--)
		write_layer(h, i, to);
}

static void write_l4(
    const struct super *s, size_t done, bool last, const struct segment *to)
{
	const struct headers *h = &s->h;
	uint8_t *l4 = to->bytes + h->l4;
	uint8_t *field = l4 + headers_csum(h);
	size_t len = to->len - h->l4;

	if (h->proto == PROTO_TCP)
		write_tcp(l4, done, to->n == 0, last);
	else
		put_be16(l4 + 4, len);
	memset(field, 0, 2);
	store_l4_csum(field, s->pseudo + sum_be16(len) + sum_bytes(0, l4, len));
}

static void write_tcp(uint8_t *tcp, size_t done, bool first, bool last)
{
	if (!first)
		tcp[13] &= (uint8_t)~TCP_CWR;
	if (!last)
		tcp[13] &= (uint8_t) ~(TCP_FIN | TCP_PSH);
	put_be32(tcp + 4, be32(tcp + 4) + (uint32_t)done);
}

/* Header number @i around the packet. */
static void write_layer(
    const struct headers *h, int i, const struct segment *to)
{
	const struct layer *layer = &h->layers[i];
	uint8_t *head = to->bytes + layer->at;
	size_t len = to->len - layer->at;

	switch (layer->kind) {
	case LAYER_IPV4:
		write_ipv4(head, len, to->n);
		break;
	case LAYER_IPV6:
		put_be16(head + 4, len - IPV6_HEAD);
		break;
	case LAYER_UDP:
		write_outer_udp(layer - 1, head, to, layer->at);
		break;
	case LAYER_GRE:
		write_gre(head, len, to->n);
		break;
	case LAYER_PPPOE:
		put_be16(head + 4, len - PPPOE_HEAD);
		break;
	case LAYER_MPLS:
		break;
	}
}

static void write_ipv4(uint8_t *ip, size_t len, unsigned n)
{
	put_be16(ip + 2, len);
	put_be16(ip + 4, (be16(ip + 4) + n) & 0xffff);
	put_be16(ip + 10, 0);
	store_csum(ip + 10, sum_bytes(0, ip, (ip[0] & 15) * 4u));
}

/* The header of a tunnel in the packet of @ip. A checksum of 0 stays: there is
 * none. */
static void write_outer_udp(
    const struct layer *ip, uint8_t *udp, const struct segment *to, size_t at)
{
	size_t len = to->len - at;

	put_be16(udp + 4, len);
	if (be16(udp + UDP_CSUM) == 0)
		return;
	memset(udp + UDP_CSUM, 0, 2);
	store_l4_csum(udp + UDP_CSUM,
	    address_sum(to->bytes + ip->at, ip->kind == LAYER_IPV6, PROTO_UDP) +
		sum_be16(len) + sum_bytes(0, udp, len));
}

/* A checksum and a sequence number, if it has them (RFC 2784, 2890). */
static void write_gre(uint8_t *gre, size_t len, unsigned n)
{
	bool has_csum = gre[0] & 0x80, has_key = gre[0] & 0x20;
	uint8_t *seq = gre + 4 + (has_csum ? 4 : 0) + (has_key ? 4 : 0);

	if (gre[0] & 0x10)
		put_be32(seq, be32(seq) + n);
	if (!has_csum)
		return;
	memset(gre + 4, 0, 2);
	store_csum(gre + 4, sum_bytes(0, gre, len));
}

static void store_csum(uint8_t *field, uint64_t sum)
{
	uint16_t csum = (uint16_t)~fold(sum);

	memcpy(field, &csum, sizeof(csum));
}

/* As store_csum(), but 0 becomes 0xffff: in UDP 0 means "no checksum",
 * elsewhere the two are equal. */
static void store_l4_csum(uint8_t *field, uint64_t sum)
{
	store_csum(field, fold(sum) == 0xffff ? 0 : sum);
}

/* The finished frame in @scratch, @len bytes without outer tag. */
static struct frame finished(
    const struct frame *f, const uint8_t *scratch, size_t len)
{
	return (struct frame){
	    .addrs = scratch,
	    .body = scratch + ETH_ADDRS,
	    .body_len = (uint32_t)(len - ETH_ADDRS),
	    .tpid = f->tpid,
	    .tci = f->tci,
	};
}

static struct frame finish_csum(const struct frame *f, uint8_t *scratch)
{
	memcpy(scratch, f->addrs, ETH_ADDRS);
	memcpy(scratch + ETH_ADDRS, f->body, f->body_len);
	finish_copy(f, scratch, 0);
	return finished(f, scratch, frame_untagged_len(f));
}

/* @copy: a copy of the frame, with @tag bytes of outer tag in band. */
static void finish_copy(const struct frame *f, uint8_t *copy, size_t tag)
{
	uint8_t *start = copy + tag + f->off.csum_start;

	if (f->off.crc32c)
		store_crc32c(f, start);
	else if (f->off.needs_csum)
		store_l4_csum(start + f->off.csum_offset,
		    sum_bytes(
			0, start, frame_untagged_len(f) - f->off.csum_start));
}

/* RFC 9260 6.8. @start: the SCTP header in the copy. */
static void store_crc32c(const struct frame *f, uint8_t *start)
{
	struct headers h;

	if (!headers_find(f, f->off.csum_start, &h))
		return;
	memset(start + SCTP_CSUM, 0, 4);
	uint32_t crc = ~crc32c(UINT32_MAX, start, h.end - h.l4);
	for (int i = 0; i < 4; i++)
		start[SCTP_CSUM + i] = (uint8_t)(crc >> 8 * i);
}
