/* SPDX-License-Identifier: BSD-2-Clause */
/* mark.c - writes and recognizes the bench's frames (see mark.h). */
#include "mark.h"

#include <arpa/inet.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <string.h>

#include "forwarding/byte_order.h"

enum { ETHERTYPE_IPV4 = 0x0800, TTL = 64, DISCARD = 9 };

static void write_ipv4(uint8_t *at);
static uint16_t sum(const uint8_t *at, size_t len);
static void write_tcp(uint8_t *at);
static size_t at_mark(const uint8_t *frame);
static bool is_whole(const uint8_t *frame, size_t len);

void frame_write(uint8_t *frame, size_t len, const uint8_t dst[6],
    const uint8_t src[6], uint16_t tag, uint32_t run_id)
{
	memset(frame, 0, len);
	memcpy(frame, dst, 6);
	memcpy(frame + 6, src, 6);
	put_be16(frame + AT_TYPE,
	    len == FRAME_SUPER ? ETHERTYPE_IPV4 : ETHERTYPE_BENCH);
	if (len == FRAME_SUPER) {
		write_ipv4(frame + AT_IPV4);
		write_tcp(frame + AT_TCP);
	}
	uint8_t *mark = frame + at_mark(frame);

	put_be16(mark, MARK_MAGIC);
	put_be16(mark + MARK_TAG, tag);
	put_be32(mark + MARK_RUN, run_id);
}

bool frame_is_super(const uint8_t *frame)
{
	return be16(frame + AT_TYPE) == ETHERTYPE_IPV4;
}

void frame_set_tag(uint8_t *frame, uint16_t tag)
{
	put_be16(frame + at_mark(frame) + MARK_TAG, tag);
}

void frame_set_sequence(uint8_t *frame, uint64_t sequence)
{
	memcpy(frame + at_mark(frame) + MARK_SEQUENCE, &sequence,
	    sizeof(sequence));
}

void frame_set_time(uint8_t *frame, uint64_t sent_at_ns)
{
	memcpy(frame + at_mark(frame) + MARK_TIME, &sent_at_ns,
	    sizeof(sent_at_ns));
}

uint64_t frame_sequence(const uint8_t *frame)
{
	uint64_t sequence;

	memcpy(&sequence, frame + at_mark(frame) + MARK_SEQUENCE,
	    sizeof(sequence));
	return sequence;
}

uint64_t frame_time(const uint8_t *frame)
{
	uint64_t sent_at_ns;

	memcpy(&sent_at_ns, frame + at_mark(frame) + MARK_TIME,
	    sizeof(sent_at_ns));
	return sent_at_ns;
}

bool frame_fits(const uint8_t *frame, size_t len, const struct match *match)
{
	if (!is_whole(frame, len))
		return false;
	const uint8_t *mark = frame + at_mark(frame);

	return be16(mark) == MARK_MAGIC &&
	       (!match->tag || be16(mark + MARK_TAG) == match->tag) &&
	       (!match->run_id || be32(mark + MARK_RUN) == match->run_id) &&
	       (!match->dst || memcmp(frame, match->dst, 6) == 0);
}

/* Always from 10.9.0.1 to 10.9.0.2: a switch does not look at them. */
static void write_ipv4(uint8_t *at)
{
	const struct iphdr ip = {.version = 4,
	    .ihl = sizeof(ip) / 4,
	    .tot_len = htons(FRAME_SUPER - AT_IPV4),
	    .frag_off = htons(IP_DF),
	    .ttl = TTL,
	    .protocol = IPPROTO_TCP,
	    .saddr = htonl(0x0a090001),
	    .daddr = htonl(0x0a090002)};

	memcpy(at, &ip, sizeof(ip));
	put_be16(
	    at + offsetof(struct iphdr, check), (uint16_t)~sum(at, sizeof(ip)));
}

/* The ones' complement sum of RFC 1071, not complemented; @len is even. */
static uint16_t sum(const uint8_t *at, size_t len)
{
	uint32_t total = 0;

	for (size_t i = 0; i < len; i += 2)
		total += be16(at + i);
	while (total >> 16)
		total = (total & 0xffff) + (total >> 16);
	return (uint16_t)total;
}

/* The checksum covers only the pseudo-header. Whoever sends the frame on a wire
 * adds the rest, for each segment. */
static void write_tcp(uint8_t *at)
{
	const uint8_t pseudo[12] = {10, 9, 0, 1, 10, 9, 0, 2, 0, IPPROTO_TCP,
	    (FRAME_SUPER - AT_TCP) >> 8, (FRAME_SUPER - AT_TCP) & 0xff};
	struct tcphdr tcp = {.source = htons(DISCARD),
	    .dest = htons(DISCARD),
	    .doff = sizeof(tcp) / 4,
	    .ack = 1,
	    .window = htons(UINT16_MAX),
	    .check = htons(sum(pseudo, sizeof(pseudo)))};

	memcpy(at, &tcp, sizeof(tcp));
}

static size_t at_mark(const uint8_t *frame)
{
	return frame_is_super(frame) ? AT_PAYLOAD : AT_MARK;
}

/* If a super-frame was cut, its first segment has the mark, too. */
static bool is_whole(const uint8_t *frame, size_t len)
{
	if (len < AT_MARK + MARK_LEN)
		return false;
	return frame_is_super(frame) ? len == FRAME_SUPER
				     : be16(frame + AT_TYPE) == ETHERTYPE_BENCH;
}
