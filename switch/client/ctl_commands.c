/* SPDX-License-Identifier: BSD-2-Clause */
/* ctl_commands.c - the table of qswitchctl's commands, and from argv to a
 * request. */
#include <stdlib.h>
#include <string.h>

#include <bsd/stdlib.h>
#include <bsd/string.h>

#include "ctl.h"
#include "json.h"

#define PORT                                         \
	{                                            \
		CTL_TEXT, "PORT", NULL, "port", true \
	}
#define BY_PORT                                        \
	{                                              \
		CTL_TEXT, "--port", "P", "port", false \
	}
#define MAC                                        \
	{                                          \
		CTL_TEXT, "MAC", NULL, "mac", true \
	}
#define BY_MAC                                       \
	{                                            \
		CTL_TEXT, "--mac", "M", "mac", false \
	}
#define SETTING                                              \
	{                                                    \
		CTL_TEXT, "KEY=VALUE", NULL, "setting", true \
	}
#define BY_VLAN                                          \
	{                                                \
		CTL_NUMBER, "--vlan", "V", "vlan", false \
	}

const struct ctl_command ctl_commands[] = {
    {"ports", "ports with state and counters", "ports", ctl_show_ports, {{0}}},
    {"qemu-args", "QEMU's options for a port, of the QEMU that is installed",
	NULL, ctl_qemu_args,
	{PORT, {CTL_TEXT, "--qemu", "VERSION", NULL, false}}},
    {"port add", "add a port: KIND:ARG[,key=value...], as of qswitchd", NULL,
	ctl_show_port_added, {{CTL_TEXT, "SPEC", NULL, "spec", true}}},
    {"port del", "remove a port", NULL, ctl_show_nothing, {PORT}},
    {"port up", "let a port work, and try it now", NULL, ctl_show_port_state,
	{PORT}},
    {"port down", "keep a port down", NULL, ctl_show_nothing, {PORT}},
    {"fdb", "the MAC table (filtering database)", "fdb", ctl_show_fdb,
	{BY_PORT, BY_VLAN, BY_MAC}},
    {"fdb add", "add a static entry", NULL, ctl_show_nothing,
	{MAC, PORT, BY_VLAN}},
    {"fdb del", "forget one address", NULL, ctl_show_nothing, {MAC, BY_VLAN}},
    {"fdb flush", "forget all addresses that match", NULL, ctl_show_flushed,
	{BY_PORT, BY_VLAN, BY_MAC,
	    {CTL_FLAG, "--static", NULL, "static", false}}},
    {"counters", "what became of all frames, and whether the books balance",
	NULL, ctl_show_counters, {{CTL_FLAG, "--all", NULL, NULL, false}}},
    {"monitor", "events as they happen", NULL, ctl_monitor, {{0}}},
#ifdef QSWITCH_WATCH
    {"watch", "all of it live, on a full screen; h there lists the keys", NULL,
	ctl_watch, {{0}}, .asks = "info"},
#endif
    {"capture", "frames of a port, or all: in words, or as pcap", NULL,
	ctl_capture,
	{PORT, {CTL_TEXT, "-w", "FILE|-", NULL, false},
	    {CTL_NUMBER, "-c", "COUNT", NULL, false},
	    {CTL_NUMBER, "-s", "SNAPLEN", "snaplen", false}}},
    {"explain", "what would become of such a frame, and why", NULL,
	ctl_show_sentences,
	{PORT, {CTL_TEXT, "--src", "M", "src", true},
	    {CTL_TEXT, "--dst", "M", "dst", true}, BY_VLAN}},
    {"why", "what became of the last real frames, and why", "frames",
	ctl_show_why,
	{BY_PORT, BY_MAC, {CTL_NUMBER, "--last", "N", "last", false}}},
    {"pause", "hold time: frames wait, clocks stand still (--lab)", NULL,
	ctl_show_lab, {{0}}},
    {"step", "carry out the next N frames that wait; 0 only shows the next",
	NULL, ctl_show_lab, {{CTL_NUMBER, "N", NULL, "frames", false}}},
    {"resume", "let time go on", NULL, ctl_show_lab, {{0}}},
    {"slow", "let a second of the switch take FACTOR seconds (--lab)", NULL,
	ctl_show_lab, {{CTL_REAL, "FACTOR", NULL, "factor", true}}},
    {"lab", "whether time is held, and what waits", NULL, ctl_show_lab, {{0}}},
    {"show", "the switch, in brctl's columns", NULL, ctl_show_bridge, {{0}}},
    {"showmacs", "the MAC table, in brctl's columns", "fdb", ctl_show_macs,
	{BY_PORT, BY_VLAN, BY_MAC}},
    {"stp", "the spanning tree, and each port's part in it", "ports",
	ctl_show_stp, {{0}}},
    {"stp explain", "why a port is in its state", NULL, ctl_show_sentences,
	{PORT}},
    {"showstp", "the spanning tree, in brctl's layout", "ports", ctl_showstp,
	{{0}}},
    {"set stp", "enabled, priority, hello, max-age, forward-delay or address",
	NULL, ctl_show_nothing, {SETTING}},
    {"set port", "cost, priority, edge, bpdu or fdb-max", NULL,
	ctl_show_nothing, {PORT, SETTING}},
    {"info", "name, version, age and settings of the switch", NULL,
	ctl_show_info, {{0}}},
    {"version", "version of the running daemon", NULL, ctl_show_version, {{0}}},
    {"shutdown", "stop the switch", NULL, ctl_show_nothing, {{0}}},
    {0},
};

static bool is_option(const struct ctl_arg *arg)
{
	return *arg->name == '-';
}

/* " PORT --src M [--vlan V]" */
static void usage_text(const struct ctl_command *c, char *text, size_t size)
{
	strlcpy(text, c->name, size);
	for (const struct ctl_arg *a = c->args; a->type; a++) {
		strlcat(text, a->required ? " " : " [", size);
		strlcat(text, a->name, size);
		strlcat(text, a->value ? " " : "", size);
		strlcat(text, a->value ? a->value : "", size);
		strlcat(text, a->required ? "" : "]", size);
	}
}

void ctl_list_commands(FILE *out)
{
	char usage[128];

	for (const struct ctl_command *c = ctl_commands; c->name; c++) {
		usage_text(c, usage, sizeof usage);
		fprintf(out, "  %s\n        %s\n", usage, c->help);
	}
}

/* The command of two words, if there is one, else of one. */
static const struct ctl_command *find(int argc, char *argv[], int *words)
{
	const struct ctl_command *found = NULL;
	char two[CTL_NAME];

	snprintf(two, sizeof two, "%s %s", argv[0], argc > 1 ? argv[1] : "");
	*words = 1;
	for (const struct ctl_command *c = ctl_commands; c->name; c++) {
		if (!strcmp(c->name, two)) {
			*words = 2;
			return c;
		}
		if (!strcmp(c->name, argv[0]))
			found = c;
	}
	return found;
}

/* Return: false if @value is no number. */
static bool set_real(struct json_object *to, const char *key, const char *value)
{
	char *end;
	double number = strtod(value, &end);

	json_object_object_add(to, key, json_object_new_double(number));
	return end != value && !*end;
}

static int set(struct ctl *ctl, const struct ctl_arg *arg, const char *value)
{
	struct json_object *to = arg->key ? ctl->request : ctl->local;
	const char *key = arg->key ? arg->key : arg->name;
	const char *problem = NULL;

	if (arg->type == CTL_FLAG) {
		json_put_bool(to, key, true);
	} else if (arg->type == CTL_TEXT) {
		json_put_text(to, key, value);
	} else if (arg->type == CTL_REAL) {
		problem = set_real(to, key, value) ? NULL : "invalid";
	} else {
		long long n = strtonum(value, 0, INT64_MAX, &problem);
		json_put_count(to, key, (uint64_t)n);
	}
	if (problem)
		return ctl_fail(
		    CTL_USAGE, "%s %s: a number is expected", arg->name, value);
	return CTL_OK;
}

static const struct ctl_arg *find_option(
    const struct ctl_command *c, const char *name)
{
	for (const struct ctl_arg *a = c->args; a->type; a++)
		if (is_option(a) && !strcmp(a->name, name))
			return a;
	return NULL;
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

/* Takes one argument, with its value. Return: words taken, 0: usage. */
static int take(struct ctl *ctl, int argc, char *argv[])
{
	bool option = *argv[0] == '-' && argv[0][1];
	const struct ctl_arg *arg = option
					? find_option(ctl->command, argv[0])
					: next_word(ctl->command, ctl->request);

	if (option && !strcmp(argv[0], "--json")) {
		ctl->json = true;
		return 1;
	}
	if (!arg) {
		ctl_fail(CTL_USAGE, "%s: %s: no such argument; see --help",
		    ctl->command->name, argv[0]);
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

static int check_required(const struct ctl *ctl)
{
	char usage[128];

	usage_text(ctl->command, usage, sizeof usage);
	for (const struct ctl_arg *a = ctl->command->args; a->type; a++)
		if (a->required && !get(ctl->request, a->key))
			return ctl_fail(CTL_USAGE,
			    "%s is missing: qswitchctl %s", a->name, usage);
	return CTL_OK;
}

int ctl_parse(struct ctl *ctl, int argc, char *argv[])
{
	int taken;

	ctl->command = find(argc, argv, &taken);
	if (!ctl->command)
		return ctl_fail(CTL_USAGE,
		    "%s: no such command; qswitchctl --help lists them",
		    argv[0]);
	json_put_text(ctl->request, "cmd",
	    ctl->command->asks ? ctl->command->asks : ctl->command->name);
	while (argc -= taken, argv += taken, argc > 0) {
		taken = take(ctl, argc, argv);
		if (!taken)
			return CTL_USAGE;
	}
	return check_required(ctl);
}
