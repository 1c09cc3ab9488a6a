/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * commands.h - the commands of the control socket: one line in the table of
 * commands.c and one function each.
 *
 *     {"cmd":"fdb add","mac":"02:00:00:00:00:01","port":"tap0"}
 *
 * A handler reads its arguments with request_*(), which check them and make
 * the error sentence, and puts what it has to say into request->answer. Every
 * answer is small: a handler that walks something long stops after a page and
 * says in "next" what to pass as "from" to go on.
 */
#ifndef SWITCH_COMMANDS_H
#define SWITCH_COMMANDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "switch/config.h"

struct client;
struct frame;
struct json_object;
struct lab;
struct qswitch;
struct record;

struct request {
	struct qswitch *sw;
	struct lab *lab;	    /* NULL without --lab */
	const char *control_path;   /* of the socket */
	struct client *client;	    /* who asks; a stream goes there */
	struct json_object *args;   /* the request as it came */
	struct json_object *answer; /* an object to fill */
	char err[CONFIG_ERR];	    /* a sentence, when run() fails */
};

struct command {
	const char *name; /* "fdb add" */
	const char *keys; /* of its arguments, each followed by a space */
	const char *help; /* one line */
	int (*run)(struct request *r); /* 0 or -errno */
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

/* Sets the request's sentence. Return: -EINVAL. */
int request_fail(struct request *r, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * Arguments. Each returns false with the sentence set when the argument has
 * the wrong type or value, or is absent though it must not be. One that may be
 * absent leaves *@value alone.
 */
enum need { OPTIONAL, REQUIRED };

bool request_text(
    struct request *r, const char *key, enum need need, const char **value);
bool request_count(struct request *r, const char *key, enum need need,
    uint64_t min, uint64_t max, uint64_t *value);
bool request_flag(struct request *r, const char *key, bool *value);

/* An Ethernet address; *@value points to @mac if there is one. */
bool request_mac(struct request *r, const char *key, enum need need,
    uint8_t mac[6], const uint8_t **value);

/* A port's name, and its number. */
bool request_port(struct request *r, const char *key, enum need need, int *no);

/* A VLAN that the filtering database knows entries of. */
bool request_vlan(struct request *r, const char *key, uint16_t *vid);

/* A number that need not be whole. */
bool request_number(struct request *r, const char *key, enum need need,
    double min, double max, double *value);

/* What `explain` says of a frame that is to come, and `why` of one that came,
 * as members of @to. */
void why_put_foreseen(struct json_object *to, const struct qswitch *sw,
    int in_port, const struct frame *f);
void why_put_record(
    struct json_object *to, const struct qswitch *sw, const struct record *rec);

/* The handlers, by file. */
int show_version(struct request *r);
int show_help(struct request *r);
int show_info(struct request *r);
int show_ports(struct request *r);
int show_port(struct request *r);
int show_fdb(struct request *r);
int show_counters(struct request *r);
int show_bridge(struct request *r);

int manage_port_add(struct request *r);
int manage_port_del(struct request *r);
int manage_port_up(struct request *r);
int manage_port_down(struct request *r);
int manage_fdb_add(struct request *r);
int manage_fdb_del(struct request *r);
int manage_fdb_flush(struct request *r);
int manage_shutdown(struct request *r);

int show_stp(struct request *r);
int show_stp_explain(struct request *r);
int manage_set_stp(struct request *r);
int manage_set_port(struct request *r);

int why_explain(struct request *r);
int why_frames(struct request *r);

int lab_show(struct request *r);
int lab_do_pause(struct request *r);
int lab_do_step(struct request *r);
int lab_do_resume(struct request *r);
int lab_do_slow(struct request *r);

int stream_monitor(struct request *r);
int stream_capture(struct request *r);

#endif
