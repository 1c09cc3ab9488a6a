/* SPDX-License-Identifier: BSD-2-Clause */
/* workload.h - frames for the forwarding decision, without any device.
 *
 * Address i is on port 1 + i % ports. Each batch enters through one port, the
 * ports take turns. Sources and destinations are drawn at random, so that a
 * large database misses the caches as often as in a large network. The frames
 * are written just before the decision, as a port would leave them: their
 * headers are in the cache.
 *
 * Everything follows from the shape: two runs do the same work, instruction
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
	bool recorder; /* record every decision */
};

struct workload;

/**
 * workload_new() - make a bridge that knows all addresses
 *
 * Return: NULL when out of memory. Free with workload_free().
 */
struct workload *workload_new(const struct workload_shape *shape);

/** workload_free() - release it; NULL is fine */
void workload_free(struct workload *workload);

/** workload_prepare() - write the next batch */
void workload_prepare(struct workload *workload);

/** workload_forward() - decide the batch: only this is measured */
void workload_forward(struct workload *workload);

/** workload_copies() - copies queued so far */
uint64_t workload_copies(const struct workload *workload);

/** workload_fdb_stats() - how well the filtering database hashes */
void workload_fdb_stats(struct workload *workload, struct fdb_stats *stats);

#endif
