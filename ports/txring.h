/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * txring.h - frames with tags on top of a full MTU, out of a packet socket.
 *
 * sendmsg() on AF_PACKET has room above the MTU for one 802.1Q tag; an 802.1ad
 * tag or a second one meets EMSGSIZE, though devices take them. A transmit
 * ring whose frames have a virtio_net_hdr is not so limited. Rings are no
 * faster than sendmsg(), so only these frames go this way.
 */
#ifndef PORTS_TXRING_H
#define PORTS_TXRING_H

#include <stdbool.h>
#include <stdint.h>

#include "forwarding/frame.h"

struct txring;

/**
 * txring_new() - a ring on interface @ifindex
 * @mtu: longer frames than this and two tags find no room
 *
 * Return: NULL with errno set.
 * #syscalls socket setsockopt bind mmap
 */
struct txring *txring_new(int ifindex, uint32_t mtu);
void txring_free(struct txring *ring); /* NULL is fine */

/* txring_wants() - is @f, in an interface of @mtu, one of these? */
bool txring_wants(const struct frame *f, uint32_t mtu);

/* txring_send() - Return: 0 or a positive errno. #syscalls sendto */
int txring_send(struct txring *ring, const struct frame *f);

#endif
