/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * host.h - what all ports share, and what they may ask of the switch.
 */
#ifndef PORTS_HOST_H
#define PORTS_HOST_H

#include <stdbool.h>
#include <stdint.h>

#include "forwarding/offload.h"

#include "arena.h"

struct port;
struct port_kind;
struct whois;

/* Owned by the switch; outlives every port. A port may call spawn() from
 * receive() and wake() from anywhere; neither calls back into the port. */
struct port_host {
	void *ctx;
	struct arena *arena;
	uint8_t *scratch; /* OFFLOAD_SCRATCH bytes, for port.c */
	int pcap_dir;	  /* where clients may have files written; 0: nowhere */

	bool serving; /* the loop runs: nothing may wait for anything */

	/* who holds the TAP that a client wanted last; tap_refusal.c */
	struct whois *busy;
	char busy_name[16];
	bool again; /* set by open(): the same request gets to know more */

	/* port.c's account of the work that super-frames cause */
	uint64_t turn;	      /* of the loop: counted by port_turn() */
	int segments;	      /* made in this turn */
	struct port *charged; /* for what is sent now: it received it */
	bool renewed;	      /* a receive ring, in this turn */

	/**
	 * spawn() - a peer has connected to listener @from: make it a port
	 * @kind: what the new port is
	 * @stem: the host names it STEM-1, STEM-2, ...: the first that is free
	 * @seed: for @kind's open(), in the new port's `seed`
	 *
	 * The new port's specification is that of @from with another name.
	 *
	 * Return: 0, and @seed belongs to the new port's open(); or -errno:
	 * it still belongs to the caller.
	 */
	int (*spawn)(struct port *from, const struct port_kind *kind,
	    const char *stem, void *seed);

	/** wake() - the port's fd, events, carrier or MTU has changed outside
	 * of a call that the switch made */
	void (*wake)(struct port *port);
};

/**
 * port_turn() - a turn of the loop begins
 *
 * What frames are cut into, for all ports together, is bounded in each turn,
 * and charged to the port that received them.
 */
void port_turn(struct port_host *host);

#endif
