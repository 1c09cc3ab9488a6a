/* SPDX-License-Identifier: BSD-2-Clause */
/* tap.h - the fd side of a TAP, for kinds that stand on one: tap: (tap.c) and
 * host: (hostport.c). */
#ifndef PORTS_TAP_H
#define PORTS_TAP_H

#include "port.h"

struct link;

/** tap_open() - a kind's open(), on the TAP called @name */
int tap_open(struct port *port, const char *name, char *err);

/** tap_receive() - a kind's receive() */
int tap_receive(struct port *port, struct batch *batch);

/** tap_send() - a kind's send() */
int tap_send(struct port *port, const struct frame *const *frames, int n);

/** tap_writable() - a kind's writable() */
int tap_writable(struct port *port);

/** tap_link() - a kind's link() */
int tap_link(struct port *port, const struct link *link, char *err);

/** tap_facts() - a kind's facts() */
void tap_facts(struct port *port,
    void (*emit)(const char *key, const char *value, void *arg), void *arg);

/** tap_close() - a kind's close() */
void tap_close(struct port *port);

/** tap_restore() - a kind's restore() */
void tap_restore(struct port *port);

#endif
