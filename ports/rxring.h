/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rxring.h - frames from a packet socket without a system call each: a
 * TPACKET_V2 receive ring.
 *
 * The kernel writes frames into slots that we share with it. The sender's
 * processor does that, while it still has the bytes in its cache. A frame too
 * long for a slot goes into the socket's queue as always (PACKET_COPY_THRESH)
 * and its slot says so: order is kept.
 *
 *     slot  | struct tpacket2_hdr | ... | vnet hdr | frame, outer tag apart |
 *           0                                      tp_mac
 *
 * A slot is the kernel's or ours (tp_status). Ours goes back when the batch is
 * released.
 *
 * Documentation/networking/packet_mmap.rst of the kernel.
 */
#ifndef PORTS_RXRING_H
#define PORTS_RXRING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rxring;

/* Bytes of a slot. */
enum {
	/* A frame of up to RXRING_SHORT, tags and headers. Not a power of two,
	 * or all frames would fall into the same cache sets. */
	RXRING_SHORT_SLOT = 2048 + 64,
	RXRING_SHORT = 1900,
	/* any frame */
	RXRING_LONG_SLOT = 17 * 4096,
};

/**
 * rxring_new() - give socket @fd a ring
 * @fd:    a packet socket with PACKET_VNET_HDR, not the ring's to close
 * @slot:  bytes of one
 * @slots: at least
 *
 * Return: NULL with errno set.
 * #syscalls setsockopt mmap
 */
struct rxring *rxring_new(int fd, unsigned slot, unsigned slots);

/** rxring_free() - unmap the ring, before its fd is closed; NULL is fine */
void rxring_free(struct rxring *ring);

/**
 * rxring_renew() - start again with an empty ring
 *
 * No frame of the old one may be borrowed.
 *
 * Return: 0, or -errno: then only rxring_free() may follow.
 * #syscalls munmap setsockopt mmap
 */
int rxring_renew(struct rxring *ring);

/* What the next slot holds. */
enum rxring_slot {
	RXRING_EMPTY,
	RXRING_FRAME,
	RXRING_QUEUED, /* read the frame from the socket */
	RXRING_CUT,    /* the beginning of one: the socket's filter cut it, or
			* its queue was full */
};

struct rxring_frame {
	uint8_t *data; /* the frame; its vnet header lies before it */
	size_t len;
	uint32_t status; /* TP_STATUS_VLAN_VALID and so on */
	uint16_t tci, tpid;
};

/**
 * rxring_next() - take the next slot
 * @frame: set for RXRING_FRAME; borrowed until rxring_release()
 *
 * Return: what the slot holds.
 */
enum rxring_slot rxring_next(struct rxring *ring, struct rxring_frame *frame);

/** rxring_is_empty() - is there nothing to take? */
bool rxring_is_empty(const struct rxring *ring);

/** rxring_is_lent() - have slots been taken and not been given back? */
bool rxring_is_lent(const struct rxring *ring);

/** rxring_at() - the number of the next slot */
unsigned rxring_at(const struct rxring *ring);

/** rxring_release() - give all slots that were taken back to the kernel */
void rxring_release(struct rxring *ring);

#endif
