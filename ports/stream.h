/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stream.h - a connected byte stream as a port, and a listening one whose
 * peers become ports. Kinds qemu (qemu.c) and fd (fdport.c) open the sockets
 * and put these functions into their tables.
 */
#ifndef PORTS_STREAM_H
#define PORTS_STREAM_H

#include "port.h"

/**
 * stream_start() - make @fd, connected or connecting, the port
 * @fd:  owned by the port from here on, also when this fails
 * @err: PORT_ERR bytes
 *
 * Return: 0, or -errno with a sentence in @err.
 */
int stream_start(struct port *port, int fd, bool connected, char *err);

/** stream_receive() - a kind's receive(): see struct port_kind */
int stream_receive(struct port *port, struct batch *batch);

/** stream_release() - a kind's release(); only debug builds need it */
void stream_release(struct port *port, struct batch *batch);

/** stream_send() - a kind's send(); frames are taken whole or not at all */
int stream_send(struct port *port, const struct frame *const *frames, int n);

/** stream_writable() - a kind's writable(): connected, or room for the rest */
int stream_writable(struct port *port);

/** stream_facts() - a kind's facts(): who the peer is */
void stream_facts(struct port *port,
    void (*emit)(const char *key, const char *value, void *arg), void *arg);

/** stream_close() - a kind's close() */
void stream_close(struct port *port);

/**
 * listener_start() - make @fd, listening, the port
 * @fd:   owned by the port from here on, also when this fails
 * @path: to be unlinked when it closes, NULL: nothing
 * @err:  PORT_ERR bytes
 *
 * Return: 0, or -errno with a sentence in @err.
 */
int listener_start(struct port *port, int fd, const char *path, char *err);

/** listener_receive() - a kind's receive(): make ports of peers. Return: 0 */
int listener_receive(struct port *port, struct batch *batch);

/** listener_send() - a kind's send() that is never called. Return: -EIO */
int listener_send(struct port *port, const struct frame *const *frames, int n);

/** listener_facts() - a kind's facts(): how many peers */
void listener_facts(struct port *port,
    void (*emit)(const char *key, const char *value, void *arg), void *arg);

/** listener_close() - a kind's close(); peers that are ports stay */
void listener_close(struct port *port);

#endif
