/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fdb.c - the filtering database (IEEE 802.1D-1998 7.9): learning, room for
 * what is learned, lookups, flushes. fdb_table.c keeps the table itself in
 * order, fdb_walk.c reads it from end to end.
 */
#include "fdb.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "fdb_table.h"

static bool map_slots(struct fdb *fdb);
static size_t table_bytes(const struct fdb *fdb);
static uint64_t splitmix(uint64_t *state);
static void assert_entry(uint16_t vid, int port);
static void note_time(struct fdb *fdb, uint64_t now_ms);
static enum fdb_learned learn_slowly(
    struct fdb *fdb, uint32_t slot, struct fdb_entry *new, int *from);
static bool make_room(struct fdb *fdb, int port, uint32_t now_s);
static int expired_port(struct fdb *fdb, uint32_t now_s);
static int fullest_port(const struct fdb *fdb);
static void evict(struct fdb *fdb, int port);
static void chain_init(struct fdb_chain *chain);
static uint32_t flush_address(struct fdb *fdb, const struct fdb_filter *filter);
static uint32_t flush_ports(struct fdb *fdb, int port);
static uint32_t flush_statics(struct fdb *fdb, int port);
static uint32_t flush_slots(struct fdb *fdb, const struct fdb_filter *filter,
    uint32_t from, uint32_t slots, uint32_t *n);
static bool matches(const struct fdb *fdb, const struct fdb_entry *e,
    const struct fdb_filter *filter);

struct fdb *fdb_new(uint32_t size, uint64_t seed)
{
	struct fdb *fdb;

	if (size < FDB_SIZE_MIN || size > FDB_SIZE_MAX)
		return NULL;
	fdb = calloc(1, sizeof(*fdb));
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
	fdb->slice = size / (FDB_EPOCHS - 1) + 1;
	fdb->ageing_s = FDB_AGEING_DEFAULT_S;
	for (int i = 0; i < 3; i++)
		fdb->hash_keys[i] = splitmix(&seed) | 1;
	for (int port = 0; port <= PORT_MAX; port++)
		chain_init(&fdb->chains[port]);
	chain_init(&fdb->statics);
	chain_init(&fdb->flushed);
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
	assert(port >= 1 && port <= PORT_MAX);
	struct fdb_chain *chain = &fdb->chains[port];

	chain->max = max;
	if (max && chain->count > max && chain->count - max > FDB_ERASES)
		fdb->evicted += flush_ports(fdb, port);
	while (max && chain->count > max)
		evict(fdb, port);
}

uint32_t fdb_port_count(const struct fdb *fdb, int port)
{
	assert(port >= 1 && port <= PORT_MAX);
	return fdb->chains[port].count;
}

void fdb_prefetch(
    const struct fdb *fdb, uint16_t vid, const uint8_t mac[ETH_ADDR])
{
	__builtin_prefetch(&fdb->slots[fdb_home(fdb, fdb_key(vid, mac))]);
}

enum fdb_learned fdb_learn(struct fdb *fdb, uint16_t vid,
    const uint8_t mac[ETH_ADDR], int port, uint64_t frame, uint64_t now_ms,
    int *from)
{
	uint64_t key = fdb_key(vid, mac);
	uint32_t slot = fdb_find(fdb, key);
	const struct fdb_entry *e = &fdb->slots[slot];

	assert_entry(vid, port);
	assert(!mac_is_group(mac));
	note_time(fdb, now_ms);
	if (e->key && e->port == port && e->stamp == fdb_seconds(now_ms) &&
	    e->epoch == fdb->epochs[port])
		return FDB_SAME;
	struct fdb_entry new = {
	    .key = key,
	    .taught = frame,
	    .stamp = fdb_seconds(now_ms),
	    .port = (uint16_t)port,
	};
	return learn_slowly(fdb, slot, &new, from);
}

int fdb_lookup(const struct fdb *fdb, uint16_t vid, const uint8_t mac[ETH_ADDR],
    uint64_t now_ms, struct fdb_fact *fact)
{
	const struct fdb_entry *e =
	    &fdb->slots[fdb_find(fdb, fdb_key(vid, mac))];

	assert(vid >= 1 && vid <= VID_MAX);
	fdb_assert_time(fdb, now_ms);
	if (!e->key || fdb_expired(fdb, e, fdb_seconds(now_ms)))
		return 0;
	if (fact)
		fdb_fill_fact(e, fdb_seconds(now_ms), fact);
	return e->port;
}

int fdb_add_static(struct fdb *fdb, uint16_t vid, const uint8_t mac[ETH_ADDR],
    int port, uint64_t now_ms)
{
	struct fdb_entry new = {
	    .key = fdb_key(vid, mac),
	    .stamp = fdb_seconds(now_ms),
	    .port = (uint16_t)port,
	    .is_static = true,
	};

	assert_entry(vid, port);
	note_time(fdb, now_ms);
	fdb_del(fdb, vid, mac);
	if (!make_room(fdb, 0, new.stamp))
		return -ENOSPC;
	fdb_insert(fdb, &new);
	return 0;
}

int fdb_del(struct fdb *fdb, uint16_t vid, const uint8_t mac[ETH_ADDR])
{
	uint32_t slot = fdb_find(fdb, fdb_key(vid, mac));

	assert(vid >= 1 && vid <= VID_MAX);
	if (!fdb->slots[slot].key)
		return -ENOENT;
	bool was = !fdb_is_flushed(fdb, &fdb->slots[slot]);
	fdb_erase(fdb, slot);
	return was ? 0 : -ENOENT;
}

uint32_t fdb_flush(struct fdb *fdb, const struct fdb_filter *filter)
{
	uint32_t n = 0, part, from = 0;

	do {
		from = fdb_flush_part(fdb, filter, from, UINT32_MAX, &part);
		n += part;
	} while (from);
	return n;
}

uint32_t fdb_flush_part(struct fdb *fdb, const struct fdb_filter *filter,
    uint32_t from, uint32_t slots, uint32_t *n)
{
	assert(filter->port >= 0 && filter->port <= PORT_MAX);
	*n = 0;
	if (filter->mac) {
		*n = flush_address(fdb, filter);
		return 0;
	}
	if (filter->vid)
		return flush_slots(fdb, filter, from, slots, n);
	*n = flush_ports(fdb, filter->port);
	if (filter->statics)
		*n += flush_statics(fdb, filter->port);
	return 0;
}

static void chain_init(struct fdb_chain *chain)
{
	chain->oldest = chain->newest = FDB_NO_SLOT;
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

static size_t table_bytes(const struct fdb *fdb)
{
	return ((size_t)fdb->mask + 1) * sizeof(*fdb->slots);
}

static uint64_t splitmix(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static void assert_entry(uint16_t vid, int port)
{
	(void)vid;
	(void)port;
	assert(vid >= 1 && vid <= VID_MAX);
	assert(port >= 1 && port <= PORT_MAX);
}

static void note_time(struct fdb *fdb, uint64_t now_ms)
{
	fdb_assert_time(fdb, now_ms);
#ifndef NDEBUG
	fdb->latest_ms = now_ms;
#endif
}

/* The part of fdb_learn() that runs once per second and address. @slot holds
 * the key of @new already, or will. */
static enum fdb_learned learn_slowly(
    struct fdb *fdb, uint32_t slot, struct fdb_entry *new, int *from)
{
	struct fdb_entry *old = &fdb->slots[slot];
	enum fdb_learned what = FDB_NEW;

	if (old->key) {
		if (old->is_static) {
			if (old->port == new->port)
				return FDB_SAME;
			if (from)
				*from = old->port;
			return FDB_CLAIMED;
		}
		if (!fdb_expired(fdb, old, new->stamp)) {
			if (old->port == new->port) {
				fdb_touch(fdb, slot, new->stamp);
				return FDB_SAME;
			}
			what = FDB_MOVED;
			new->moved = true;
			if (from)
				*from = old->port;
		}
		fdb_erase(fdb, slot);
	}
	if (!make_room(fdb, new->port, new->stamp))
		return FDB_NOT_LEARNED;
	fdb_insert(fdb, new);
	if (fdb->flushed.count)
		fdb_reclaim(fdb, FDB_LEARN_ERASES);
	*(what == FDB_MOVED ? &fdb->moved : &fdb->learned) += 1;
	return what;
}

/* Makes room for one more entry of @port (0: a static one), by the rule in
 * fdb.h. Return: is there room? */
static bool make_room(struct fdb *fdb, int port, uint32_t now_s)
{
	const struct fdb_chain *own = &fdb->chains[port];
	int victim = port;

	if (!own->max || own->count < own->max) {
		if (fdb->used == fdb->size)
			fdb_reclaim(fdb, 1);
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

/* A port whose oldest entry has expired, or 0. Remembers until when there can
 * be none, so that a full table is not searched once a frame. */
static int expired_port(struct fdb *fdb, uint32_t now_s)
{
	uint32_t first = now_s;

	if (now_s < fdb->expiry_s)
		return 0;
	portset_foreach (port, &fdb->heard) {
		uint32_t oldest = fdb->chains[port].oldest;

		if (fdb_expired(fdb, &fdb->slots[oldest], now_s))
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

static void evict(struct fdb *fdb, int port)
{
	fdb_erase(fdb, fdb->chains[port].oldest);
	fdb->evicted++;
}

/* One address, in one VLAN or in each of them. */
static uint32_t flush_address(struct fdb *fdb, const struct fdb_filter *filter)
{
	uint16_t first = filter->vid ? filter->vid : 1;
	uint16_t last = filter->vid ? filter->vid : VID_MAX;
	uint32_t n = 0;

	for (uint16_t vid = first; vid <= last; vid++) {
		uint32_t slot = fdb_find(fdb, fdb_key(vid, filter->mac));

		if (!matches(fdb, &fdb->slots[slot], filter))
			continue;
		fdb_erase(fdb, slot);
		n++;
	}
	return n;
}

/* The dynamic entries of @port; 0: of all. */
static uint32_t flush_ports(struct fdb *fdb, int port)
{
	struct portset heard = fdb->heard;
	uint32_t n = 0;

	if (port)
		n = fdb_flush_chain(fdb, port);
	else
		portset_foreach (each, &heard)
			n += fdb_flush_chain(fdb, each);
	fdb_reclaim(fdb, fdb->slice);
	return n;
}

/* Goes round the chain once: to erase one entry moves others to other slots. */
static uint32_t flush_statics(struct fdb *fdb, int port)
{
	uint32_t n = 0;

	for (uint32_t left = fdb->statics.count; left; left--) {
		uint32_t slot = fdb->statics.oldest;

		if (port && fdb->slots[slot].port != port) {
			fdb_rotate(fdb);
			continue;
		}
		fdb_erase(fdb, slot);
		n++;
	}
	return n;
}

/* Stops only behind an empty slot: entries move towards their home, and so none
 * can move to before it, where nobody looks any more. */
static uint32_t flush_slots(struct fdb *fdb, const struct fdb_filter *filter,
    uint32_t from, uint32_t slots, uint32_t *n)
{
	uint32_t slot = from;

	while (slot <= fdb->mask && fdb->used) {
		bool is_empty = !fdb->slots[slot].key;

		if (matches(fdb, &fdb->slots[slot], filter)) {
			fdb_erase(fdb, slot); /* another may move in */
			++*n;
			continue;
		}
		slot++;
		if (is_empty && (slot - from >= slots || *n >= FDB_ERASES))
			return slot <= fdb->mask ? slot : 0;
	}
	return 0;
}

static bool matches(const struct fdb *fdb, const struct fdb_entry *e,
    const struct fdb_filter *filter)
{
	if (!e->key || (e->is_static && !filter->statics))
		return false;
	if (filter->port && e->port != filter->port)
		return false;
	if (filter->vid && fdb_key_vid(e->key) != filter->vid)
		return false;
	return !fdb_is_flushed(fdb, e);
}
