/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ctl.h - one run of the client, qswitchctl: a command, and the switch it
 * speaks to.
 *
 *     ctl.c           main: options, which socket, one request and its answer
 *     ctl_commands.c  the table of commands, and from argv to a request
 *     ctl_show.c      from an answer to text for people,
 *     ctl_fdb.c       of addresses,
 *     ctl_stp.c       of the spanning tree,
 *     ctl_qemu.c      of QEMU's options (qemu_args.c)
 *     ctl_stream.c    monitor and capture: answers without end
 *     ctl_dissect.c   a frame in one line
 *     ctl_filter.c    which frames (libpcap, if there is a filter)
 *     ctl_sort.c      rows in another order
 *     ctl_since.c     what counted since the last look
 *     ctl_text.c      text that several of these use
 *     watch*.c        watch: the switch on a full screen (with ncurses)
 *     table.c         aligned columns, in the width of the
 *     screen.c        terminal
 *     connection.c    the control socket
 *     answer.c        members of an answer
 *
 * The daemon speaks JSON only; with --json the client passes it on.
 */
#ifndef SWITCH_CLIENT_CTL_H
#define SWITCH_CLIENT_CTL_H

#include <stdbool.h>

#include "connection.h"

struct ctl_command;

/* Exit status: qswitchctl(8). */
enum { CTL_OK = 0, CTL_FAILED = 1, CTL_USAGE = 2 };

struct ctl {
	bool json;
	bool help; /* is all that is wanted */
	struct connection connection;
	const struct ctl_command *command;
	struct json_object *request;
	struct json_object *local; /* arguments that are not for the daemon */
};

/**
 * ctl_fail() - say on standard error what has failed
 * @fmt: a sentence without "qswitchctl: " and newline
 *
 * Return: @status.
 */
int ctl_fail(int status, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
