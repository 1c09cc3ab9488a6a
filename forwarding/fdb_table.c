/* SPDX-License-Identifier: BSD-2-Clause */
/* fdb_table.c - entries come into the table and its chains, and go. */
#include "fdb_table.h"

static struct fdb_chain *chain_of(struct fdb *fdb, const struct fdb_entry *e);
static void chain_append(struct fdb *fdb, uint32_t slot);
static void chain_remove(struct fdb *fdb, uint32_t slot);
static void relocate(struct fdb *fdb, uint32_t from, uint32_t to);
static void chain_link(struct fdb *fdb, const struct fdb_entry *e,
    uint32_t to_older, uint32_t to_newer);

void fdb_insert(struct fdb *fdb, const struct fdb_entry *new)
{
	uint32_t slot = fdb_find(fdb, new->key);

	fdb->slots[slot] = *new;
	fdb->slots[slot].epoch = fdb->epochs[new->port];
	fdb_note(fdb, new->key);
	fdb->used++;
	chain_append(fdb, slot);
}

/* An entry behind the gap moves into it unless that would put it before its
 * home. */
void fdb_erase(struct fdb *fdb, uint32_t slot)
{
	uint32_t mask = fdb->mask;

	fdb_note(fdb, fdb->slots[slot].key);
	chain_remove(fdb, slot);
	for (uint32_t i = (slot + 1) & mask; fdb->slots[i].key;
	     i = (i + 1) & mask) {
		uint32_t home = fdb_home(fdb, fdb->slots[i].key);

		if (((i - home) & mask) >= ((i - slot) & mask)) {
			relocate(fdb, i, slot);
			slot = i;
		}
	}
	fdb->slots[slot].key = 0;
	fdb->used--;
}

void fdb_touch(struct fdb *fdb, uint32_t slot, uint32_t now_s)
{
	fdb->slots[slot].stamp = now_s;
	chain_remove(fdb, slot);
	chain_append(fdb, slot);
}

uint32_t fdb_flush_chain(struct fdb *fdb, int port)
{
	struct fdb_chain *chain = &fdb->chains[port];
	struct fdb_chain *flushed = &fdb->flushed;
	uint32_t n = chain->count;

	if (!n)
		return 0;
	if (flushed->newest == FDB_NO_SLOT)
		flushed->oldest = chain->oldest;
	else
		fdb->slots[flushed->newest].newer = chain->oldest;
	fdb->slots[chain->oldest].older = flushed->newest;
	flushed->newest = chain->newest;
	flushed->count += n;
	chain->oldest = chain->newest = FDB_NO_SLOT;
	chain->count = 0;
	portset_del(&fdb->heard, port);
	fdb->epochs[port]++;
	return n;
}

void fdb_reclaim(struct fdb *fdb, uint32_t n)
{
	for (; n && fdb->flushed.count; n--)
		fdb_erase(fdb, fdb->flushed.oldest);
}

void fdb_rotate(struct fdb *fdb)
{
	uint32_t slot = fdb->statics.oldest;

	chain_remove(fdb, slot);
	chain_append(fdb, slot);
}

/* The chain that @e is in. */
static struct fdb_chain *chain_of(struct fdb *fdb, const struct fdb_entry *e)
{
	if (e->is_static)
		return &fdb->statics;
	return fdb_is_flushed(fdb, e) ? &fdb->flushed : &fdb->chains[e->port];
}

static void chain_append(struct fdb *fdb, uint32_t slot)
{
	struct fdb_entry *e = &fdb->slots[slot];
	struct fdb_chain *chain = chain_of(fdb, e);

	e->older = chain->newest;
	e->newer = FDB_NO_SLOT;
	if (chain->newest == FDB_NO_SLOT)
		chain->oldest = slot;
	else
		fdb->slots[chain->newest].newer = slot;
	chain->newest = slot;
	chain->count++;
	if (!e->is_static)
		portset_add(&fdb->heard, e->port);
}

static void chain_remove(struct fdb *fdb, uint32_t slot)
{
	const struct fdb_entry *e = &fdb->slots[slot];
	struct fdb_chain *chain = chain_of(fdb, e);

	chain_link(fdb, e, e->older, e->newer);
	if (--chain->count == 0 && chain == &fdb->chains[e->port])
		portset_del(&fdb->heard, e->port);
}

static void relocate(struct fdb *fdb, uint32_t from, uint32_t to)
{
	struct fdb_entry *e = &fdb->slots[to];

	*e = fdb->slots[from];
	chain_link(fdb, e, to, to);
}

/* Makes the neighbors of @e in its chain point to @to_older and @to_newer. */
static void chain_link(struct fdb *fdb, const struct fdb_entry *e,
    uint32_t to_older, uint32_t to_newer)
{
	struct fdb_chain *chain = chain_of(fdb, e);

	*(e->older == FDB_NO_SLOT ? &chain->oldest
				  : &fdb->slots[e->older].newer) = to_newer;
	*(e->newer == FDB_NO_SLOT ? &chain->newest
				  : &fdb->slots[e->newer].older) = to_older;
}
