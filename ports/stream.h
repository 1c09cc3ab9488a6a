/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stream.h - a connected byte stream as a port, and a listening one whose
 * peers become ports. Kinds qemu (qemu.c) and fd (fdport.c) open the sockets
 * and put these functions into their tables.
 */
#ifndef PORTS_STREAM_H
#define PORTS_STREAM_H

#include "port.h"
#include "sock.h"

/* stream_start() - make @fd, connected or connecting, the port; owns @fd from
 * here on. Return: 0 or -errno. */
int stream_start(struct port *port, int fd, bool connected, char *err);
int stream_receive(struct port *port, struct batch *batch);
int stream_send(struct port *port, const struct frame *const *frames, int n);
int stream_writable(struct port *port);
void stream_facts(struct port *port,
    void (*emit)(const char *key, const char *value, void *arg), void *arg);
void stream_close(struct port *port);

/**
 * listener_start() - make @fd, listening, the port; owns @fd from here on
 * @path: to be unlinked when it closes, NULL: nothing
 */
int listener_start(struct port *port, int fd, const char *path, char *err);
int listener_receive(struct port *port, struct batch *batch);
int listener_send(struct port *port, const struct frame *const *frames, int n);
void listener_facts(struct port *port,
    void (*emit)(const char *key, const char *value, void *arg), void *arg);
void listener_close(struct port *port);

#endif
