/* SPDX-License-Identifier: BSD-2-Clause */
/* http.h - the HTTP server: which path serves what, and whom it refuses. */
#ifndef LAB_WEB_HTTP_H
#define LAB_WEB_HTTP_H

#include <stdbool.h>

#include "crowd.h"
#include "guard.h"

struct MHD_Daemon;
struct feed;
struct sockaddr;
struct switches;

/* The caller sets all but the daemon and the port of the guard. */
struct http {
	struct switches *switches;
	struct feed *feed;
	struct guard guard;
	struct crowd crowd; /* set by http_start() */
	const char *token;  /* NULL: everybody may see all */
	bool allow_control; /* needs a token */
	struct MHD_Daemon *daemon;
};

/**
 * http_start() - listen on @address
 *
 * Sets @http->daemon and the port of @http->guard. Nothing is served outside
 * http_run().
 *
 * Return: 0, or -1 with errno.
 */
int http_start(struct http *http, const struct sockaddr *address);

/** http_fd() - a descriptor that is readable when http_run() has work */
int http_fd(const struct http *http);

/**
 * http_timeout_ms() - when must http_run() be called at the latest?
 * @limit_ms: -1: none
 *
 * Return: ms from now, at most @limit_ms; -1: wait for http_fd().
 */
int http_timeout_ms(const struct http *http, int limit_ms);

/** http_run() - serve the requests that wait; blocks only to ask a switch */
void http_run(struct http *http);

/** http_stop() - end every stream, stop listening and free @http->daemon */
void http_stop(struct http *http);

#endif
