/* SPDX-License-Identifier: BSD-2-Clause */
/* mark.h - the bench's frames and the mark that identifies them.
 *
 * A plain frame has the ethertype for local experiments. A super-frame is what
 * a virtual machine with segmentation offload sends for 64 KiB of TCP: one
 * frame of FRAME_SUPER bytes, IPv4 and TCP headers first, its checksum not
 * finished. A switch that cannot pass it on must cut it into 45 frames.
 *
 *     0     6     12    14
 *     | dst | src | 88b5| mark | zeros                          plain
 *     | dst | src | 0800| IPv4 | TCP | mark (at 54) | zeros     super
 *
 *     0    2     4        8          16
 *     |"qs"| tag | run id | sequence | sent ns |                mark
 *
 * The mark says which run a frame belongs to, so that no other frame on the
 * link is ever counted.
 */
#ifndef BENCH_MARK_H
#define BENCH_MARK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	FRAME_MIN = 60,
	FRAME_MAX = 1514,
	FRAME_SUPER = 65226,	  /* 65212 of them IPv4, which ends at 65535 */
	FRAME_BUFFER = 66 * 1024, /* large enough for each */
	FRAME_TAG_FLOOD = 0x0001, /* counted */
	FRAME_TAG_PROBE = 0x0002, /* carries its time of departure */
	FRAME_TAG_PING = 0x0003,
	FRAME_TAG_PONG = 0x0004,
	FRAME_TAG_HELLO = 0x0005, /* teaches the switch an address */
};

/* Where things are, for filters and for offload headers. */
enum {
	AT_TYPE = 12,
	AT_MARK = 14, /* of a plain frame */
	AT_IPV4 = 14,
	AT_TCP = 34,
	AT_PAYLOAD = 54, /* of a super-frame, and its mark */
	TCP_CHECKSUM = 16,
	MARK_TAG = 2,
	MARK_RUN = 4,
	MARK_SEQUENCE = 8,
	MARK_TIME = 16,
	MARK_LEN = 24,
	ETHERTYPE_BENCH = 0x88b5, /* IEEE 802, local experimental 1 */
	MARK_MAGIC = 0x7173,
	SUPER_SEGMENT = 1460, /* bytes of TCP payload in a segment */
};

/* What a listener accepts; 0 or NULL accepts all. */
struct match {
	uint32_t run_id;
	uint16_t tag;
	const uint8_t *dst;
};

/**
 * frame_write() - fill all @len bytes of a frame
 * @len: at least AT_MARK + MARK_LEN; FRAME_SUPER makes a super-frame
 */
void frame_write(uint8_t *frame, size_t len, const uint8_t dst[6],
    const uint8_t src[6], uint16_t tag, uint32_t run_id);

/** frame_is_super() - does its ethertype say so? @frame has >= 14 bytes */
bool frame_is_super(const uint8_t *frame);

/** frame_set_tag() - FRAME_TAG_...; @frame is one of frame_write() */
void frame_set_tag(uint8_t *frame, uint16_t tag);

/** frame_set_sequence() - a number; @frame is one of frame_write() */
void frame_set_sequence(uint8_t *frame, uint64_t sequence);

/** frame_set_time() - its departure; @frame is one of frame_write() */
void frame_set_time(uint8_t *frame, uint64_t sent_at_ns);

/** frame_sequence() - the number set; @frame passed frame_fits() */
uint64_t frame_sequence(const uint8_t *frame);

/** frame_time() - the departure set, in ns; @frame passed frame_fits() */
uint64_t frame_time(const uint8_t *frame);

/**
 * frame_fits() - is it one of the bench's frames, and does it fit @match?
 *
 * A super-frame fits only when every byte of it is there.
 */
bool frame_fits(const uint8_t *frame, size_t len, const struct match *match);

#endif
