/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * connecting.h - a port that connects to its peer (connect=yes), and waits
 * without carrier while nobody is there: tries once a second.
 */
#ifndef PORTS_CONNECTING_H
#define PORTS_CONNECTING_H

#include "kind.h"
#include "sock.h"

/* How a kind connects; static. */
struct connecting {
	int type;			 /* SOCK_STREAM or SOCK_SEQPACKET */
	const struct port_kind *waiting; /* with the functions below */
	const struct port_kind *ready;

	/**
	 * start() - make @fd the port, of kind @ready
	 * @fd:        owned from here on, also when this fails
	 * @connected: false: connect() is under way
	 * @err:       PORT_ERR bytes
	 *
	 * Return: 0 or -errno.
	 */
	int (*start)(struct port *port, int fd, bool connected, char *err);
};

/**
 * connecting_open() - connect, or begin to wait
 * @a:   copied
 * @err: PORT_ERR bytes; what failed, or what we wait for
 *
 * Sets port->kind. Waits for what may come later: a socket that is absent or
 * that nobody listens on, a route. Return: 0 or -errno.
 *
 * #syscalls socket connect timerfd_create timerfd_settime
 */
int connecting_open(struct port *port, const struct sock_address *a,
    const struct connecting *how, char *err);

/** connecting_receive() - a kind's receive(): try again. Return: 0 or -errno */
int connecting_receive(struct port *port, struct batch *batch);

/** connecting_send() - a kind's send() without a peer. Return: -EIO */
int connecting_send(
    struct port *port, const struct frame *const *frames, int n);

/** connecting_close() - a kind's close() */
void connecting_close(struct port *port);

#endif
