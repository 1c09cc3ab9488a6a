/* SPDX-License-Identifier: BSD-2-Clause */
/* compare.c - the run of `compare` (see compare.h). */
#include "compare.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

#include "cell.h"
#include "clock.h"
#include "conclusion.h"
#include "options.h"
#include "plan.h"
#include "progress.h"
#include "report.h"
#include "results.h"
#include "subject.h"

enum { SET_UP_COST_MS = 400, GIVE_UP_AFTER = 2 };

/* One run: the results and what is needed to obtain them. */
struct run {
	const struct plan *plan;
	const struct cell *cell;
	struct results results;
	struct progress progress;
	struct culprits others;
	uint64_t start_at_ns;
	int failed_starts[CONTENDERS_MAX]; /* in succession */
};

static int run_all(const struct cell *cell, void *arg);
static double repetition_cost_s(const struct run *run);
static bool takes_part(const struct run *run, int contender);
static double elapsed_s(const struct run *run);
static bool any_probe(const struct plan *plan, enum pin pin);
static enum pin effective_pin(const struct plan *plan, int probe);
static double cost_s(const struct plan *plan, enum pin pin);
static bool time_for_another(const struct run *run);
static void repetition(struct run *run, int number);
static void visit(struct run *run, int contender, enum pin pin, int repetition);
static void show(const struct run *run, int contender, const char *what);
static void keep_nothing(struct record *record, const struct probe *probe);
static void measure(struct run *run, int contender, int index, int repetition,
    struct subject *subject);
static int measure_undisturbed(struct run *run, const struct probe *probe,
    struct subject *subject, struct outcome *outcome, struct note *note);
static bool on_time(const struct run *run);
static void keep(struct record *record, const struct probe *probe,
    const struct outcome *outcome, const struct note *note);
static void fail(
    struct run *run, int contender, int probe, int repetition, const char *why);
static int report(const struct run *run);

int compare_main(int argc, char **argv)
{
	static struct plan plan;
	int result = plan_parse(&plan, argc, argv);

	if (result)
		return result == OPTIONS_HELP ? EXIT_SUCCESS : 2;
	return cell_main(run_all, &plan);
}

static int run_all(const struct cell *cell, void *arg)
{
	const struct plan *plan = arg;
	struct run *run = calloc(1, sizeof(*run));
	size_t records = (size_t)plan->ncontenders * (size_t)plan->nprobes;
	struct record *memory = calloc(records, sizeof(*memory));

	if (!run || !memory) {
		free(run);
		free(memory);
		return EXIT_FAILURE;
	}
	for (size_t i = 0; i < records; i++)
		histogram_clear(&memory[i].rtt);
	run->plan = run->results.plan = plan;
	run->results.records = memory;
	run->cell = cell;
	culprits_begin(&run->others);
	run->start_at_ns = clock_ns();
	/* The default slack of 50 us would disturb every schedule. */
	prctl(PR_SET_TIMERSLACK, 1);
	progress_begin(
	    &run->progress, repetition_cost_s(run) * plan->repetitions);
	while (run->results.repetitions < plan->repetitions &&
	       time_for_another(run)) {
		repetition(run, run->results.repetitions);
		run->results.repetitions++;
	}
	progress_end(&run->progress);
	run->results.elapsed_s = elapsed_s(run);
	run->results.out_of_time = run->results.repetitions < plan->repetitions;
	culprits_name(&run->others, run->results.culprits);
	int status = report(run);

	free(memory);
	free(run);
	return status;
}

static double repetition_cost_s(const struct run *run)
{
	double sum = 0;

	for (int c = 0; c < run->plan->ncontenders; c++)
		for (int pin = PIN_FREE; pin <= PIN_SPLIT; pin++)
			if (takes_part(run, c) &&
			    any_probe(run->plan, (enum pin)pin))
				sum += cost_s(run->plan, (enum pin)pin);
	return sum;
}

static bool takes_part(const struct run *run, int contender)
{
	return !run->plan->contenders[contender].missing[0] &&
	       run->failed_starts[contender] < GIVE_UP_AFTER &&
	       elapsed_s(run) < run->plan->limit_s;
}

static double elapsed_s(const struct run *run)
{
	return (double)(clock_ns() - run->start_at_ns) / 1e9;
}

static bool any_probe(const struct plan *plan, enum pin pin)
{
	for (int p = 0; p < plan->nprobes; p++)
		if (effective_pin(plan, p) == pin)
			return true;
	return false;
}

static enum pin effective_pin(const struct plan *plan, int probe)
{
	int wanted = plan->probes[probe]->pin;

	return wanted < 0 ? plan->pin : (enum pin)wanted;
}

static double cost_s(const struct plan *plan, enum pin pin)
{
	double sum = SET_UP_COST_MS / 1e3;

	for (int p = 0; p < plan->nprobes; p++)
		if (effective_pin(plan, p) == pin)
			sum += probe_cost_s(plan->probes[p], &plan->settings);
	return sum;
}

/* Start no repetition that would end too late: half a repetition would give
 * some candidates one value more than others. */
static bool time_for_another(const struct run *run)
{
	int done = run->results.repetitions;

	return done == 0 ||
	       elapsed_s(run) * (done + 1) / done < run->plan->limit_s;
}

static void repetition(struct run *run, int number)
{
	for (int c = 0; c < run->plan->ncontenders; c++)
		for (int pin = PIN_FREE; pin <= PIN_SPLIT; pin++)
			if (takes_part(run, c) &&
			    any_probe(run->plan, (enum pin)pin))
				visit(run, c, (enum pin)pin, number);
}

/* Run all probes of one placement on one set-up. If the switch dies, set it up
 * again for the rest. */
static void visit(struct run *run, int contender, enum pin pin, int repetition)
{
	const struct plan *plan = run->plan;
	struct subject subject;
	bool open = false;
	int result = 0;

	for (int p = 0; p < plan->nprobes; p++) {
		if (effective_pin(plan, p) != pin)
			continue;
		show(run, contender, plan->probes[p]->name);
		if (!open && !result) {
			result = subject_open(&subject, run->cell,
			    &plan->contenders[contender], 2, pin);
			open = true;
		}
		if (result) {
			keep_nothing(
			    results_record(&run->results, contender, p),
			    plan->probes[p]);
		} else {
			measure(run, contender, p, repetition, &subject);
			if (!subject_alive(&subject)) {
				subject_close(&subject);
				open = false;
			}
		}
		progress_add(&run->progress,
		    probe_cost_s(plan->probes[p], &plan->settings));
	}
	if (result)
		fail(run, contender, -1, repetition, subject.testbed.why);
	run->failed_starts[contender] =
	    result ? run->failed_starts[contender] + 1 : 0;
	if (open)
		subject_close(&subject);
	progress_add(&run->progress, SET_UP_COST_MS / 1e3);
}

static void show(const struct run *run, int contender, const char *what)
{
	char line[160];

	snprintf(line, sizeof(line), "%d/%d %s %s",
	    run->results.repetitions + 1, run->plan->repetitions,
	    run->plan->contenders[contender].label, what);
	progress_show(&run->progress, line);
}

static void keep_nothing(struct record *record, const struct probe *probe)
{
	record->notes[record->series[0].n] = (struct note){0};
	for (int m = 0; m < PROBE_METRICS_MAX && probe->metrics[m].name; m++)
		series_add_failure(&record->series[m]);
}

static void measure(struct run *run, int contender, int index, int repetition,
    struct subject *subject)
{
	const struct probe *probe = run->plan->probes[index];
	struct record *record = results_record(&run->results, contender, index);
	struct histogram rtt;
	struct outcome outcome = {.rtt = &rtt};
	struct note note = {0};
	int result = measure_undisturbed(run, probe, subject, &outcome, &note);

	if (!subject_alive(subject))
		result = -ECHILD;
	if (!result) {
		keep(record, probe, &outcome, &note);
		return;
	}
	keep_nothing(record, probe);
	if (result == -EOPNOTSUPP)
		snprintf(record->inapplicable, sizeof(record->inapplicable),
		    "%.150s", subject->testbed.why);
	else
		fail(run, contender, index, repetition, subject->testbed.why);
}

/* Measure again after interference, while time and --retries allow. The last
 * attempt counts, marked if it was disturbed, too. */
static int measure_undisturbed(struct run *run, const struct probe *probe,
    struct subject *subject, struct outcome *outcome, struct note *note)
{
	const struct plan *plan = run->plan;
	int result;

	do {
		struct observation before, after;
		struct histogram *rtt = outcome->rtt;

		*outcome = (struct outcome){.rtt = rtt};
		histogram_clear(rtt);
		observe(&before, run->cell->proc);
		result = probe->run(probe, subject, &plan->settings, outcome);
		observe(&after, run->cell->proc);
		note->attempts++;
		note->interference = interference_between(&before, &after);
		note->marked = interference_disturbs(
		    &note->interference, after.at_ns - before.at_ns);
	} while (!result && note->marked && note->attempts <= plan->retries &&
		 on_time(run));
	return result;
}

static bool on_time(const struct run *run)
{
	double left = progress_left_s(&run->progress, clock_ns());

	return elapsed_s(run) + left < run->plan->limit_s;
}

static void keep(struct record *record, const struct probe *probe,
    const struct outcome *outcome, const struct note *note)
{
	record->notes[record->series[0].n] = *note;
	for (int m = 0; m < PROBE_METRICS_MAX && probe->metrics[m].name; m++)
		series_add(&record->series[m], outcome->values[m]);
	if (outcome->rtt->count)
		histogram_merge(&record->rtt, outcome->rtt);
}

static void fail(
    struct run *run, int contender, int probe, int repetition, const char *why)
{
	struct results *results = &run->results;

	if (results->nfailures == FAILURES_MAX)
		return;
	struct failure *failure = &results->failures[results->nfailures++];

	*failure = (struct failure){
	    .contender = contender, .probe = probe, .repetition = repetition};
	snprintf(failure->why, sizeof(failure->why), "%s", why);
}

/* Figures that mean nothing are not printed: who wants them saves them. */
static int report(const struct run *run)
{
	const struct plan *plan = run->plan;
	json_object *json = results_json(&run->results);
	json_object *conclusion = report_get(json, "conclusion");
	bool usable = conclusion_usable(conclusion);
	int result = 0;

	if (plan->json)
		puts(json_object_to_json_string_ext(
		    json, JSON_C_TO_STRING_PRETTY));
	else if (usable)
		report_table(json, stdout);
	else
		report_unusable(json, stdout);
	if (plan->output)
		result = report_save(json, plan->output);
	if (plan->svg && !result)
		result = report_svg(json, plan->svg);
	json_object_put(json);
	if (result)
		return EXIT_FAILURE;
	return usable ? EXIT_SUCCESS : NOT_USABLE;
}
