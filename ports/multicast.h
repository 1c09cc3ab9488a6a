/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * multicast.h - a UDP group as a shared wire: QEMU's -netdev socket,mcast= and
 * dgram with a multicast remote. Whoever has joined hears every frame.
 */
#ifndef PORTS_MULTICAST_H
#define PORTS_MULTICAST_H

#include <stdbool.h>

#include "sock.h"

/** multicast_is() - is @a the address of a group? */
bool multicast_is(const struct sock_address *a);

/**
 * multicast_open() - join @group, and hear all but ourselves
 * @local: its address tells which interface; that of the group or 0.0.0.0: the
 *         one of the default route
 * @group: and its UDP port
 * @rx:    set to a socket that receives, owned by the caller
 * @tx:    set to one that sends, connected, owned by the caller
 * @err:   PORT_ERR bytes
 *
 * Two sockets: what everybody sends to carries the group's port number, so only
 * a socket of our own tells our frames from those of others on this host.
 *
 * Return: 0, or -errno with a sentence in @err; IPv6 groups are refused.
 * #syscalls socket bind connect setsockopt getsockname
 */
int multicast_open(const struct sock_address *local,
    const struct sock_address *group, int *rx, int *tx, char *err);

#endif
