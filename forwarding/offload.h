/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * offload.h - finish in software what an egress port cannot take unfinished:
 * checksums and segmentation of TCP and UDP over IPv4 and IPv6, also inside a
 * VLAN tag, with virtio_net_hdr's meaning (virtio 1.2 5.1.6.2).
 *
 * The frame's own bytes are borrowed and never written; results are built in
 * scratch memory of the caller's. Every length is checked: the request comes
 * from a guest or a network and is not to be believed.
 */
#ifndef FORWARDING_OFFLOAD_H
#define FORWARDING_OFFLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "frame.h"

/* What a port can take unfinished: a set of these. */
enum {
	CAN_CSUM = 1 << 0,
	CAN_TSO4 = 1 << 1,
	CAN_TSO6 = 1 << 2,
	CAN_USO = 1 << 3,
	CAN_ECN = 1 << 4,
	CAN_ALL = CAN_CSUM | CAN_TSO4 | CAN_TSO6 | CAN_USO | CAN_ECN,
};

/* Whether a port with capabilities @can takes a frame with request @off. */
bool offload_fits(const struct offload *off, unsigned can);

/**
 * offload_valid() - is the request consistent with the bytes of the frame?
 *
 * Checks that the checksum field lies inside the frame, that a segmentation
 * request names the protocol that the headers show (Ethernet, inner tags,
 * IPv4 or IPv6 with extension headers, TCP or UDP) and that gso_size is one
 * that a TCP could have come to, so that a small frame cannot ask for tens of
 * thousands of segments. A port checks what it receives with it, so that nobody
 * later meets a request that cannot be carried out.
 */
bool offload_valid(const struct frame *f);

/**
 * offload_mtu_len() - what the frame's largest segment needs of an MTU
 *
 * Bytes behind the Ethernet header (outer tag not counted) of the frame or, if
 * it is to be segmented, of its largest segment. An inner tag counts 0, as on
 * the wire it rides on top of the MTU.
 */
size_t offload_mtu_len(const struct frame *f);

/* How many frames offload_finish() will make of @f: 1 without segmentation. */
int offload_segments(const struct frame *f);

/**
 * offload_finish() - carry out the request of @f
 * @scratch: at least OFFLOAD_SCRATCH bytes; what @emit is shown lies there
 * @emit:    is called with each finished frame, in order: no offload request,
 *           outer tag as in @f, bytes valid until it returns; returns false to
 *           stop early
 *
 * Needs offload_valid(f) and no more than FRAME_MAX bytes. IPv4 identification
 * counts up from the frame's own, TCP sequence numbers advance, FIN and PSH
 * stay on the last segment, CWR on the first.
 *
 * Return: frames that @emit took.
 */
int offload_finish(const struct frame *f, uint8_t *scratch,
    bool (*emit)(const struct frame *done, void *arg), void *arg);

/**
 * offload_csum() - finish the checksum in a copy of @f
 * @copy: what frame_copy() has made of @f, whole; the caller's to write to
 *
 * Needs offload_valid(f) and a frame that asks for no segmentation.
 */
void offload_csum(const struct frame *f, uint8_t *copy);

/* Room for the largest unsegmented frame. */
enum { OFFLOAD_SCRATCH = FRAME_MAX + VLAN_TAG };

#endif
