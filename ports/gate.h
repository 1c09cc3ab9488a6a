/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * gate.h - where peers come in: accepts connections and keeps count of those
 * that became ports, so that one listener cannot use up the switch.
 *
 * A listener and each of its peers hold the gate; the last one frees it.
 */
#ifndef PORTS_GATE_H
#define PORTS_GATE_H

#include <sys/stat.h>

#include "spec.h"

enum { GATE_DEFAULT = 64, GATE_MAX = 512, GATE_TURN = 16 };

struct gate {
	int holders;
	int fd;	       /* listening */
	int spare;     /* given up to turn peers away when fds run out */
	int peers;     /* that are ports now */
	int peers_max; /* option max= */
	unsigned long refused;
	char path[PORT_ARG]; /* of a socket that we made, or "" */
	dev_t dev;
	ino_t ino;
};

/* Takes @fd also when it fails. Return: NULL with a sentence in @err. */
struct gate *gate_new(
    const struct port_spec *spec, int fd, const char *path, char *err);
struct gate *gate_hold(struct gate *gate);
void gate_drop(struct gate *gate); /* NULL is fine */

/* Stop listening and remove the socket, if it is still ours. */
void gate_shut(struct gate *gate);

/* The next connection, non-blocking, or -EAGAIN. Beyond peers_max, and when
 * file descriptors run out, peers are turned away here. #syscalls accept4 */
int gate_accept(struct gate *gate);

void gate_facts(const struct gate *gate,
    void (*emit)(const char *key, const char *value, void *arg), void *arg);

#endif
