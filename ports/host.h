/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * host.h - what all ports share: memory for a batch, and what they may ask of
 * the switch.
 *
 * One arena serves all ports, as only one batch is under way at a time.
 */
#ifndef PORTS_HOST_H
#define PORTS_HOST_H

#include <stdbool.h>
#include <stdint.h>

#include "forwarding/frame.h"
#include "forwarding/offload.h"

struct arena;
struct port;
struct port_kind;

enum {
	ARENA_HEADROOM = 16,			   /* for a virtio_net_hdr */
	ARENA_SLOT = FRAME_MAX + 2 * VLAN_TAG + 2, /* bytes behind it */
};

/**
 * arena_new() - memory for one batch of received frames
 *
 * Slots start at staggered offsets, or small frames would all fall into the
 * same cache sets.
 *
 * Return: NULL when out of memory.
 */
struct arena *arena_new(void);

/** arena_free() - free @arena; NULL is fine */
void arena_free(struct arena *arena);

/**
 * arena_slot() - where a port receives frame @i of a batch
 * @i: 0..BATCH_MAX-1
 *
 * Return: ARENA_SLOT bytes, with ARENA_HEADROOM before them.
 */
uint8_t *arena_slot(struct arena *arena, int i);

/* Owned by the switch; outlives every port. A port may call spawn() from
 * receive() and wake() from anywhere; neither calls back into the port. */
struct port_host {
	void *ctx;
	struct arena *arena;
	uint8_t *scratch; /* OFFLOAD_SCRATCH bytes, for port.c */
	int pcap_dir;	  /* where clients may have files written; 0: nowhere */

	bool serving; /* the loop runs: nothing may wait for anything */

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

#endif
