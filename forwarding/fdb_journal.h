/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fdb_journal.h - which addresses of the filtering database have changed, for
 * those who keep a copy of it elsewhere.
 *
 * The journal says that an entry came, went or moved, not what became of it:
 * look it up. It has room for what two batches change; after a flush it may be
 * torn, and the copy has to be compared with the database as a whole. That an
 * entry has expired is not a change: the copy has it until it makes room.
 */
#ifndef FORWARDING_FDB_JOURNAL_H
#define FORWARDING_FDB_JOURNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "frame.h"

enum { FDB_JOURNAL = 4 * BATCH_MAX };

struct fdb;

/** fdb_journal_keep() - begin or end a journal; it is empty then */
void fdb_journal_keep(struct fdb *fdb, bool on);

/** fdb_journal_has() - is there anything to take, or is it torn? */
bool fdb_journal_has(const struct fdb *fdb);

/**
 * fdb_journal_take() - take the first change out of the journal
 * @mac: written if there is one
 *
 * Return: the VID of the address, 0 if the journal is empty.
 */
uint16_t fdb_journal_take(struct fdb *fdb, uint8_t mac[ETH_ADDR]);

/** fdb_journal_torn() - are changes missing? Forgets it: the next call says no
 */
bool fdb_journal_torn(struct fdb *fdb);

/**
 * fdb_copy_port() - the port of an entry, expired or not; 0: there is none
 * @moved: has it been on another port before?
 */
int fdb_copy_port(const struct fdb *fdb, uint16_t vid,
    const uint8_t mac[ETH_ADDR], bool *moved);

/**
 * fdb_copy_walk() - like fdb_walk_part(), with the entries that have expired
 */
uint32_t fdb_copy_walk(const struct fdb *fdb, uint32_t from, uint32_t slots,
    bool (*fn)(const uint8_t mac[ETH_ADDR], int port, void *arg), void *arg);

/**
 * fdb_journal_flushed() - let the journal tell of entries that were flushed
 *
 * Flushed entries are absent at once, but are erased, and noted, later: a slice
 * of them in each call.
 *
 * Return: true if there are more.
 */
bool fdb_journal_flushed(struct fdb *fdb);

#endif
