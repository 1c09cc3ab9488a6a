/* SPDX-License-Identifier: BSD-2-Clause */
/* plan.c - from the command line of `compare` to its plan (see plan.h). */
#include "plan.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "options.h"
#include "stats.h"

/* As given on the command line; -1: not given. */
struct arguments {
	struct option_list candidate;
	const char *candidates, *metrics, *baselines;
	const char *pin, *output, *svg, *qswitchd;
	int repetitions, limit_s, duration_ms, tcp_seconds, load, retries;
	bool quick, json, list;
};

#define ROW(name, argument, help, kind, member, low, high)        \
	{                                                         \
		name, argument, help, kind,                       \
		    offsetof(struct arguments, member), low, high \
	}

/* clang-format off */
static const struct option_row rows[] = {
	ROW("candidate", "SPEC", "measure NAME[@BINARY][:ARGUMENTS]; repeatable",
	    OPTION_LIST, candidate, 0, 0),
	ROW("candidates", "A,B,...", "measure these; default: see --list",
	    OPTION_TEXT, candidates, 0, 0),
	ROW("metrics", "A,B,...", "measure only these; default: all",
	    OPTION_TEXT, metrics, 0, 0),
	ROW("baseline", "A,B,...", "show ratios to these; default: kernel-bridge",
	    OPTION_TEXT, baselines, 0, 0),
	ROW("repetitions", "N", "measure N times; default 5, with --quick 3",
	    OPTION_INT, repetitions, 1, STATS_VALUES_MAX),
	ROW("quick", NULL, "measure fewer metrics, within 2 minutes",
	    OPTION_FLAG, quick, 0, 0),
	ROW("limit", "S", "repeat only within S seconds; default 590, quick 115",
	    OPTION_INT, limit_s, 1, 86400),
	ROW("duration", "MS", "length of a measurement; default 400, quick 250",
	    OPTION_INT, duration_ms, 10, 600000),
	ROW("tcp-seconds", "S", "length of a TCP measurement; default 1",
	    OPTION_INT, tcp_seconds, 1, 600),
	ROW("load", "N", "frames a second for metric load; default 200000",
	    OPTION_INT, load, 100, 100000000),
	ROW("pin", "free|one|split", "processors for switch and endpoints; default free",
	    OPTION_TEXT, pin, 0, 0),
	ROW("retries", "N", "repeat a disturbed measurement; default 2, quick 1",
	    OPTION_INT, retries, 0, 10),
	ROW("json", NULL, "print JSON instead of tables",
	    OPTION_FLAG, json, 0, 0),
	ROW("output", "FILE", "save the JSON for `qswitch-bench show`",
	    OPTION_TEXT, output, 0, 0),
	ROW("svg", "DIR", "draw plots with gnuplot",
	    OPTION_TEXT, svg, 0, 0),
	ROW("qswitchd", "PATH", "program; default: beside qswitch-bench, then PATH",
	    OPTION_TEXT, qswitchd, 0, 0),
	ROW("list", NULL, "list candidates and metrics",
	    OPTION_FLAG, list, 0, 0),
};
/* clang-format on */

static const struct option_table table = {
    .command = "qswitch-bench compare",
    .summary = "Compares switches, in private network namespaces.",
    .rows = rows,
    .n = sizeof(rows) / sizeof(rows[0]),
};

static void list_all(void);
static void list_candidates(bool when_named_only);
static void choose_numbers(
    struct plan *plan, const struct arguments *arguments);
static int choose(int given, int usual, int quick, bool is_quick);
static int choose_contenders(
    struct plan *plan, const struct arguments *arguments);
static int each_word(struct plan *plan, const char *words,
    int (*take)(struct plan *plan, const char *word));
static int add_contender(struct plan *plan, const char *text);
static int choose_probes(struct plan *plan, const struct arguments *arguments);
static int add_probe(struct plan *plan, const char *name);
static int choose_baselines(
    struct plan *plan, const struct arguments *arguments);
static int add_baseline(struct plan *plan, const char *name);

int plan_parse(struct plan *plan, int argc, char **argv)
{
	struct arguments arguments = {.repetitions = -1,
	    .limit_s = -1,
	    .duration_ms = -1,
	    .tcp_seconds = -1,
	    .load = -1,
	    .retries = -1,
	    .pin = "free",
	    .qswitchd = ""};
	int result = options_parse(&table, &arguments, argc, argv);

	if (result)
		return result;
	if (arguments.list) {
		list_all();
		return OPTIONS_HELP;
	}
	int pin = pin_parse(arguments.pin);

	if (pin < 0) {
		fprintf(stderr, "--pin %s: must be free, one or split\n",
		    arguments.pin);
		return pin;
	}
	plan->pin = (enum pin)pin;
	contender_find_qswitchd(
	    plan->qswitchd, sizeof(plan->qswitchd), arguments.qswitchd);
	choose_numbers(plan, &arguments);
	result = choose_contenders(plan, &arguments);
	if (!result)
		result = choose_probes(plan, &arguments);
	return result ? result : choose_baselines(plan, &arguments);
}

static void list_all(void)
{
	puts("candidates:");
	list_candidates(false);
	puts("candidates measured only when named:");
	list_candidates(true);
	puts("metrics:");
	for (int i = 0; i < probes_count; i++)
		printf("  %-22s %s\n", probes[i].name, probes[i].title);
}

static void list_candidates(bool when_named_only)
{
	for (int i = 0; i < candidates_count; i++)
		if (candidates[i].when_named_only == when_named_only)
			printf("  %-22s %s\n", candidates[i].name,
			    candidates[i].title);
}

static void choose_numbers(struct plan *plan, const struct arguments *arguments)
{
	bool quick = arguments->quick;

	plan->quick = quick;
	plan->json = arguments->json;
	plan->output = arguments->output;
	plan->svg = arguments->svg;
	plan->repetitions = choose(arguments->repetitions, 5, 3, quick);
	plan->limit_s = choose(arguments->limit_s, 590, 115, quick);
	plan->retries = choose(arguments->retries, 2, 1, quick);
	plan->settings.duration_ns =
	    1000000ULL *
	    (uint64_t)choose(arguments->duration_ms, 400, 250, quick);
	plan->settings.tcp_seconds =
	    choose(arguments->tcp_seconds, 1, 1, quick);
	plan->settings.load =
	    (uint64_t)choose(arguments->load, 200000, 200000, quick);
}

static int choose(int given, int usual, int quick, bool is_quick)
{
	return given >= 0 ? given : is_quick ? quick : usual;
}

static int choose_contenders(
    struct plan *plan, const struct arguments *arguments)
{
	int result = each_word(plan, arguments->candidates, add_contender);

	for (int i = 0; i < arguments->candidate.n && !result; i++)
		result = add_contender(plan, arguments->candidate.items[i]);
	bool all = !arguments->candidates && !arguments->candidate.n;

	for (int i = 0; i < candidates_count && all && !result; i++)
		if (!candidates[i].when_named_only)
			result = add_contender(plan, candidates[i].name);
	return result;
}

/* Call @take for each word of a list separated by commas. */
static int each_word(struct plan *plan, const char *words,
    int (*take)(struct plan *plan, const char *word))
{
	char *copy = strdup(words ? words : ""), *rest = copy;
	int result = copy ? 0 : -ENOMEM;

	for (char *word; !result && (word = strsep(&rest, ",")) != NULL;)
		if (*word)
			result = take(plan, word);
	free(copy);
	return result;
}

static int add_contender(struct plan *plan, const char *text)
{
	if (plan->ncontenders == CONTENDERS_MAX) {
		fprintf(stderr,
		    "%s: too many candidates, at most %d are possible\n", text,
		    CONTENDERS_MAX);
		return -EINVAL;
	}
	int result = contender_parse(
	    &plan->contenders[plan->ncontenders], text, plan->qswitchd);

	if (result)
		fprintf(stderr,
		    "no such candidate: %s; run \"qswitch-bench compare "
		    "--list\" to list them\n",
		    text);
	else
		plan->ncontenders++;
	return result;
}

static int choose_probes(struct plan *plan, const struct arguments *arguments)
{
	if (arguments->metrics)
		return each_word(plan, arguments->metrics, add_probe);
	for (int i = 0; i < probes_count; i++)
		if (!arguments->quick || probes[i].quick)
			plan->probes[plan->nprobes++] = &probes[i];
	return 0;
}

static int add_probe(struct plan *plan, const char *name)
{
	for (int i = 0; i < probes_count; i++) {
		if (strcmp(probes[i].name, name) != 0)
			continue;
		if (plan->nprobes < PROBES_MAX)
			plan->probes[plan->nprobes++] = &probes[i];
		return 0;
	}
	fprintf(stderr,
	    "no such metric: %s; run \"qswitch-bench compare --list\" to list "
	    "them\n",
	    name);
	return -ENOENT;
}

/* The default is kernel-bridge if it takes part, else the first candidate. */
static int choose_baselines(
    struct plan *plan, const struct arguments *arguments)
{
	if (arguments->baselines)
		return each_word(plan, arguments->baselines, add_baseline);
	plan->nbaselines = 1;
	for (int i = plan->ncontenders - 1; i >= 0; i--)
		if (strcmp(plan->contenders[i].label, "kernel-bridge") == 0)
			plan->baselines[0] = i;
	return 0;
}

static int add_baseline(struct plan *plan, const char *name)
{
	for (int i = 0; i < plan->ncontenders; i++) {
		if (strcmp(plan->contenders[i].label, name) != 0)
			continue;
		if (plan->nbaselines < BASELINES_MAX)
			plan->baselines[plan->nbaselines++] = i;
		return 0;
	}
	fprintf(stderr,
	    "--baseline %s: not among the candidates; add it with "
	    "--candidate\n",
	    name);
	return -ENOENT;
}
