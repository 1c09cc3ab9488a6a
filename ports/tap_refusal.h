/* SPDX-License-Identifier: BSD-2-Clause */
/* tap_refusal.h - why a TAP cannot be opened, in sentences for the operator. */
#ifndef PORTS_TAP_REFUSAL_H
#define PORTS_TAP_REFUSAL_H

struct link;
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

#endif
