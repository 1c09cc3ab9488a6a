/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vde_client.h - a client of a VDE switch, as a port.
 *
 * A client is believed nothing but its credentials: the path that it names
 * must be a socket, must belong to it, and must still be that socket when we
 * have connected to it.
 */
#ifndef PORTS_VDE_CLIENT_H
#define PORTS_VDE_CLIENT_H

#include <stddef.h>
#include <stdint.h>

#include "kind.h"
#include "vde_request.h"
#include "vde_switch.h"

/* What the server hands to the port that a client becomes; from malloc(). */
struct vde_seed {
	int stream;	       /* its connection to DIR/ctl */
	struct vde_switch *vs; /* the client holds it itself, once open */
	size_t len;
	uint8_t data[VDE_REQUEST_MAX]; /* its request, @len bytes */
};

/* The kind of port that a client becomes; its seed is a struct vde_seed. */
extern const struct port_kind kind_vde_client;

#endif
