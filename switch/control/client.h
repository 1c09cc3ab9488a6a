/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * client.h - one client of the control socket: the lines it sends, and what
 * waits for it to be read.
 *
 * No frame ever waits for a client. Its memory is bounded: a request line of at
 * most CLIENT_LINE bytes, and CLIENT_BACKLOG bytes of answers that it has not
 * read; while more than CLIENT_PATIENCE of them wait, its next request waits
 * too.
 *
 * A stream (`monitor`, `capture`) sends until the client leaves. What does not
 * fit into its CLIENT_STREAM bytes is dropped and counted, and the client is
 * told.
 *
 *     readable -> a whole line? -> owner.has_request -> the owner takes it with
 *     client_request() and client_answer() when it is this client's turn
 */
#ifndef SWITCH_CONTROL_CLIENT_H
#define SWITCH_CONTROL_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct client;
struct ev_loop;
struct json_object;

enum {
	CLIENT_LINE = 16384,
	CLIENT_BACKLOG = 8 << 20,
	CLIENT_STREAM = 4 << 20,
	CLIENT_PATIENCE = 64 << 10,
};

/* Whoever accepts clients. Called from the loop; must not free the client. */
struct client_owner {
	/* a whole line waits; once until client_answer() */
	void (*has_request)(struct client *client, void *arg);
	/* the client is about to be freed */
	void (*leaves)(struct client *client, void *arg);
	void *arg;
};

/**
 * client_new() - talk to the client at the other end of @fd
 * @fd:    a connected, non-blocking socket; owned by the client from here on,
 *         closed also when NULL is returned
 * @owner: copied
 *
 * Return: NULL when out of memory.
 */
struct client *client_new(
    struct ev_loop *loop, int fd, const struct client_owner *owner);

/**
 * client_free() - end its stream, if any, and close the connection
 *
 * What waits is sent as far as the socket takes it without blocking.
 */
void client_free(struct client *client);

/**
 * client_request() - the line that waits, without its newline
 * @len: its bytes
 *
 * Return: borrowed until client_answer().
 */
const char *client_request(const struct client *client, size_t *len);

/**
 * client_answer() - answer the line of client_request() and go on
 * @answer: stays the caller's
 *
 * The client may have been freed on return.
 */
void client_answer(struct client *client, struct json_object *answer);

/**
 * client_stream() - from here on the client is sent a stream
 * @stop: called once, when the client leaves
 *
 * For commands, while a request is carried out: its answer is sent first.
 *
 * Return: false when out of memory.
 */
bool client_stream(struct client *client, void (*stop)(void *arg), void *arg);

/**
 * client_room() - is there room for @len more bytes of a stream?
 *
 * Return: false: the client does not read fast enough, and one more is counted
 * as dropped. After true, client_put() of as many bytes succeeds. Neither
 * allocates.
 */
bool client_room(struct client *client, size_t len);

/** client_put() - send @len bytes of a stream: see client_room() */
void client_put(struct client *client, const void *bytes, size_t len);

/** client_dropped() - how many pieces of its stream were dropped */
uint64_t client_dropped(const struct client *client);

/** client_end() - disconnect it once it has read what there is */
void client_end(struct client *client);

#endif
