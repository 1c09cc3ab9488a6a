/* SPDX-License-Identifier: BSD-2-Clause */
/* svg.c - draws plots with gnuplot: for each metric the median of every
 * candidate with its range, and the distribution of round-trip times. */
#include "report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "process.h"

/* Distinct on light and dark pages. */
static const char ours[] = "0x4477aa", theirs[] = "0xaaaaaa";

static void print_script(json_object *results, const char *dir, FILE *script);
static void print_metric(
    json_object *results, json_object *metric, const char *dir, FILE *script);
static void print_bars(json_object *results, const char *name, FILE *script);
static void print_bar(json_object *result, int row, FILE *script);
static bool has(json_object *results, const char *metric);
static void print_curves(json_object *results, const char *metric,
    const char *title, const char *dir, FILE *script);
static void print_curve(json_object *result, size_t number, FILE *script);
static int run_gnuplot(const char *script);

int report_svg(json_object *results, const char *dir)
{
	char *text = NULL;
	size_t size = 0;

	if (mkdir(dir, 0777) && errno != EEXIST) {
		int error = errno;

		fprintf(stderr, "cannot create directory %s: %s\n", dir,
		    strerror(error));
		return -error;
	}
	FILE *script = open_memstream(&text, &size);

	if (!script)
		return -errno;
	print_script(results, dir, script);
	fclose(script);
	int result = run_gnuplot(text);

	free(text);
	return result;
}

static void print_script(json_object *results, const char *dir, FILE *script)
{
	json_object *metrics = report_get(results, "metrics");

	fputs("set terminal svg size 760,420 dynamic noenhanced background "
	      "\"#ffffff\" "
	      "font \"sans-serif,12\"\n"
	      "set style fill solid 0.8\nset boxwidth 0.6\nunset key\n"
	      "set grid ytics\nset xtics rotate by -25\n"
	      "set bmargin 6\nset rmargin 10\n",
	    script);
	for (size_t i = 0; i < report_length(metrics); i++)
		print_metric(results, report_item(metrics, i), dir, script);
	if (has(results, "rtt-p50"))
		print_curves(results, "rtt-p50",
		    "round trips, on any core (us)", dir, script);
	if (has(results, "rtt-one-p50"))
		print_curves(results, "rtt-one-p50",
		    "round trips, all on one core (us)", dir, script);
}

static void print_metric(
    json_object *results, json_object *metric, const char *dir, FILE *script)
{
	const char *name = report_text(metric, "name");

	print_bars(results, name, script);
	fprintf(script,
	    "if (|$bars| > 0) {\n"
	    "set output \"%s/%s.svg\"\n"
	    "set title \"%s (%s, %s is better)\"\n"
	    "set yrange [0:*]\n"
	    "plot $bars using 1:2:6:xtic(5) with boxes lc rgb variable, "
	    "$bars using 1:3:(0):($4-$3) with vectors nohead lw 2 "
	    "lc rgb \"#cc3311\"\n"
	    "}\n",
	    dir, name, report_text(metric, "title"),
	    report_text(metric, "unit"), report_text(metric, "better"));
}

static void print_bars(json_object *results, const char *name, FILE *script)
{
	json_object *list = report_get(results, "results");
	int row = 0;

	fputs("$bars << END\n", script);
	for (size_t i = 0; i < report_length(list); i++)
		if (strcmp(report_text(report_item(list, i), "metric"), name) ==
		    0)
			print_bar(report_item(list, i), row++, script);
	fputs("END\n", script);
}

static void print_bar(json_object *result, int row, FILE *script)
{
	json_object *summary = report_get(result, "summary");

	if (!summary)
		return;
	const char *name = report_text(result, "candidate");

	fprintf(script, "%d %.6g %.6g %.6g \"%s\" %s\n", row,
	    report_number(summary, "median"), report_number(summary, "min"),
	    report_number(summary, "max"), name,
	    strncmp(name, "qswitchd", 8) == 0 ? ours : theirs);
}

static bool has(json_object *results, const char *metric)
{
	json_object *list = report_get(results, "results");

	for (size_t i = 0; i < report_length(list); i++)
		if (report_get(report_item(list, i), "distribution") &&
		    strcmp(report_text(report_item(list, i), "metric"),
			metric) == 0)
			return true;
	return false;
}

/* One curve for each candidate: the share of round trips that took longer. */
static void print_curves(json_object *results, const char *metric,
    const char *title, const char *dir, FILE *script)
{
	json_object *list = report_get(results, "results");
	const char *separator = "plot";

	for (size_t i = 0; i < report_length(list); i++)
		print_curve(report_item(list, i), i, script);
	fprintf(script,
	    "set output \"%s/%s-distribution.svg\"\nset title \"%s\"\n"
	    "unset rmargin\n"
	    "set logscale xy\nset yrange [*:*]\nset key outside right top\n"
	    "set xlabel \"percentile\"\nset ylabel \"us\"\n"
	    "set xtics norotate (\"50\" 2, \"90\" 10, \"99\" 100, "
	    "\"99.9\" 1000, \"99.99\" 10000)\n",
	    dir, metric, title);
	for (size_t i = 0; i < report_length(list); i++) {
		json_object *result = report_item(list, i);

		if (!report_get(result, "distribution") ||
		    strcmp(report_text(result, "metric"), metric) != 0)
			continue;
		fprintf(script, "%s $curve%zu with linespoints title \"%s\"",
		    separator, i, report_text(result, "candidate"));
		separator = ",";
	}
	fputc('\n', script);
	fputs(
	    "unset logscale\nunset key\nunset xlabel\nunset ylabel\n", script);
}

static void print_curve(json_object *result, size_t number, FILE *script)
{
	json_object *points = report_get(result, "distribution");

	fprintf(script, "$curve%zu << END\n", number);
	for (size_t i = 0; i < report_length(points); i++) {
		json_object *point = report_item(points, i);

		fprintf(script, "%.6g %.6g\n",
		    100 / (100 - json_object_get_double(report_item(point, 0))),
		    json_object_get_double(report_item(point, 1)));
	}
	fputs("END\n", script);
}

static int run_gnuplot(const char *script)
{
	const char *const argv[] = {"gnuplot", "-", NULL};
	char output[512];
	int status = process_filter(-1, argv, script, output, sizeof(output));

	if (status == 0)
		return 0;
	fprintf(
	    stderr, "gnuplot: %s\n", status < 0 ? strerror(-status) : output);
	return -EIO;
}
