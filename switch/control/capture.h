/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * capture.h - frames of a port, for who asked on the control socket.
 *
 * Costs one test of an integer a batch while nobody captures. The wire's view:
 * each frame once when it comes in and once when it is queued to leave.
 *
 *     capture_start() --> a place in the table, a bit in switch_port.captures
 *     capture_frame() --> one JSON line in each such client's outbox, or one
 *                         more dropped; nothing is allocated
 */
#ifndef SWITCH_CAPTURE_H
#define SWITCH_CAPTURE_H

#include <stdint.h>

struct capture;
struct client;
struct frame;
struct qswitch;
struct switch_port;

enum capture_direction { CAPTURE_IN, CAPTURE_OUT };

enum { CAPTURE_SNAPLEN_MAX = 65554 }; /* the largest frame, tag counted */

struct capture *capture_new(struct qswitch *sw); /* NULL: out of memory */
void capture_free(struct capture *capture);	 /* NULL is fine */

/**
 * capture_start() - send frames to @client from now on
 * @port:    number, 0: all ports, also those that come later
 * @snaplen: bytes of a frame, at most
 *
 * Ends by itself when client or port leaves.
 *
 * Return: 0, -ENOSPC when there are too many, -ENOMEM.
 */
int capture_start(
    struct qswitch *sw, struct client *client, int port, uint32_t snaplen);

/* Frame @f passes @p. Called only while p->captures is not 0. */
void capture_frame(struct switch_port *p, enum capture_direction direction,
    const struct frame *f, uint64_t now_ms);

/* A port has come, or goes. */
void capture_port_added(struct capture *capture, struct switch_port *p);
void capture_port_removed(struct capture *capture, struct switch_port *p);

#endif
