/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * offload_request.h - the work on a frame that its sender left to others:
 * checksum, segmentation. offload.h carries it out.
 *
 * The fields mean what those of virtio_net_hdr mean (virtio 1.2 5.1.6.2), but
 * in host order, and offsets count from addrs[0] of the frame without outer
 * tag. All zero: the frame is finished.
 */
#ifndef FORWARDING_OFFLOAD_REQUEST_H
#define FORWARDING_OFFLOAD_REQUEST_H

#include <stdbool.h>
#include <stdint.h>

struct offload {
	bool needs_csum;     /* checksum from csum_start, at +csum_offset */
	uint8_t gso_type;    /* enum gso_type, without the ECN bit */
	bool ecn;	     /* TCP segments carry CWR: GSO_ECN of virtio */
	bool tunnel;	     /* set by offload_accept(): a tunnel is cut */
	bool crc32c;	     /* likewise: SCTP, whose checksum is a CRC32c */
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

#endif
