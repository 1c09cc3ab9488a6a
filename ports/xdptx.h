/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * xdptx.h - short frames out of an interface through AF_XDP, a batch at a time.
 *
 * sendmsg() on AF_PACKET enters the kernel once a frame. An AF_XDP socket that
 * only transmits is bound to the interface in copy mode: it needs no XDP
 * program and asks nothing of the driver. The kernel makes an ordinary frame of
 * each and hands it to the device, 32 per system call.
 *
 *     umem     | chunk 0 | chunk 1 | ...          frames are copied in here
 *     tx ring  we put (chunk, length) --> kernel  sends, synchronously
 *     cq ring  kernel --> (chunk)                 the device has let go of it
 *
 * AF_XDP cannot say what is left to be done. A checksum is finished on the way,
 * in our copy, which at this length costs less than another system call; frames
 * to be segmented, and long ones, go through AF_PACKET. Both are synchronous
 * and, where the device has one queue, meet there, so order is kept. Of several
 * queues AF_XDP would use the first alone. Unlike AF_PACKET it bypasses the
 * device's nftables egress chains, and does not tell devices below the
 * protocol.
 *
 * Documentation/networking/af_xdp.rst of the kernel.
 */
#ifndef PORTS_XDPTX_H
#define PORTS_XDPTX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "forwarding/frame.h"

struct xdptx;

/**
 * xdptx_new() - a transmitter for interface @ifindex
 *
 * Return: NULL with errno set: EBUSY when another process or port has an AF_XDP
 * socket there, EPERM, or EAFNOSUPPORT from a kernel without AF_XDP.
 * #syscalls socket setsockopt getsockopt mmap bind
 */
struct xdptx *xdptx_new(int ifindex);

/** xdptx_free() - close the transmitter; NULL is fine */
void xdptx_free(struct xdptx *tx);

/** xdptx_takes() - can @f go this way? */
bool xdptx_takes(const struct frame *f);

/**
 * xdptx_send() - send @n frames, each of which xdptx_takes()
 *
 * @n:       up to 64
 * @longest: bytes of a frame; that the device refuses longer ones does not mean
 *           that it is full
 * @refused: set to those of the frames counted that the device refused, bit i
 *           for frames[i]
 *
 * Frames are copied. Those that could not be sent are withdrawn from the ring:
 * they do not leave later. A device that refuses one frame is given the next;
 * it is full when it refuses several, and then not asked again before
 * xdptx_flush().
 *
 * Return: how many were given to the device, in order; or, about the first:
 * -ENOBUFS when the device's queue is full, 0 when it cannot go this way now.
 * #syscalls sendto
 */
int xdptx_send(struct xdptx *tx, const struct frame *const *frames, int n,
    size_t longest, uint64_t *refused);

/** xdptx_flush() - the batch is over; the device may be asked again */
void xdptx_flush(struct xdptx *tx);

#endif
