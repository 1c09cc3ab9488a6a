/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dgram_io.h - one frame a datagram, in batches: what kinds dgram, vde and fd
 * have in common.
 *
 * A unix socket's queue is as short as 10 datagrams (net.unix.max_dgram_qlen),
 * less than one batch; so what it does not take waits in a queue of ours,
 * bounded in bytes, and leaves when the socket is writable. port->fd is an
 * epoll fd: it is readable when any of the port's own fds is, or can be
 * written again, so that one port can wait for several.
 */
#ifndef PORTS_DGRAM_IO_H
#define PORTS_DGRAM_IO_H

#include <sys/socket.h>

#include "port.h"

enum {
	DGRAM_IO_QUEUE = 256 << 10,		 /* bytes */
	DGRAM_IO_MAX = FRAME_MAX + 2 * VLAN_TAG, /* bytes of a frame */
};

struct dgram_io {
	int epoll;
	int rx;		   /* -1: none */
	int tx;		   /* connected; may be rx; -1: none now */
	bool waiting;	   /* for tx to become writable */
	size_t head, tail; /* of `queue`: records of length and bytes */
	uint8_t *queue;
	struct mmsghdr in[BATCH_MAX];
	struct iovec in_iov[BATCH_MAX];
};

/* dgram_io_start() - set up and watch @rx and @tx, both non-blocking; owns them
 * from here on, also when it fails. Return: 0 or -errno. */
int dgram_io_start(
    struct dgram_io *d, const struct port *port, int rx, int tx, char *err);

/* Let @d have another tx, -1: none. What was queued is lost. */
void dgram_io_set_tx(struct dgram_io *d, int tx);

/* Watch another fd for reading, for the kind to look at in receive(). */
int dgram_io_watch(struct dgram_io *d, int fd);

/**
 * dgram_io_receive() - sends what has waited, then receives a batch
 *
 * Return: frames; -errno when the socket, or what sends, has failed.
 */
int dgram_io_receive(
    struct dgram_io *d, struct port *port, struct batch *batch);

/* As the send() of a port; -ENOTCONN when there is no tx. */
int dgram_io_send(struct dgram_io *d, const struct frame *const *frames, int n);

/* Does @error say that nobody is there to receive? */
bool dgram_io_peer_gone(int error);

void dgram_io_stop(struct dgram_io *d);

#endif
