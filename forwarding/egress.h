/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * egress.h - the outcome of one batch: what was learned and decided, and the
 * queues of frames to send.
 *
 * The queues hold pointers into the batch. n[p] is 0 for each port that is not
 * in `ports`. It takes half a megabyte: allocate one, zeroed, and use it again
 * for each batch.
 */
#ifndef FORWARDING_EGRESS_H
#define FORWARDING_EGRESS_H

#include <stdint.h>

#include "decision.h"
#include "fdb.h"
#include "frame.h"
#include "portset.h"

/* What one frame changed in the filtering database. */
struct bridge_learn {
	enum fdb_learned what;
	uint16_t from_port; /* for FDB_MOVED */
};

struct egress {
	struct portset ports; /* that have something to send */
	uint16_t n[PORT_MAX + 1];
	const struct frame *queue[PORT_MAX + 1][BATCH_MAX];
	/* one per frame, in the order of the batch */
	struct decision decisions[BATCH_MAX];
	struct bridge_learn learned[BATCH_MAX];
	struct portset others; /* where a frame of the batch is flooded to; */
	struct portset redirected; /* likewise with VERDICT_flood_redirected */
	uint64_t first_frame;	   /* number of the first frame of the batch */
	int n_stp;		   /* frames for the spanning tree */
	uint8_t stp[BATCH_MAX];	   /* their places in the batch */
};

#endif
