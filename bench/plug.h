/* SPDX-License-Identifier: BSD-2-Clause */
/* plug.h - the descriptor by which a virtual machine is plugged into a switch,
 * and how frames pass it.
 *
 * It does what QEMU does, with as many system calls: one for each frame sent,
 * none of them waiting.
 *
 *     TAP     virtio_net_hdr, frame       one read a frame
 *     STREAM  length (u32, big-endian), frame, length, frame, ...
 *             read by large chunks; a record that the socket took only in
 *             part is finished before anything else
 *     DGRAM   a frame a datagram          one read a frame
 *
 * One thread may send while another reads; not two of a kind.
 */
#ifndef BENCH_PLUG_H
#define BENCH_PLUG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

enum plug_kind {
	PLUG_TAP,    /* with IFF_VNET_HDR */
	PLUG_STREAM, /* a connected socket */
	PLUG_DGRAM,  /* the same, keeping frames apart */
};

struct plug;

/**
 * plug_new() - frames by way of @fd, which it takes
 *
 * Return: NULL, with @fd closed, when there is no memory.
 */
struct plug *plug_new(enum plug_kind kind, int fd);
void plug_free(struct plug *plug); /* NULL is fine */

/** plug_fd() - the descriptor that is read from; still the plug's */
int plug_fd(const struct plug *plug);

/** plug_send_by() - send by another descriptor, which the plug takes */
void plug_send_by(struct plug *plug, int fd);

/** plug_is_socket() - does it say, after -EAGAIN, when it has room again? */
bool plug_is_socket(const struct plug *plug);

/** plug_keep() - close @fd too when the plug goes */
void plug_keep(struct plug *plug, int fd);

/**
 * plug_send() - send frames, one iovec each
 *
 * Return: how many were taken, in order; -errno when the first was not
 * (-EAGAIN: see plug_wait()).
 */
int plug_send(struct plug *plug, const struct mmsghdr *frames, unsigned int n);

/**
 * plug_read() - the next frame that has arrived
 *
 * A frame longer than @size is cut.
 *
 * Return: its length; 0 when there is none yet; -errno, -ECONNRESET when the
 * other side is gone, -EBADMSG when a stream makes no sense.
 */
ssize_t plug_read(struct plug *plug, uint8_t *frame, size_t size);

/**
 * plug_wait() - wait until it is worth to try again
 * @events: POLLIN or POLLOUT
 *
 * Return: false when @timeout_ms were over first.
 */
bool plug_wait(const struct plug *plug, short events, int timeout_ms);

#endif
