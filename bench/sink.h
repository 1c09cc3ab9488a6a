/* SPDX-License-Identifier: BSD-2-Clause */
/* sink.h - counts the bench's frames where they leave the switch.
 *
 * At a device no program reads them: a packet socket with a filter and a full
 * buffer counts in the kernel, which costs the receiving processor next to
 * nothing and cannot lose count. At a plug a thread reads and counts, as a
 * virtual machine would have to.
 *
 * In both cases a thread reads the probes (FRAME_TAG_PROBE) and adds their age
 * to a histogram: sender and receiver share one clock.
 */
#ifndef BENCH_SINK_H
#define BENCH_SINK_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "endpoint.h"
#include "histogram.h"

struct sink {
	const struct endpoint *endpoint;
	uint32_t run_id;
	int all_fd, mine_fd, read_fd; /* -1: not in use */
	uint64_t all, mine;	      /* counted so far */
	struct histogram *latency;    /* of probes, in ns; NULL: no probes */
	atomic_uint_fast64_t read_all, read_mine;
	atomic_bool stop;
	bool threaded;
	pthread_t thread;
};

/**
 * sink_open() - count frames of run @run_id that arrive at @endpoint
 * @home:    the namespace to be in afterwards
 * @apart:   count frames to its own address separately, which costs a second
 *           socket; otherwise mine equals all
 * @latency: gets the age of probes, until sink_close(); NULL for none
 *
 * Return: 0 or -errno; sink_close() is right in both cases.
 */
int sink_open(struct sink *sink, const struct endpoint *endpoint, int home,
    uint32_t run_id, bool apart, struct histogram *latency);

/** sink_count() - update sink->all and sink->mine (to its own address) */
void sink_count(struct sink *sink);

/** sink_close() - stop counting; the counts stay */
void sink_close(struct sink *sink);

/** sinks_settle() - wait until no sink has counted anything for 20 ms */
void sinks_settle(struct sink *sinks, int n);

#endif
