/* SPDX-License-Identifier: BSD-2-Clause */
/* plan.h - what a run of `qswitch-bench compare` is to measure, read from its
 * command line. */
#ifndef BENCH_PLAN_H
#define BENCH_PLAN_H

#include <stdbool.h>

#include "candidate.h"
#include "placement.h"
#include "probe.h"

enum { PROBES_MAX = 16, BASELINES_MAX = 4 };

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
	int retries; /* of a measurement that was disturbed */
	int limit_s; /* start no repetition that would end later */
	bool quick, json;
	const char *output, *svg; /* from argv; NULL: none */
	char qswitchd[256];
};

/**
 * plan_parse() - fill @plan from the command line
 * @plan: zeroed by the caller; keeps pointers into @argv
 * @argv: argv[0] is the subcommand
 *
 * Prints the answer to --help and --list on standard output, and errors on
 * standard error.
 *
 * Return: 0; OPTIONS_HELP when there is nothing more to do; or -errno.
 */
int plan_parse(struct plan *plan, int argc, char **argv);

#endif
