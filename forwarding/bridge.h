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
 * A network interface that is a port also belongs to the host. The host's own
 * frames come in on another port, the host port; frames from the wire reach the
 * host by themselves. The two ports are a split-horizon pair: what comes in on
 * one never leaves through the other, for the host's frames are on the wire
 * already, except those to an address that the database has, or had, on a third
 * port. Such a frame goes to the wire if the entry has moved there or expired.
 *
 * The whole batch is learned before any of it is decided. The result differs
 * from handling frame by frame only if one batch holds a frame and its reply.
 *
 * Pure: no I/O, no clock, no log, no allocation after bridge_new().
 */
#ifndef FORWARDING_BRIDGE_H
#define FORWARDING_BRIDGE_H

#include <stdbool.h>
#include <stdint.h>

#include "decision.h"
#include "egress.h"
#include "fdb.h"
#include "frame.h"
#include "portset.h"
#include "verdict.h"

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

struct bridge_counters {
	uint64_t verdicts[VERDICT_COUNT];
	uint64_t rx_frames;	/* frames that bridge_forward() was given */
	uint64_t copies_queued; /* pointers that it put into queues */
	uint64_t claims; /* frames whose source is static on another port */
};

struct bridge;

/** bridge_new() - NULL if out of memory or a value is out of range */
struct bridge *bridge_new(const struct bridge_config *config);

/** bridge_free() - NULL is fine */
void bridge_free(struct bridge *br);

/**
 * bridge_port_add() - a new port 1..PORT_MAX, in BRIDGE_DISABLED
 * @fdb_max: dynamic entries it may hold, 0: no limit
 */
void bridge_port_add(struct bridge *br, int port, uint32_t fdb_max);

/** bridge_port_del() - disable a port and forget all its entries, static too */
void bridge_port_del(struct bridge *br, int port);

/** bridge_port_set_state() - counts from the next frame on; flushes nothing */
void bridge_port_set_state(
    struct bridge *br, int port, enum bridge_port_state state);

/** bridge_port_state() - BRIDGE_DISABLED for a port that was never added */
enum bridge_port_state bridge_port_state(const struct bridge *br, int port);

/** bridge_port_state_name() - "listening", for people and JSON; static */
const char *bridge_port_state_name(enum bridge_port_state state);

/**
 * bridge_pair() - make two ports of the bridge a split-horizon pair
 * @uplink: leads to the LAN
 * @host:   leads to the host, which hears that LAN by itself; it takes no BPDUs
 *
 * Neither may be in a pair. The pair ends with bridge_port_del() of one of
 * them.
 */
void bridge_pair(struct bridge *br, int uplink, int host);

/** bridge_partner() - the other port of the pair of @port; 0: it is in none */
int bridge_partner(const struct bridge *br, int port);

/** bridge_set_stp() - send BPDUs to the spanning tree, or drop them */
void bridge_set_stp(struct bridge *br, bool on);

/**
 * bridge_set_address() - the source address of the switch's own frames
 *
 * A loop probe with this source goes to the spanning tree, while that is on.
 */
void bridge_set_address(struct bridge *br, const uint8_t mac[ETH_ADDR]);

/** bridge_set_forward_reserved() - relay the reserved addresses? (7.12.6) */
void bridge_set_forward_reserved(struct bridge *br, bool on);

/** bridge_fdb() - the filtering database; it belongs to the bridge */
struct fdb *bridge_fdb(struct bridge *br);

/** bridge_counters() - the live counters; they belong to the bridge */
const struct bridge_counters *bridge_counters(const struct bridge *br);

/**
 * bridge_decide() - what should become of @f, received on @in_port? (7.7)
 *
 * Learns nothing and counts nothing. Writes @d whole.
 */
void bridge_decide(const struct bridge *br, int in_port, const struct frame *f,
    uint64_t now_ms, struct decision *d);

/** bridge_egress() - write to @set the ports that @d sends its frame to */
void bridge_egress(
    const struct bridge *br, const struct decision *d, struct portset *set);

/**
 * bridge_forward() - forward one batch: learn, decide, count, queue
 * @in_port: where all of it came in
 * @now_ms:  monotonic ms, never smaller than in the last call
 * @out:     zeroed before its first use; written as far as egress.h says, and
 *           valid as long as @batch
 */
void bridge_forward(struct bridge *br, int in_port, const struct batch *batch,
    uint64_t now_ms, struct egress *out);

/**
 * bridge_recount() - move one frame from a verdict to another
 *
 * For the spanning tree, which finds out only after the decision that a BPDU
 * is malformed. The sum of the verdicts does not change.
 */
void bridge_recount(struct bridge *br, enum verdict from, enum verdict to);

/**
 * bridge_drop() - count @n frames that end as @verdict before they come here
 *
 * They get no number: the flight recorder does not hold them.
 */
void bridge_drop(struct bridge *br, enum verdict verdict, int n);

#endif
