/* SPDX-License-Identifier: BSD-2-Clause */
/* results.h - what a run of `qswitch-bench compare` has measured so far. */
#ifndef BENCH_RESULTS_H
#define BENCH_RESULTS_H

#include <stdbool.h>

#include <json-c/json.h>

#include "culprit.h"
#include "histogram.h"
#include "interference.h"
#include "plan.h"
#include "stats.h"

enum { FAILURES_MAX = 256 };

/* How one value was obtained. */
struct note {
	struct interference interference;
	int attempts;
	bool marked; /* disturbed up to the last attempt */
};

struct record {
	struct series series[PROBE_METRICS_MAX];
	struct note notes[STATS_VALUES_MAX];
	struct histogram rtt;	/* of all repetitions */
	char inapplicable[160]; /* why this probe is impossible here */
};

struct failure {
	int contender, probe; /* probe -1: the candidate did not start */
	int repetition;
	char why[200];
};

struct results {
	const struct plan *plan;
	struct record *records; /* [contender * nprobes + probe] */
	struct failure failures[FAILURES_MAX];
	int nfailures;
	int repetitions; /* completed */
	double elapsed_s;
	bool out_of_time;
	char culprits[CULPRIT_TEXT]; /* who disturbed it */
};

/** results_record() - the record of @contender in @probe, both plan indices */
static inline struct record *results_record(
    const struct results *results, int contender, int probe)
{
	return &results->records[contender * results->plan->nprobes + probe];
}

/**
 * results_json() - everything measured, with summaries and verdicts
 *
 * Return: an object that the caller releases with json_object_put().
 */
json_object *results_json(const struct results *results);

#endif
