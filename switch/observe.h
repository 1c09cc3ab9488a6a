/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * observe.h - which IP addresses live behind a port, as seen in passing ARP,
 * IPv6 neighbor discovery and DHCP. For the operator only: no decision depends
 * on it, so a guest that lies deceives no other guest.
 *
 * Pure. Each port keeps a few addresses of its own, so one guest cannot push
 * out those of another port.
 */
#ifndef SWITCH_OBSERVE_H
#define SWITCH_OBSERVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "forwarding/frame.h"

enum {
	OBSERVE_PORT = 8,  /* addresses that a port keeps */
	OBSERVE_TEXT = 46, /* bytes of an address as text: INET6_ADDRSTRLEN */
};

struct sighting {
	uint8_t mac[ETH_ADDR];
	bool v6;
	uint8_t ip[16];	  /* 4 of them for IPv4 */
	bool of_receiver; /* assigned to mac by DHCP; false: the sender's */
};

/** observe_frame() - does @f show an address? Then fill in @s */
bool observe_frame(const struct frame *f, struct sighting *s);

struct observed {
	int n;
	struct {
		struct sighting what;
		uint64_t seen_at_ms;
	} entries[OBSERVE_PORT];
};

/** observe_note() - remember @s; replaces the one seen longest ago */
void observe_note(
    struct observed *o, const struct sighting *s, uint64_t now_ms);

/** observe_hosts() - how many Ethernet addresses the entries have */
int observe_hosts(const struct observed *o);

/** observe_text() - "10.0.0.5", "fe80::1"; written to @text and returned */
const char *observe_text(const struct sighting *s, char text[OBSERVE_TEXT]);

/** observe_wants() - may @f show an address? The frame path asks first */
static inline bool observe_wants(const struct frame *f)
{
	uint16_t type = f->body_len > 2 ? frame_type(f) : 0;

	if (type == 0x0800) /* UDP, of which DHCP is judged later */
		return f->body_len > 2 + 20 && f->body[2 + 9] == 17;
	if (type == 0x86dd) /* ICMPv6 */
		return f->body_len > 2 + 40 && f->body[2 + 6] == 58;
	return type == 0x0806;
}

#endif
