/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * connection.h - a client's end of the control socket: a request goes out as
 * one line, an answer or an event comes in as one line
 * (docs/control-protocol.md).
 */
#ifndef SWITCH_CLIENT_CONNECTION_H
#define SWITCH_CLIENT_CONNECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct json_object;

enum { CONNECTION_NO_LIMIT = 0, CONNECTION_ALL_PAGES = 0 };

/* {.fd = -1}: closed. */
struct connection {
	int fd;	    /* to poll(); -1: closed */
	FILE *in;   /* of fd */
	char *line; /* the last one read, with its newline */
	size_t size;
};

/**
 * connection_open() - connect to the control socket at @path
 * @c:          closed; stays so on failure
 * @patience_s: longest wait for the switch to take or send a line, or
 *              CONNECTION_NO_LIMIT
 *
 * Return: 0 or -errno.
 */
int connection_open(struct connection *c, const char *path, int patience_s);

/** connection_close() - close, also one that is closed */
void connection_close(struct connection *c);

/** connection_is_open() - has it been opened, and not been closed since? */
bool connection_is_open(const struct connection *c);

/**
 * connection_request() - a request without arguments
 * @cmd: "fdb add"
 *
 * Return: the request, to be put.
 */
struct json_object *connection_request(const char *cmd);

/**
 * connection_send() - send @request and wait for no answer
 *
 * Return: false if the switch is gone.
 */
bool connection_send(struct connection *c, struct json_object *request);

/**
 * connection_read() - the next line of the switch
 *
 * @c->line is its text until the next call, as it came; what is returned is
 * without control characters (answer_tame()). Returns early when a signal
 * handler runs that was installed without SA_RESTART.
 *
 * Return: an object, to be put; NULL: the switch is gone, silent for longer
 * than the patience, or did not send JSON.
 */
struct json_object *connection_read(struct connection *c);

/**
 * connection_ask() - one request, one answer
 * @request: stays the caller's
 *
 * Return: the answer, to be put, also one that is not ok; NULL as of
 * connection_read().
 */
struct json_object *connection_ask(
    struct connection *c, struct json_object *request);

/**
 * connection_ask_list() - one request, all pages of the answer as one
 * @request: stays the caller's; its "from" and, if it has one, "last" change
 * @list:    member that comes in pages
 * @pages:   most pages to ask for, or CONNECTION_ALL_PAGES
 *
 * The pages end when the switch has no more, or when "last" of them have come.
 *
 * Return: the answer without "next", to be put; that of the first page that is
 * not ok; NULL as of connection_read().
 */
struct json_object *connection_ask_list(struct connection *c,
    struct json_object *request, const char *list, int pages);

#endif
