/* SPDX-License-Identifier: BSD-2-Clause */
/* fdb_journal.c - which addresses have changed: see fdb_journal.h. */
#include "fdb_journal.h"

#include "fdb_table.h"

static_assert(FDB_JOURNAL >= 4 * BATCH_MAX,
    "each frame of a batch may evict one entry and move another");

void fdb_journal_keep(struct fdb *fdb, bool on)
{
	fdb->journal = (struct fdb_journal){.on = on};
}

bool fdb_journal_has(const struct fdb *fdb)
{
	return fdb->journal.n > 0 || fdb->journal.torn;
}

uint16_t fdb_journal_take(struct fdb *fdb, uint8_t mac[ETH_ADDR])
{
	struct fdb_journal *j = &fdb->journal;

	if (j->first == j->n)
		return 0;
	uint64_t key = j->keys[j->first++];
	if (j->first == j->n)
		j->first = j->n = 0;
	fdb_key_mac(key, mac);
	return fdb_key_vid(key);
}

bool fdb_journal_torn(struct fdb *fdb)
{
	bool torn = fdb->journal.torn;

	fdb->journal.torn = false;
	return torn;
}

int fdb_copy_port(const struct fdb *fdb, uint16_t vid,
    const uint8_t mac[ETH_ADDR], bool *moved)
{
	const struct fdb_entry *e =
	    &fdb->slots[fdb_find(fdb, fdb_key(vid, mac))];

	*moved = e->moved;
	return e->key ? e->port : 0;
}

uint32_t fdb_copy_walk(const struct fdb *fdb, uint32_t from, uint32_t slots,
    bool (*fn)(const uint8_t mac[ETH_ADDR], int port, void *arg), void *arg)
{
	for (uint32_t slot = from; slot <= fdb->mask; slot++) {
		const struct fdb_entry *e = &fdb->slots[slot];
		uint8_t mac[ETH_ADDR];

		if (slot - from == slots)
			return slot;
		if (!e->key)
			continue;
		fdb_key_mac(e->key, mac);
		if (!fn(mac, e->port, arg))
			return slot == fdb->mask ? 0 : slot + 1;
	}
	return 0;
}

bool fdb_journal_flushed(struct fdb *fdb)
{
	fdb_reclaim(fdb, FDB_JOURNAL / 2);
	return fdb->flushed.count > 0;
}
