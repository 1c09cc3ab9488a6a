/* SPDX-License-Identifier: BSD-2-Clause */
/* workload.h - frames for the forwarding decision, without any device.
 *
 * Address i lives on port 1 + i % ports. Each batch comes in by one port, the
 * ports take turns; sources and destinations are drawn at random, so that a
 * large database is missed by the caches as often as in a large network. The
 * frames themselves are written just before the decision, as a port would
 * have left them: their headers are in the cache.
 *
 * All of it follows from the struct: two runs do the same work, instruction
 * by instruction.
 */
#ifndef BENCH_WORKLOAD_H
#define BENCH_WORKLOAD_H

#include <stdbool.h>
#include <stdint.h>

#include "forwarding/bridge.h"
#include "forwarding/recorder.h"

enum workload_kind {
	WORKLOAD_RANDOM, /* any address to any other */
	WORKLOAD_FLOW,	 /* one address to one other */
	WORKLOAD_LEARN,	 /* every source is new */
};

struct workload_shape {
	enum workload_kind kind;
	int ports;
	int flood_percent; /* of the frames have unknown destinations */
	int batch;	   /* 1..BATCH_MAX */
	uint32_t addresses;
	uint32_t len;  /* bytes of a frame */
	bool recorder; /* note every decision */
};

struct workload;

/** workload_new() - a bridge that knows all addresses; NULL: out of memory */
struct workload *workload_new(const struct workload_shape *shape);
void workload_free(struct workload *workload);

/** workload_prepare() - write the next batch */
void workload_prepare(struct workload *workload);

/** workload_forward() - decide it: this, and only this, is measured */
void workload_forward(struct workload *workload);

/** workload_copies() - copies queued so far */
uint64_t workload_copies(const struct workload *workload);
void workload_fdb_stats(struct workload *workload, struct fdb_stats *stats);

#endif
