/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * xdptx.h - short frames out of an interface by AF_XDP, a batch at a time.
 *
 * sendmsg() on AF_PACKET enters the kernel once a frame. An AF_XDP socket that
 * only transmits is bound to the interface in copy mode: no XDP program and no
 * demand on the driver. The kernel makes an ordinary frame of each and hands it
 * to the device, 32 a system call.
 *
 *     umem     | chunk 0 | chunk 1 | ...          frames are copied in here
 *     tx ring  we put (chunk, length) --> kernel  sends, synchronously
 *     cq ring  kernel --> (chunk)                 the device has let go of it
 *
 * It has no words for what is left to be done: a checksum is finished on the
 * way, in our copy, as at this length it costs less than another system call;
 * frames to be segmented, and long ones, go by AF_PACKET. Both are synchronous
 * and, where the device has one queue, meet there, so order is kept; of several
 * queues it would use the first alone. Unlike AF_PACKET it passes by nftables'
 * egress chains of the device, and tells devices below no protocol.
 *
 * Documentation/networking/af_xdp.rst of the kernel.
 */
#ifndef PORTS_XDPTX_H
#define PORTS_XDPTX_H

#include <stdbool.h>

#include "forwarding/frame.h"

struct xdptx;

/**
 * xdptx_new() - a transmitter for interface @ifindex
 *
 * Return: NULL with errno set: EBUSY when somebody else has an AF_XDP socket
 * there, EPERM, or EAFNOSUPPORT of a kernel without AF_XDP.
 * #syscalls socket setsockopt getsockopt mmap bind
 */
struct xdptx *xdptx_new(int ifindex);
void xdptx_free(struct xdptx *tx); /* NULL is fine */

/* Can @f go this way? */
bool xdptx_takes(const struct frame *f);

/**
 * xdptx_send() - send @n frames, each of which xdptx_takes()
 *
 * What the device does not take is taken back: it does not leave later. A
 * device that was full is not asked again before xdptx_flush().
 *
 * Return: how many the device took, in order; or, of the first: -ENOBUFS when
 * the device's queue is full, 0 when it cannot go this way now.
 * #syscalls sendto
 */
int xdptx_send(struct xdptx *tx, const struct frame *const *frames, int n);

/* xdptx_flush() - that was the batch */
void xdptx_flush(struct xdptx *tx);

#endif
