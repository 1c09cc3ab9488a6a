/* SPDX-License-Identifier: BSD-2-Clause */
/* pingpong.h - round trips of one frame at a time between two endpoints.
 *
 * Both ends block in the kernel between frames, like programs that wait for an
 * answer: the result includes the time to wake up.
 */
#ifndef BENCH_PINGPONG_H
#define BENCH_PINGPONG_H

#include <sched.h>

#include "endpoint.h"
#include "histogram.h"

struct pingpong {
	const struct endpoint *client, *server;
	int home;
	uint32_t run_id;
	uint64_t duration_ns;
	uint64_t count; /* ends after so many; 0: no limit */
	const cpu_set_t *client_cpus, *server_cpus; /* NULL: all */
	uint64_t lost; /* result: no answer within 100 ms */
};

/**
 * pingpong_run() - measure round trips
 * @rtt: the times are added, in ns
 *
 * Return: 0, or -errno; -ETIMEDOUT when no answer came at all.
 */
int pingpong_run(struct pingpong *pingpong, struct histogram *rtt);

#endif
