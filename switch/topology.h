/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * topology.h - connects the spanning tree to the bridge and the ports.
 *
 *     port up, down        -> stp_port_enable, stp_port_disable
 *     BPDU, tick           -> stp_receive, stp_tick
 *     port state, ageing   -> bridge_port_set_state, fdb_set_ageing
 *     BPDU to send         -> datapath_send
 *
 * While the spanning tree is off, every port that is up forwards.
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

/**
 * topology_new() - a topology without ports, as sw->config.stp says
 *
 * Return: NULL with a sentence in @err (CONFIG_ERR bytes).
 */
struct topology *topology_new(struct qswitch *sw, char *err);

/** topology_free() - free it; NULL is fine */
void topology_free(struct topology *t);

/** topology_port_added() - @p has joined the bridge; state BRIDGE_DISABLED */
void topology_port_added(struct topology *t, struct switch_port *p);

/** topology_port_removed() - @p is about to leave the bridge */
void topology_port_removed(struct topology *t, struct switch_port *p);

/** topology_port_changed() - switch_port_up(@p) has become @up */
void topology_port_changed(struct topology *t, struct switch_port *p, bool up);

/**
 * topology_receive() - @p received a frame to the bridge group address
 * @number: of the frame. If it is not a BPDU, or a bad one, its verdict is
 *          changed in the counters and the flight recorder
 */
void topology_receive(struct topology *t, struct switch_port *p,
    const struct frame *frame, uint64_t number);

/** topology_tick() - time has passed: a timer may have expired */
void topology_tick(struct topology *t);

/** topology_wait_ms() - span until topology_tick() is due; UINT64_MAX: never */
uint64_t topology_wait_ms(const struct topology *t);

/** topology_stp() - the engine, to read from; NULL while it is off */
const struct stp *topology_stp(const struct topology *t);

/**
 * topology_set() - change a setting of the bridge at run time (802.1D-1998 8.8)
 * @key:  enabled, priority, hello, max-age, forward-delay or address
 *
 * Return: 0, or -EINVAL with a sentence in @err (CONFIG_ERR bytes).
 */
int topology_set(
    struct topology *t, const char *key, const char *value, char *err);

/**
 * topology_set_port() - change a setting of port @p at run time
 * @key:  cost, priority, edge or bpdu
 *
 * Return: 0, or -EINVAL with a sentence in @err (CONFIG_ERR bytes).
 */
int topology_set_port(struct topology *t, struct switch_port *p,
    const char *key, const char *value, char *err);

#endif
