/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * frame.h - an Ethernet frame as the switch carries it, and a batch of them.
 *
 * A frame is borrowed. Its bytes belong to the port that received it (an
 * arena slot or a ring) and stay valid until that port's batch is released;
 * copy them if you need them longer. Never write to them: the same frame may
 * leave through many ports, each of which changes something else.
 *
 * The outer VLAN tag is metadata, not bytes: the kernel delivers it that way
 * on AF_PACKET, and one frame can leave tagged through one port and untagged
 * through another without moving a byte:
 *
 *     in band    | dst 6 | src 6 | TPID TCI | type/length | payload ...
 *                  ^addrs          ^^^^^^^^   ^body
 *                                  tpid, tci
 *     untagged   | dst 6 | src 6 | type/length | payload ...
 *                  ^addrs          ^body == addrs + 12
 *
 * A second (inner) tag stays in the body.
 */
#ifndef FORWARDING_FRAME_H
#define FORWARDING_FRAME_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#include "mac.h"
#include "offload_request.h"

enum {
	ETH_ADDRS = 12,	   /* bytes of destination and source address */
	ETH_HEAD = 14,	   /* plus type or length: no frame is shorter */
	VLAN_TAG = 4,	   /* TPID and TCI */
	FRAME_MAX = 65550, /* without tag: 64 KiB of GSO, and the header */
	BATCH_MAX = 64,	   /* frames a port may deliver at once */
	FRAME_IOV = 3,	   /* parts that frame_iov() makes, at most */
};

enum { TPID_8021Q = 0x8100, TPID_8021AD = 0x88a8 };
enum { VID_DEFAULT = 1, VID_MAX = 4094 };

struct frame {
	const uint8_t *addrs; /* ETH_ADDRS bytes: destination, source */
	const uint8_t *body;  /* body_len bytes from type/length on */
	uint32_t body_len;
	uint16_t tpid; /* outer tag's TPID, 0: untagged; host order */
	uint16_t tci;  /* outer tag's PCP, DEI, VID; host order */
	struct offload off;
	/* NULL, or the empty virtio_net_hdr that the frame came with: right
	 * before addrs, unless this frame is a copy */
	const uint8_t *vnet;
};

/* What one port received in one wake-up. */
struct batch {
	int n; /* 0..BATCH_MAX */
	struct frame frames[BATCH_MAX];
};

/**
 * frame_parse() - describe the frame in @len bytes at @data, untagging it
 * @f:    written whole; offload request cleared
 * @data: the frame from the destination address on, without FCS
 *
 * Skips an outer 802.1Q or 802.1ad tag. If you have offsets that count from
 * the start of @data and a tag was removed, subtract VLAN_TAG from them.
 *
 * Return: false if the frame is a runt: shorter than ETH_HEAD, or tagged and
 * shorter than ETH_HEAD + VLAN_TAG. @f then spans what is there, untagged, for
 * counting; addresses that are not complete read as zero.
 */
bool frame_parse(struct frame *f, const void *data, size_t len);

/** frame_len() - bytes of @f on the wire, outer tag counted, FCS not */
static inline size_t frame_len(const struct frame *f)
{
	return ETH_ADDRS + f->body_len + (f->tpid ? VLAN_TAG : 0);
}

/** frame_dst() - the ETH_ADDR bytes of the destination address */
static inline const uint8_t *frame_dst(const struct frame *f)
{
	return f->addrs;
}

/** frame_src() - the ETH_ADDR bytes of the source address */
static inline const uint8_t *frame_src(const struct frame *f)
{
	return f->addrs + ETH_ADDR;
}

/** frame_type() - type/length after the outer tag, host order; not of a runt */
static inline uint16_t frame_type(const struct frame *f)
{
	assert(f->body_len >= ETH_HEAD - ETH_ADDRS);
	return (uint16_t)(f->body[0] << 8 | f->body[1]);
}

/** type_is_tpid() - is @type the first half of a VLAN tag? */
static inline bool type_is_tpid(uint16_t type)
{
	return type == TPID_8021Q || type == TPID_8021AD;
}

/**
 * frame_is_runt() - is @f too short to have a type/length field?
 *
 * frame_parse() takes every complete outer tag out of the body, so an untagged
 * frame whose type is a TPID ends within that tag.
 */
static inline bool frame_is_runt(const struct frame *f)
{
	return f->body_len < ETH_HEAD - ETH_ADDRS ||
	       (!f->tpid && f->body_len < ETH_HEAD - ETH_ADDRS + VLAN_TAG &&
		   type_is_tpid(frame_type(f)));
}

/**
 * frame_iov() - the frame as an iovec, outer tag in band
 * @iov: borrows the bytes of the frame and of @tag
 * @tag: memory of the caller, who keeps it while @iov is in use
 *
 * Return: elements of @iov set; 1 when the frame's bytes lie in one piece.
 */
int frame_iov(
    const struct frame *f, struct iovec iov[FRAME_IOV], uint8_t tag[VLAN_TAG]);

/**
 * frame_copy() - copy the frame's bytes, outer tag in band, into one buffer
 *
 * Return: bytes written: frame_len(), or @size if the buffer is smaller.
 */
size_t frame_copy(const struct frame *f, void *buf, size_t size);

#endif
