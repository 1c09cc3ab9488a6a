/* SPDX-License-Identifier: BSD-2-Clause */
/* subject.h - a candidate at work: its testbed, its processes, its endpoints. */
#ifndef BENCH_SUBJECT_H
#define BENCH_SUBJECT_H

#include <stdbool.h>

#include "candidate.h"
#include "endpoint.h"
#include "placement.h"
#include "process.h"
#include "testbed.h"

enum { SUBJECT_PROCESSES_MAX = 4 };

struct subject {
	const struct contender *contender;
	struct placement placement;
	struct testbed testbed; /* testbed.why says what failed */
	struct process processes[SUBJECT_PROCESSES_MAX];
	int nprocesses;
	struct endpoint
	    endpoints[TESTBED_HOSTS_MAX]; /* of testbed.nhosts hosts */
	uint32_t run_id;
};

/**
 * subject_open() - set a candidate up with @nports ports and wait until
 * frames pass between all of them
 *
 * Return: 0, or -errno with testbed.why set; subject_close() is right in both
 * cases.
 */
int subject_open(struct subject *subject, const struct cell *cell,
    const struct contender *contender, int nports, enum pin pin);
void subject_close(struct subject *subject);

/** subject_alive() - false when a process of it ended; testbed.why says how */
bool subject_alive(struct subject *subject);

/** subject_run() - one more process of the candidate, on its processors */
int subject_run(
    struct subject *subject, const char *name, const char *const argv[]);

/** subject_cpu_ns() - processor time that its processes used so far */
uint64_t subject_cpu_ns(const struct subject *subject);

/** subject_resident() - bytes of memory that its processes have resident */
uint64_t subject_resident(const struct subject *subject);

/** subject_side() - what port @i (from 0) is */
enum side subject_side(const struct subject *subject, int i);

/** subject_has_host() - is there a host with a network stack at port @i? */
bool subject_has_host(const struct subject *subject, int i);

/** subject_teach() - every host says hello, so that its address is known */
void subject_teach(struct subject *subject);

#endif
