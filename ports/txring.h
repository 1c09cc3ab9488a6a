/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * txring.h - frames with tags on top of a full MTU, out of a packet socket.
 *
 * sendmsg() on AF_PACKET has room above the MTU for one 802.1Q tag. With an
 * 802.1ad tag, or a second one, it fails with EMSGSIZE, though devices take
 * such frames. A transmit ring whose frames have a virtio_net_hdr has no such
 * limit. Rings are no faster than sendmsg(), so only these frames go this way.
 */
#ifndef PORTS_TXRING_H
#define PORTS_TXRING_H

#include <stdbool.h>
#include <stdint.h>

#include "forwarding/frame.h"

struct txring;

/**
 * txring_new() - a ring on interface @ifindex
 * @mtu: frames longer than this and two tags do not fit
 *
 * Return: NULL with errno set.
 * #syscalls socket setsockopt bind mmap
 */
struct txring *txring_new(int ifindex, uint32_t mtu);

/** txring_free() - close the ring; NULL is fine */
void txring_free(struct txring *ring);

/** txring_wants() - must @f go through a ring at an interface of @mtu? */
bool txring_wants(const struct frame *f, uint32_t mtu);

/**
 * txring_send() - send @f, which is copied
 *
 * Return: 0 or a positive errno.
 * #syscalls sendto
 */
int txring_send(struct txring *ring, const struct frame *f);

#endif
