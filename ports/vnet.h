/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vnet.h - struct virtio_net_hdr, which TAP and AF_PACKET put before each
 * frame, to and from struct offload.
 *
 * In the header the offsets count from the first byte behind it, so an outer
 * tag that lies in band is counted; in struct offload it never is.
 */
#ifndef PORTS_VNET_H
#define PORTS_VNET_H

#include <linux/virtio_net.h>
#include <stdbool.h>
#include <stddef.h>

#include "port.h"

/* Bytes of the header without num_buffers: what both use by default. */
enum { VNET_HDR = sizeof(struct virtio_net_hdr) };

struct vnet_tag {
	uint16_t tpid;
	uint16_t tci;
};

/**
 * vnet_receive() - take a frame that was read with its header in front
 * @port: rx_invalid is counted there
 * @f:    written whole if true is returned
 * @slot: the frame; VNET_HDR bytes of header lie before it
 * @len:  bytes at @slot
 * @tag:  the outer tag if the kernel has stripped it, else NULL
 *
 * Return: false if the frame's request makes no sense: it is to be skipped.
 */
bool vnet_receive(struct port *port, struct frame *f, const uint8_t *slot,
    size_t len, const struct vnet_tag *tag);

/**
 * vnet_whole() - does @f lie in memory as a TAP takes it, header in front?
 * @len: set to the bytes of header and frame, if so
 *
 * Then one write() without an iovec will do, which saves 120 ns.
 *
 * Return: where the header begins, or NULL.
 */
const void *vnet_whole(const struct frame *f, size_t *len);

/** vnet_header() - write the header for @f with its tag in band (virtio 1.2
 * 5.1.6) */
void vnet_header(const struct frame *f, struct virtio_net_hdr *hdr);

#endif
