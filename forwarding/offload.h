/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * offload.h - finish in software what an egress port cannot take unfinished:
 * checksums and segmentation of TCP and UDP over IPv4 and IPv6, also inside a
 * VLAN tag, as virtio_net_hdr defines them (virtio 1.2 5.1.6.2).
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
	CAN_ALL = CAN_CSUM | CAN_TSO4 | CAN_TSO6 | CAN_USO | CAN_ECN,
};

/* Scratch memory: room for the largest unsegmented frame. */
enum { OFFLOAD_SCRATCH = FRAME_MAX + VLAN_TAG };

/** offload_fits() - does a port that can do @can take a frame with @off? */
bool offload_fits(const struct offload *off, unsigned can);

/**
 * offload_valid() - is the request consistent with the bytes of the frame?
 *
 * Checks that the checksum field lies inside the frame, that a segmentation
 * request names the protocol that the headers show (Ethernet, inner tags,
 * IPv4 or IPv6 with extension headers, TCP or UDP) and that gso_size is one
 * that TCP could have chosen, so that a small frame cannot ask for tens of
 * thousands of segments. Ports call it for each frame they receive; everything
 * behind them may rely on it.
 */
bool offload_valid(const struct frame *f);

/**
 * offload_mtu_len() - the smallest MTU that the frame fits in
 *
 * Return: bytes behind the Ethernet header (outer tag not counted) of the frame
 * or, if it is to be segmented, of its largest segment. An inner tag counts 0:
 * on the wire it does not count towards the MTU either.
 */
size_t offload_mtu_len(const struct frame *f);

/** offload_segments() - frames that offload_finish() makes of @f, at least 1 */
int offload_segments(const struct frame *f);

/**
 * offload_finish() - carry out the request of @f
 * @scratch: at least OFFLOAD_SCRATCH bytes; the finished frames lie there
 * @emit:    is called with each finished frame, in order: no offload request,
 *           outer tag as in @f, bytes valid until it returns; returns false to
 *           stop early
 *
 * @f must pass offload_valid() and have at most FRAME_MAX bytes. The IPv4
 * identification counts up from that of @f, TCP sequence numbers advance, FIN
 * and PSH stay on the last segment, CWR on the first.
 *
 * Return: frames for which @emit returned true.
 */
int offload_finish(const struct frame *f, uint8_t *scratch,
    bool (*emit)(const struct frame *done, void *arg), void *arg);

/**
 * offload_csum() - finish the checksum in a copy of @f
 * @copy: the whole output of frame_copy(), which this function changes
 *
 * @f must pass offload_valid() and ask for no segmentation.
 */
void offload_csum(const struct frame *f, uint8_t *copy);

#endif
