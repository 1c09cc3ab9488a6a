/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * control.h - the control socket: one JSON object a line each way.
 * docs/control-protocol.md is its specification.
 *
 * A client has bounded memory: a request line of at most CONTROL_LINE bytes,
 * and CONTROL_BACKLOG bytes of answers that it has not read. Who lets that
 * overflow is disconnected; no frame ever waits for a client.
 */
#ifndef SWITCH_CONTROL_H
#define SWITCH_CONTROL_H

struct control;
struct qswitch;

enum {
	CONTROL_CLIENTS = 32,
	CONTROL_LINE = 16384,
	CONTROL_BACKLOG = 8 << 20,
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

#endif
