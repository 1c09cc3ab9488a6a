/* SPDX-License-Identifier: BSD-2-Clause */
/* rfc.c - the run of `qswitch-bench rfc` (see rfc.h). */
#include "rfc.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

#include "conclusion.h"
#include "culprit.h"
#include "environment.h"
#include "interference.h"
#include "options.h"
#include "report.h"
#include "sheet.h"

struct arguments {
	const char *candidate, *tests, *sizes, *ports, *pin, *output;
	const char *qswitchd;
	int trial_ms, resolution, trials, addresses;
	bool json, list;
};

#define ROW(name, argument, help, kind, member, low, high)        \
	{                                                         \
		name, argument, help, kind,                       \
		    offsetof(struct arguments, member), low, high \
	}

/* clang-format off */
static const struct option_row rows[] = {
	ROW("candidate", "SPEC", "test NAME[@BINARY][:ARGUMENTS]; default qswitchd-tap-tap",
	    OPTION_TEXT, candidate, 0, 0),
	ROW("tests", "A,B,...", "run only these; default: all, see --list",
	    OPTION_TEXT, tests, 0, 0),
	ROW("sizes", "A,B,...", "bytes with FCS; default 64,128,256,512,1024,1280,1518",
	    OPTION_TEXT, sizes, 0, 0),
	ROW("ports", "A[,B]", "in meshes and broadcasts; default 4,8",
	    OPTION_TEXT, ports, 0, 0),
	ROW("trial", "MS", "length of a trial; default 300 (RFC 2544: 60000)",
	    OPTION_INT, trial_ms, 10, 600000),
	ROW("trials", "N", "trials to average; default 5 (RFC 2544: 20, 50)",
	    OPTION_INT, trials, 1, 100),
	ROW("resolution", "%", "of the throughput search; default 3",
	    OPTION_INT, resolution, 1, 50),
	ROW("addresses", "N", "try to learn up to N; default 16384",
	    OPTION_INT, addresses, 64, 1000000),
	ROW("pin", "free|one|split", "processors for switch and endpoints; default free",
	    OPTION_TEXT, pin, 0, 0),
	ROW("json", NULL, "print JSON instead of tables",
	    OPTION_FLAG, json, 0, 0),
	ROW("output", "FILE", "save the JSON",
	    OPTION_TEXT, output, 0, 0),
	ROW("qswitchd", "PATH", "program; default: beside qswitch-bench, then PATH",
	    OPTION_TEXT, qswitchd, 0, 0),
	ROW("list", NULL, "list the tests",
	    OPTION_FLAG, list, 0, 0),
};
/* clang-format on */

static const struct option_table table = {
    .command = "qswitch-bench rfc",
    .summary = "Runs the tests of RFC 2544 and RFC 2889 that make sense in "
	       "software.",
    .rows = rows,
    .n = sizeof(rows) / sizeof(rows[0]),
};

enum { TESTS_MAX = 16 };

struct run {
	struct rfc rfc;
	const struct rfc_test *tests[TESTS_MAX];
	int ntests;
	const struct arguments *arguments;
	struct culprits others;
	int disturbed; /* tests */
};

static void list_tests(const struct rfc_test *tests, int n);
static int choose(struct run *run, const struct arguments *arguments);
static int numbers(
    const char *what, const char *words, int low, int high, int *into, int max);
static int choose_tests(struct run *run, const char *words);
static void gather(
    struct run *run, const struct rfc_test *tests, int n, const char *only);
static int run_all(const struct cell *cell, void *arg);
static double cost_s(const struct rfc *rfc, const struct rfc_test *test);
static void announce(const struct run *run, double seconds);
static void run_tests(struct run *run, json_object *failures);
static void run_test(
    struct run *run, const struct rfc_test *test, json_object *failures);
static json_object *report(const struct run *run, json_object *failures);
static void print(const struct run *run, json_object *root);

int rfc_open(struct rfc *rfc, struct subject *subject, int nports)
{
	return subject_open(
	    subject, rfc->cell, &rfc->contender, nports, rfc->pin);
}

int rfc_close(struct rfc *rfc, struct subject *subject, int result)
{
	if (result)
		snprintf(rfc->why, sizeof(rfc->why), "%s",
		    subject->testbed.why[0] ? subject->testbed.why
					    : strerror(-result));
	subject_close(subject);
	return result;
}

int rfc_main(int argc, char **argv)
{
	static struct run run;
	struct arguments arguments = {.candidate = "qswitchd-tap-tap",
	    .sizes = "64,128,256,512,1024,1280,1518",
	    .ports = "4,8",
	    .pin = "free",
	    .qswitchd = "",
	    .trial_ms = 300,
	    .trials = 5,
	    .resolution = 3,
	    .addresses = 16384};
	int result = options_parse(&table, &arguments, argc, argv);

	if (result)
		return result == OPTIONS_HELP ? EXIT_SUCCESS : 2;
	if (arguments.list) {
		list_tests(rfc2544_tests, rfc2544_count);
		list_tests(rfc2889_tests, rfc2889_count);
		return EXIT_SUCCESS;
	}
	if (choose(&run, &arguments))
		return 2;
	if (run.rfc.contender.missing[0]) {
		fprintf(stderr, "%s: %s\n", run.rfc.contender.label,
		    run.rfc.contender.missing);
		return EXIT_FAILURE;
	}
	return cell_main(run_all, &run);
}

static void list_tests(const struct rfc_test *tests, int n)
{
	for (int i = 0; i < n; i++)
		printf("  %-18s %s\n", tests[i].name, tests[i].clause);
}

static int choose(struct run *run, const struct arguments *arguments)
{
	struct rfc *rfc = &run->rfc;
	char qswitchd[256];
	int pin = pin_parse(arguments->pin);

	rfc->nsizes = numbers("sizes", arguments->sizes, FRAME_MIN + FCS,
	    FRAME_MAX + FCS, rfc->sizes, RFC_SIZES_MAX);
	rfc->nports = numbers("ports", arguments->ports, 3, TESTBED_HOSTS_MAX,
	    rfc->ports, RFC_PORTS_MAX);
	if (rfc->nsizes <= 0 || rfc->nports <= 0)
		return -EINVAL;
	if (pin < 0) {
		fprintf(stderr, "--pin %s: must be free, one or split\n",
		    arguments->pin);
		return pin;
	}
	rfc->pin = (enum pin)pin;
	rfc->trial_ns = (uint64_t)arguments->trial_ms * 1000000;
	rfc->resolution = arguments->resolution;
	rfc->trials = arguments->trials;
	rfc->addresses = arguments->addresses;
	run->arguments = arguments;
	contender_find_qswitchd(
	    qswitchd, sizeof(qswitchd), arguments->qswitchd);
	int result =
	    contender_parse(&rfc->contender, arguments->candidate, qswitchd);

	if (result)
		fprintf(stderr,
		    "no such candidate: %s; run \"qswitch-bench compare "
		    "--list\" to list them\n",
		    arguments->candidate);
	return result ? result : choose_tests(run, arguments->tests);
}

/* Convert "64,512" to numbers, each of @low..@high. Return how many. */
static int numbers(
    const char *what, const char *words, int low, int high, int *into, int max)
{
	char *end = NULL;
	int n = 0;

	for (const char *at = words; *at; at = *end ? end + 1 : end) {
		long value = strtol(at, &end, 10);

		if (n == max || end == at || (*end && *end != ',') ||
		    value < low || value > high) {
			fprintf(stderr,
			    "--%s %s: must be up to %d numbers from %d to %d, "
			    "separated by commas\n",
			    what, words, max, low, high);
			return -EINVAL;
		}
		into[n++] = (int)value;
	}
	return n;
}

static int choose_tests(struct run *run, const char *words)
{
	char copy[256], *rest = copy;

	if (!words) {
		gather(run, rfc2544_tests, rfc2544_count, NULL);
		gather(run, rfc2889_tests, rfc2889_count, NULL);
		return 0;
	}
	snprintf(copy, sizeof(copy), "%s", words);
	for (char *word; (word = strsep(&rest, ",")) != NULL;) {
		int before = run->ntests;

		if (before == TESTS_MAX)
			return -E2BIG;
		gather(run, rfc2544_tests, rfc2544_count, word);
		gather(run, rfc2889_tests, rfc2889_count, word);
		if (run->ntests > before)
			continue;
		fprintf(stderr,
		    "no such test: %s; run \"qswitch-bench rfc --list\" to "
		    "list them\n",
		    word);
		return -ENOENT;
	}
	return 0;
}

static void gather(
    struct run *run, const struct rfc_test *tests, int n, const char *only)
{
	for (int i = 0; i < n; i++)
		if (!only || strcmp(only, tests[i].name) == 0)
			run->tests[run->ntests++] = &tests[i];
}

static int run_all(const struct cell *cell, void *arg)
{
	struct run *run = arg;
	json_object *failures = json_object_new_array();

	run->rfc.cell = cell;
	run->rfc.sheets = json_object_new_array();
	prctl(PR_SET_TIMERSLACK, 1);
	run_tests(run, failures);
	json_object *root = report(run, failures);
	int status = report_length(failures) ? EXIT_FAILURE
		     : conclusion_usable(report_get(root, "conclusion"))
			 ? EXIT_SUCCESS
			 : NOT_USABLE;

	print(run, root);
	if (run->arguments->output && report_save(root, run->arguments->output))
		status = EXIT_FAILURE;
	json_object_put(root);
	json_object_put(run->rfc.sheets);
	return status;
}

static void run_tests(struct run *run, json_object *failures)
{
	struct rfc *rfc = &run->rfc;
	double seconds = 0;

	for (int i = 0; i < run->ntests; i++)
		seconds += cost_s(rfc, run->tests[i]);
	announce(run, seconds);
	culprits_begin(&run->others);
	progress_begin(&rfc->progress, seconds);
	for (int i = 0; i < run->ntests; i++) {
		progress_show(&rfc->progress, run->tests[i]->name);
		run_test(run, run->tests[i], failures);
		progress_add(&rfc->progress, cost_s(rfc, run->tests[i]));
	}
	progress_end(&rfc->progress);
}

/* About: searches end sooner or later. */
static double cost_s(const struct rfc *rfc, const struct rfc_test *test)
{
	const double set_up_s = 0.5, no_size_s = 3;
	double trials = (double)test->per_size * rfc->nsizes *
			(test->repeats ? rfc->trials : 1) *
			(test->meshes ? rfc->nports : 1);

	return set_up_s + (test->per_size ? trials * (double)rfc->trial_ns / 1e9
					  : no_size_s);
}

static void announce(const struct run *run, double seconds)
{
	const struct rfc *rfc = &run->rfc;

	fprintf(stderr,
	    "qswitch-bench rfc: %d test%s of %s with %d frame size%s, trials "
	    "of "
	    "%g s: about ",
	    run->ntests, run->ntests == 1 ? "" : "s", rfc->contender.label,
	    rfc->nsizes, rfc->nsizes == 1 ? "" : "s",
	    (double)rfc->trial_ns / 1e9);
	if (seconds < 90)
		fprintf(stderr, "%.0f s\n", seconds);
	else
		fprintf(stderr, "%.0f min\n", seconds / 60);
}

/* Frames that others' work costs look like loss of the switch's. */
static void run_test(
    struct run *run, const struct rfc_test *test, json_object *failures)
{
	struct rfc *rfc = &run->rfc;
	size_t sheets = report_length(rfc->sheets);
	char text[TESTBED_WHY_MAX + 64];
	struct observation before, after;

	observe(&before, rfc->cell->proc);
	int result = test->run(rfc);
	observe(&after, rfc->cell->proc);
	if (result) {
		snprintf(text, sizeof(text), "%s %s: %s", test->clause,
		    test->name, rfc->why);
		json_object_array_add(failures, json_object_new_string(text));
	}
	struct interference found = interference_between(&before, &after);
	if (!interference_disturbs(&found, after.at_ns - before.at_ns))
		return;
	run->disturbed++;
	snprintf(text, sizeof(text),
	    "disturbed: others used %.0f %% of a processor, so some of the "
	    "loss may be theirs",
	    100 * (found.foreign + found.steal));
	for (; sheets < report_length(rfc->sheets); sheets++)
		sheet_note(report_item(rfc->sheets, sheets), text);
}

static json_object *report(const struct run *run, json_object *failures)
{
	const struct contender *contender = &run->rfc.contender;
	json_object *root = json_object_new_object();
	json_object *settings = json_object_new_object();

	json_object_object_add(settings, "trial_s",
	    json_object_new_double((double)run->rfc.trial_ns / 1e9));
	json_object_object_add(
	    settings, "trials", json_object_new_int(run->rfc.trials));
	json_object_object_add(settings, "resolution_percent",
	    json_object_new_int(run->rfc.resolution));
	json_object_object_add(
	    settings, "pin", json_object_new_string(pin_name(run->rfc.pin)));
	json_object_object_add(
	    root, "tool", json_object_new_string("qswitch-bench rfc"));
	json_object_object_add(root, "environment", environment_json());
	json_object_object_add(root, "settings", settings);
	json_object_object_add(
	    root, "candidate", json_object_new_string(contender->label));
	json_object_object_add(
	    root, "version", json_object_new_string(contender->version));
	json_object_object_add(root, "tests", json_object_get(run->rfc.sheets));
	json_object_object_add(root, "failures", failures);
	char culprits[CULPRIT_TEXT];
	culprits_name(&run->others, culprits);
	json_object_object_add(root, "conclusion",
	    conclusion_new(run->ntests, run->disturbed, "", culprits));
	return root;
}

static void print(const struct run *run, json_object *root)
{
	json_object *sheets = run->rfc.sheets;
	json_object *failures = report_get(root, "failures");

	if (run->arguments->json) {
		puts(json_object_to_json_string_ext(
		    root, JSON_C_TO_STRING_PRETTY));
		return;
	}
	printf("%s (%s), trials of %d ms, averages of %d trials, resolution %d "
	       "%%\n",
	    run->rfc.contender.label, run->rfc.contender.version,
	    run->arguments->trial_ms, run->rfc.trials, run->rfc.resolution);
	for (size_t i = 0; i < report_length(sheets); i++)
		sheet_print(report_item(sheets, i), stdout);
	for (size_t i = 0; i < report_length(failures); i++)
		printf("\nfailed: %s\n",
		    json_object_get_string(report_item(failures, i)));
	conclusion_print(report_get(root, "conclusion"), stdout);
}
