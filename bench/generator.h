/* SPDX-License-Identifier: BSD-2-Clause */
/* generator.h - offers frames to a switch on a schedule, from one processor.
 *
 * A flow is an endpoint and the frames it sends, in turn. Several flows take
 * turns, a burst each. Every probe_every-th frame of a flow becomes a probe
 * that carries its time of departure.
 *
 * A frame that the endpoint refuses (ENOBUFS: the queue is full) does not count
 * as offered: the generator waits with endpoint_back_off() and offers it
 * again.
 */
#ifndef BENCH_GENERATOR_H
#define BENCH_GENERATOR_H

#include <stddef.h>
#include <stdint.h>

#include "endpoint.h"

enum { BURST_MAX = 64 };

struct flow {
	const struct endpoint *from;
	uint8_t *frames; /* n frames of len bytes each */
	size_t len;
	uint32_t n;
	uint32_t next; /* private: which frame is next */
	uint64_t sent; /* frames of this flow accepted, in all runs */
};

struct load {
	struct flow *flows;
	int nflows;
	uint64_t rate;	      /* frames/s, all flows; 0: as fast as possible */
	uint64_t count;	      /* frames in all; 0: until the time is over */
	uint64_t duration_ns; /* ends then, whatever is left; never 0 */
	uint32_t burst;	      /* 1..BURST_MAX */
	uint32_t probe_every; /* 0: no probes */
	/* The most frames in flight, like a TCP window; 0: no limit. Frames
	 * that do not arrive within 5 ms count as lost. */
	uint32_t window;
	uint64_t (*arrived)(void *arg); /* frames so far; needs a window */
	void *arrived_arg;
};

struct offered {
	uint64_t sent;
	uint64_t refused; /* how often a queue was full */
	uint64_t elapsed_ns;
};

/**
 * flow_init() - write the @n frames of a flow, @len bytes each
 * @from: the sender; must outlive the flow
 * @dsts: n destinations
 *
 * The frames may be changed (flow_frame()) before they are sent.
 *
 * Return: 0 or -ENOMEM; flow_free() is right in both cases.
 */
int flow_init(struct flow *flow, const struct endpoint *from, size_t len,
    uint32_t n, uint8_t (*dsts)[6], uint32_t run_id);

/** flow_free() - release the frames */
void flow_free(struct flow *flow);

/** flow_frame() - frame @i (from 0), to be changed in place */
uint8_t *flow_frame(const struct flow *flow, uint32_t i);

/**
 * generator_run() - offer @load from the calling thread until it is over
 * @offered: gets what became of it
 */
void generator_run(const struct load *load, struct offered *offered);

/** generator_rate() - frames a second that were accepted */
double generator_rate(const struct offered *offered);

#endif
