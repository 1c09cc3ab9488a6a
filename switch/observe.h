/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * observe.h - which IP addresses live behind a port: as seen in the ARP, IPv6
 * neighbour discovery and DHCP that passes anyway. For the operator's eyes:
 * nothing is decided by it, so a guest that lies deceives nobody else.
 *
 * Pure. A port keeps a few addresses, and one guest's do not drive out those
 * of another port.
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
	bool of_receiver; /* a DHCP server gave it to @mac; else the sender's */
};

/* Does @f show somebody's address? Reads no further than the frame. */
bool observe_frame(const struct frame *f, struct sighting *s);

struct observed {
	int n;
	struct {
		struct sighting what;
		uint64_t seen_ms;
	} entries[OBSERVE_PORT];
};

/* Remember @s; the one that was not seen for longest makes room. */
void observe_note(
    struct observed *o, const struct sighting *s, uint64_t now_ms);

/* "10.0.0.5", "fe80::1" */
const char *observe_text(const struct sighting *s, char text[OBSERVE_TEXT]);

/* Could it be one of those? What the frame path asks first. */
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
