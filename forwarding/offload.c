/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * offload.c - checksums and segmentation in software (virtio 1.2 5.1.6.2).
 *
 * Segments share one header in scratch memory, which is written anew for each:
 *
 *     scratch  | addrs | type, inner tags, IP, TCP or UDP | payload slice |
 *              0       12                                 hdr_len
 *
 * The sum of the pseudo-header is the sender's where it asks for a checksum:
 * the field holds it then, and only the sender knows the final destination
 * behind an IPv6 routing header. It is taken from the addresses otherwise.
 *
 * Offsets count from addrs[0] of the frame without outer tag, as everywhere.
 */
#include "offload.h"

#include <assert.h>
#include <string.h>

#include "byte_order.h"

enum {
	TYPE_IPV4 = 0x0800,
	TYPE_IPV6 = 0x86dd,
	PROTO_TCP = 6,
	PROTO_UDP = 17,
	IPV4_HEAD = 20,
	IPV6_HEAD = 40,
	TCP_HEAD = 20,
	UDP_HEAD = 8,
	TCP_CSUM = 16, /* offset of the checksum in its header */
	UDP_CSUM = 6,
	TCP_FIN = 0x01,
	TCP_PSH = 0x08,
	TCP_CWR = 0x80,
	/* smallest segment: the least MSS that Linux lets a peer ask for, 48,
	 * without the most options that a TCP header has room for, 40 */
	GSO_SIZE_MIN = 8,
};

/* Where things are in a frame that is to be segmented. */
struct headers {
	bool ipv6;
	uint8_t proto;	/* PROTO_TCP or PROTO_UDP */
	size_t ip;	/* offset of the IP header */
	size_t l4;	/* offset of the TCP or UDP header */
	size_t payload; /* offset of what is behind it */
	size_t end;	/* offset of the first byte behind the payload */
};

/* Length without outer tag. */
static size_t untagged_len(const struct frame *f)
{
	return ETH_ADDRS + f->body_len;
}

/* The byte at @offset; offsets start behind the addresses. */
static const uint8_t *at(const struct frame *f, size_t offset)
{
	return f->body + (offset - ETH_ADDRS);
}

/* Offset of what follows the Ethernet header and inner tags; its type goes to
 * @type. 0: the frame ends before. */
static size_t skip_tags(const struct frame *f, uint16_t *type)
{
	size_t offset = ETH_ADDRS;

	while (offset + 2 <= untagged_len(f)) {
		*type = be16(at(f, offset));
		if (!type_is_tpid(*type))
			return offset + 2;
		offset += VLAN_TAG;
	}
	return 0;
}

/* The end of a packet whose header says that it is @len long. Senders that
 * leave the length to the segmentation write 0. Return: 0 if it cannot be. */
static size_t packet_end(const struct frame *f, size_t start, size_t len)
{
	if (len == 0)
		return untagged_len(f);
	return start + len <= untagged_len(f) ? start + len : 0;
}

static bool parse_ipv4(const struct frame *f, struct headers *h)
{
	const uint8_t *ip = at(f, h->ip);

	if (h->ip + IPV4_HEAD > untagged_len(f))
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

/* Is @proto an IPv6 extension header that may stand before TCP or UDP and says
 * its length in units of 8? (RFC 8200 4.1) */
static bool is_extension(uint8_t proto)
{
	enum { HOP_BY_HOP = 0, ROUTING = 43, DESTINATION = 60 };

	return proto == HOP_BY_HOP || proto == ROUTING || proto == DESTINATION;
}

static bool parse_ipv6(const struct frame *f, struct headers *h)
{
	const uint8_t *ip = at(f, h->ip);

	if (h->ip + IPV6_HEAD > untagged_len(f) || ip[0] >> 4 != 6)
		return false;
	size_t len = be16(ip + 4);
	h->ipv6 = true;
	h->proto = ip[6];
	h->l4 = h->ip + IPV6_HEAD;
	h->end = packet_end(f, h->ip, len ? IPV6_HEAD + len : 0);
	while (is_extension(h->proto)) {
		if (h->l4 + 8 > h->end)
			return false;
		const uint8_t *extension = at(f, h->l4);
		h->proto = extension[0];
		h->l4 += 8 + 8u * extension[1];
	}
	return true;
}

static bool parse_l4(const struct frame *f, struct headers *h)
{
	size_t header_len = UDP_HEAD;

	if (h->proto == PROTO_TCP) {
		if (h->l4 + TCP_HEAD > h->end)
			return false;
		header_len = (at(f, h->l4)[12] >> 4) * 4u;
		if (header_len < TCP_HEAD)
			return false;
	}
	h->payload = h->l4 + header_len;
	return h->payload <= h->end;
}

/* Finds the headers of a frame that is to be segmented, and whether they are
 * what the request says. */
static bool parse_headers(const struct frame *f, struct headers *h)
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

static size_t csum_place(const struct headers *h)
{
	return h->proto == PROTO_TCP ? TCP_CSUM : UDP_CSUM;
}

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

	if (off->needs_csum &&
	    (off->csum_start < ETH_HEAD ||
		off->csum_start + off->csum_offset + 2u > untagged_len(f)))
		return false;
	if (off->gso_type == GSO_NONE)
		return true;
	if (off->gso_size < GSO_SIZE_MIN || !parse_headers(f, &h))
		return false;
	return !off->needs_csum ||
	       (off->csum_start == h.l4 && off->csum_offset == csum_place(&h));
}

/* Payload bytes of the largest segment. */
static size_t slice_len(const struct frame *f, const struct headers *h)
{
	size_t len = h->end - h->payload;

	return len < f->off.gso_size ? len : f->off.gso_size;
}

size_t offload_mtu_len(const struct frame *f)
{
	size_t len = untagged_len(f);
	struct headers h;

	if (f->off.gso_type && parse_headers(f, &h))
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

	if (!f->off.gso_type || !parse_headers(f, &h) || h.payload == h.end)
		return 1;
	len = h.end - h.payload;
	return (int)((len + f->off.gso_size - 1) / f->off.gso_size);
}

/*
 * The Internet checksum (RFC 1071). A sum is one's complement and in the
 * machine's byte order, which makes no difference to it as long as it is
 * stored as it was loaded; sum_be16() brings in a number.
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

static uint64_t sum_be16(size_t value)
{
	uint8_t bytes[2];

	put_be16(bytes, value);
	return sum_bytes(0, bytes, 2);
}

static uint16_t fold(uint64_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)sum;
}

static void store_csum(uint8_t *field, uint64_t sum)
{
	uint16_t csum = (uint16_t)~fold(sum);

	memcpy(field, &csum, sizeof(csum));
}

/* As store_csum(); 0 would mean "no checksum" in UDP, and says the same as
 * 0xffff elsewhere. */
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

/* @copy: of the frame, @tag bytes longer than without outer tag. */
static void finish_copy(const struct frame *f, uint8_t *copy, size_t tag)
{
	uint8_t *start = copy + tag + f->off.csum_start;

	if (f->off.needs_csum)
		store_l4_csum(start + f->off.csum_offset,
		    sum_bytes(0, start, untagged_len(f) - f->off.csum_start));
}

void offload_csum(const struct frame *f, uint8_t *copy)
{
	assert(offload_valid(f) && f->off.gso_type == GSO_NONE);
	finish_copy(f, copy, f->tpid ? VLAN_TAG : 0);
}

static struct frame finish_csum(const struct frame *f, uint8_t *scratch)
{
	memcpy(scratch, f->addrs, ETH_ADDRS);
	memcpy(scratch + ETH_ADDRS, f->body, f->body_len);
	finish_copy(f, scratch, 0);
	return finished(f, scratch, untagged_len(f));
}

/* What segments differ in, as it was in the super-frame. */
struct super {
	const struct frame *f;
	struct headers h;
	uint64_t pseudo; /* sum of the pseudo-header without the length */
	uint32_t seq;
	uint16_t id;
	uint8_t flags;
};

static uint64_t pseudo_sum(const struct frame *f, const struct headers *h)
{
	const uint8_t *ip = at(f, h->ip);
	const uint8_t *field = at(f, h->l4 + csum_place(h));

	if (f->off.needs_csum) /* the sender's sum, less the length in it */
		return sum_bytes(0, field, 2) +
		       (0xffff - fold(sum_be16(h->end - h->l4)));
	if (h->ipv6)
		return sum_bytes(sum_be16(h->proto), ip + 8, 32);
	return sum_bytes(sum_be16(h->proto), ip + 12, 8);
}

static bool open_super(struct super *s, const struct frame *f)
{
	if (!parse_headers(f, &s->h))
		return false;
	s->f = f;
	s->pseudo = pseudo_sum(f, &s->h);
	s->id = be16(at(f, s->h.ip + 4));
	if (s->h.proto == PROTO_TCP) {
		s->seq = be32(at(f, s->h.l4 + 4));
		s->flags = at(f, s->h.l4 + 13)[0];
	}
	return true;
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

/* Segment number @n: @slice bytes of payload behind the first @done. */
static struct frame make_segment(const struct super *s, unsigned n, size_t done,
    size_t slice, uint8_t *scratch)
{
	const struct headers *h = &s->h;
	size_t len = h->payload + slice;
	uint8_t *l4 = scratch + h->l4;
	uint8_t *field = l4 + csum_place(h);

	memcpy(scratch + h->payload, at(s->f, h->payload + done), slice);
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

int offload_finish(const struct frame *f, uint8_t *scratch,
    bool (*emit)(const struct frame *done, void *arg), void *arg)
{
	struct super super;

	assert(offload_valid(f) && untagged_len(f) <= FRAME_MAX);
	if (f->off.gso_type && open_super(&super, f))
		return finish_segments(&super, scratch, emit, arg);

	struct frame done = finish_csum(f, scratch);
	return emit(&done, arg) ? 1 : 0;
}
