/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * commands.h - the commands of the control socket: one row each in
 * switch/protocol/commands.def, and one handler run_ID() each in a file of this
 * folder.
 *
 * A handler reads its arguments with request_*() (request.h) and puts what it
 * has to say into request->answer. Every answer is bounded: a handler that
 * walks something long stops after a page and says in "next" what to pass as
 * "from" to go on.
 */
#ifndef SWITCH_CONTROL_COMMANDS_H
#define SWITCH_CONTROL_COMMANDS_H

#include <stddef.h>

#include "request.h"

struct command {
	const char *name; /* "fdb add" */
	const char *keys; /* of its arguments, each followed by a space */
	const char *help; /* one line */
	int (*run)(struct request *r);
};

/* The table; its last name is NULL. */
extern const struct command commands[];

/**
 * command_run() - carry out the request in @len bytes at @line
 * @r: the caller sets its first four members, the others are command_run()'s
 *
 * Return: the answer, to be put; never NULL unless out of memory.
 */
struct json_object *command_run(
    struct request *r, const char *line, size_t len);

/* run_ID() - the handler of each command
 *
 * Return: 0, or -errno with request_fail()'s sentence set.
 */
#define COMMAND(id, ...) int run_##id(struct request *r);
#define DAEMON_COMMAND	 COMMAND
#define CLIENT_COMMAND(...)
#include "switch/protocol/commands.def"

#endif
