/* SPDX-License-Identifier: BSD-2-Clause */
/* tap_refusal.h - why a TAP cannot be opened, in sentences for the operator. */
#ifndef PORTS_TAP_REFUSAL_H
#define PORTS_TAP_REFUSAL_H

struct link;
struct port;

struct port;

/**
 * tap_refuse_device() - /dev/net/tun cannot be opened
 * @error: positive errno
 * @err:   PORT_ERR bytes
 *
 * Return: -@error.
 */
int tap_refuse_device(int error, char *err);

/**
 * tap_refuse_attach() - the kernel has refused TUNSETIFF
 * @error: positive errno
 * @link:  the interface of that name, as it was before; NULL: there was none
 * @err:   PORT_ERR bytes
 *
 * Return: -@error.
 */
int tap_refuse_attach(
    struct port *port, int error, const struct link *link, char *err);

/**
 * tap_may_make() - may a TAP that is absent be made?
 * @err: PORT_ERR bytes; why not
 *
 * Looks at port->past: one that was deleted, and that we had made, is made
 * again after a while, but not if it was deleted in another namespace.
 *
 * Return: 0 or -ENODEV.
 */
int tap_may_make(const struct port *port, char *err);

#endif
