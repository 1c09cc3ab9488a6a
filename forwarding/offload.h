/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * offload.h - finish in software what an egress port cannot take unfinished:
 * checksums and segmentation of TCP and UDP over IPv4 and IPv6, as
 * virtio_net_hdr defines them (virtio 1.2 5.1.6.2), and the checksum of SCTP;
 * also inside VLAN tags and tunnels (offload_headers.h).
 *
 * The frame's own bytes are borrowed and never written; results are built in
 * scratch memory of the caller. Every length is checked: do not trust a
 * request, it comes from a guest or a network.
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
	/* what virtio_net_hdr can express: the kernel cuts by the outermost
	 * header, and sums up as for TCP whatever the protocol */
	CAN_VNET = CAN_CSUM | CAN_TSO4 | CAN_TSO6 | CAN_USO | CAN_ECN,
	CAN_TUNNEL = 1 << 5, /* super-frames in tunnels */
	CAN_CRC32C = 1 << 6, /* the checksum of SCTP */
	CAN_ALL = CAN_VNET | CAN_TUNNEL | CAN_CRC32C,
};

/* Scratch memory: room for the largest unsegmented frame. */
enum { OFFLOAD_SCRATCH = FRAME_MAX + VLAN_TAG };

/** offload_fits() - does a port that can do @can take a frame with @off? */
bool offload_fits(const struct offload *off, unsigned can);

/**
 * offload_accept() - is the request consistent with the bytes of the frame?
 *
 * Checks that the checksum field lies inside the frame, that a segmentation
 * request names the protocol that the headers show, and that it does not ask
 * for more segments than a real sender: many only if each is one that TCP could
 * have chosen. If so, sets `tunnel` and `crc32c` of the request. Ports call it
 * for each frame they receive; everything behind them may rely on it.
 */
bool offload_accept(struct frame *f);

/** offload_valid() - has the request of @f passed offload_accept()? */
bool offload_valid(const struct frame *f);

/**
 * offload_mtu_len() - the smallest MTU that the frame fits in
 *
 * Return: bytes behind the Ethernet header (outer tag not counted) of the frame
 * or, if it is to be segmented, of its largest segment, minus 4: like the
 * kernel's bridge, which leaves room for a second tag, label or other shim
 * without looking whether it is one.
 */
size_t offload_mtu_len(const struct frame *f);

/** offload_segments() - frames that offload_finish() makes of @f, at least 1 */
int offload_segments(const struct frame *f);

/**
 * offload_finish() - carry out the request of @f
 * @scratch: at least OFFLOAD_SCRATCH bytes; the finished frames lie there
 * @emit:    is called with the finished frames, up to BATCH_MAX at once, in
 *           order: no offload request, outer tag as in @f, bytes valid until it
 *           returns; returns how many it has taken, fewer to stop early
 *
 * @f must pass offload_valid() and have at most FRAME_MAX bytes. The IPv4
 * identification counts up from that of @f, TCP sequence numbers advance, FIN
 * and PSH stay on the last segment, CWR on the first. In the headers of tunnels
 * lengths, identifications, checksums that are there and the sequence numbers
 * of GRE follow.
 *
 * Return: frames that @emit has taken.
 */
int offload_finish(const struct frame *f, uint8_t *scratch,
    int (*emit)(const struct frame *const *done, int n, void *arg), void *arg);

/**
 * offload_csum() - finish the checksum in a copy of @f
 * @copy: the whole output of frame_copy(), which this function changes
 *
 * @f must pass offload_valid() and ask for no segmentation.
 */
void offload_csum(const struct frame *f, uint8_t *copy);

#endif
