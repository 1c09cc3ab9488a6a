/* SPDX-License-Identifier: BSD-2-Clause */
/* report.c - tables of a run (see report.h). */
#include "report.h"

#include <errno.h>
#include <string.h>

#include "conclusion.h"

/* A line of a table: name, 3 values, 3 ratios, verdict. */
enum { CELL_SIZE = 176, CELLS = 8 };

struct line {
	char cells[CELLS][CELL_SIZE];
};

/* How a table looks: on a terminal or in a Markdown file. */
struct style {
	void (*heading)(json_object *metric, FILE *out);
	void (*line)(const struct line *line, FILE *out);
};

static void print_all(
    json_object *results, const struct style *style, FILE *out);
static void print_environment(json_object *results, FILE *out);
static void print_candidates(json_object *results, FILE *out);
static void print_metric(json_object *results, json_object *metric,
    const struct style *style, FILE *out);
static void print_result(
    json_object *result, const struct style *style, FILE *out);
static void put_summary(char (*cells)[CELL_SIZE], json_object *summary);
static const char *digits(char *text, size_t size, double value);
static void put_words(char *cell, json_object *result, json_object *ratio);
static int marked(json_object *result);
static void print_failures(json_object *results, FILE *out);
static void plain_heading(json_object *metric, FILE *out);
static void plain_line(const struct line *line, FILE *out);
static void markdown_heading(json_object *metric, FILE *out);
static void markdown_line(const struct line *line, FILE *out);

static const struct style plain = {plain_heading, plain_line};
static const struct style markdown = {markdown_heading, markdown_line};

void report_table(json_object *results, FILE *out)
{
	print_all(results, &plain, out);
	fputs("\nSummary: medians of the ratio to the baseline; ** where the "
	      "ranges do not overlap\n\n",
	    out);
	report_summary(results, out);
	conclusion_print(report_get(results, "conclusion"), out);
}

void report_unusable(json_object *results, FILE *out)
{
	print_environment(results, out);
	fputc('\n', out);
	print_candidates(results, out);
	print_failures(results, out);
	conclusion_print(report_get(results, "conclusion"), out);
	fputs("The figures are not shown: --output FILE keeps them, and "
	      "\"qswitch-bench show --file FILE\" prints them.\n",
	    out);
}

void report_markdown(json_object *results, FILE *out)
{
	print_all(results, &markdown, out);
}

int report_save(json_object *results, const char *path)
{
	if (json_object_to_file_ext(path, results,
		JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED) == 0)
		return 0;
	int result = errno ? -errno : -EIO;

	fprintf(stderr, "cannot write %s: %s\n", path, strerror(-result));
	return result;
}

json_object *report_get(json_object *from, const char *key)
{
	json_object *value = NULL;

	if (from)
		json_object_object_get_ex(from, key, &value);
	return value;
}

const char *report_text(json_object *from, const char *key)
{
	json_object *value = report_get(from, key);

	return value ? json_object_get_string(value) : "";
}

double report_number(json_object *from, const char *key)
{
	return json_object_get_double(report_get(from, key));
}

size_t report_length(json_object *list)
{
	return list ? json_object_array_length(list) : 0;
}

json_object *report_item(json_object *list, size_t i)
{
	return json_object_array_get_idx(list, i);
}

static void print_all(
    json_object *results, const struct style *style, FILE *out)
{
	json_object *metrics = report_get(results, "metrics");

	print_environment(results, out);
	fputc('\n', out);
	print_candidates(results, out);
	for (size_t i = 0; i < report_length(metrics); i++)
		print_metric(results, report_item(metrics, i), style, out);
	print_failures(results, out);
}

static void print_environment(json_object *results, FILE *out)
{
	json_object *on = report_get(results, "environment");
	json_object *how = report_get(results, "settings");

	fprintf(out,
	    "%s, %d of %d processors usable, Linux %s, qswitch %s (%s), %s.\n",
	    report_text(on, "cpu"), (int)report_number(on, "cpus_usable"),
	    (int)report_number(on, "cpus"), report_text(on, "kernel"),
	    report_text(on, "version"), report_text(on, "commit"),
	    report_text(on, "date"));
	fprintf(out,
	    "%d of %d repetitions, pin %s, %g s a measurement, %d s of TCP, "
	    "load %d/s; took %.0f s%s.\n",
	    (int)report_number(how, "repetitions_done"),
	    (int)report_number(how, "repetitions"), report_text(how, "pin"),
	    report_number(how, "duration_s"), (int)report_number(how, "tcp_s"),
	    (int)report_number(how, "load"), report_number(how, "elapsed_s"),
	    json_object_get_boolean(report_get(how, "out_of_time"))
		? " and stopped at the time limit"
		: "");
}

static void print_candidates(json_object *results, FILE *out)
{
	json_object *list = report_get(results, "candidates");

	for (size_t i = 0; i < report_length(list); i++) {
		json_object *one = report_item(list, i);
		const char *reason = report_text(one, "reason");

		fprintf(out, "- %s: %s; %s\n", report_text(one, "name"),
		    report_text(one, "title"),
		    *reason ? reason : report_text(one, "version"));
	}
}

static void print_metric(json_object *results, json_object *metric,
    const struct style *style, FILE *out)
{
	json_object *list = report_get(results, "results");
	const char *name = report_text(metric, "name");

	style->heading(metric, out);
	for (size_t i = 0; i < report_length(list); i++) {
		json_object *result = report_item(list, i);

		if (strcmp(report_text(result, "metric"), name) == 0)
			print_result(result, style, out);
	}
}

static void print_result(
    json_object *result, const struct style *style, FILE *out)
{
	json_object *ratios = report_get(result, "ratios");
	size_t n = report_length(ratios);
	json_object *ratio = n ? report_item(ratios, 0) : NULL;
	struct line line = {0};

	snprintf(
	    line.cells[0], CELL_SIZE, "%s", report_text(result, "candidate"));
	put_summary(&line.cells[1], report_get(result, "summary"));
	put_summary(&line.cells[4], report_get(ratio, "ratio"));
	put_words(line.cells[7], result, ratio);
	style->line(&line, out);
	for (size_t i = 1; i < n; i++) {
		line = (struct line){0};
		ratio = report_item(ratios, i);
		put_summary(&line.cells[4], report_get(ratio, "ratio"));
		snprintf(line.cells[7], CELL_SIZE, "%s",
		    report_text(ratio, "verdict"));
		style->line(&line, out);
	}
}

static void put_summary(char (*cells)[CELL_SIZE], json_object *summary)
{
	static const char *const keys[] = {"min", "median", "max"};

	for (int i = 0; i < 3; i++)
		if (summary)
			digits(cells[i], CELL_SIZE,
			    report_number(summary, keys[i]));
		else
			snprintf(cells[i], CELL_SIZE, "-");
}

/* Three significant digits, no exponent: 0.123 1.23 12.3 123 12345 */
static const char *digits(char *text, size_t size, double value)
{
	double magnitude = value < 0 ? -value : value;
	int places = magnitude >= 100 || value == 0 ? 0
		     : magnitude >= 10		    ? 1
		     : magnitude >= 1		    ? 2
						    : 3;

	snprintf(text, size, "%.*f", places, value);
	return text;
}

static void put_words(char *cell, json_object *result, json_object *ratio)
{
	const char *why = report_text(result, "inapplicable");
	const char *words = *why ? why : report_text(ratio, "verdict");
	int n = marked(result);

	if (n)
		snprintf(cell, CELL_SIZE, "%.100s%s%d disturbed", words,
		    *words ? "; " : "", n);
	else
		snprintf(cell, CELL_SIZE, "%.160s", words);
}

static int marked(json_object *result)
{
	json_object *notes = report_get(result, "repetitions");
	int n = 0;

	for (size_t i = 0; i < report_length(notes); i++)
		n += json_object_get_boolean(
		    report_get(report_item(notes, i), "marked"));
	return n;
}

static void print_failures(json_object *results, FILE *out)
{
	json_object *list = report_get(results, "failures");

	if (report_length(list))
		fputs("\nFailed measurements, which no figure above "
		      "includes:\n\n",
		    out);
	for (size_t i = 0; i < report_length(list); i++) {
		json_object *one = report_item(list, i);

		fprintf(out, "- %s, %s, repetition %d: %s\n",
		    report_text(one, "candidate"), report_text(one, "probe"),
		    (int)report_number(one, "repetition"),
		    report_text(one, "reason"));
	}
}

static void plain_heading(json_object *metric, FILE *out)
{
	static const struct line columns = {
	    {"", "min", "median", "max", "x min", "x med", "x max", ""}};

	fprintf(out, "\n%s (%s, %s is better)\n", report_text(metric, "title"),
	    report_text(metric, "unit"), report_text(metric, "better"));
	plain_line(&columns, out);
}

static void plain_line(const struct line *line, FILE *out)
{
	const char(*cells)[CELL_SIZE] = line->cells;

	fprintf(out, "  %-24s %9s %9s %9s   %7s %7s %7s  %s\n", cells[0],
	    cells[1], cells[2], cells[3], cells[4], cells[5], cells[6],
	    cells[7]);
}

static void markdown_heading(json_object *metric, FILE *out)
{
	fprintf(out,
	    "\n**%s** (%s, %s is better)\n\n"
	    "| | min | median | max | ratio: min | median | max | |\n"
	    "|---|--:|--:|--:|--:|--:|--:|---|\n",
	    report_text(metric, "title"), report_text(metric, "unit"),
	    report_text(metric, "better"));
}

static void markdown_line(const struct line *line, FILE *out)
{
	for (int i = 0; i < CELLS; i++)
		fprintf(out, "| %s ", line->cells[i]);
	fputs("|\n", out);
}
