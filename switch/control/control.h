/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * control.h - the control socket: one JSON object per line each way.
 * docs/control-protocol.md is its specification.
 *
 * No frame ever waits for a client. One request is carried out per turn of the
 * loop, whoever asks, and each is bounded: long lists come in pages. client.h
 * has the limits of each client.
 */
#ifndef SWITCH_CONTROL_CONTROL_H
#define SWITCH_CONTROL_CONTROL_H

struct control;
struct lab;
struct qswitch;

enum { CONTROL_CLIENTS = 32 };

/**
 * control_new() - listen for clients
 * @sw:   registers hooks with it; must outlive the control socket
 * @lab:  NULL without --lab
 * @path: of the socket; NULL or "": by the name of the switch
 * @err:  CONFIG_ERR bytes; a sentence when NULL is returned
 *
 * A socket on which nobody listens any more is replaced; one in use by a live
 * daemon is an error that names it.
 */
struct control *control_new(
    struct qswitch *sw, struct lab *lab, const char *path, char *err);

/** control_free() - disconnect all clients, remove the socket; NULL is fine */
void control_free(struct control *control);

#endif
