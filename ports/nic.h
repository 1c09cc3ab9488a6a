/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * nic.h - what all drivers of `nic:` share: which interfaces may be used, and
 * how changes to them are judged.
 *
 * An interface stays the host's. We bring it up if it is down, as the operator
 * has named it for us to use, and take that back; addresses, routes, offload
 * settings and membership are never touched.
 */
#ifndef PORTS_NIC_H
#define PORTS_NIC_H

#include "link.h"
#include "port.h"

/* The first member of what port->priv of every driver points to. */
struct nic {
	uint32_t link_mtu; /* the interface's; port->mtu may be set lower */
	bool tso;	   /* the device cuts super-frames */
	bool tap;	   /* behind it is one machine */
	bool one_queue; /* all that is sent waits in one queue, the device's */
};

/**
 * nic_refusal() - may this interface be a port?
 * @err: PORT_ERR bytes; one sentence with the remedy if not
 *
 * Refuses what is not Ethernet, what belongs to a kernel bridge, bond or other
 * master, and wireless clients, whose access point takes no foreign addresses.
 *
 * Return: 0 or -errno.
 */
int nic_refusal(const struct link *link, char *err);

/**
 * nic_attach() - find the interface, check it, bring it up
 *
 * Sets link_name, ifindex, mtu, speed and carrier. Return: 0 or -errno, with
 * @err for the operator; also 0 with a reason in @err if without carrier.
 */
int nic_attach(struct port *port, char *err);

/* the kinds' restore() */
void nic_restore(struct port *port);

/* the kinds' link() */
int nic_link(struct port *port, const struct link *link, char *err);

/* What the refusal of one frame by a packet socket, positive errno @error, is
 * to the caller of send(). That a device is gone the link watch says. */
int nic_send_result(const struct frame *f, int error);

/* The sentence for an open() that met @rc on a packet socket. Return: @rc. */
int nic_not_opened(const struct port *port, int rc, char *err);

#endif
