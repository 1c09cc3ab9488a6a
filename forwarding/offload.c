/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * offload.c - checksums and segmentation in software (virtio 1.2 5.1.6.2).
 *
 * Segments share one header in scratch memory, which is rewritten for each:
 *
 *     scratch  | addrs | type, inner tags, IP, TCP or UDP | payload slice |
 *              0       12                                 hdr_len
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
#include "offload_headers.h"

enum {
	TCP_FIN = 0x01,
	TCP_PSH = 0x08,
	TCP_CWR = 0x80,
	/* smallest segment: the smallest MSS that Linux accepts from a peer,
	 * 48, minus the longest TCP options, 40 */
	GSO_SIZE_MIN = 8,
};

/* A frame to be segmented, and its values of the fields that the segments
 * change. */
struct super {
	const struct frame *f;
	struct headers h;
	uint64_t pseudo; /* sum of the pseudo-header without the length */
	uint32_t seq;
	uint16_t id;
	uint8_t flags;
};

static size_t slice_len(const struct frame *f, const struct headers *h);
static bool open_super(struct super *s, const struct frame *f);
static uint64_t pseudo_sum(const struct frame *f, const struct headers *h);
static uint64_t sum_bytes(uint64_t sum, const uint8_t *p, size_t len);
static uint16_t fold(uint64_t sum);
static uint64_t sum_be16(size_t value);
static int finish_segments(const struct super *s, uint8_t *scratch,
    bool (*emit)(const struct frame *done, void *arg), void *arg);
static struct frame make_segment(const struct super *s, unsigned n, size_t done,
    size_t slice, uint8_t *scratch);
static void write_ip(
    const struct super *s, unsigned n, size_t len, uint8_t *scratch);
static void store_csum(uint8_t *field, uint64_t sum);
static void write_tcp(
    const struct super *s, uint8_t *tcp, size_t done, bool last);
static void store_l4_csum(uint8_t *field, uint64_t sum);
static struct frame finished(
    const struct frame *f, const uint8_t *scratch, size_t len);
static struct frame finish_csum(const struct frame *f, uint8_t *scratch);
static void finish_copy(const struct frame *f, uint8_t *copy, size_t tag);

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
	return (need & ~can) == 0;
}

bool offload_valid(const struct frame *f)
{
	const struct offload *off = &f->off;
	struct headers h;

	if (off->needs_csum && (off->csum_start < ETH_HEAD ||
				   off->csum_start + off->csum_offset + 2u >
				       frame_untagged_len(f)))
		return false;
	if (off->gso_type == GSO_NONE)
		return true;
	if (off->gso_size < GSO_SIZE_MIN || !headers_parse(f, &h))
		return false;
	return !off->needs_csum || (off->csum_start == h.l4 &&
				       off->csum_offset == headers_csum(&h));
}

size_t offload_mtu_len(const struct frame *f)
{
	size_t len = frame_untagged_len(f);
	struct headers h;

	if (f->off.gso_type && headers_parse(f, &h))
		len = h.payload + slice_len(f, &h);
	len -= ETH_HEAD;
	if (len >= VLAN_TAG && type_is_tpid(frame_type(f)))
		len -= VLAN_TAG;
	return len;
}

int offload_segments(const struct frame *f)
{
	struct headers h;
	size_t len;

	if (!f->off.gso_type || !headers_parse(f, &h) || h.payload == h.end)
		return 1;
	len = h.end - h.payload;
	return (int)((len + f->off.gso_size - 1) / f->off.gso_size);
}

int offload_finish(const struct frame *f, uint8_t *scratch,
    bool (*emit)(const struct frame *done, void *arg), void *arg)
{
	struct super super;

	assert(offload_valid(f) && frame_untagged_len(f) <= FRAME_MAX);
	if (f->off.gso_type && open_super(&super, f))
		return finish_segments(&super, scratch, emit, arg);

	struct frame done = finish_csum(f, scratch);
	return emit(&done, arg) ? 1 : 0;
}

void offload_csum(const struct frame *f, uint8_t *copy)
{
	assert(offload_valid(f) && f->off.gso_type == GSO_NONE);
	finish_copy(f, copy, f->tpid ? VLAN_TAG : 0);
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
	s->id = be16(frame_at(f, s->h.ip + 4));
	if (s->h.proto == PROTO_TCP) {
		s->seq = be32(frame_at(f, s->h.l4 + 4));
		s->flags = frame_at(f, s->h.l4 + 13)[0];
	}
	return true;
}

static uint64_t pseudo_sum(const struct frame *f, const struct headers *h)
{
	const uint8_t *ip = frame_at(f, h->ip);
	const uint8_t *field = frame_at(f, h->l4 + headers_csum(h));

	if (f->off.needs_csum) /* the sender's sum minus the length in it */
		return sum_bytes(0, field, 2) +
		       (0xffff - fold(sum_be16(h->end - h->l4)));
	if (h->ipv6)
		return sum_bytes(sum_be16(h->proto), ip + 8, 32);
	return sum_bytes(sum_be16(h->proto), ip + 12, 8);
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
    bool (*emit)(const struct frame *done, void *arg), void *arg)
{
	const struct headers *h = &s->h;
	size_t total = h->end - h->payload;
	size_t done = 0;
	int n = 0;

	memcpy(scratch, s->f->addrs, ETH_ADDRS);
	memcpy(scratch + ETH_ADDRS, s->f->body, h->payload - ETH_ADDRS);
	do {
		size_t left = total - done;
		size_t slice =
		    left < s->f->off.gso_size ? left : s->f->off.gso_size;
		struct frame segment =
		    make_segment(s, (unsigned)n, done, slice, scratch);

		if (!emit(&segment, arg))
			break;
		done += slice;
		n++;
	} while (done < total);
	return n;
}

/* Segment number @n: @slice bytes of payload behind the first @done. */
static struct frame make_segment(const struct super *s, unsigned n, size_t done,
    size_t slice, uint8_t *scratch)
{
	const struct headers *h = &s->h;
	size_t len = h->payload + slice;
	uint8_t *l4 = scratch + h->l4;
	uint8_t *field = l4 + headers_csum(h);

	memcpy(scratch + h->payload, frame_at(s->f, h->payload + done), slice);
	write_ip(s, n, len, scratch);
	if (h->proto == PROTO_TCP)
		write_tcp(s, l4, done, h->payload + done + slice == h->end);
	else
		put_be16(l4 + 4, len - h->l4);
	memset(field, 0, 2);
	store_l4_csum(field,
	    s->pseudo + sum_be16(len - h->l4) + sum_bytes(0, l4, len - h->l4));
	return finished(s->f, scratch, len);
}

/* The IP header of segment number @n, in a frame of @len bytes. */
static void write_ip(
    const struct super *s, unsigned n, size_t len, uint8_t *scratch)
{
	uint8_t *ip = scratch + s->h.ip;

	if (s->h.ipv6) {
		put_be16(ip + 4, len - s->h.ip - IPV6_HEAD);
		return;
	}
	put_be16(ip + 2, len - s->h.ip);
	put_be16(ip + 4, (s->id + n) & 0xffff);
	put_be16(ip + 10, 0);
	store_csum(ip + 10, sum_bytes(0, ip, s->h.l4 - s->h.ip));
}

static void store_csum(uint8_t *field, uint64_t sum)
{
	uint16_t csum = (uint16_t)~fold(sum);

	memcpy(field, &csum, sizeof(csum));
}

static void write_tcp(
    const struct super *s, uint8_t *tcp, size_t done, bool last)
{
	uint8_t flags = s->flags;

	if (done > 0)
		flags &= (uint8_t)~TCP_CWR;
	if (!last)
		flags &= (uint8_t) ~(TCP_FIN | TCP_PSH);
	put_be32(tcp + 4, s->seq + (uint32_t)done);
	tcp[13] = flags;
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

	if (f->off.needs_csum)
		store_l4_csum(start + f->off.csum_offset,
		    sum_bytes(
			0, start, frame_untagged_len(f) - f->off.csum_start));
}
