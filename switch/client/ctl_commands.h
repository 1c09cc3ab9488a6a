/* SPDX-License-Identifier: BSD-2-Clause */
/* ctl_commands.h - the commands of qswitchctl: the table that comes from
 * switch/protocol/commands.def, and from argv to a request. */
#ifndef SWITCH_CLIENT_CTL_COMMANDS_H
#define SWITCH_CLIENT_CTL_COMMANDS_H

#include <stdio.h>

struct ctl;
struct json_object;

enum { CTL_ARGS = 7, CTL_NAME = 32 };

enum arg_type {
	ARG_END, /* no more arguments */
	ARG_TEXT,
	ARG_NUMBER,
	ARG_COUNT, /* a number above 0 */
	ARG_REAL,  /* a number that need not be whole */
	ARG_FLAG,  /* an option without value */
	ARG_ADDRESS,
	ARG_VLAN,
	ARG_REST, /* all words that follow, as one text */
};

enum arg_need { ARG_OPTIONAL, ARG_REQUIRED };

/* One argument of a command: an option if its name begins with '-', else the
 * next word. */
struct ctl_arg {
	enum arg_type type;
	const char *name;  /* "--vlan", "PORT" */
	const char *value; /* of an option: "V" */
	const char *key;   /* of the request; NULL: not for the daemon */
	enum arg_need need;
};

/* A heading of --help. */
enum ctl_room {
	ROOM_PORTS,
	ROOM_ADDRESSES,
	ROOM_FRAMES,
	ROOM_TREE,
	ROOM_TIME,
	ROOM_BRCTL,
	ROOM_SWITCH,
	ROOM_COUNT,
};

/* Shows an answer that is ok. Return: exit status. */
typedef int ctl_show(struct ctl *ctl, struct json_object *answer);

struct ctl_command {
	const char *name; /* one or two words */
	const char *help;
	const char
	    *list; /* member of the answer that comes in pages, or NULL */
	ctl_show *show;
	struct ctl_arg args[CTL_ARGS];
	const char *request; /* "cmd" of what it sends */
	enum ctl_room room;
};

/**
 * ctl_parse() - a command and its arguments into a request
 * @argv: @argc words, at least one
 *
 * Sets ctl->command, request and local, and json if the option is among them.
 * With --help, or the word "help" first, sets ctl->help instead of the rest;
 * ctl->command stays NULL for "help" alone.
 *
 * Return: CTL_OK; or CTL_USAGE, having said why.
 */
int ctl_parse(struct ctl *ctl, int argc, char *argv[]);

/** ctl_help() - usage and help of one command */
void ctl_help(const struct ctl_command *command, FILE *out);

/** ctl_list_commands() - usage and help of each command, for --help */
void ctl_list_commands(FILE *out);

#endif
