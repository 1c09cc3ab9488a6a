/* SPDX-License-Identifier: BSD-2-Clause */
/* options.h - parses long options, from a table into members of a struct. */
#ifndef BENCH_OPTIONS_H
#define BENCH_OPTIONS_H

#include <stddef.h>

enum option_kind {
	OPTION_FLAG, /* bool */
	OPTION_INT,  /* int, min..max */
	OPTION_TEXT, /* const char *, into argv */
	OPTION_LIST, /* struct option_list: may be repeated */
};

enum { OPTION_LIST_MAX = 32, OPTIONS_MAX = 32 };

struct option_list {
	int n;
	const char *items[OPTION_LIST_MAX];
};

struct option_row {
	const char *name;
	const char *argument; /* for the help; NULL: a flag */
	const char *help;
	enum option_kind kind;
	size_t offset; /* of the member */
	int min, max;
};

struct option_table {
	const char *command; /* "qswitch-bench compare" */
	const char *summary;
	const struct option_row *rows;
	int n;
};

enum { OPTIONS_HELP = 1 };

/**
 * options_parse() - read the command line into the struct at @into
 * @table: has at most OPTIONS_MAX rows
 * @into:  holds the defaults before; texts point into @argv afterwards
 * @argv:  argv[0] is the subcommand
 *
 * Prints errors on standard error and the answer to --help on standard output.
 *
 * Return: 0, OPTIONS_HELP after --help, or -EINVAL.
 */
int options_parse(
    const struct option_table *table, void *into, int argc, char **argv);

#endif
