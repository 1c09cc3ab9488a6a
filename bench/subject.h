/* SPDX-License-Identifier: BSD-2-Clause */
/* subject.h - a running candidate: its testbed, processes and endpoints. */
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
 * subject_open() - set up a candidate and wait until frames pass
 * @nports: 2..TESTBED_HOSTS_MAX; frames must pass from port 1 to each other
 *
 * Return: 0, or -errno with testbed.why set; subject_close() is right in both
 * cases.
 */
int subject_open(struct subject *subject, const struct cell *cell,
    const struct contender *contender, int nports, enum pin pin);

/** subject_close() - stop its processes and remove its namespaces */
void subject_close(struct subject *subject);

/** subject_alive() - false once a process of it ended; testbed.why says how */
bool subject_alive(struct subject *subject);

/**
 * subject_run() - start one more process of the candidate, on its processors
 * @name, @argv: as of process_start()
 *
 * Return: 0, or -errno with testbed.why set.
 */
int subject_run(
    struct subject *subject, const char *name, const char *const argv[]);

/** subject_cpu_ns() - processor time of its processes so far */
uint64_t subject_cpu_ns(const struct subject *subject);

/** subject_resident() - bytes of memory that its processes have resident */
uint64_t subject_resident(const struct subject *subject);

/** subject_side() - the kind of port @i (from 0) */
enum side subject_side(const struct subject *subject, int i);

/** subject_has_host() - has port @i a host with a network stack? */
bool subject_has_host(const struct subject *subject, int i);

/** subject_teach() - have every endpoint send a frame to teach its address */
void subject_teach(struct subject *subject);

#endif
