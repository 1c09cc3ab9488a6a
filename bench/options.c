/* SPDX-License-Identifier: BSD-2-Clause */
/* options.c - getopt_long() driven by a table (see options.h). */
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>

#include <bsd/stdlib.h>

static int fill(const struct option_table *table, struct option *options);
static void help(const struct option_table *table);
static int set(const struct option_row *row, void *into, const char *text);
static int set_int(const struct option_row *row, int *member, const char *text);
static int append(
    const struct option_row *row, struct option_list *list, const char *text);

int options_parse(
    const struct option_table *table, void *into, int argc, char **argv)
{
	struct option options[OPTIONS_MAX + 2];
	int number, result = 0;

	fill(table, options);
	optind = 1;
	while (!result &&
	       (number = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		if (number == 'h') {
			help(table);
			return OPTIONS_HELP;
		}
		result = number == '?'
			     ? -EINVAL
			     : set(&table->rows[number - 1], into, optarg);
	}
	if (!result && optind < argc) {
		fprintf(stderr, "%s: unexpected argument \"%s\"\n",
		    table->command, argv[optind]);
		result = -EINVAL;
	}
	return result;
}

static int fill(const struct option_table *table, struct option *options)
{
	int n = 0;

	for (; n < table->n; n++)
		options[n] = (struct option){.name = table->rows[n].name,
		    .has_arg = table->rows[n].argument ? required_argument
						       : no_argument,
		    .val = n + 1};
	options[n] = (struct option){.name = "help", .val = 'h'};
	options[n + 1] = (struct option){0};
	return n;
}

static void help(const struct option_table *table)
{
	printf("usage: %s [options]\n%s\n\n", table->command, table->summary);
	for (int i = 0; i < table->n; i++) {
		const struct option_row *row = &table->rows[i];
		char name[64];

		snprintf(name, sizeof(name), "--%s%s%s", row->name,
		    row->argument ? " " : "",
		    row->argument ? row->argument : "");
		printf("  %-28s %s\n", name, row->help);
	}
}

static int set(const struct option_row *row, void *into, const char *text)
{
	void *member = (char *)into + row->offset;

	switch (row->kind) {
	case OPTION_FLAG:
		*(bool *)member = true;
		return 0;
	case OPTION_INT:
		return set_int(row, member, text);
	case OPTION_TEXT:
		*(const char **)member = text;
		return 0;
	case OPTION_LIST:
		return append(row, member, text);
	}
	return -EINVAL;
}

static int set_int(const struct option_row *row, int *member, const char *text)
{
	const char *why = NULL;
	int value = (int)strtonum(text, row->min, row->max, &why);

	if (why) {
		fprintf(stderr, "--%s %s: %s (%d to %d)\n", row->name, text,
		    why, row->min, row->max);
		return -EINVAL;
	}
	*member = value;
	return 0;
}

static int append(
    const struct option_row *row, struct option_list *list, const char *text)
{
	if (list->n == OPTION_LIST_MAX) {
		fprintf(stderr, "--%s %s: too many, at most %d are possible\n",
		    row->name, text, OPTION_LIST_MAX);
		return -EINVAL;
	}
	list->items[list->n++] = text;
	return 0;
}
