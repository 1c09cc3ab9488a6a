/* SPDX-License-Identifier: BSD-2-Clause */
/* ctl_commands.c - the commands of qswitchctl: see ctl_commands.h. */
#include "ctl_commands.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <bsd/stdlib.h>
#include <bsd/string.h>

#include "switch/protocol/json.h"

#include "answer.h"
#include "ctl.h"
#include "ctl_show.h"

/* clang-format off: rows, not statements */
static const struct ctl_command commands[] = {
#define WORD(type, name, key, need) {ARG_##type, name, NULL, key, ARG_##need},
#define OPTION(type, name, value, key, need) \
	{ARG_##type, name, value, key, ARG_##need},
#define LOCAL(type, name, value) {ARG_##type, name, value, NULL, ARG_OPTIONAL},
#define ONE_ANSWER		 NULL
#define PAGES(list)		 list
#define COMMAND(id, name, arguments, answer, help, room) \
	{name, help, answer, show_##id, {arguments{0}}, name, ROOM_##room},
#define CLIENT_COMMAND(id, name, arguments, request, help, room) \
	{name, help, NULL, show_##id, {arguments{0}}, request, ROOM_##room},
#define DAEMON_COMMAND(...)
#include "switch/protocol/commands.def"
};
/* clang-format on */

enum {
	COMMANDS = sizeof(commands) / sizeof(*commands),
	WORDS_MAX = 3, /* of a command */
};

static const struct ctl_command *find(int argc, char *argv[], int *words);
static int take(struct ctl *ctl, int argc, char *argv[]);
static const struct ctl_arg *find_option(
    const struct ctl_command *c, const char *name);
static bool is_option(const struct ctl_arg *arg);
static const struct ctl_arg *next_word(
    const struct ctl_command *c, struct json_object *given);
static void usage_text(const struct ctl_command *c, char *text, size_t size);
static int set(struct ctl *ctl, const struct ctl_arg *arg, const char *value);
static bool set_real(
    struct json_object *to, const char *key, const char *value);
static int check_required(const struct ctl *ctl);
static void list_room(FILE *out, enum ctl_room room);

int ctl_parse(struct ctl *ctl, int argc, char *argv[])
{
	int taken;

	ctl->command = find(argc, argv, &taken);
	if (!ctl->command)
		return ctl_fail(CTL_USAGE,
		    "there is no command %s: \"qswitchctl --help\" lists them",
		    argv[0]);
	json_put_text(ctl->request, "cmd", ctl->command->request);
	while (argc -= taken, argv += taken, argc > 0) {
		taken = take(ctl, argc, argv);
		if (!taken)
			return CTL_USAGE;
	}
	return check_required(ctl);
}

void ctl_list_commands(FILE *out)
{
	static const char *const rooms[] = {
	    [ROOM_PORTS] = "Ports",
	    [ROOM_ADDRESSES] = "Addresses",
	    [ROOM_FRAMES] = "What happens, and why",
	    [ROOM_TREE] = "Spanning tree",
	    [ROOM_TIME] = "Time",
	    [ROOM_BRCTL] = "As brctl shows it",
	    [ROOM_SWITCH] = "The switch itself",
	};

	for (int room = 0; room < ROOM_COUNT; room++) {
		fprintf(out, "\n%s:\n", rooms[room]);
		list_room(out, (enum ctl_room)room);
	}
}

/* The command with the most words, if several fit. */
static const struct ctl_command *find(int argc, char *argv[], int *words)
{
	const struct ctl_command *found = NULL;
	char given[CTL_NAME] = "";

	for (int n = 1; n <= argc && n <= WORDS_MAX; n++) {
		strlcat(given, n > 1 ? " " : "", sizeof(given));
		strlcat(given, argv[n - 1], sizeof(given));
		for (size_t i = 0; i < COMMANDS; i++) {
			if (strcmp(commands[i].name, given) != 0)
				continue;
			*words = n;
			found = &commands[i];
		}
	}
	return found;
}

/* Takes one argument, with its value. Return: words taken, 0: usage. */
static int take(struct ctl *ctl, int argc, char *argv[])
{
	bool option = *argv[0] == '-' && argv[0][1];
	const struct ctl_arg *arg = option
					? find_option(ctl->command, argv[0])
					: next_word(ctl->command, ctl->request);
	char usage[128];

	if (option && strcmp(argv[0], "--json") == 0) {
		ctl->json = true;
		return 1;
	}
	usage_text(ctl->command, usage, sizeof(usage));
	if (!arg) {
		ctl_fail(CTL_USAGE,
		    "%s does not take %s: use \"qswitchctl %s\"",
		    ctl->command->name, argv[0], usage);
		return 0;
	}
	bool valued = option && arg->value;
	if (valued && argc < 2) {
		ctl_fail(CTL_USAGE, "%s needs a value: %s %s", arg->name,
		    arg->name, arg->value);
		return 0;
	}
	if (set(ctl, arg, argv[valued]))
		return 0;
	return 1 + valued;
}

static const struct ctl_arg *find_option(
    const struct ctl_command *c, const char *name)
{
	for (const struct ctl_arg *a = c->args; a->type; a++)
		if (is_option(a) && strcmp(a->name, name) == 0)
			return a;
	return NULL;
}

static bool is_option(const struct ctl_arg *arg)
{
	return *arg->name == '-';
}

/* The first word that has not been given yet. */
static const struct ctl_arg *next_word(
    const struct ctl_command *c, struct json_object *given)
{
	for (const struct ctl_arg *a = c->args; a->type; a++)
		if (!is_option(a) && !get(given, a->key))
			return a;
	return NULL;
}

/* "explain PORT --src M --dst M [--vlan V]" */
static void usage_text(const struct ctl_command *c, char *text, size_t size)
{
	strlcpy(text, c->name, size);
	for (const struct ctl_arg *a = c->args; a->type; a++) {
		bool required = a->need == ARG_REQUIRED;

		strlcat(text, required ? " " : " [", size);
		strlcat(text, a->name, size);
		strlcat(text, a->value ? " " : "", size);
		strlcat(text, a->value ? a->value : "", size);
		strlcat(text, required ? "" : "]", size);
	}
}

static int set(struct ctl *ctl, const struct ctl_arg *arg, const char *value)
{
	struct json_object *to = arg->key ? ctl->request : ctl->local;
	const char *key = arg->key ? arg->key : arg->name;
	const char *problem = NULL;

	if (arg->type == ARG_FLAG) {
		json_put_bool(to, key, true);
	} else if (arg->type == ARG_TEXT) {
		json_put_text(to, key, value);
	} else if (arg->type == ARG_REAL) {
		problem = set_real(to, key, value) ? NULL : "invalid";
	} else {
		long long n = strtonum(value, 0, INT64_MAX, &problem);
		json_put_count(to, key, (uint64_t)n);
	}
	if (problem)
		return ctl_fail(CTL_USAGE, "%s %s: give a %snumber", arg->name,
		    value, arg->type == ARG_REAL ? "" : "whole ");
	return CTL_OK;
}

/* Return: false if @value is not a number. */
static bool set_real(struct json_object *to, const char *key, const char *value)
{
	char *end;
	double number = strtod(value, &end);

	json_object_object_add(to, key, json_object_new_double(number));
	return end != value && !*end;
}

static int check_required(const struct ctl *ctl)
{
	char usage[128];

	usage_text(ctl->command, usage, sizeof(usage));
	for (const struct ctl_arg *a = ctl->command->args; a->type; a++)
		if (a->need == ARG_REQUIRED && !get(ctl->request, a->key))
			return ctl_fail(CTL_USAGE,
			    "%s is missing: use \"qswitchctl %s\"", a->name,
			    usage);
	return CTL_OK;
}

static void list_room(FILE *out, enum ctl_room room)
{
	char usage[128];

	for (size_t i = 0; i < COMMANDS; i++) {
		const struct ctl_command *c = &commands[i];
		if (c->room != room ||
		    (c->show == show_watch && !watch_is_built))
			continue;
		usage_text(c, usage, sizeof(usage));
		fprintf(out, "  %s\n        %s\n", usage, c->help);
	}
}
