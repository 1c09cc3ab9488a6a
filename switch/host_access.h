/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * host_access.h - lets the host talk to the guests over an uplink that keeps
 * its address (option host= of an uplink).
 *
 *     guests -- switch -- uplink ---- NIC -- LAN
 *                  |                   |
 *                  +--- host port -- [steer] -- the host's stack
 *
 * Beside the uplink stands a host port: a TAP that nobody sees, to and from
 * which programs in the kernel (ports/steer.h) lead the host's own frames. The
 * two ports are a split-horizon pair of the bridge. The spanning tree does not
 * know the host port: behind it is the LAN of the uplink, so it forwards when
 * the uplink does, and also while no cable is plugged in there.
 *
 * The programs have a copy of the filtering database: what the host sends to an
 * address on a port outside the pair comes here, what it sends to an address in
 * the LAN goes to the wire, and any other to both. The copy is changed between
 * learning from a batch and sending it, so that an answer finds it in order. An
 * entry that has expired stays as long as the database keeps it; a frame that
 * comes here because of it goes to all ports, the uplink too.
 */
#ifndef SWITCH_HOST_ACCESS_H
#define SWITCH_HOST_ACCESS_H

#include <stdbool.h>

struct host_access;
struct link;
struct qswitch;
struct switch_port;

/**
 * host_access_add() - make the host port of @uplink, if that shall have one
 * @err: PORT_ERR bytes
 *
 * Return: 0; or -errno with a sentence when it was asked for and cannot be. If
 * it was not asked for, the reason is logged and kept.
 */
int host_access_add(struct switch_port *uplink, char *err);

/** host_access_remove() - @p leaves the switch: one of the two, or another */
void host_access_remove(struct switch_port *p);

/** host_access_sync() - @p, one of the two, may have changed */
void host_access_sync(struct switch_port *p);

/** host_access_state() - the bridge has put port @no into another state */
void host_access_state(struct qswitch *sw, int no);

/** host_access_link() - news of an interface: another address or MTU */
void host_access_link(struct qswitch *sw, const struct link *link);

/** host_access_learned() - a batch was learned and decided on, but not sent */
void host_access_learned(struct qswitch *sw);

/**
 * host_access_work() - copy what has changed apart from frames; bounded
 *
 * Return: true if there is more to do: call it again soon.
 */
bool host_access_work(struct qswitch *sw);

/** host_access_facts() - tell the operator about @p's part in it */
void host_access_facts(const struct switch_port *p,
    void (*emit)(const char *key, const char *value, void *arg), void *arg);

#endif
