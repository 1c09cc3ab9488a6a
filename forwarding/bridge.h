/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bridge.h - the MAC relay entity (IEEE 802.1D-1998 clause 7): which frame
 * goes to which ports, and why.
 *
 * The decision is a value. bridge_decide() looks and changes nothing; the
 * frame path executes what it returns, `explain` prints it, the flight
 * recorder keeps it, tests compare it. There is no second path to keep in
 * step. bridge_forward() runs a batch through it in passes:
 *
 *     classify   runt, source, reserved address, VID, port state
 *     learn      source address -> filtering database   (7.8)
 *     decide     destination -> egress set, verdict     (7.7)
 *     replicate  a pointer to the frame into the queue of each egress port
 *
 * Learning of the whole batch precedes its decisions, so a batch means the same
 * as its frames one by one but for answers that cross within the batch.
 *
 * Pure: no I/O, no clock, no log, no allocation after bridge_new().
 */
#ifndef FORWARDING_BRIDGE_H
#define FORWARDING_BRIDGE_H

#include <stdbool.h>
#include <stdint.h>

#include "fdb.h"
#include "frame.h"
#include "portset.h"
#include "verdict.h"

enum { VID_DEFAULT = 1, VID_MAX = 4094 };

/* 802.1D-1998 8.4. A port of the bridge is in one of these. */
enum bridge_port_state {
	BRIDGE_DISABLED, /* neither learns nor forwards (8.4.5) */
	BRIDGE_BLOCKING,
	BRIDGE_LISTENING,
	BRIDGE_LEARNING,
	BRIDGE_FORWARDING,
};

struct bridge_config {
	uint32_t fdb_size;     /* 0: FDB_SIZE_DEFAULT */
	uint32_t ageing_s;     /* 0: FDB_AGEING_DEFAULT_S */
	uint64_t seed;	       /* random */
	bool forward_reserved; /* relay 01-80-C2-00-00-0x: for labs */
	bool stp;	       /* BPDUs go to the spanning tree */
};

/*
 * The set of egress ports follows from the verdict: out_port alone, all
 * forwarding ports but in_port, or none. bridge_egress() spells it out; the
 * decision itself stays small, as one is made for each frame.
 */
struct decision {
	enum verdict verdict;
	uint16_t vid; /* that the frame was classified to */
	uint16_t in_port;
	uint16_t out_port; /* where the database has the destination, else 0 */
	struct fdb_fact fact; /* of the destination, if it is known */
};

/* What learning did to the filtering database on account of one frame. */
struct bridge_learn {
	enum fdb_learned what;
	uint16_t from_port; /* for FDB_MOVED */
};

/*
 * The outcome of one batch. The queues hold pointers into the batch; n[p] is
 * 0 for each port that is not in `ports`.
 */
struct egress {
	struct portset ports; /* that have something to send */
	uint16_t n[PORT_MAX + 1];
	const struct frame *queue[PORT_MAX + 1][BATCH_MAX];
	/* one a frame, in the batch's order */
	struct decision decisions[BATCH_MAX];
	struct bridge_learn learned[BATCH_MAX];
	struct portset others;	/* where a frame of the batch is flooded to */
	uint64_t first_frame;	/* number of the batch's first frame */
	int n_stp;		/* frames for the spanning tree */
	uint8_t stp[BATCH_MAX]; /* their places in the batch */
};

struct bridge_counters {
	uint64_t verdicts[VERDICT_COUNT];
	uint64_t rx_frames;	/* frames that bridge_forward() was given */
	uint64_t copies_queued; /* pointers that it put into queues */
};

struct bridge;

/* Return: NULL when out of memory or a value is out of range. */
struct bridge *bridge_new(const struct bridge_config *config);
void bridge_free(struct bridge *br); /* NULL is fine */

/* A new port is BRIDGE_DISABLED, PVID is VID_DEFAULT. @fdb_max: 0 no limit. */
void bridge_port_add(struct bridge *br, int port, uint32_t fdb_max);

/* Forgets what was learned there and its static entries. */
void bridge_port_del(struct bridge *br, int port);

void bridge_port_set_state(
    struct bridge *br, int port, enum bridge_port_state state);
enum bridge_port_state bridge_port_state(const struct bridge *br, int port);
const char *bridge_port_state_name(enum bridge_port_state state);

void bridge_set_stp(struct bridge *br, bool on);
void bridge_set_forward_reserved(struct bridge *br, bool on);

struct fdb *bridge_fdb(struct bridge *br);
const struct bridge_counters *bridge_counters(const struct bridge *br);

/**
 * bridge_decide() - what should become of @f, come in by @in_port? (7.7)
 *
 * Const: learns nothing and counts nothing. Writes @d whole.
 */
void bridge_decide(const struct bridge *br, int in_port, const struct frame *f,
    uint64_t now_ms, struct decision *d);

/**
 * bridge_egress() - the ports that @d sends its frame to
 * @set: written whole
 */
void bridge_egress(
    const struct bridge *br, const struct decision *d, struct portset *set);

/**
 * bridge_forward() - carry one batch: learn, decide, count, queue
 * @in_port: where all of it came in
 * @now_ms:  monotonic, never smaller than in the last call
 * @out:     written as far as its comments say; the same object may be handed
 *           in each time and needs zeroing only once
 */
void bridge_forward(struct bridge *br, int in_port, const struct batch *batch,
    uint64_t now_ms, struct egress *out);

/**
 * bridge_recount() - move one frame from a verdict to another
 *
 * For the spanning tree, which learns only after the decision that a BPDU is
 * malformed; the sum of verdicts stays what it was.
 */
void bridge_recount(struct bridge *br, enum verdict from, enum verdict to);

/**
 * bridge_drop() - count @n frames that end as @verdict before they come here
 *
 * They get no number: the flight recorder does not hold them.
 */
void bridge_drop(struct bridge *br, enum verdict verdict, int n);

#endif
