/* SPDX-License-Identifier: BSD-2-Clause */
/* compare.h - `qswitch-bench compare`: what was asked for and what came out.
 *
 *     for each repetition            A B C A B C A B C
 *       for each contender             set up, all probes, tear down
 *
 * so that the drift of a machine meets all of them alike.
 */
#ifndef BENCH_COMPARE_H
#define BENCH_COMPARE_H

#include "candidate.h"
#include "interference.h"
#include "options.h"
#include "placement.h"
#include "probe.h"
#include "stats.h"

#include <json-c/json.h>
#include <stdbool.h>

enum { PROBES_MAX = 16, BASELINES_MAX = 4, FAILURES_MAX = 256 };

struct plan {
	struct contender contenders[CONTENDERS_MAX];
	int ncontenders;
	const struct probe *probes[PROBES_MAX];
	int nprobes;
	int baselines[BASELINES_MAX]; /* indices of contenders */
	int nbaselines;
	struct probe_settings settings;
	enum pin pin;
	int repetitions;
	int retries; /* of a measurement that was interfered with */
	int limit_s; /* begin no further repetition that ends later */
	bool quick, json;
	const char *output, *svg; /* NULL: none */
	char qswitchd[256];
};

/* As they stand on the command line; -1: not given. */
struct compare_arguments {
	struct option_list candidate;
	const char *candidates, *metrics, *baselines;
	const char *pin, *output, *svg, *qswitchd;
	int repetitions, limit_s, duration_ms, tcp_seconds, load, retries;
	bool quick, json, list;
};

/* How one value came about. */
struct note {
	struct interference interference;
	int attempts;
	bool marked; /* interfered with to the last attempt */
};

struct record {
	struct series series[PROBE_METRICS_MAX];
	struct note notes[STATS_VALUES_MAX];
	struct histogram rtt;	/* of all repetitions */
	char inapplicable[160]; /* why this probe cannot be at all */
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
};

static inline struct record *results_record(
    const struct results *results, int contender, int probe)
{
	return &results->records[contender * results->plan->nprobes + probe];
}

/**
 * compare_options() - make the plan from the command line
 *
 * Return: 0, OPTIONS_HELP when there is nothing more to do, or -errno after
 * it was said on standard error.
 */
int compare_options(struct plan *plan, int argc, char **argv);

/** compare_main() - the subcommand */
int compare_main(int argc, char **argv);

/** results_json() - everything measured, with summaries and verdicts */
json_object *results_json(const struct results *results);

#endif
