/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * books.h - the books: every received frame ends in one verdict, every copy
 * that the bridge queued in one of the four transmit counters of its port.
 */
#ifndef SWITCH_BOOKS_H
#define SWITCH_BOOKS_H

#include <stdbool.h>
#include <stdint.h>

struct port_counters;
struct qswitch;

/* All in frames, since the switch started, removed ports included. */
struct books {
	uint64_t rx_frames;	/* received by any port */
	uint64_t waiting;	/* of these, kept by hooks: hook.h */
	uint64_t verdicts;	/* sum of all verdicts */
	uint64_t copies_queued; /* by the bridge */
	uint64_t own_frames;	/* BPDUs that the switch itself sent */
	uint64_t tx_outcomes;	/* sum of the ports' five tx_ outcomes */
	int64_t unaccounted;	/* frames without a verdict plus copies without
				 * an outcome: 0 */
};

/** books_read() - add up all counters; meaningful between two batches */
void books_read(const struct qswitch *sw, struct books *books);

/** books_balance() - is every frame and every copy accounted for? */
bool books_balance(const struct qswitch *sw);

/** books_retire() - keep the counters @c of a port that is being removed */
void books_retire(struct qswitch *sw, const struct port_counters *c);

#endif
