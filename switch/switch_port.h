/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * switch_port.h - a port with what the switch knows of it: whether the
 * operator wants it up, when it is tried again, its watcher in the loop.
 *
 *     qswitch_port_add ---> opened: joins the bridge under its number
 *                            |  fails  ^
 *                            v         | retried with back-off, or at once
 *                           closed ----+ when its interface comes back
 *
 * Anything that may change a port ends in switch_port_sync(), the one place
 * that compares what is with what was last told: it moves the watcher, tells
 * the topology and the operator, and arms the retry timer. The state of the
 * port in the bridge follows the topology, which follows switch_port_up().
 */
#ifndef SWITCH_SWITCH_PORT_H
#define SWITCH_SWITCH_PORT_H

#include <stdbool.h>
#include <stdint.h>

#include <ev.h>

#include "config.h"
#include "observe.h"

struct host_access;
struct link;
struct port;
struct port_spec;
struct qswitch;

struct switch_port {
	struct qswitch *sw;
	struct port *port;	   /* owned */
	struct config_port config; /* settings that can change at run time */
	bool admin_up;		   /* what the operator wants */
	bool was_up;		   /* what topology and operator know */
	char hold[128];	   /* why the switch itself keeps it down, or "" */
	uint32_t retry_ms; /* the next back-off */
	struct ev_io io;
	struct ev_timer retry;
	int watchers;		    /* hooks that want its frames: hook.h */
	struct host_access *access; /* of an uplink and its host port */
	struct observed observed;   /* IP addresses behind it */
};

/**
 * qswitch_port_add() - add a port and open it
 * @spec: copied
 * @seed: for the kind's open(), see struct port_host; NULL for most
 * @err:  PORT_ERR bytes
 *
 * Return: its number; or -errno with a sentence in @err, nothing having been
 * added: -EEXIST for a name in use, -ENOSPC without a free number, or what
 * opening it returned. @seed stays the caller's then.
 */
int qswitch_port_add(
    struct qswitch *sw, const struct port_spec *spec, void *seed, char *err);

/** qswitch_port_del() - close and free port @no, which must exist */
void qswitch_port_del(struct qswitch *sw, int no);

/**
 * qswitch_port_set_admin() - the operator takes port @no up or down
 *
 * Up tries to open it at once, whatever the back-off, and ends a hold.
 */
void qswitch_port_set_admin(struct qswitch *sw, int no, bool up);

/**
 * qswitch_port_hold() - keep port @no down for a reason of the switch's policy
 * @reason: a sentence, copied; NULL ends the hold
 */
void qswitch_port_hold(struct qswitch *sw, int no, const char *reason);

/** qswitch_port_find() - number of the port named @name, 0 if none */
int qswitch_port_find(const struct qswitch *sw, const char *name);

/** qswitch_port_name() - name of port @no, "-" if there is none; borrowed */
const char *qswitch_port_name(const struct qswitch *sw, int no);

/** switch_port_up() - frames can pass, and operator and switch want them to */
bool switch_port_up(const struct switch_port *p);

/** switch_port_reason() - why frames do not pass, "" if they do; borrowed */
const char *switch_port_reason(const struct switch_port *p);

/** switch_port_on_bridge() - false for a port that only accepts peers */
bool switch_port_on_bridge(const struct switch_port *p);

/** switch_port_in_tree() - does the spanning tree know it? */
bool switch_port_in_tree(const struct switch_port *p);

/**
 * switch_port_sync() - bring loop, topology and operator up to date
 *
 * Call it after anything that may have changed the port's fd, its events or
 * switch_port_up(). Not from a callback of the spanning tree.
 */
void switch_port_sync(struct switch_port *p);

/** switch_port_sync_later() - the same before the loop blocks: from callbacks */
void switch_port_sync_later(struct switch_port *p);

/** switch_port_link() - news of an interface, for the ports that stand on it */
void switch_port_link(struct qswitch *sw, const struct link *link);

/** switch_port_host() - fill in sw->host's callbacks: spawn and wake */
void switch_port_host(struct qswitch *sw);

#endif
