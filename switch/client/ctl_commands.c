/* SPDX-License-Identifier: BSD-2-Clause */
/* ctl_commands.c - the commands of qswitchctl: see ctl_commands.h. */
#include "ctl_commands.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <bsd/stdlib.h>
#include <bsd/string.h>

#include "forwarding/frame.h"
#include "forwarding/mac.h"
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
#define REST(name)		 {ARG_REST, name, NULL, NULL, ARG_OPTIONAL},
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
	WORDS_MAX = 3,	    /* of a command */
	USAGE_TEXT = 256,   /* bytes */
	FILTER_TEXT = 1024, /* bytes */
};

static const char *name_of_alias(const char *words);
static const struct ctl_command *find(int argc, char *argv[], int *words);
static int take(struct ctl *ctl, int argc, char *argv[]);
static int no_such_command(int argc, char *argv[]);
static bool subcommands(const char *first, char *text, size_t size);
static int no_such_word(const char *word);
static bool is_common(struct ctl *ctl, const char *option);
static const struct ctl_arg *find_option(
    const struct ctl_command *c, const char *name);
static bool is_option(const struct ctl_arg *arg);
static const struct ctl_arg *next_word(
    const struct ctl_command *c, struct json_object *given);
static void usage_text(const struct ctl_command *c, char *text, size_t size);
static int set(struct ctl *ctl, const struct ctl_arg *arg, const char *value);
static void add_words(
    struct json_object *to, const char *key, const char *more);
static bool set_address(
    struct json_object *to, const char *key, const char *value);
static bool set_real(
    struct json_object *to, const char *key, const char *value);
static int check_required(const struct ctl *ctl);
static void list_room(FILE *out, enum ctl_room room);

int ctl_parse(struct ctl *ctl, int argc, char *argv[])
{
	int taken;

	if (strcmp(argv[0], "help") == 0) {
		ctl->help = true;
		argc--, argv++;
	}
	if (!argc)
		return CTL_OK;
	ctl->command = find(argc, argv, &taken);
	if (!ctl->command)
		return no_such_command(argc, argv);
	json_put_text(ctl->request, "cmd", ctl->command->request);
	while (argc -= taken, argv += taken, argc > 0) {
		taken = take(ctl, argc, argv);
		if (!taken)
			return CTL_USAGE;
	}
	return ctl->help ? CTL_OK : check_required(ctl);
}

static int no_such_command(int argc, char *argv[])
{
	char words[256];

	if (!subcommands(argv[0], words, sizeof(words)))
		return no_such_word(argv[0]);
	if (argc < 2)
		return ctl_fail(
		    CTL_USAGE, "%s needs a subcommand: %s", argv[0], words);
	return ctl_fail(CTL_USAGE, "%s has no subcommand %s: use %s", argv[0],
	    argv[1], words);
}

/* "add, del, up or down" of "port". Return: are there any? */
static bool subcommands(const char *first, char *text, size_t size)
{
	size_t len = strlen(first);
	const char *last = NULL;

	*text = 0;
	for (size_t i = 0; i < COMMANDS; i++) {
		const char *name = commands[i].name;
		if (strncmp(name, first, len) != 0 || name[len] != ' ')
			continue;
		if (last)
			strlcat(text, *text ? ", " : "", size);
		strlcat(text, last ? last : "", size);
		last = name + len + 1;
	}
	strlcat(text, *text ? " or " : "", size);
	strlcat(text, last ? last : "", size);
	return last;
}

static int no_such_word(const char *word)
{
	char like[256] = "";
	size_t len = strlen(word);

	for (size_t i = 0; i < COMMANDS; i++) {
		const char *name = commands[i].name;
		if (strncmp(name, word, len) != 0)
			continue;
		strlcat(like, *like ? ", " : "", sizeof(like));
		strlcat(like, name, sizeof(like));
	}
	if (*like)
		return ctl_fail(CTL_USAGE,
		    "there is no command %s, but there is: %s", word, like);
	return ctl_fail(CTL_USAGE,
	    "there is no command %s: \"qswitchctl help\" lists them", word);
}

void ctl_help(const struct ctl_command *command, FILE *out)
{
	char usage[USAGE_TEXT];

	usage_text(command, usage, sizeof(usage));
	fprintf(out,
	    "usage: qswitchctl [--name NAME | --control PATH] [-j] %s\n"
	    "%c%s. See qswitchctl(8).\n",
	    usage, toupper((unsigned char)*command->help), command->help + 1);
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

/* What people type who know bridge(8) and ip(8). */
static const char *name_of_alias(const char *words)
{
	static const struct {
		const char *alias, *name;
	} aliases[] = {
	    {"counters show", "counters"},
	    {"fdb list", "fdb"},
	    {"fdb show", "fdb"},
	    {"port list", "ports"},
	    {"port show", "ports"},
	    {"stp show", "stp"},
	};

	for (size_t i = 0; i < sizeof(aliases) / sizeof(*aliases); i++)
		if (strcmp(aliases[i].alias, words) == 0)
			return aliases[i].name;
	return words;
}

/* The command with the most words, if several fit. */
static const struct ctl_command *find(int argc, char *argv[], int *words)
{
	const struct ctl_command *found = NULL;
	char given[CTL_NAME] = "";

	*words = 1;
	for (int n = 1; n <= argc && n <= WORDS_MAX; n++) {
		strlcat(given, n > 1 ? " " : "", sizeof(given));
		strlcat(given, argv[n - 1], sizeof(given));
		const char *name = name_of_alias(given);
		for (size_t i = 0; i < COMMANDS; i++) {
			if (strcmp(commands[i].name, name) != 0)
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
	char usage[USAGE_TEXT];

	if (option && is_common(ctl, argv[0]))
		return 1;
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

/* Takes what every command has. */
static bool is_common(struct ctl *ctl, const char *option)
{
	bool json = strcmp(option, "--json") == 0 || strcmp(option, "-j") == 0;
	bool help = strcmp(option, "--help") == 0 || strcmp(option, "-h") == 0;

	ctl->json |= json;
	ctl->help |= help;
	return json || help;
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

/* The first word that has not been given yet; the rest has no end. */
static const struct ctl_arg *next_word(
    const struct ctl_command *c, struct json_object *given)
{
	for (const struct ctl_arg *a = c->args; a->type; a++)
		if (!is_option(a) &&
		    (a->type == ARG_REST || !get(given, a->key)))
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
	static const char *const wanted[] = {
	    [ARG_NUMBER] = "a whole number",
	    [ARG_COUNT] = "a whole number from 1",
	    [ARG_REAL] = "a number",
	    [ARG_ADDRESS] = "an Ethernet address such as 02:00:00:00:00:01",
	    [ARG_VLAN] = "a VLAN from 1 to 4094",
	};

	if (arg->type == ARG_FLAG) {
		json_put_bool(to, key, true);
	} else if (arg->type == ARG_TEXT) {
		json_put_text(to, key, value);
	} else if (arg->type == ARG_REST) {
		add_words(to, key, value);
	} else if (arg->type == ARG_ADDRESS) {
		problem = set_address(to, key, value) ? NULL : "invalid";
	} else if (arg->type == ARG_REAL) {
		problem = set_real(to, key, value) ? NULL : "invalid";
	} else {
		bool vlan = arg->type == ARG_VLAN;
		long long n = strtonum(value, vlan || arg->type == ARG_COUNT,
		    vlan ? VID_MAX : INT64_MAX, &problem);
		json_put_count(to, key, (uint64_t)n);
	}
	if (problem)
		return ctl_fail(CTL_USAGE, "%s %s: give %s", arg->name, value,
		    wanted[arg->type]);
	return CTL_OK;
}

/* Adds one more word to the text. */
static void add_words(struct json_object *to, const char *key, const char *more)
{
	const char *before = get_text(to, key);
	char text[FILTER_TEXT];

	snprintf(
	    text, sizeof(text), "%s%s%s", before, *before ? " " : "", more);
	json_put_text(to, key, text);
}

/* Return: false if @value is not an Ethernet address. */
static bool set_address(
    struct json_object *to, const char *key, const char *value)
{
	uint8_t mac[6];

	json_put_text(to, key, value);
	return mac_parse(value, mac);
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
	char usage[USAGE_TEXT];

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
	char usage[USAGE_TEXT];

	for (size_t i = 0; i < COMMANDS; i++) {
		const struct ctl_command *c = &commands[i];
		if (c->room != room ||
		    (c->show == show_watch && !watch_is_built))
			continue;
		usage_text(c, usage, sizeof(usage));
		fprintf(out, "  %s\n        %s\n", usage, c->help);
	}
}
