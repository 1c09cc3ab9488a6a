/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dhcp.h - a DHCP server (RFC 2131) for one network: any number of guests, up
 * to the network's size.
 *
 *     DISCOVER --> OFFER, kept for DHCP_OFFER_S
 *     REQUEST  --> ACK: a lease; or NAK: not this address
 *     RELEASE, or time --> the address stays its guest's as long as there are
 *                          others that nobody has had
 *
 * Pure: time enters as an argument. A guest is its MAC address, not its client
 * identifier, which cloned machines share. The server is the only one of its
 * network and says so (NAK to what it does not know to be free), so a guest
 * that comes back with the address of a lease that was lost gets it again if it
 * is free. An address has at most one guest, a guest at most one address.
 */
#ifndef SWITCH_NAT_DHCP_H
#define SWITCH_NAT_DHCP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ports/lease.h"
#include "ports/nat_spec.h"

#include "dhcp_message.h"

enum {
	DHCP_LEASE_S = 86400,
	DHCP_OFFER_S = 60,
	DHCP_DECLINED_S = 600, /* somebody else has the address */
};

struct dhcp;

/* What one message has changed: the guest's new lease, and its old one. */
struct dhcp_changes {
	int n;
	const struct lease *leases[2];
};

/**
 * dhcp_new() - a server without leases
 * @spec: copied
 * @mac:  source of its frames
 *
 * Return: NULL when out of memory.
 */
struct dhcp *dhcp_new(const struct nat_spec *spec, const uint8_t mac[ETH_ADDR]);

/** dhcp_free() - free it; NULL is fine */
void dhcp_free(struct dhcp *dhcp);

/**
 * dhcp_restore() - take over a lease of an earlier server
 *
 * Of two leases of a guest, the one that ends last counts.
 *
 * Return: false if it does not fit this network, or another lease.
 */
bool dhcp_restore(struct dhcp *dhcp, const struct lease *lease);

/**
 * dhcp_answer() - a frame of a client, for which dhcp_message_is() is true
 * @frame:   @len bytes, which may be any
 * @now_s:   seconds of the clock on the wall
 * @reply:   DHCP_FRAME_MAX bytes
 * @changed: written: the leases that have changed, if any
 *
 * Return: length of @reply, 0: there is no answer.
 */
size_t dhcp_answer(struct dhcp *dhcp, const uint8_t *frame, size_t len,
    uint64_t now_s, uint8_t *reply, struct dhcp_changes *changed);

/** dhcp_of_address() - the lease of @ip, also of one that has ended; NULL: @ip
 * is not in the network, or nobody has had it */
const struct lease *dhcp_of_address(const struct dhcp *dhcp, uint32_t ip);

#endif
