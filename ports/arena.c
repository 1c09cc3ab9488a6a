/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arena.c - memory for one batch of received frames.
 *
 * A slot holds the largest super-frame, so that nothing is ever truncated.
 * Only pages that frames have touched are resident.
 */
#include "arena.h"

#include <assert.h>
#include <stdlib.h>

#include "poison.h"

enum {
	/* A multiple of a cache line, but not of a page: consecutive slots
	 * start three lines further on in the cache. */
	STRIDE = 65536 + 3 * 64,
};

static_assert(ARENA_HEADROOM + ARENA_SLOT <= STRIDE, "slots would overlap");

struct arena {
	_Alignas(64) uint8_t bytes[BATCH_MAX][STRIDE];
};

struct arena *arena_new(void)
{
	return aligned_alloc(64, sizeof(struct arena));
}

void arena_free(struct arena *arena)
{
	free(arena);
}

uint8_t *arena_slot(struct arena *arena, int i)
{
	assert(i >= 0 && i < BATCH_MAX);
	return arena->bytes[i] + ARENA_HEADROOM;
}

void arena_poison(struct arena *arena, const struct batch *batch)
{
	poison_batch(batch, arena->bytes[0], sizeof(arena->bytes));
}
