/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * capture.h - the frames of a port, for a client of the control socket.
 *
 * Costs one test of an integer per batch while nobody captures. It shows what
 * the wire would: each frame once when it is received and once when it is
 * queued for transmission.
 *
 *     capture_start() --> a hook (hook.h), and switch_port.watchers counts it
 *     on_frame        --> one JSON line in the client's outbox, or one more
 *                         dropped; nothing is allocated
 */
#ifndef SWITCH_CONTROL_CAPTURE_H
#define SWITCH_CONTROL_CAPTURE_H

#include <stdint.h>

struct client;
struct qswitch;

enum { CAPTURE_SNAPLEN_MAX = 65554 }; /* the largest frame, tag counted */

/**
 * capture_start() - send frames to @client from now on
 * @port:    number; 0: all ports, including those that are added later
 * @snaplen: bytes of a frame, at most
 *
 * Ends by itself when the client leaves or the port is removed.
 *
 * Return: 0 or -ENOMEM.
 */
int capture_start(
    struct qswitch *sw, struct client *client, int port, uint32_t snaplen);

#endif
