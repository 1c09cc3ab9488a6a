/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * topology.h - carries the spanning tree's words to bridge and ports, and
 * theirs to it.
 *
 *     port up, down        -> stp_port_enable, stp_port_disable
 *     BPDU, tick           -> stp_receive, stp_tick
 *     port state, ageing   -> bridge_port_set_state, fdb_set_ageing
 *     BPDU to send         -> datapath_send
 *
 * While the spanning tree is off a port that is up forwards.
 */
#ifndef SWITCH_TOPOLOGY_H
#define SWITCH_TOPOLOGY_H

#include <stdbool.h>
#include <stdint.h>

struct frame;
struct qswitch;
struct stp;
struct switch_port;
struct topology;

enum { GUARD_HOLD_S = 30 }; /* how long a BPDU keeps a guarded port down */

/* Return: NULL with a sentence in @err (CONFIG_ERR bytes). */
struct topology *topology_new(struct qswitch *sw, char *err);
void topology_free(struct topology *t); /* NULL is fine */

/* A port has come or goes; its number is taken, its state BRIDGE_DISABLED. */
void topology_port_added(struct topology *t, struct switch_port *p);
void topology_port_removed(struct topology *t, struct switch_port *p);

/* switch_port_up() of a port has changed to @up. */
void topology_port_changed(struct topology *t, struct switch_port *p, bool up);

/**
 * topology_receive() - a frame to the bridge group address came in by @p
 * @number: of the frame: when it turns out to be no BPDU or a bad one, its
 *          verdict is changed in counters and flight recorder
 */
void topology_receive(struct topology *t, struct switch_port *p,
    const struct frame *frame, uint64_t number);

/* Time has passed: a timer may have expired. */
void topology_tick(struct topology *t);

/** topology_wait_ms() - span until topology_tick() is due; UINT64_MAX: never */
uint64_t topology_wait_ms(const struct topology *t);

/* The engine, to read from; NULL while it is off. */
const struct stp *topology_stp(const struct topology *t);

/**
 * topology_set() - management of the bridge at run time (802.1D-1998 8.8)
 * @key:  enabled, priority, hello, max-age, forward-delay or address
 *
 * Return: 0, or -EINVAL with a sentence in @err (CONFIG_ERR bytes).
 */
int topology_set(
    struct topology *t, const char *key, const char *value, char *err);

/* The same for a port: cost, priority, edge or bpdu. */
int topology_set_port(struct topology *t, struct switch_port *p,
    const char *key, const char *value, char *err);

#endif
