/* SPDX-License-Identifier: BSD-2-Clause */
/* plug.h - the descriptor that plugs a virtual machine into a switch, and how
 * frames pass through it.
 *
 * It does what QEMU does, with as many system calls: one for each frame sent,
 * none of which waits.
 *
 *     TAP     virtio_net_hdr, frame       one read a frame
 *     STREAM  length (u32, big-endian), frame, length, frame, ...
 *             read in large chunks; a record that the socket accepted in
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
 * plug_new() - move frames through @fd, which belongs to the plug from now on
 *
 * Return: NULL, with @fd closed, when out of memory. Free with plug_free().
 */
struct plug *plug_new(enum plug_kind kind, int fd);

/** plug_free() - close its descriptors too; NULL is fine */
void plug_free(struct plug *plug);

/** plug_fd() - the descriptor it reads from; still belongs to the plug */
int plug_fd(const struct plug *plug);

/** plug_send_by() - send through @fd instead, which the plug will close */
void plug_send_by(struct plug *plug, int fd);

/** plug_is_socket() - does it signal, after -EAGAIN, when it has room again? */
bool plug_is_socket(const struct plug *plug);

/** plug_keep() - hold @fd open and close it in plug_free() */
void plug_keep(struct plug *plug, int fd);

/**
 * plug_send() - send frames, one iovec each
 *
 * Return: how many were accepted, in order; -errno when the first was refused
 * (-EAGAIN: see plug_wait()).
 */
int plug_send(struct plug *plug, const struct mmsghdr *frames, unsigned int n);

/**
 * plug_read() - read the next frame that has arrived
 *
 * A frame longer than @size is cut.
 *
 * Return: its length; 0 when there is none yet; -ECONNRESET when the other
 * side is gone, -EBADMSG when a stream makes no sense, or another -errno.
 */
ssize_t plug_read(struct plug *plug, uint8_t *frame, size_t size);

/**
 * plug_wait() - wait until another try may succeed
 * @events: POLLIN or POLLOUT
 *
 * Return: false when @timeout_ms passed first.
 */
bool plug_wait(const struct plug *plug, short events, int timeout_ms);

#endif
