/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ctl.h - the parts of the client, qswitchctl.
 *
 *     ctl.c           main: options, which socket, exit status
 *     ctl_commands.c  the table of commands, and from argv to a request
 *     ctl_show.c      from an answer to text for people
 *     ctl_stream.c    monitor and capture: what does not end
 *     ctl_dissect.c   a frame in one line
 *     watch*.c        watch: the switch on a full screen (with ncurses)
 *     table.c         aligned columns
 *
 * The daemon speaks JSON only; with --json the client passes it on.
 */
#ifndef SWITCH_CTL_H
#define SWITCH_CTL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct json_object;
struct table;

/* Exit status: qswitchctl(8). */
enum { CTL_OK = 0, CTL_FAILED = 1, CTL_USAGE = 2 };

enum { CTL_ARGS = 6, CTL_NAME = 32 };

enum ctl_type {
	CTL_END, /* no more arguments */
	CTL_TEXT,
	CTL_NUMBER,
	CTL_REAL, /* a number that need not be whole */
	CTL_FLAG, /* an option without value */
};

/* One argument of a command: an option if its name begins with '-', else the
 * next word. */
struct ctl_arg {
	enum ctl_type type;
	const char *name;  /* "--vlan", "PORT" */
	const char *value; /* of an option: "V" */
	const char *key;   /* of the request; NULL: not for the daemon */
	bool required;
};

struct ctl {
	bool json;
	int fd;
	FILE *in; /* of fd */
	const struct ctl_command *command;
	struct json_object *request;
	struct json_object *local; /* arguments that are not for the daemon */
};

struct ctl_command {
	const char *name; /* one or two words */
	const char *help;
	const char *list; /* member of the answer that comes in pages */
	/* Shows the answer. Return: exit status. */
	int (*show)(struct ctl *ctl, struct json_object *answer);
	struct ctl_arg args[CTL_ARGS];
	const char *asks; /* what the daemon calls it; NULL: as @name */
};

/* The table; its last name is NULL. */
extern const struct ctl_command ctl_commands[];

/**
 * ctl_parse() - a command and its arguments into a request
 *
 * Sets ctl->command, request and local, and json if the option is among them.
 *
 * Return: CTL_OK; or CTL_USAGE, having said why.
 */
int ctl_parse(struct ctl *ctl, int argc, char *argv[]);

/* A line a command, for --help. */
void ctl_list_commands(FILE *out);

/* Says why on standard error. Return: @status. */
int ctl_fail(int status, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* The next line of the daemon's as an object to be put; NULL: no more.
 * *@text is set to its text, valid until the next call. */
struct json_object *ctl_read(struct ctl *ctl, const char **text);

/**
 * ctl_exchange() - one request, one answer
 *
 * Return: the answer, to be put, also one that is not ok; NULL: the switch has
 * closed the connection. *@line is its text, as of ctl_read().
 */
struct json_object *ctl_exchange(
    struct ctl *ctl, struct json_object *request, const char **line);

/* Members of answers, with something harmless where there is none. */
const char *get_text(struct json_object *from, const char *key);
uint64_t get_count(struct json_object *from, const char *key);
bool get_bool(struct json_object *from, const char *key);
struct json_object *get(struct json_object *from, const char *key);

/* The functions of the table. */
int ctl_show_ports(struct ctl *ctl, struct json_object *answer);
int ctl_qemu_args(struct ctl *ctl, struct json_object *answer);
int ctl_show_port_added(struct ctl *ctl, struct json_object *answer);
int ctl_show_port_state(struct ctl *ctl, struct json_object *answer);
int ctl_show_fdb(struct ctl *ctl, struct json_object *answer);
int ctl_show_flushed(struct ctl *ctl, struct json_object *answer);
int ctl_show_counters(struct ctl *ctl, struct json_object *answer);
int ctl_show_sentences(struct ctl *ctl, struct json_object *answer);
int ctl_show_why(struct ctl *ctl, struct json_object *answer);
int ctl_show_lab(struct ctl *ctl, struct json_object *answer);
int ctl_show_bridge(struct ctl *ctl, struct json_object *answer);
int ctl_show_macs(struct ctl *ctl, struct json_object *answer);
int ctl_show_info(struct ctl *ctl, struct json_object *answer);
int ctl_show_stp(struct ctl *ctl, struct json_object *answer);
int ctl_showstp(struct ctl *ctl, struct json_object *answer);
int ctl_show_version(struct ctl *ctl, struct json_object *answer);
int ctl_show_nothing(struct ctl *ctl, struct json_object *answer);
int ctl_monitor(struct ctl *ctl, struct json_object *answer);
int ctl_capture(struct ctl *ctl, struct json_object *answer);
int ctl_watch(struct ctl *ctl, struct json_object *answer);

/* A cell with a port's state and the seconds left in it: "listening, 12 s". */
void ctl_state_cell(struct table *table, struct json_object *port);

/* "12:34:56.789012" of the day, local time; with @digits behind the point. */
void ctl_time_of_day(uint64_t time_ns, int digits, char text[24]);

/**
 * ctl_dissect() - a frame in one line, tcpdump's manner
 * @frame: @caplen bytes of the frame, outer tag in band
 * @text:  @size bytes; cut off where it does not fit
 */
void ctl_dissect(const uint8_t *frame, size_t caplen, char *text, size_t size);

#endif
