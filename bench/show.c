/* SPDX-License-Identifier: BSD-2-Clause */
/* show.c - `qswitch-bench show`: tables and plots of a saved run. */
#include "show.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "options.h"
#include "report.h"

struct arguments {
	const char *file, *svg;
	bool markdown, summary;
};

#define ROW(name, argument, help, kind, member)              \
	{                                                    \
		name, argument, help, kind,                  \
		    offsetof(struct arguments, member), 0, 0 \
	}

static const struct option_row rows[] = {
    ROW("file", "FILE", "the file that `compare --output` saved", OPTION_TEXT,
	file),
    ROW("markdown", NULL, "print every metric as a Markdown table", OPTION_FLAG,
	markdown),
    ROW("summary", NULL, "print one Markdown table of ratios", OPTION_FLAG,
	summary),
    ROW("svg", "DIR", "draw the plots with gnuplot", OPTION_TEXT, svg),
};

static const struct option_table table = {
    .command = "qswitch-bench show",
    .summary = "Prints the tables of a saved run of `compare`.",
    .rows = rows,
    .n = sizeof(rows) / sizeof(rows[0]),
};

static int show(const struct arguments *arguments, json_object *results);

int show_main(int argc, char **argv)
{
	struct arguments arguments = {0};
	int result = options_parse(&table, &arguments, argc, argv);

	if (result)
		return result == OPTIONS_HELP ? EXIT_SUCCESS : 2;
	if (!arguments.file) {
		fprintf(stderr, "%s: --file FILE is required\n", table.command);
		return 2;
	}
	errno = 0;
	json_object *results = json_object_from_file(arguments.file);

	if (!results) {
		fprintf(stderr,
		    "%s: cannot read %s: %s: give the file that \"compare "
		    "--output\" saved\n",
		    table.command, arguments.file,
		    errno ? strerror(errno) : "it is not JSON");
		return EXIT_FAILURE;
	}
	result = show(&arguments, results);

	json_object_put(results);
	return result ? EXIT_FAILURE : EXIT_SUCCESS;
}

static int show(const struct arguments *arguments, json_object *results)
{
	if (arguments->summary)
		report_summary(results, stdout);
	else if (arguments->markdown)
		report_markdown(results, stdout);
	else
		report_table(results, stdout);
	return arguments->svg ? report_svg(results, arguments->svg) : 0;
}
