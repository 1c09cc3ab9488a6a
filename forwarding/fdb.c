/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fdb.c - the filtering database (IEEE 802.1D-1998 7.9).
 *
 * One flat table with linear probing, never more than a quarter full, so that
 * a lookup is one cache miss as a rule. Deletion shifts the entries behind the
 * gap back instead of leaving a tombstone, so probe sequences are as short
 * after a million deletions as they were before.
 *
 * The dynamic entries of a port are chained by slot number within the entries
 * themselves, oldest first. An entry goes to the end of its chain when its
 * stamp changes, once a second at most.
 *
 *     chains[port]   oldest ---------+               newest ------+
 *                                    v                            v
 *     slots[]   | .. | older=NONE newer=i | .. | older newer=NONE | .. |
 *                                       +---------^
 */
#include "fdb.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static const uint32_t NONE = UINT32_MAX; /* no slot */

struct entry {
	uint64_t key;	 /* VID and address; 0: the slot is empty */
	uint64_t taught; /* number of the frame that made or moved it */
	uint32_t stamp;	 /* second in which it was last heard */
	uint32_t older;	 /* neighbours in the port's chain, if dynamic */
	uint32_t newer;
	uint16_t port;
	bool is_static;
};
_Static_assert(sizeof(struct entry) == 32, "two to a cache line");

struct chain {
	uint32_t oldest, newest; /* slots */
	uint32_t count;		 /* dynamic entries of the port */
	uint32_t max;		 /* 0: no limit */
};

struct fdb {
	struct entry *slots;
	uint32_t mask; /* number of slots - 1 */
	uint32_t size; /* entries allowed: a quarter of the slots at most */
	uint32_t used;
	uint32_t statics; /* of used */
	uint32_t ageing_s;
	uint32_t expiry_s; /* no entry has expired before this second */
	uint64_t hash_keys[3];
	uint64_t learned, moved, evicted;
	struct portset heard; /* ports whose chain is not empty */
	struct chain chains[PORT_MAX + 1];
};

static uint64_t splitmix(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

/* Not 0, as VIDs begin at 1. */
static uint64_t key_of(uint16_t vid, const uint8_t mac[ETH_ADDR])
{
	return (uint64_t)vid << 48 | mac_u64(mac);
}

static void key_mac(uint64_t key, uint8_t mac[ETH_ADDR])
{
	uint32_t first = htobe32((uint32_t)(key >> 16));
	uint16_t last = htobe16((uint16_t)key);

	memcpy(mac, &first, sizeof first);
	memcpy(mac + sizeof first, &last, sizeof last);
}

/* The slot where the search for @key begins. Multiplied twice, as addresses
 * that are given out in sequence cluster after once. */
static uint32_t home_of(const struct fdb *fdb, uint64_t key)
{
	uint64_t h = (key ^ fdb->hash_keys[0]) * fdb->hash_keys[1];

	h = (h ^ h >> 32) * fdb->hash_keys[2];
	return (uint32_t)(h >> 32) & fdb->mask;
}

/* The slot that holds @key, or else the empty one where it would go. */
static uint32_t find(const struct fdb *fdb, uint64_t key)
{
	uint32_t slot = home_of(fdb, key);

	while (fdb->slots[slot].key && fdb->slots[slot].key != key)
		slot = (slot + 1) & fdb->mask;
	return slot;
}

static uint32_t seconds(uint64_t now_ms)
{
	return (uint32_t)(now_ms / 1000);
}

/* Seconds are counted whole: never before its time, and less than one late. */
static bool expired(
    const struct fdb *fdb, const struct entry *e, uint32_t now_s)
{
	return !e->is_static && now_s - e->stamp > fdb->ageing_s;
}

static void chain_append(struct fdb *fdb, uint32_t slot)
{
	struct entry *e = &fdb->slots[slot];
	struct chain *chain = &fdb->chains[e->port];

	e->older = chain->newest;
	e->newer = NONE;
	if (chain->newest == NONE)
		chain->oldest = slot;
	else
		fdb->slots[chain->newest].newer = slot;
	chain->newest = slot;
	chain->count++;
	portset_add(&fdb->heard, e->port);
}

/* Makes the neighbours of @e in its chain point to @to_older and @to_newer. */
static void chain_link(struct fdb *fdb, const struct entry *e,
    uint32_t to_older, uint32_t to_newer)
{
	struct chain *chain = &fdb->chains[e->port];

	*(e->older == NONE ? &chain->oldest : &fdb->slots[e->older].newer) =
	    to_newer;
	*(e->newer == NONE ? &chain->newest : &fdb->slots[e->newer].older) =
	    to_older;
}

static void chain_remove(struct fdb *fdb, uint32_t slot)
{
	const struct entry *e = &fdb->slots[slot];

	chain_link(fdb, e, e->older, e->newer);
	if (--fdb->chains[e->port].count == 0)
		portset_del(&fdb->heard, e->port);
}

static void relocate(struct fdb *fdb, uint32_t from, uint32_t to)
{
	struct entry *e = &fdb->slots[to];

	*e = fdb->slots[from];
	if (!e->is_static)
		chain_link(fdb, e, to, to);
}

/* Empties @slot and closes the gap: an entry behind it moves into it unless
 * that would put it before its home. */
static void erase(struct fdb *fdb, uint32_t slot)
{
	uint32_t mask = fdb->mask;

	if (fdb->slots[slot].is_static)
		fdb->statics--;
	else
		chain_remove(fdb, slot);
	for (uint32_t i = (slot + 1) & mask; fdb->slots[i].key;
	     i = (i + 1) & mask) {
		uint32_t home = home_of(fdb, fdb->slots[i].key);

		if (((i - home) & mask) >= ((i - slot) & mask)) {
			relocate(fdb, i, slot);
			slot = i;
		}
	}
	fdb->slots[slot].key = 0;
	fdb->used--;
}

static void evict(struct fdb *fdb, int port)
{
	erase(fdb, fdb->chains[port].oldest);
	fdb->evicted++;
}

/* A port whose oldest entry has expired, or 0. Remembers until when there can
 * be none, so that a full table is not searched once a frame. */
static int expired_port(struct fdb *fdb, uint32_t now_s)
{
	uint32_t first = now_s;

	if (now_s < fdb->expiry_s)
		return 0;
	portset_foreach (port, &fdb->heard) {
		uint32_t oldest = fdb->chains[port].oldest;

		if (expired(fdb, &fdb->slots[oldest], now_s))
			return port;
		if (fdb->slots[oldest].stamp < first)
			first = fdb->slots[oldest].stamp;
	}
	fdb->expiry_s = first + fdb->ageing_s + 1;
	return 0;
}

/* The port with most dynamic entries, or 0. */
static int fullest_port(const struct fdb *fdb)
{
	int fullest = 0;

	portset_foreach (port, &fdb->heard)
		if (fdb->chains[port].count > fdb->chains[fullest].count)
			fullest = port;
	return fullest;
}

/* Makes sure that one more entry of @port (0: a static one) has room. The rule
 * is in fdb.h. */
static bool make_room(struct fdb *fdb, int port, uint32_t now_s)
{
	const struct chain *own = &fdb->chains[port];
	int victim = port;

	if (!own->max || own->count < own->max) {
		if (fdb->used < fdb->size)
			return true;
		victim = expired_port(fdb, now_s);
		if (!victim)
			victim = own->count >= FDB_RESERVE ? port
							   : fullest_port(fdb);
	}
	if (victim)
		evict(fdb, victim);
	return victim;
}

/* Makes an entry of an address that has none; there is room for it. */
static void insert(struct fdb *fdb, const struct entry *new)
{
	uint32_t slot = find(fdb, new->key);

	fdb->slots[slot] = *new;
	fdb->used++;
	if (new->is_static)
		fdb->statics++;
	else
		chain_append(fdb, slot);
}

static void fill_fact(const struct entry *e, uint32_t now_s, struct fdb_fact *f)
{
	f->known = true;
	f->is_static = e->is_static;
	f->port = e->port;
	f->vid = (uint16_t)(e->key >> 48);
	f->age_s = e->is_static ? 0 : now_s - e->stamp;
	f->taught = e->taught;
	key_mac(e->key, f->mac);
}

static size_t table_bytes(const struct fdb *fdb)
{
	return ((size_t)fdb->mask + 1) * sizeof *fdb->slots;
}

/* Memory for the slots, of which the kernel gives only what is touched, and in
 * large pages if it can: a large table has more pages than the processor
 * remembers. */
static bool map_slots(struct fdb *fdb)
{
	void *slots = mmap(NULL, table_bytes(fdb), PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (slots == MAP_FAILED)
		return false;
	madvise(slots, table_bytes(fdb), MADV_HUGEPAGE);
	fdb->slots = slots;
	return true;
}

struct fdb *fdb_new(uint32_t size, uint64_t seed)
{
	struct fdb *fdb;

	if (size < FDB_SIZE_MIN || size > FDB_SIZE_MAX)
		return NULL;
	fdb = calloc(1, sizeof *fdb);
	if (!fdb)
		return NULL;
	for (fdb->mask = 1; fdb->mask < 4 * size; fdb->mask *= 2)
		;
	fdb->mask--;
	if (!map_slots(fdb)) {
		free(fdb);
		return NULL;
	}
	fdb->size = size;
	fdb->ageing_s = FDB_AGEING_DEFAULT_S;
	for (int i = 0; i < 3; i++)
		fdb->hash_keys[i] = splitmix(&seed) | 1;
	for (int port = 0; port <= PORT_MAX; port++)
		fdb->chains[port].oldest = fdb->chains[port].newest = NONE;
	return fdb;
}

void fdb_free(struct fdb *fdb)
{
	if (!fdb)
		return;
	munmap(fdb->slots, table_bytes(fdb));
	free(fdb);
}

void fdb_set_ageing(struct fdb *fdb, uint32_t ageing_s)
{
	fdb->ageing_s = ageing_s;
	fdb->expiry_s = 0;
}

uint32_t fdb_ageing(const struct fdb *fdb)
{
	return fdb->ageing_s;
}

void fdb_set_port_max(struct fdb *fdb, int port, uint32_t max)
{
	fdb->chains[port].max = max;
	while (max && fdb->chains[port].count > max)
		evict(fdb, port);
}

uint32_t fdb_port_count(const struct fdb *fdb, int port)
{
	return fdb->chains[port].count;
}

void fdb_prefetch(
    const struct fdb *fdb, uint16_t vid, const uint8_t mac[ETH_ADDR])
{
	__builtin_prefetch(&fdb->slots[home_of(fdb, key_of(vid, mac))]);
}

/* An entry was heard again on its port. */
static enum fdb_learned refresh(struct fdb *fdb, uint32_t slot, uint32_t now_s)
{
	fdb->slots[slot].stamp = now_s;
	chain_remove(fdb, slot);
	chain_append(fdb, slot);
	return FDB_SAME;
}

/* What fdb_learn() does once a second and address: @slot is where @new is, or
 * else will be. */
static enum fdb_learned learn_slowly(
    struct fdb *fdb, uint32_t slot, const struct entry *new, int *from)
{
	struct entry *old = &fdb->slots[slot];
	enum fdb_learned what = FDB_NEW;

	if (old->key) {
		if (old->is_static)
			return FDB_SAME;
		if (!expired(fdb, old, new->stamp)) {
			if (old->port == new->port)
				return refresh(fdb, slot, new->stamp);
			what = FDB_MOVED;
			if (from)
				*from = old->port;
		}
		erase(fdb, slot);
	}
	if (!make_room(fdb, new->port, new->stamp))
		return FDB_NOT_LEARNED;
	insert(fdb, new);
	*(what == FDB_MOVED ? &fdb->moved : &fdb->learned) += 1;
	return what;
}

enum fdb_learned fdb_learn(struct fdb *fdb, uint16_t vid,
    const uint8_t mac[ETH_ADDR], int port, uint64_t frame, uint64_t now_ms,
    int *from)
{
	uint64_t key = key_of(vid, mac);
	uint32_t slot = find(fdb, key);
	const struct entry *e = &fdb->slots[slot];

	if (e->key && e->port == port && e->stamp == seconds(now_ms))
		return FDB_SAME;
	struct entry new = {
	    .key = key,
	    .taught = frame,
	    .stamp = seconds(now_ms),
	    .port = (uint16_t)port,
	};
	return learn_slowly(fdb, slot, &new, from);
}

int fdb_lookup(const struct fdb *fdb, uint16_t vid, const uint8_t mac[ETH_ADDR],
    uint64_t now_ms, struct fdb_fact *fact)
{
	const struct entry *e = &fdb->slots[find(fdb, key_of(vid, mac))];

	if (!e->key || expired(fdb, e, seconds(now_ms)))
		return 0;
	if (fact)
		fill_fact(e, seconds(now_ms), fact);
	return e->port;
}

int fdb_add_static(struct fdb *fdb, uint16_t vid, const uint8_t mac[ETH_ADDR],
    int port, uint64_t now_ms)
{
	struct entry new = {
	    .key = key_of(vid, mac),
	    .stamp = seconds(now_ms),
	    .port = (uint16_t)port,
	    .is_static = true,
	};

	fdb_del(fdb, vid, mac);
	if (!make_room(fdb, 0, new.stamp))
		return -ENOSPC;
	insert(fdb, &new);
	return 0;
}

int fdb_del(struct fdb *fdb, uint16_t vid, const uint8_t mac[ETH_ADDR])
{
	uint32_t slot = find(fdb, key_of(vid, mac));

	if (!fdb->slots[slot].key)
		return -ENOENT;
	erase(fdb, slot);
	return 0;
}

static bool matches(const struct entry *e, const struct fdb_filter *filter)
{
	uint8_t mac[ETH_ADDR];

	if (!e->key || (e->is_static && !filter->statics))
		return false;
	if (filter->port && e->port != filter->port)
		return false;
	if (filter->vid && e->key >> 48 != filter->vid)
		return false;
	key_mac(e->key, mac);
	return !filter->mac || memcmp(mac, filter->mac, ETH_ADDR) == 0;
}

/* Forgets what @port learned without a look at the rest of the table. */
static uint32_t flush_chain(struct fdb *fdb, int port)
{
	uint32_t n = fdb->chains[port].count;

	while (fdb->chains[port].count)
		erase(fdb, fdb->chains[port].oldest);
	return n;
}

static uint32_t flush_slots(struct fdb *fdb, const struct fdb_filter *filter)
{
	uint32_t n = 0;

	for (uint32_t slot = 0; slot <= fdb->mask && fdb->used;) {
		if (!matches(&fdb->slots[slot], filter)) {
			slot++;
			continue;
		}
		erase(fdb, slot); /* another entry may move in */
		n++;
	}
	return n;
}

uint32_t fdb_flush(struct fdb *fdb, const struct fdb_filter *filter)
{
	uint32_t n = 0;

	if (filter->port && !filter->vid && !filter->mac) {
		n = flush_chain(fdb, filter->port);
		if (!filter->statics || !fdb->statics)
			return n;
	}
	return n + flush_slots(fdb, filter);
}

void fdb_walk(const struct fdb *fdb, uint64_t now_ms,
    bool (*fn)(const struct fdb_fact *fact, void *arg), void *arg)
{
	fdb_walk_part(fdb, 0, UINT32_MAX, now_ms, fn, arg);
}

uint32_t fdb_walk_part(const struct fdb *fdb, uint32_t from, uint32_t slots,
    uint64_t now_ms, bool (*fn)(const struct fdb_fact *fact, void *arg),
    void *arg)
{
	uint32_t now_s = seconds(now_ms);

	for (uint32_t slot = from; slot <= fdb->mask; slot++) {
		const struct entry *e = &fdb->slots[slot];
		struct fdb_fact fact;

		if (slot - from == slots)
			return slot;
		if (!e->key || expired(fdb, e, now_s))
			continue;
		fill_fact(e, now_s, &fact);
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
	    .used = fdb->used,
	    .statics = fdb->statics,
	    .learned = fdb->learned,
	    .moved = fdb->moved,
	    .evicted = fdb->evicted,
	};
	for (uint32_t slot = 0; slot <= fdb->mask; slot++) {
		uint64_t key = fdb->slots[slot].key;
		uint32_t probe;

		if (!key)
			continue;
		probe = ((slot - home_of(fdb, key)) & fdb->mask) + 1;
		probes += probe;
		if (probe > stats->probe_max)
			stats->probe_max = probe;
	}
	if (fdb->used)
		stats->probe_mean = (double)probes / fdb->used;
}
