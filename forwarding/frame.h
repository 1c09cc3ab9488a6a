/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * frame.h - an Ethernet frame as the switch carries it, and a batch of them.
 *
 * A frame is borrowed. Its bytes belong to the port that received it (an
 * arena slot or a ring) and stay valid until that port's batch is released;
 * who wants them longer copies them. Nobody writes to them: the same frame may
 * leave by many ports, each of which needs something else done to it.
 *
 * The outer VLAN tag is metadata, not bytes, because the kernel delivers it so
 * on AF_PACKET and because one frame may then leave tagged by one port and
 * untagged by another without a move:
 *
 *     in band    | dst 6 | src 6 | TPID TCI | type/length | payload ...
 *                  ^addrs          ^^^^^^^^   ^body
 *                                  tpid, tci
 *     untagged   | dst 6 | src 6 | type/length | payload ...
 *                  ^addrs          ^body == addrs + 12
 *
 * A second (inner) tag stays in the body. Offsets of the offload request
 * (csum_start, hdr_len) count from addrs[0] of the frame without outer tag.
 */
#ifndef FORWARDING_FRAME_H
#define FORWARDING_FRAME_H

#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/uio.h>

enum {
	ETH_ADDR = 6,	/* bytes in a MAC address */
	ETH_ADDRS = 12, /* destination and source */
	ETH_HEAD = 14,	/* and type or length: no frame is shorter */
	VLAN_TAG = 4,	/* TPID and TCI */
	FRAME_MAX =
	    65550,	/* largest frame without tag: 64 KiB GSO and header */
	BATCH_MAX = 64, /* frames a port may deliver at once */
};

enum {
	TPID_8021Q = 0x8100,
	TPID_8021AD = 0x88a8,
};

/*
 * What the sender left for others to do, with virtio_net_hdr's meaning but in
 * host order. All zero: the frame is finished.
 */
struct offload {
	bool needs_csum;     /* checksum from csum_start, at +csum_offset */
	uint8_t gso_type;    /* enum gso_type, without the ECN bit */
	bool ecn;	     /* TCP segments carry CWR: GSO_ECN of virtio */
	uint16_t gso_size;   /* payload bytes of one segment */
	uint16_t hdr_len;    /* bytes of headers; a hint, never trusted */
	uint16_t csum_start; /* from addrs[0], outer tag not counted */
	uint16_t csum_offset;
};

/* The values are those of virtio_net_hdr.gso_type. */
enum gso_type {
	GSO_NONE = 0,
	GSO_TCPV4 = 1,
	GSO_TCPV6 = 4,
	GSO_UDP_L4 = 5,
};

struct frame {
	const uint8_t *addrs; /* ETH_ADDRS bytes: destination, source */
	const uint8_t *body;  /* body_len bytes from type/length on */
	uint32_t body_len;
	uint16_t tpid; /* outer tag's TPID, 0: untagged; host order */
	uint16_t tci;  /* outer tag's PCP, DEI, VID; host order */
	struct offload off;
	/* NULL, or where an empty virtio_net_hdr lies, which the frame came
	 * with: right before addrs, or this is a copy and it is not its own */
	const uint8_t *vnet;
};

/* What one port received in one wake-up. */
struct batch {
	int n; /* 0..BATCH_MAX */
	struct frame frames[BATCH_MAX];
};

/**
 * frame_parse() - describe the frame in @len bytes at @data, untagging it
 * @f:    written whole on success; offload request cleared
 * @data: the frame from the destination address on, without FCS
 *
 * Points round an outer 802.1Q or 802.1ad tag; offloads that count from the
 * start of the bytes as they were are the caller's to shift by VLAN_TAG.
 *
 * Return: false if the frame is a runt: shorter than ETH_HEAD, or tagged and
 * shorter than ETH_HEAD + VLAN_TAG. @f then spans what is there, untagged, for
 * counting; addresses that are not there whole read as zero.
 */
bool frame_parse(struct frame *f, const void *data, size_t len);

/**
 * frame_len() - bytes of @f on the wire, outer tag counted, FCS not
 */
static inline size_t frame_len(const struct frame *f)
{
	return ETH_ADDRS + f->body_len + (f->tpid ? VLAN_TAG : 0);
}

static inline const uint8_t *frame_dst(const struct frame *f)
{
	return f->addrs;
}

static inline const uint8_t *frame_src(const struct frame *f)
{
	return f->addrs + ETH_ADDR;
}

/**
 * frame_type() - the type/length field behind the outer tag, host order
 *
 * Needs a frame that is no runt.
 */
static inline uint16_t frame_type(const struct frame *f)
{
	return (uint16_t)(f->body[0] << 8 | f->body[1]);
}

/* Is @type the first half of a VLAN tag? */
static inline bool type_is_tpid(uint16_t type)
{
	return type == TPID_8021Q || type == TPID_8021AD;
}

/**
 * frame_is_runt() - is @f too short to have a type/length field?
 *
 * frame_parse() takes every whole outer tag out of the body, so an untagged
 * frame whose type is a TPID ends within that tag.
 */
static inline bool frame_is_runt(const struct frame *f)
{
	return f->body_len < ETH_HEAD - ETH_ADDRS ||
	       (!f->tpid && f->body_len < ETH_HEAD - ETH_ADDRS + VLAN_TAG &&
		   type_is_tpid(frame_type(f)));
}

/* The most parts that frame_iov() makes of a frame. */
enum { FRAME_IOV = 3 };

/**
 * frame_iov() - the frame as an iovec, outer tag in band
 * @iov: FRAME_IOV elements, of which the return value says how many are set
 * @tag: VLAN_TAG bytes of the caller's that hold the tag while @iov is used
 *
 * Return: 1..FRAME_IOV, 1 when the frame's bytes lie in one piece.
 */
int frame_iov(
    const struct frame *f, struct iovec iov[FRAME_IOV], uint8_t tag[VLAN_TAG]);

/**
 * frame_copy() - the frame's bytes, outer tag in band, into one buffer
 *
 * Return: bytes written: frame_len(), or @size where the buffer is smaller.
 */
size_t frame_copy(const struct frame *f, void *buf, size_t size);

/* A MAC address as an integer, first byte most significant. */
static inline uint64_t mac_u64(const uint8_t mac[ETH_ADDR])
{
	uint32_t first;
	uint16_t last;

	memcpy(&first, mac, sizeof first);
	memcpy(&last, mac + sizeof first, sizeof last);
	return (uint64_t)be32toh(first) << 16 | be16toh(last);
}

/**
 * mac_parse() - read aa:bb:cc:dd:ee:ff or aa-bb-cc-dd-ee-ff
 *
 * Return: false if @text is anything else; @mac is then undefined.
 */
bool mac_parse(const char *text, uint8_t mac[ETH_ADDR]);

enum { MAC_TEXT = 18 }; /* bytes of its text, NUL counted */

/* mac_format() - aa:bb:cc:dd:ee:ff. Return: @text. */
char *mac_format(const uint8_t mac[ETH_ADDR], char text[MAC_TEXT]);

/* The I/G bit: broadcast and multicast addresses have it set. */
static inline bool mac_is_group(const uint8_t mac[ETH_ADDR])
{
	return mac[0] & 1;
}

static inline bool mac_is_broadcast(const uint8_t mac[ETH_ADDR])
{
	return mac_u64(mac) == 0xffffffffffff;
}

static inline bool mac_is_zero(const uint8_t mac[ETH_ADDR])
{
	return mac_u64(mac) == 0;
}

/* 01-80-C2-00-00-00 to -0F: never relayed (802.1D-1998 table 7-9). */
static inline bool mac_is_reserved(const uint8_t mac[ETH_ADDR])
{
	return mac_u64(mac) >> 4 == 0x0180c200000;
}

/* 01-80-C2-00-00-00, where BPDUs go (802.1D-1998 table 7-9). */
static inline bool mac_is_bridge_group(const uint8_t mac[ETH_ADDR])
{
	return mac_u64(mac) == 0x0180c2000000;
}

#endif
