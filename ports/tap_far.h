/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tap_far.h - the network side of a TAP that was moved to another namespace,
 * whose link watch we do not have. The fd that we hold still leads there.
 */
#ifndef PORTS_TAP_FAR_H
#define PORTS_TAP_FAR_H

#include <stdbool.h>

#include "link.h"

/** tap_far_exists() - has the TAP @fd a network side, wherever it is? */
bool tap_far_exists(int fd);

/** tap_far_home() - is the network side of the TAP @fd in our namespace?
 * Return: false as well if the kernel does not say */
bool tap_far_home(int fd);

/**
 * tap_far_up() - is the network side up (IFF_UP), wherever it is?
 *
 * Only then is @fd writable, and it becomes so at the moment of going up.
 */
bool tap_far_up(int fd);

/**
 * tap_far_look() - what our namespace may know of the network side
 * @link: overwritten, see link_find_in(); its name is the one it has there
 *
 * Return: 0, or -errno: without CAP_NET_ADMIN there we may know nothing.
 * #syscalls ioctl socket bind sendto recvmsg
 */
int tap_far_look(int fd, struct link *link);

#endif
