/* SPDX-License-Identifier: BSD-2-Clause */
/* ctl.c - qswitchctl: asks a running qswitchd, and shows what it answers. */
#include "ctl.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "switch/protocol/json.h"
#include "switch/protocol/standard_fds.h"

#include "answer.h"
#include "ctl_commands.h"
#include "ctl_show.h"
#include "ctl_target.h"

enum { AGAIN_MS = 50, AGAIN_TIMES = 40 };

static int run(struct ctl *ctl, struct target *target, int argc, char *argv[]);
static int parse_options(
    struct ctl *ctl, struct target *target, int argc, char *argv[]);
static int help(const struct ctl_command *command);
static void usage(FILE *out);
static struct json_object *ask(struct ctl *ctl);
static struct json_object *ask_until_known(struct ctl *ctl);

int main(int argc, char *argv[])
{
	struct target target = {0};
	struct ctl ctl = {.connection = {.fd = -1}};

	if (!standard_fds_open())
		return CTL_FAILED;
	ctl.request = json_object_new_object();
	ctl.local = json_object_new_object();
	int status = run(&ctl, &target, argc, argv);

	connection_close(&ctl.connection);
	json_object_put(ctl.request);
	json_object_put(ctl.local);
	if (fflush(stdout) || ferror(stdout))
		return ctl_fail(CTL_FAILED,
		    "cannot write to standard output: %s", strerror(errno));
	return status;
}

static int run(struct ctl *ctl, struct target *target, int argc, char *argv[])
{
	int status = parse_options(ctl, target, argc, argv);
	size_t len;

	if (status >= 0)
		return status;
	status = ctl_parse(ctl, argc - optind, argv + optind);
	if (status)
		return status;
	if (ctl->help)
		return help(ctl->command);
	status = target_connect(target, &ctl->connection);
	if (status)
		return status;
	struct json_object *answer = ask(ctl);
	if (!answer)
		return CTL_FAILED;
	bool endless = ctl->command->show == show_monitor ||
		       ctl->command->show == show_capture;
	if (ctl->json && !endless)
		puts(json_line(answer, &len));
	else
		status = ctl->command->show(ctl, answer);
	json_object_put(answer);
	return status;
}

/* Return: -1 go on, else the exit status. */
static int parse_options(
    struct ctl *ctl, struct target *target, int argc, char *argv[])
{
	static const struct option table[] = {
	    {"name", required_argument, NULL, 'n'},
	    {"control", required_argument, NULL, 'c'},
	    {"json", no_argument, NULL, 'j'},
	    {"help", no_argument, NULL, 'h'},
	    {"version", no_argument, NULL, 'V'},
	    {0},
	};
	int c;

	while ((c = getopt_long(argc, argv, "+hjV", table, NULL)) != -1) {
		if (c == 'n' && target_set_name(target, optarg))
			return CTL_USAGE;
		if (c == 'c' && target_set_path(target, optarg))
			return CTL_USAGE;
		if (c == 'j')
			ctl->json = true;
		if (c == 'h')
			return usage(stdout), CTL_OK;
		if (c == 'V')
			return puts("qswitchctl " QSWITCH_VERSION), CTL_OK;
		if (c == '?')
			return CTL_USAGE;
	}
	if (optind < argc)
		return -1;
	usage(stderr);
	return CTL_USAGE;
}

static int help(const struct ctl_command *command)
{
	if (command)
		ctl_help(command, stdout);
	else
		usage(stdout);
	return CTL_OK;
}

static void usage(FILE *out)
{
	fputs("usage: qswitchctl [OPTION...] COMMAND [ARGUMENT...]\n"
	      "       qswitchctl help [COMMAND]\n"
	      "Inspect and control a running qswitchd.\n\n"
	      "  --name NAME      use the switch of this name "
	      "(default: " DEFAULT_SWITCH ",\n"
	      "                   or else the only one that is running)\n"
	      "  --control PATH   use the switch with this control socket\n"
	      "  --json, -j       print the daemon's answer, one JSON object "
	      "per line\n"
	      "  --help, -h       print this help and exit\n"
	      "  --version        print the version and exit\n",
	    out);
	ctl_list_commands(out);
}

/* One request with all pages of its answer. NULL, having said why, if it is
 * not ok. */
static struct json_object *ask(struct ctl *ctl)
{
	struct connection *c = &ctl->connection;
	const char *list = ctl->command->list;
	struct json_object *answer = list ? connection_ask_list(c, ctl->request,
						list, CONNECTION_ALL_PAGES)
					  : ask_until_known(ctl);

	if (!answer) {
		ctl_fail(CTL_FAILED, "the switch has closed the connection");
		return NULL;
	}
	if (get_bool(answer, "ok"))
		return answer;
	if (ctl->json)
		fputs(c->line, stdout);
	ctl_fail(CTL_FAILED, "%s", get_text(answer, "error"));
	json_object_put(answer);
	return NULL;
}

/* The daemon does not wait for what it has yet to find out: it says so, and is
 * asked again. */
static struct json_object *ask_until_known(struct ctl *ctl)
{
	struct json_object *answer;

	for (int i = 0;; i++) {
		answer = connection_ask(&ctl->connection, ctl->request);
		if (!answer || !get_bool(answer, "again") || i == AGAIN_TIMES)
			return answer;
		json_object_put(answer);
		usleep(AGAIN_MS * 1000);
	}
}
