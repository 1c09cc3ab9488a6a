/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * nic.h - what all drivers of `nic:` share: which interfaces may be used, and
 * how changes to them are judged.
 *
 * An interface still belongs to the host. We bring it up if it is down, as the
 * operator has named it for us to use, and undo that at the end; addresses,
 * routes, offload settings and membership are never touched.
 */
#ifndef PORTS_NIC_H
#define PORTS_NIC_H

#include "link.h"
#include "port.h"

/* The first member of what port->priv of every driver points to. */
struct nic {
	uint32_t link_mtu; /* the interface's; port->mtu may be set lower */
	bool tso;	   /* the device cuts super-frames */
	bool tap;	   /* one machine is behind it */
	bool veth;	   /* whoever is behind it sends super-frames of UDP */
	bool one_queue; /* all that is sent waits in one queue, the device's */
};

/**
 * nic_refusal() - may this interface be a port?
 * @err: PORT_ERR bytes; one sentence with the remedy if not
 *
 * Refuses interfaces that are not Ethernet, members of a kernel bridge, bond or
 * other master, and what takes no foreign addresses: wireless clients, ipvlans,
 * and macvlans in any mode but passthru.
 *
 * Return: 0 or -errno.
 */
int nic_refusal(const struct link *link, char *err);

/**
 * nic_attach() - find the interface, check it, bring it up
 * @err: PORT_ERR bytes; why this failed, or why there is no carrier
 *
 * port->priv points to a struct nic already. Sets that, link_name, ifindex,
 * mtu, speed_mbps, carrier and past.raised.
 *
 * Return: 0 or -errno.
 */
int nic_attach(struct port *port, char *err);

/** nic_restore() - a kind's restore(): undo what nic_attach() brought up */
void nic_restore(struct port *port);

/** nic_link() - a kind's link(): see struct port_kind */
int nic_link(struct port *port, const struct link *link, char *err);

/* A device that refuses so many frames in a row is full. */
enum { NIC_FULL_ROW = 8 };

/** nic_longest() - bytes of a frame that the interface must take, tag counted
 */
static inline size_t nic_longest(const struct nic *nic)
{
	return ETH_HEAD + nic->link_mtu + VLAN_TAG;
}

/**
 * nic_refused() - may the frames behind @f be sent though it was refused?
 * @error: positive errno
 * @row:   frames refused in a row; updated, never reset
 */
bool nic_refused(
    const struct nic *nic, const struct frame *f, int error, int *row);

/** nic_tells_uso() - can a packet socket of kernel @release describe a
 * super-frame of UDP? Linux 6.2 and newer */
bool nic_tells_uso(const char *release);

/**
 * nic_send_result() - what send() returns when a packet socket refuses @f
 * @error: positive errno
 *
 * That a device is gone is not said here: the link watch notices.
 *
 * Return: -errno, see send() of struct port_kind.
 */
int nic_send_result(const struct frame *f, int error);

/**
 * nic_not_opened() - the sentence of an open() that met @result on a packet
 * socket
 * @result: -errno
 * @err:    PORT_ERR bytes
 *
 * Return: @result.
 */
int nic_not_opened(const struct port *port, int result, char *err);

#endif
