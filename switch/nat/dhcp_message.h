/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dhcp_message.h - a DHCP message (RFC 2131, options of RFC 2132) inside its
 * Ethernet frame: what a client asks, and the frame of an answer.
 *
 * Pure. Addresses are in host byte order. Checksums of clients are not looked
 * at: on a virtual wire they may be unfinished, and nothing else spoils bytes.
 */
#ifndef SWITCH_NAT_DHCP_MESSAGE_H
#define SWITCH_NAT_DHCP_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "forwarding/frame.h"
#include "ports/lease.h"

enum {
	DHCP_FRAME_MAX = 14 + 20 + 8 + 548, /* of an answer */
	DHCP_ROUTE_DNS = 3,
};

enum dhcp_type {
	DHCP_DISCOVER = 1,
	DHCP_OFFER,
	DHCP_REQUEST,
	DHCP_DECLINE,
	DHCP_ACK,
	DHCP_NAK,
	DHCP_RELEASE,
	DHCP_INFORM,
};

/* What a client says. An address that it did not give is 0. */
struct dhcp_message {
	enum dhcp_type type;
	uint8_t mac[ETH_ADDR];
	uint32_t xid;
	uint32_t ciaddr;       /* which it has */
	uint32_t wanted;       /* requested IP address */
	uint32_t server;       /* server identifier */
	uint32_t to;	       /* destination of the datagram */
	bool broadcast;	       /* it cannot hear a unicast yet */
	char name[LEASE_NAME]; /* its host name, or "" */
};

/* What an answer says. */
struct dhcp_reply {
	enum dhcp_type type;
	uint8_t from[ETH_ADDR]; /* source of the frame */
	uint32_t server;
	uint32_t address;      /* yiaddr: 0 in NAK and the answer to INFORM */
	uint32_t mask, router; /* 0: left out */
	int n_dns;
	uint32_t dns[DHCP_ROUTE_DNS];
	uint32_t lease_s;      /* 0: left out */
	char name[LEASE_NAME]; /* "": left out */
};

/**
 * dhcp_message_is() - is this frame for the server's port of UDP?
 * @frame: @len bytes, which may be any
 */
bool dhcp_message_is(const uint8_t *frame, size_t len);

/**
 * dhcp_message_parse() - read the frame of a client
 * @frame: @len bytes, which may be any
 *
 * Return: false if it is none, or comes through a relay.
 */
bool dhcp_message_parse(
    const uint8_t *frame, size_t len, struct dhcp_message *message);

/**
 * dhcp_reply_write() - write the frame that answers @message
 * @frame: DHCP_FRAME_MAX bytes
 *
 * Return: its length.
 */
size_t dhcp_reply_write(const struct dhcp_reply *reply,
    const struct dhcp_message *message, uint8_t *frame);

#endif
