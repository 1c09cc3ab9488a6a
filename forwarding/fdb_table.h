/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fdb_table.h - the memory behind the filtering database: a hash table of
 * entries, and a chain of entries for each port. For fdb*.c only.
 *
 * One flat table with linear probing, at most a quarter full, so a lookup is
 * usually one cache miss. Deletion shifts the entries behind the gap back
 * instead of leaving a tombstone: probe sequences are as short after a million
 * deletions as before.
 *
 * The dynamic entries of a port are chained by slot number within the entries
 * themselves, oldest first. An entry goes to the end of its chain when its
 * stamp changes, once a second at most. Static entries have a chain of their
 * own.
 *
 * A flush of a port's dynamic entries takes a moment however many they are: the
 * port's epoch goes on, which makes every entry of the epoch before count as
 * absent, and its chain is put behind the chain of flushed entries. These are
 * erased a few at a time, `slice` by each flush and some by each learning. An epoch
 * has 256 values; when one comes again, no entry of it can be left: 255 flushes
 * have erased as many as the table holds.
 *
 *     chains[port]   oldest ---------+               newest ------+
 *                                    v                            v
 *     slots[]   | .. | older=NONE newer=i | .. | older newer=NONE | .. |
 *                                       +---------^
 */
#ifndef FORWARDING_FDB_TABLE_H
#define FORWARDING_FDB_TABLE_H

#include <assert.h>
#include <endian.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "fdb.h"
#include "fdb_journal.h"

#define FDB_NO_SLOT UINT32_MAX

enum {
	FDB_EPOCHS = 256,
	FDB_ERASES = 4096,    /* of one call, so that nobody waits long */
	FDB_LEARN_ERASES = 2, /* of flushed ones, for each that is learned */
};

struct fdb_entry {
	uint64_t key;	 /* VID and address; 0: the slot is empty */
	uint64_t taught; /* number of the frame that made or moved it */
	uint32_t stamp;	 /* second in which it was last heard */
	uint32_t older;	 /* neighbors in its chain */
	uint32_t newer;
	uint16_t port;
	uint8_t epoch; /* of the port, when it was learned */
	bool is_static : 1;
	bool moved : 1; /* it was on another port before */
};
static_assert(sizeof(struct fdb_entry) == 32, "two to a cache line");

struct fdb_chain {
	uint32_t oldest, newest; /* slots */
	uint32_t count;		 /* dynamic entries of the port */
	uint32_t max;		 /* 0: no limit */
};

/* Keys whose entries came, went or moved: see fdb_journal.h. */
struct fdb_journal {
	bool on;
	bool torn;	/* more than it had room for */
	uint32_t first; /* taken up to here */
	uint32_t n;
	uint64_t keys[FDB_JOURNAL];
};

struct fdb {
	struct fdb_entry *slots;
	uint32_t mask;	/* number of slots - 1 */
	uint32_t size;	/* entries allowed: a quarter of the slots at most */
	uint32_t used;	/* flushed ones included */
	uint32_t slice; /* flushed entries that a flush erases */
	uint32_t ageing_s;
	uint32_t expiry_s; /* no entry has expired before this second */
	uint64_t hash_keys[3];
	uint64_t learned, moved, evicted;
	uint64_t latest_ms; /* newest now_ms; kept for assertions only */
	struct fdb_journal journal;
	struct portset heard; /* ports whose chain is not empty */
	struct fdb_chain statics;
	struct fdb_chain flushed;
	uint8_t epochs[PORT_MAX + 1];
	struct fdb_chain chains[PORT_MAX + 1];
};

/** fdb_assert_time() - a caller's @now_ms is not older than an earlier one */
static inline void fdb_assert_time(const struct fdb *fdb, uint64_t now_ms)
{
	(void)fdb;
	(void)now_ms;
	assert(now_ms >= fdb->latest_ms);
}

/** fdb_key() - VID and address as one number; never 0, as VIDs begin at 1 */
static inline uint64_t fdb_key(uint16_t vid, const uint8_t mac[ETH_ADDR])
{
	return (uint64_t)vid << 48 | mac_u64(mac);
}

/** fdb_key_vid() - the VID in a key */
static inline uint16_t fdb_key_vid(uint64_t key)
{
	return (uint16_t)(key >> 48);
}

/** fdb_key_mac() - write the address in a key to @mac */
static inline void fdb_key_mac(uint64_t key, uint8_t mac[ETH_ADDR])
{
	uint32_t first = htobe32((uint32_t)(key >> 16));
	uint16_t last = htobe16((uint16_t)key);

	memcpy(mac, &first, sizeof(first));
	memcpy(mac + sizeof(first), &last, sizeof(last));
}

/**
 * fdb_home() - the slot where the search for @key begins
 *
 * Multiplied twice: addresses given out in sequence cluster after once.
 */
static inline uint32_t fdb_home(const struct fdb *fdb, uint64_t key)
{
	uint64_t h = (key ^ fdb->hash_keys[0]) * fdb->hash_keys[1];

	h = (h ^ h >> 32) * fdb->hash_keys[2];
	return (uint32_t)(h >> 32) & fdb->mask;
}

/** fdb_find() - the slot that holds @key, or else the empty one for it */
static inline uint32_t fdb_find(const struct fdb *fdb, uint64_t key)
{
	uint32_t slot = fdb_home(fdb, key);

	while (fdb->slots[slot].key && fdb->slots[slot].key != key)
		slot = (slot + 1) & fdb->mask;
	return slot;
}

/** fdb_seconds() - the database's own clock: whole seconds */
static inline uint32_t fdb_seconds(uint64_t now_ms)
{
	return (uint32_t)(now_ms / 1000);
}

/** fdb_is_flushed() - has @e been flushed, and only its slot is still used? */
static inline bool fdb_is_flushed(
    const struct fdb *fdb, const struct fdb_entry *e)
{
	return !e->is_static && e->epoch != fdb->epochs[e->port];
}

/**
 * fdb_expired() - is dynamic entry @e older than the ageing time (7.9.2), or
 * flushed?
 *
 * Counts whole seconds: never early, and less than one second late.
 */
static inline bool fdb_expired(
    const struct fdb *fdb, const struct fdb_entry *e, uint32_t now_s)
{
	return (!e->is_static && now_s - e->stamp > fdb->ageing_s) ||
	       fdb_is_flushed(fdb, e);
}

/** fdb_fill_fact() - write all of @fact from @e, which has not expired */
static inline void fdb_fill_fact(
    const struct fdb_entry *e, uint32_t now_s, struct fdb_fact *fact)
{
	fact->known = true;
	fact->is_static = e->is_static;
	fact->port = e->port;
	fact->vid = fdb_key_vid(e->key);
	fact->age_s = e->is_static ? 0 : now_s - e->stamp;
	fact->taught = e->taught;
	fdb_key_mac(e->key, fact->mac);
}

/**
 * fdb_insert() - copy @new into the table, to the end of its chain
 *
 * Its key must not be in the table, and used must be less than size.
 */
void fdb_insert(struct fdb *fdb, const struct fdb_entry *new);

/**
 * fdb_erase() - empty @slot, which holds an entry, and close the gap
 *
 * Other entries change slots: @slot may hold another one afterwards.
 */
void fdb_erase(struct fdb *fdb, uint32_t slot);

/**
 * fdb_flush_chain() - make all dynamic entries of @port count as absent
 *
 * A call of fdb_reclaim() by a slice follows before the next one for @port.
 *
 * Return: their number.
 */
uint32_t fdb_flush_chain(struct fdb *fdb, int port);

/** fdb_reclaim() - erase up to @n flushed entries; others change slots */
void fdb_reclaim(struct fdb *fdb, uint32_t n);

/** fdb_rotate() - move the oldest static entry to the end of its chain */
void fdb_rotate(struct fdb *fdb);

/** fdb_note() - write @key into the journal, if one is kept */
static inline void fdb_note(struct fdb *fdb, uint64_t key)
{
	struct fdb_journal *j = &fdb->journal;

	if (!j->on || (j->n > j->first && j->keys[j->n - 1] == key))
		return;
	if (j->n < FDB_JOURNAL)
		j->keys[j->n++] = key;
	else
		j->torn = true;
}

/** fdb_touch() - stamp the dynamic entry in @slot: its chain's newest now */
void fdb_touch(struct fdb *fdb, uint32_t slot, uint32_t now_s);

#endif
