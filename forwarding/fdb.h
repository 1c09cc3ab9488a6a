/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fdb.h - the filtering database (IEEE 802.1D-1998 7.9): which port last heard
 * a (VID, MAC).
 *
 * Pure: it gets the time as now_ms, the hash seed and the capacity from
 * fdb_new(), and allocates nothing afterwards. The table takes 128 to 256 bytes
 * of address space per entry; the kernel backs only what has been touched.
 *
 * Time counts in whole seconds here: a busy address is stamped once a second,
 * not once a frame. There is no sweeper; an entry is found to have expired when
 * it is looked up. It never expires early, and less than a second late.
 *
 * When a port has reached its own limit, learning evicts that port's oldest
 * entry. When the table is full, learning evicts:
 *
 *   - an entry that has expired, if there is one;
 *   - otherwise the oldest entry of the learning port, if that port holds
 *     FDB_RESERVE entries or more;
 *   - otherwise (a quiet port in a table that others filled) the oldest entry
 *     of the port with the most entries.
 *
 * A flood of source addresses on one port thus evicts that port's own entries,
 * and cannot starve a quiet port either.
 */
#ifndef FORWARDING_FDB_H
#define FORWARDING_FDB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "frame.h"
#include "portset.h"

enum {
	FDB_SIZE_MIN = 16,
	FDB_SIZE_DEFAULT = 8192,
	FDB_SIZE_MAX = 1048576,
	FDB_AGEING_DEFAULT_S = 300, /* table 7-4 of 802.1D-1998 */
	FDB_AGEING_MIN_S = 10,
	FDB_AGEING_MAX_S = 1000000,
	FDB_RESERVE = 16, /* entries a port may take from a fuller one */
};

/* What is known about an address. A copy: it does not change. */
struct fdb_fact {
	bool known;
	bool is_static;
	uint16_t port;
	uint16_t vid;
	uint32_t age_s;	 /* since it was last heard; 0 for static */
	uint64_t taught; /* frame that made or moved it; 0: static */
	uint8_t mac[ETH_ADDR];
};

enum fdb_learned {
	FDB_SAME,	 /* known on this port, or static: nothing changed */
	FDB_NEW,	 /* a new entry */
	FDB_MOVED,	 /* it was on another port */
	FDB_NOT_LEARNED, /* no room could be made (only static entries) */
	FDB_CLAIMED,	 /* static on another port: it stays there */
};

struct fdb;

struct fdb_stats {
	uint32_t size;	    /* capacity, entries */
	uint32_t used;	    /* entries in the table, expired ones included */
	uint32_t statics;   /* static ones among them */
	uint64_t learned;   /* new entries since creation */
	uint64_t moved;	    /* entries that changed port */
	uint64_t evicted;   /* entries that made room for another */
	uint32_t probe_max; /* longest probe sequence in the table now */
	double probe_mean;  /* slots looked at, averaged over used slots */
};

/**
 * fdb_new() - an empty database
 * @size: entries, FDB_SIZE_MIN..FDB_SIZE_MAX
 * @seed: random, unknown to senders of frames; keys the hash
 *
 * Return: NULL when out of memory or @size is out of range.
 */
struct fdb *fdb_new(uint32_t size, uint64_t seed);

/** fdb_free() - NULL is fine */
void fdb_free(struct fdb *fdb);

/**
 * fdb_set_ageing() - set the ageing time, FDB_AGEING_DEFAULT_S at first (7.9.2)
 * @ageing_s: may be below FDB_AGEING_MIN_S while the topology changes
 *
 * Takes effect at once for all entries.
 */
void fdb_set_ageing(struct fdb *fdb, uint32_t ageing_s);

/** fdb_ageing() - the ageing time in force, in seconds */
uint32_t fdb_ageing(const struct fdb *fdb);

/**
 * fdb_set_port_max() - limit the dynamic entries of @port
 * @max: 0: only the size of the table limits them
 *
 * If the port holds more, it forgets the oldest of them; or all, if there are
 * too many to forget one by one.
 */
void fdb_set_port_max(struct fdb *fdb, int port, uint32_t max);

/** fdb_port_count() - dynamic entries of @port, expired ones included */
uint32_t fdb_port_count(const struct fdb *fdb, int port);

/**
 * fdb_prefetch() - bring the slot of (@vid, @mac) into the cache
 *
 * Changes nothing; a batch does it for all frames before the first lookup.
 */
void fdb_prefetch(
    const struct fdb *fdb, uint16_t vid, const uint8_t mac[ETH_ADDR]);

/**
 * fdb_learn() - note that @mac in @vid was heard on @port (7.8)
 * @vid:    1..VID_MAX
 * @mac:    individual address
 * @port:   1..PORT_MAX
 * @frame:  number of the frame that has @mac as its source
 * @now_ms: monotonic ms, never smaller than in the last call of any function
 * @from:   set to the other port for FDB_MOVED and FDB_CLAIMED; NULL allowed
 *
 * Keeps a static entry. An expired entry is learned again (FDB_NEW).
 */
enum fdb_learned fdb_learn(struct fdb *fdb, uint16_t vid,
    const uint8_t mac[ETH_ADDR], int port, uint64_t frame, uint64_t now_ms,
    int *from);

/**
 * fdb_lookup() - where is @mac in @vid? (7.9)
 * @fact: written whole when found; NULL allowed
 *
 * Return: the port, 0 if not known or expired.
 */
int fdb_lookup(const struct fdb *fdb, uint16_t vid, const uint8_t mac[ETH_ADDR],
    uint64_t now_ms, struct fdb_fact *fact);

/**
 * fdb_add_static() - an entry that neither ages nor moves (7.9.1)
 *
 * Replaces a dynamic or static entry of that address.
 *
 * Return: 0, or -ENOSPC if every entry is static already.
 */
int fdb_add_static(struct fdb *fdb, uint16_t vid, const uint8_t mac[ETH_ADDR],
    int port, uint64_t now_ms);

/** fdb_del() - forget one address, static or not. Return: 0, or -ENOENT. */
int fdb_del(struct fdb *fdb, uint16_t vid, const uint8_t mac[ETH_ADDR]);

/* What fdb_flush() forgets: entries that match each condition that is set. */
struct fdb_filter {
	int port;	    /* 0: any */
	uint16_t vid;	    /* 0: any */
	const uint8_t *mac; /* NULL: any */
	bool statics;	    /* static entries too */
};

/**
 * fdb_flush() - forget all that @filter matches
 *
 * What it forgets is absent at once. The dynamic entries of a port, or of all,
 * take a few milliseconds at most, however many they are; static ones take time
 * by their number, and a VID by the size of the table: fdb_flush_part().
 *
 * Return: number of entries.
 */
uint32_t fdb_flush(struct fdb *fdb, const struct fdb_filter *filter);

/**
 * fdb_flush_part() - fdb_flush() in bounded pieces
 * @from:  0, or what the last call returned
 * @slots: look at about that many slots of the table
 * @n:     number of entries that this call has forgotten
 *
 * An entry that is there from the first call to the last is forgotten by one of
 * them, whatever comes and goes between.
 *
 * Return: where to go on, 0 when done.
 */
uint32_t fdb_flush_part(struct fdb *fdb, const struct fdb_filter *filter,
    uint32_t from, uint32_t slots, uint32_t *n);

/**
 * fdb_walk() - call @fn for each entry that has not expired
 *
 * In table order. @fn must not change the database; it returns false to stop.
 */
void fdb_walk(const struct fdb *fdb, uint64_t now_ms,
    bool (*fn)(const struct fdb_fact *fact, void *arg), void *arg);

/**
 * fdb_walk_part() - fdb_walk() in bounded pieces
 * @from:  0, or what the last call returned
 * @slots: look at no more than that many slots of the table
 *
 * Entries that come, go or move between the calls may be seen twice or not at
 * all.
 *
 * Return: @from of the next call, also when @fn stopped; 0 at the end.
 */
uint32_t fdb_walk_part(const struct fdb *fdb, uint32_t from, uint32_t slots,
    uint64_t now_ms, bool (*fn)(const struct fdb_fact *fact, void *arg),
    void *arg);

/** fdb_stats() - fill @stats; walks the whole table: not for the frame path */
void fdb_stats(const struct fdb *fdb, struct fdb_stats *stats);

#endif
