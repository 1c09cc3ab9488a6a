/* SPDX-License-Identifier: BSD-2-Clause */
/* generator.h - offers frames to a switch by a schedule, from one processor.
 *
 * A flow is an endpoint and the frames it sends, in turn. Several flows take
 * turns by bursts. Every probe_every-th frame of a flow becomes a probe that
 * carries its time of departure.
 *
 * A frame that the endpoint refuses (ENOBUFS: the queue is full) was never
 * offered: the generator waits as endpoint_back_off() does, and offers it
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
	uint32_t next; /* private: whose turn it is */
	uint64_t sent; /* taken of this flow, in all runs */
};

struct load {
	struct flow *flows;
	int nflows;
	uint64_t rate;	      /* frames a second, all flows; 0: at most */
	uint64_t count;	      /* frames in all; 0: until the time is over */
	uint64_t duration_ns; /* ends then, whatever is left; never 0 */
	uint32_t burst;	      /* 1..BURST_MAX */
	uint32_t probe_every; /* 0: no probes */
	/* Frames under way at most, as a TCP has them; 0: no bound. Those that
	 * do not arrive within 5 ms are given up. */
	uint32_t window;
	uint64_t (*arrived)(void *arg); /* frames so far; with a window */
	void *arrived_arg;
};

struct offered {
	uint64_t sent;
	uint64_t refused; /* times that a queue was full */
	uint64_t elapsed_ns;
};

/**
 * flow_init() - a flow of @n frames of @len bytes
 * @dsts: n destinations
 *
 * The frames may be changed (flow_frame()) before they are sent.
 * Return: 0 or -ENOMEM. Free with flow_free().
 */
int flow_init(struct flow *flow, const struct endpoint *from, size_t len,
    uint32_t n, uint8_t (*dsts)[6], uint32_t run_id);
void flow_free(struct flow *flow);
uint8_t *flow_frame(const struct flow *flow, uint32_t i);

/** generator_run() - offer @load from the calling thread; blocks */
void generator_run(const struct load *load, struct offered *offered);

/** generator_rate() - frames a second that were taken */
double generator_rate(const struct offered *offered);

#endif
