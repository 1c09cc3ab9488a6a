/* SPDX-License-Identifier: BSD-2-Clause */
/* fdb_walk.c - reading the filtering database from end to end. */
#include "fdb_table.h"

void fdb_walk(const struct fdb *fdb, uint64_t now_ms,
    bool (*fn)(const struct fdb_fact *fact, void *arg), void *arg)
{
	fdb_walk_part(fdb, 0, UINT32_MAX, now_ms, fn, arg);
}

uint32_t fdb_walk_part(const struct fdb *fdb, uint32_t from, uint32_t slots,
    uint64_t now_ms, bool (*fn)(const struct fdb_fact *fact, void *arg),
    void *arg)
{
	uint32_t now_s = fdb_seconds(now_ms);

	fdb_assert_time(fdb, now_ms);
	for (uint32_t slot = from; slot <= fdb->mask; slot++) {
		const struct fdb_entry *e = &fdb->slots[slot];
		struct fdb_fact fact;

		if (slot - from == slots)
			return slot;
		if (!e->key || fdb_expired(fdb, e, now_s))
			continue;
		fdb_fill_fact(e, now_s, &fact);
		if (!fn(&fact, arg))
			return slot == fdb->mask ? 0 : slot + 1;
	}
	return 0;
}

void fdb_stats(const struct fdb *fdb, struct fdb_stats *stats)
{
	uint64_t probes = 0;

	*stats = (struct fdb_stats){
	    .size = fdb->size,
	    .used = fdb->used - fdb->flushed.count,
	    .statics = fdb->statics.count,
	    .learned = fdb->learned,
	    .moved = fdb->moved,
	    .evicted = fdb->evicted,
	};
	for (uint32_t slot = 0; slot <= fdb->mask; slot++) {
		uint64_t key = fdb->slots[slot].key;
		uint32_t probe;

		if (!key)
			continue;
		probe = ((slot - fdb_home(fdb, key)) & fdb->mask) + 1;
		probes += probe;
		if (probe > stats->probe_max)
			stats->probe_max = probe;
	}
	if (fdb->used)
		stats->probe_mean = (double)probes / fdb->used;
}
