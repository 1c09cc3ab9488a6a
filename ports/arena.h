/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arena.h - memory for one batch of received frames. It serves all ports, as
 * only one batch is under way at a time.
 */
#ifndef PORTS_ARENA_H
#define PORTS_ARENA_H

#include <stdint.h>

#include "forwarding/frame.h"

struct arena;

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

/** arena_poison() - debug builds: overwrite the frames of @batch that lie in
 * @arena, for nobody may read them any more */
void arena_poison(struct arena *arena, const struct batch *batch);

#endif
