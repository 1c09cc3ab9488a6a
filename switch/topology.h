/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * topology.h - carries the spanning tree's words to bridge and ports, and
 * theirs to it.
 */
#ifndef SWITCH_TOPOLOGY_H
#define SWITCH_TOPOLOGY_H

#include <stdbool.h>

struct frame;
struct qswitch;
struct switch_port;
struct topology;

/* Return: NULL with a sentence in @err (CONFIG_ERR bytes). */
struct topology *topology_new(struct qswitch *sw, char *err);
void topology_free(struct topology *t); /* NULL is fine */

/* A port has come or gone; its number is taken, its state BRIDGE_DISABLED. */
void topology_port_added(struct topology *t, struct switch_port *p);
void topology_port_removed(struct topology *t, struct switch_port *p);

/* port_up() of a port, or its speed, has changed. */
void topology_port_changed(struct topology *t, struct switch_port *p, bool up);

/* A frame to the bridge group address came in by @p. */
void topology_receive(
    struct topology *t, struct switch_port *p, const struct frame *frame);

/* Once a second. */
void topology_tick(struct topology *t);

#endif
