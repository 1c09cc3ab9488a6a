/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dgram_io.h - one frame per datagram, in batches: what kinds dgram, vde and fd
 * have in common.
 *
 * A unix socket's queue is as short as 10 datagrams (net.unix.max_dgram_qlen),
 * less than one batch. Frames that it does not take wait in a queue here,
 * bounded in bytes, and leave when the socket is writable. port->fd is an epoll
 * fd: it is readable when any of the port's own fds is, or can be written
 * again, so that one port can wait for several.
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
	bool unreliable;   /* IP: an error concerns one frame, sent before */
	uint64_t bounced;  /* such errors */
	bool waiting;	   /* for tx to become writable */
	bool claims;	   /* what is sent comes from... */
	struct ucred as;   /* ...this user, not from ours */
	size_t head, tail; /* of `queue`: records of length and bytes */
	uint8_t *queue;
	struct mmsghdr in[BATCH_MAX];
	struct iovec in_iov[BATCH_MAX];
};

/**
 * dgram_io_start() - set up and watch @rx and @tx
 * @rx:  non-blocking; owned from here on, also when this fails
 * @tx:  the same; connected; may be @rx; -1: none yet
 * @err: PORT_ERR bytes
 *
 * Return: 0, or -errno with a sentence in @err: dgram_io_stop() must follow.
 */
int dgram_io_start(
    struct dgram_io *d, const struct port *port, int rx, int tx, char *err);

/**
 * dgram_io_set_tx() - send to another socket from now on
 * @tx: connected, non-blocking, owned from here on; -1: none
 *
 * The old one is closed, and frames that wait for it are lost.
 */
void dgram_io_set_tx(struct dgram_io *d, int tx);

/**
 * dgram_io_watch() - watch another fd for reading
 * @fd: stays the caller's, who looks at it in receive()
 *
 * Return: 0 or -errno.
 */
int dgram_io_watch(struct dgram_io *d, int fd);

/**
 * dgram_io_receive() - send frames that wait, then receive a batch
 *
 * An error that the network has reported (ICMP) of a frame sent before is only
 * counted: it is not the socket's.
 *
 * Return: frames; -errno when a socket has failed.
 * #syscalls recvmmsg sendto
 */
int dgram_io_receive(
    struct dgram_io *d, struct port *port, struct batch *batch);

/**
 * dgram_io_send() - a kind's send(): see struct port_kind
 *
 * Return: as that; -ENOTCONN when there is no tx.
 * #syscalls sendmmsg
 */
int dgram_io_send(struct dgram_io *d, const struct frame *const *frames, int n);

/**
 * dgram_io_claim() - send as another user from now on
 *
 * A receiver that asks for credentials (unix(7), SO_PASSCRED) believes them: it
 * must not take what we send to an address of a client's choice for ours.
 *
 * Return: 0, or -EPERM without CAP_SETUID and CAP_SETGID.
 * #syscalls socketpair sendmsg
 */
int dgram_io_claim(struct dgram_io *d, uid_t uid, gid_t gid);

/** dgram_io_peer_gone() - does @error say that nobody is there to receive? */
bool dgram_io_peer_gone(int error);

/** dgram_io_facts() - emit how many errors the network has reported, if any */
void dgram_io_facts(const struct dgram_io *d,
    void (*emit)(const char *key, const char *value, void *arg), void *arg);

/** dgram_io_stop() - close all fds but those of dgram_io_watch(); idempotent */
void dgram_io_stop(struct dgram_io *d);

#endif
