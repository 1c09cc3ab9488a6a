/* SPDX-License-Identifier: BSD-2-Clause */
/* core.c - `qswitch-bench core`: the cost of a decision, in nanoseconds or,
 * with callgrind, in instructions; how well the filtering database hashes. */
#include "core.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "environment.h"
#include "options.h"
#include "stats.h"
#include "workload.h"

struct arguments {
	bool json;
	int repetitions, frames;
	const char *count;
};

#define ROW(name, argument, help, kind, member, low, high)        \
	{                                                         \
		name, argument, help, kind,                       \
		    offsetof(struct arguments, member), low, high \
	}

/* clang-format off */
static const struct option_row rows[] = {
	ROW("json", NULL, "print JSON instead of a table",
	    OPTION_FLAG, json, 0, 0),
	ROW("repetitions", "N", "measure N times; default 7",
	    OPTION_INT, repetitions, 1, STATS_VALUES_MAX),
	ROW("frames", "N", "in each repetition; default 1000000",
	    OPTION_INT, frames, 1000, 100000000),
	ROW("count", "NAME", "run one case once, for callgrind",
	    OPTION_TEXT, count, 0, 0),
};

/* One factor at a time, from a switch with 8 ports that knows 1000 addresses
 * and gets full batches of 60-byte frames between any two of them. */
static const struct core_case {
	const char *name, *factor, *value;
	struct workload_shape shape;
} cases[] = {
	/*                          kind    ports flood batch addresses  len */
	{"base", "", "", {WORKLOAD_RANDOM, 8, 0, 64, 1000, 60, false}},
	{"flow", "traffic", "one flow", {WORKLOAD_FLOW, 8, 0, 64, 1000, 60, false}},
	{"learn", "traffic", "every source new", {WORKLOAD_LEARN, 8, 0, 64, 1000, 60, false}},
	{"size-512", "frame size", "512", {WORKLOAD_RANDOM, 8, 0, 64, 1000, 512, false}},
	{"size-1514", "frame size", "1514", {WORKLOAD_RANDOM, 8, 0, 64, 1000, 1514, false}},
	{"size-65226", "frame size", "65226", {WORKLOAD_RANDOM, 8, 0, 64, 1000, 65226, false}},
	{"ports-2", "ports", "2", {WORKLOAD_RANDOM, 2, 0, 64, 1000, 60, false}},
	{"ports-64", "ports", "64", {WORKLOAD_RANDOM, 64, 0, 64, 1000, 60, false}},
	{"ports-256", "ports", "256", {WORKLOAD_RANDOM, 256, 0, 64, 1000, 60, false}},
	{"flood-1", "flooded, 8 ports", "1 %", {WORKLOAD_RANDOM, 8, 1, 64, 1000, 60, false}},
	{"flood-10", "flooded, 8 ports", "10 %", {WORKLOAD_RANDOM, 8, 10, 64, 1000, 60, false}},
	{"flood-100", "flooded, 8 ports", "100 %", {WORKLOAD_RANDOM, 8, 100, 64, 1000, 60, false}},
	{"batch-1", "frames in a batch", "1", {WORKLOAD_RANDOM, 8, 0, 1, 1000, 60, false}},
	{"batch-8", "frames in a batch", "8", {WORKLOAD_RANDOM, 8, 0, 8, 1000, 60, false}},
	{"addresses-64000", "addresses", "64000", {WORKLOAD_RANDOM, 8, 0, 64, 64000, 60, false}},
	{"addresses-1000000", "addresses", "1000000", {WORKLOAD_RANDOM, 8, 0, 64, 1000000, 60, false}},
	{"recorder", "flight recorder", "on", {WORKLOAD_RANDOM, 8, 0, 64, 1000, 60, true}},
};
/* clang-format on */

enum { CASES = sizeof(cases) / sizeof(cases[0]), WARM_UP_BATCHES = 2000 };

static const struct option_table table = {
    .command = "qswitch-bench core",
    .summary = "Measures the forwarding decision alone, without devices.",
    .rows = rows,
    .n = sizeof(rows) / sizeof(rows[0]),
};

struct core_result {
	struct summary ns; /* a frame */
	struct fdb_stats fdb;
};

static int count(const struct arguments *arguments);
static int count_one(const struct core_case *one, int frames);
static int run_all(const struct arguments *arguments);
static int measure(const struct core_case *one,
    const struct arguments *arguments, struct core_result *measured);
static double clock_cost_ns(void);
static double measure_once(
    struct workload *workload, uint64_t batches, int batch, double clock_cost);
static json_object *row_json(
    const struct core_case *one, const struct core_result *measured);
static void print_row(
    const struct core_case *one, const struct core_result *measured);

int core_main(int argc, char **argv)
{
	struct arguments arguments = {.repetitions = 7, .frames = 1000000};
	int result = options_parse(&table, &arguments, argc, argv);

	if (result)
		return result == OPTIONS_HELP ? EXIT_SUCCESS : 2;
	return arguments.count ? count(&arguments) : run_all(&arguments);
}

static int count(const struct arguments *arguments)
{
	for (int i = 0; i < CASES; i++)
		if (strcmp(cases[i].name, arguments->count) == 0)
			return count_one(&cases[i], arguments->frames);
	fprintf(stderr,
	    "--count %s: no such case; choose one of:", arguments->count);
	for (int i = 0; i < CASES; i++)
		fprintf(stderr, " %s", cases[i].name);
	fputc('\n', stderr);
	return 2;
}

/* callgrind collects only inside workload_forward(). */
static int count_one(const struct core_case *one, int frames)
{
	struct workload *workload = workload_new(&one->shape);

	if (!workload)
		return EXIT_FAILURE;
	for (int i = 0; i < frames / one->shape.batch; i++) {
		workload_prepare(workload);
		workload_forward(workload);
	}
	printf("frames %d copies %" PRIu64 "\n",
	    frames / one->shape.batch * one->shape.batch,
	    workload_copies(workload));
	workload_free(workload);
	return EXIT_SUCCESS;
}

static int run_all(const struct arguments *arguments)
{
	json_object *root = json_object_new_object();
	json_object *list = json_object_new_array();

	json_object_object_add(root, "environment", environment_json());
	json_object_object_add(root, "cases", list);
	if (!arguments->json)
		printf("%-37s      ns a frame             entries  probes\n"
		       "%-37s     min  median     max               "
		       "mean  max\n",
		    "", "");
	for (int i = 0; i < CASES; i++) {
		struct core_result measured;
		int result = measure(&cases[i], arguments, &measured);

		if (result) {
			fprintf(stderr, "%s: %s\n", cases[i].name,
			    strerror(-result));
			json_object_put(root);
			return EXIT_FAILURE;
		}
		json_object_array_add(list, row_json(&cases[i], &measured));
		if (!arguments->json)
			print_row(&cases[i], &measured);
	}
	if (arguments->json)
		puts(json_object_to_json_string_ext(
		    root, JSON_C_TO_STRING_PRETTY));
	json_object_put(root);
	return EXIT_SUCCESS;
}

static int measure(const struct core_case *one,
    const struct arguments *arguments, struct core_result *measured)
{
	struct workload *workload = workload_new(&one->shape);
	uint64_t batches = (uint64_t)(arguments->frames / one->shape.batch);
	double clock_cost = clock_cost_ns();
	struct series series = {0};

	if (!workload)
		return -ENOMEM;
	measure_once(workload, WARM_UP_BATCHES, one->shape.batch, clock_cost);
	for (int i = 0; i < arguments->repetitions; i++)
		series_add(&series, measure_once(workload, batches,
					one->shape.batch, clock_cost));
	measured->ns = stats_summary(&series);
	workload_fdb_stats(workload, &measured->fdb);
	workload_free(workload);
	return 0;
}

/* Reading the clock costs as much as a few decisions and is subtracted. */
static double clock_cost_ns(void)
{
	enum { READS = 100000 };
	uint64_t start_at_ns = clock_ns();

	for (int i = 0; i < READS; i++)
		(void)clock_ns();
	return (double)(clock_ns() - start_at_ns) / READS;
}

static double measure_once(
    struct workload *workload, uint64_t batches, int batch, double clock_cost)
{
	uint64_t sum = 0;

	for (uint64_t i = 0; i < batches; i++) {
		workload_prepare(workload);
		uint64_t start_at_ns = clock_ns();

		workload_forward(workload);
		sum += clock_ns() - start_at_ns;
	}
	double ns = (double)sum - clock_cost * (double)batches;

	return ns > 0 ? ns / (double)(batches * (uint64_t)batch) : 0;
}

static json_object *row_json(
    const struct core_case *one, const struct core_result *measured)
{
	json_object *to = json_object_new_object();

	json_object_object_add(to, "name", json_object_new_string(one->name));
	json_object_object_add(
	    to, "ns_min", json_object_new_double(measured->ns.min));
	json_object_object_add(
	    to, "ns_median", json_object_new_double(measured->ns.median));
	json_object_object_add(
	    to, "ns_max", json_object_new_double(measured->ns.max));
	json_object_object_add(
	    to, "fdb_used", json_object_new_int64(measured->fdb.used));
	json_object_object_add(
	    to, "probe_mean", json_object_new_double(measured->fdb.probe_mean));
	json_object_object_add(
	    to, "probe_max", json_object_new_int64(measured->fdb.probe_max));
	return to;
}

static void print_row(
    const struct core_case *one, const struct core_result *measured)
{
	printf("%-18s %-18s %7.1f %7.1f %7.1f   %8" PRIu32 " %6.2f %4" PRIu32
	       "\n",
	    *one->factor ? one->factor : "base", one->value, measured->ns.min,
	    measured->ns.median, measured->ns.max, measured->fdb.used,
	    measured->fdb.probe_mean, measured->fdb.probe_max);
}
