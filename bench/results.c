/* SPDX-License-Identifier: BSD-2-Clause */
/* results.c - the results of `compare` as JSON. Tables and plots are made from
 * the JSON, so those printed now and those of a saved file are the same. */
#include "results.h"

#include <stdio.h>

#include "conclusion.h"
#include "environment.h"

static void add(json_object *to, const char *key, json_object *value);
static json_object *text(const char *value);
static json_object *settings_json(const struct results *results);
static json_object *number(double value);
static json_object *contenders_json(const struct plan *plan);
static json_object *metrics_json(const struct plan *plan);
static json_object *result_json(
    const struct results *results, int contender, int probe, int metric);
static json_object *values_json(const struct series *series);
static json_object *summary_json(const struct summary *summary);
static json_object *against(const struct results *results,
    const struct series *series, int baseline, int probe, int metric);
static void verdict_text(char *words, size_t size, enum difference difference,
    const struct summary *ratio, const char *baseline);
static json_object *notes_json(const struct record *record);
static json_object *distribution_json(const struct histogram *histogram);
static json_object *failures_json(const struct results *results);
static json_object *conclusion_json(const struct results *results);

json_object *results_json(const struct results *results)
{
	const struct plan *plan = results->plan;
	json_object *root = json_object_new_object();
	json_object *list = json_object_new_array();

	add(root, "tool", text("qswitch-bench compare"));
	add(root, "environment", environment_json());
	add(root, "settings", settings_json(results));
	add(root, "candidates", contenders_json(plan));
	add(root, "metrics", metrics_json(plan));
	for (int p = 0; p < plan->nprobes; p++)
		for (int m = 0; m < PROBE_METRICS_MAX; m++)
			for (int c = 0; c < plan->ncontenders; c++)
				if (plan->probes[p]->metrics[m].name &&
				    !plan->contenders[c].missing[0])
					json_object_array_add(list,
					    result_json(results, c, p, m));
	add(root, "results", list);
	add(root, "failures", failures_json(results));
	add(root, "conclusion", conclusion_json(results));
	return root;
}

static void add(json_object *to, const char *key, json_object *value)
{
	json_object_object_add(to, key, value);
}

static json_object *text(const char *value)
{
	return json_object_new_string(value);
}

static json_object *settings_json(const struct results *results)
{
	const struct plan *plan = results->plan;
	json_object *to = json_object_new_object();

	add(to, "repetitions", json_object_new_int(plan->repetitions));
	add(to, "repetitions_done", json_object_new_int(results->repetitions));
	add(to, "out_of_time", json_object_new_boolean(results->out_of_time));
	add(to, "retries", json_object_new_int(plan->retries));
	add(to, "pin", text(pin_name(plan->pin)));
	add(to, "quick", json_object_new_boolean(plan->quick));
	add(to, "duration_s", number((double)plan->settings.duration_ns / 1e9));
	add(to, "tcp_s", json_object_new_int(plan->settings.tcp_seconds));
	add(to, "load", json_object_new_int64((int64_t)plan->settings.load));
	add(to, "elapsed_s", number(results->elapsed_s));
	return to;
}

/* Six digits: more would be noise and make files hard to compare. */
static json_object *number(double value)
{
	char digits[32];

	snprintf(digits, sizeof(digits), "%.6g", value);
	return json_object_new_double_s(value, digits);
}

static json_object *contenders_json(const struct plan *plan)
{
	json_object *list = json_object_new_array();

	for (int i = 0; i < plan->ncontenders; i++) {
		const struct contender *contender = &plan->contenders[i];
		json_object *to = json_object_new_object();

		add(to, "name", text(contender->label));
		add(to, "title", text(contender->candidate->title));
		add(to, "version", text(contender->version));
		add(to, "available",
		    json_object_new_boolean(!contender->missing[0]));
		if (contender->missing[0])
			add(to, "reason", text(contender->missing));
		json_object_array_add(list, to);
	}
	return list;
}

static json_object *metrics_json(const struct plan *plan)
{
	json_object *list = json_object_new_array();

	for (int i = 0; i < plan->nprobes; i++) {
		const struct metric *metric = plan->probes[i]->metrics;

		for (int m = 0; m < PROBE_METRICS_MAX && metric[m].name; m++) {
			json_object *to = json_object_new_object();
			bool higher = metric[m].better == BETTER_HIGHER;

			add(to, "name", text(metric[m].name));
			add(to, "title", text(metric[m].title));
			add(to, "unit", text(metric[m].unit));
			add(to, "better", text(higher ? "higher" : "lower"));
			json_object_array_add(list, to);
		}
	}
	return list;
}

static json_object *result_json(
    const struct results *results, int contender, int probe, int metric)
{
	const struct plan *plan = results->plan;
	const struct record *record = results_record(results, contender, probe);
	const struct series *series = &record->series[metric];
	struct summary summary = stats_summary(series);
	json_object *to = json_object_new_object();

	add(to, "candidate", text(plan->contenders[contender].label));
	add(to, "metric", text(plan->probes[probe]->metrics[metric].name));
	add(to, "values", values_json(series));
	add(to, "summary", summary_json(&summary));
	json_object *ratios = json_object_new_array();

	for (int i = 0; i < plan->nbaselines; i++)
		if (plan->baselines[i] != contender)
			json_object_array_add(
			    ratios, against(results, series, plan->baselines[i],
					probe, metric));
	add(to, "ratios", ratios);
	add(to, "repetitions", notes_json(record));
	if (record->inapplicable[0])
		add(to, "inapplicable", text(record->inapplicable));
	if (metric == 0 && record->rtt.count)
		add(to, "distribution", distribution_json(&record->rtt));
	return to;
}

static json_object *values_json(const struct series *series)
{
	json_object *values = json_object_new_array();

	for (int i = 0; i < series->n; i++)
		json_object_array_add(values,
		    series->valid[i] ? number(series->values[i]) : NULL);
	return values;
}

static json_object *summary_json(const struct summary *summary)
{
	if (summary->n == 0)
		return NULL;
	json_object *to = json_object_new_object();

	add(to, "n", json_object_new_int(summary->n));
	add(to, "min", number(summary->min));
	add(to, "median", number(summary->median));
	add(to, "max", number(summary->max));
	return to;
}

static json_object *against(const struct results *results,
    const struct series *series, int baseline, int probe, int metric)
{
	const struct record *other = results_record(results, baseline, probe);
	const char *name = results->plan->contenders[baseline].label;
	struct summary ratio = stats_ratio(series, &other->series[metric]);
	enum difference difference =
	    stats_difference(series, &other->series[metric]);
	json_object *to = json_object_new_object();
	char words[160];

	verdict_text(words, sizeof(words), difference, &ratio, name);
	add(to, "baseline", text(name));
	add(to, "ratio", summary_json(&ratio));
	add(to, "verdict", text(words));
	return to;
}

static void verdict_text(char *words, size_t size, enum difference difference,
    const struct summary *ratio, const char *baseline)
{
	if (difference == DIFFERENCE_UNKNOWN)
		snprintf(words, size, "too few repetitions");
	else if (difference == DIFFERENCE_NONE_SEEN)
		snprintf(words, size, "no difference seen");
	else if (ratio->n > 0)
		snprintf(words, size, "%.2f times %s", ratio->median, baseline);
	else
		snprintf(words, size, "%s than %s",
		    difference == DIFFERENCE_HIGHER ? "higher" : "lower",
		    baseline);
}

static json_object *notes_json(const struct record *record)
{
	json_object *notes = json_object_new_array();

	for (int i = 0; i < record->series[0].n; i++) {
		const struct note *note = &record->notes[i];
		json_object *to = json_object_new_object();

		add(to, "attempts", json_object_new_int(note->attempts));
		add(to, "marked", json_object_new_boolean(note->marked));
		add(to, "busy", number(note->interference.busy));
		add(to, "steal", number(note->interference.steal));
		add(to, "foreign", number(note->interference.foreign));
		add(to, "runqueue_wait", number(note->interference.wait));
		json_object_array_add(notes, to);
	}
	return notes;
}

static json_object *distribution_json(const struct histogram *histogram)
{
	static const double percents[] = {
	    1, 5, 10, 25, 50, 75, 90, 95, 99, 99.5, 99.9, 99.99};
	json_object *points = json_object_new_array();

	for (size_t i = 0; i < sizeof(percents) / sizeof(percents[0]); i++) {
		json_object *point = json_object_new_array();
		uint64_t ns = histogram_percentile(histogram, percents[i]);

		json_object_array_add(point, number(percents[i]));
		json_object_array_add(point, number((double)ns / 1e3));
		json_object_array_add(points, point);
	}
	return points;
}

static json_object *failures_json(const struct results *results)
{
	const struct plan *plan = results->plan;
	json_object *list = json_object_new_array();

	for (int i = 0; i < results->nfailures; i++) {
		const struct failure *failure = &results->failures[i];
		json_object *to = json_object_new_object();

		add(to, "candidate",
		    text(plan->contenders[failure->contender].label));
		add(to, "probe",
		    text(failure->probe < 0
			     ? "start"
			     : plan->probes[failure->probe]->name));
		add(to, "repetition",
		    json_object_new_int(failure->repetition + 1));
		add(to, "reason", text(failure->why));
		json_object_array_add(list, to);
	}
	return list;
}

/* Fewer than three values tell no difference (stats.h). */
static json_object *conclusion_json(const struct results *results)
{
	const struct plan *plan = results->plan;
	int measured = 0, disturbed = 0;
	char short_of[96] = "";

	for (int i = 0; i < plan->ncontenders * plan->nprobes; i++) {
		const struct record *record = &results->records[i];
		for (int n = 0; n < record->series[0].n; n++) {
			measured += record->notes[n].attempts > 0;
			disturbed += record->notes[n].marked;
		}
	}
	if (results->out_of_time && results->repetitions < 3)
		snprintf(short_of, sizeof(short_of),
		    "only %d of %d repetitions fit into %d s",
		    results->repetitions, plan->repetitions,
		    (int)plan->limit_s);
	return conclusion_new(measured, disturbed, short_of, results->culprits);
}
