/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * control.h - the control socket: one JSON object a line each way.
 * docs/control-protocol.md is its specification.
 *
 * No frame ever waits for a client. Requests are served one a turn of the
 * loop, whoever asks, and each is bounded: long lists come in pages. A client
 * has bounded memory: a request line of at most CONTROL_LINE bytes, and
 * CONTROL_BACKLOG bytes of answers that it has not read; while more than
 * CONTROL_PATIENCE of them wait, its next request waits too.
 *
 * A stream (`monitor`, `capture`) sends until the client leaves. What does not
 * fit into its CONTROL_STREAM bytes is dropped, counted, and the client told.
 */
#ifndef SWITCH_CONTROL_H
#define SWITCH_CONTROL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct client;
struct control;
struct qswitch;

enum {
	CONTROL_CLIENTS = 32,
	CONTROL_LINE = 16384,
	CONTROL_BACKLOG = 8 << 20,
	CONTROL_STREAM = 4 << 20,
	CONTROL_PATIENCE = 64 << 10,
};

/**
 * control_new() - listen on @path
 * @err: CONFIG_ERR bytes; gets a sentence when NULL is returned
 *
 * A socket that nobody listens on any more is replaced; one in use by a live
 * daemon is an error that names it.
 */
struct control *control_new(struct qswitch *sw, const char *path, char *err);
void control_free(struct control *control); /* unlinks; NULL is fine */

/* The path that it listens on. */
const char *control_path(const struct control *control);

/**
 * client_stream() - from here on the client is sent a stream
 * @stop: called once, when the client leaves
 *
 * For commands. The answer to the request is sent first.
 *
 * Return: false when out of memory.
 */
bool client_stream(struct client *client, void (*stop)(void *arg), void *arg);

/**
 * client_room() - will @len bytes be taken?
 *
 * Return: false: the client does not read fast enough, and one more is counted
 * as dropped. After true client_put() of as many bytes succeeds. Neither
 * allocates.
 */
bool client_room(struct client *client, size_t len);
void client_put(struct client *client, const void *bytes, size_t len);

/* How much of a stream was dropped for want of room. */
uint64_t client_dropped(const struct client *client);

/* No more of the stream: the client is disconnected once it has read what
 * there is. */
void client_end(struct client *client);

#endif
