/* SPDX-License-Identifier: BSD-2-Clause */
/* summary.c - one table for a README: the median of the ratio to the first
 * baseline, by candidate and metric. Bold: the ranges do not overlap. */
#include "report.h"

#include <string.h>

static const char *const columns[] = {"tcp1", "tcp4-both", "packets60",
    "packets1514", "super", "super-window", "cpu60", "rtt-p50", "rtt-one-p50"};

enum { COLUMNS = sizeof(columns) / sizeof(columns[0]) };

static void print_head(json_object *results, FILE *out);
static json_object *metric(json_object *results, int column);
static json_object *find(json_object *list, const char *key, const char *value,
    const char *other, const char *other_value);
static const char *first_baseline(json_object *list);
static void print_cell(json_object *result, const char *baseline, FILE *out);

void report_summary(json_object *results, FILE *out)
{
	json_object *candidates = report_get(results, "candidates");
	json_object *list = report_get(results, "results");

	print_head(results, out);
	for (size_t c = 0; c < report_length(candidates); c++) {
		json_object *one = report_item(candidates, c);

		if (!json_object_get_boolean(report_get(one, "available")))
			continue;
		fprintf(out, "| %s |", report_text(one, "title"));
		for (int i = 0; i < COLUMNS; i++)
			if (metric(results, i))
				print_cell(find(list, "candidate",
					       report_text(one, "name"),
					       "metric", columns[i]),
				    first_baseline(list), out);
		fputc('\n', out);
	}
}

static void print_head(json_object *results, FILE *out)
{
	fputs("| |", out);
	for (int i = 0; i < COLUMNS; i++)
		if (metric(results, i))
			fprintf(out, " %s (%s) |",
			    report_text(metric(results, i), "title"),
			    report_text(metric(results, i), "better"));
	fputs("\n|---|", out);
	for (int i = 0; i < COLUMNS; i++)
		if (metric(results, i))
			fputs("--:|", out);
	fputc('\n', out);
}

/* NULL for a metric that the baseline lacks: there is no ratio to show. */
static json_object *metric(json_object *results, int column)
{
	json_object *list = report_get(results, "results");
	json_object *baseline = find(
	    list, "candidate", first_baseline(list), "metric", columns[column]);

	return report_get(baseline, "summary")
		   ? find(report_get(results, "metrics"), "name",
			 columns[column], NULL, NULL)
		   : NULL;
}

static json_object *find(json_object *list, const char *key, const char *value,
    const char *other, const char *other_value)
{
	for (size_t i = 0; i < report_length(list); i++) {
		json_object *item = report_item(list, i);

		if (strcmp(report_text(item, key), value) == 0 &&
		    (!other ||
			strcmp(report_text(item, other), other_value) == 0))
			return item;
	}
	return NULL;
}

/* A candidate that is not a baseline has a ratio to each baseline, in order. */
static const char *first_baseline(json_object *list)
{
	json_object *most = NULL;

	for (size_t i = 0; i < report_length(list); i++) {
		json_object *ratios =
		    report_get(report_item(list, i), "ratios");

		if (!most || report_length(ratios) > report_length(most))
			most = ratios;
	}
	return report_length(most)
		   ? report_text(report_item(most, 0), "baseline")
		   : "";
}

static void print_cell(json_object *result, const char *baseline, FILE *out)
{
	json_object *ratios = report_get(result, "ratios");
	json_object *first =
	    report_length(ratios) ? report_item(ratios, 0) : NULL;
	json_object *ratio = report_get(first, "ratio");
	const char *verdict = report_text(first, "verdict");

	if (!report_get(result, "summary"))
		fputs(" - |", out);
	else if (!first ||
		 strcmp(report_text(first, "baseline"), baseline) != 0)
		fputs(" 1 |", out); /* it is the baseline */
	else if (!ratio)
		fputs(" - |", out);
	else if (strstr(verdict, " times "))
		fprintf(out, " **%.2f** |", report_number(ratio, "median"));
	else
		fprintf(out, " %.2f |", report_number(ratio, "median"));
}
