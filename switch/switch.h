/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * switch.h - the switch: owns bridge, topology, ports and loop, and introduces
 * them to each other.
 *
 *     qswitch_new --> qswitch_start --> qswitch_run --> qswitch_close
 *                                                           --> qswitch_free
 *
 * What is built on top of it (the control socket, the lab) takes part through
 * hooks (hook.h). main.c puts it together: it registers hooks between new and
 * start, and removes them between close and free.
 */
#ifndef SWITCH_SWITCH_H
#define SWITCH_SWITCH_H

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>

#include <ev.h>

#include "forwarding/bridge.h"
#include "forwarding/recorder.h"
#include "ports/port.h"

#include "clock.h"
#include "config.h"
#include "duplicate.h"
#include "event.h"
#include "hook.h"
#include "spin.h"
#include "switch_port.h"

static_assert((int)PORT_NUMBERS == (int)PORT_MAX, "bridge and ports agree");

struct link_watch;
struct topology;

struct qswitch {
	struct config config;
	struct ev_loop *loop;
	struct clock clock;
	uint64_t started_at_ms;
	struct bridge *bridge;
	struct topology *topology;
	struct recorder *recorder;
	struct port_host host;
	struct link_watch *links;
	struct switch_port *ports[PORT_MAX + 1]; /* by number; NULL: free */
	int port_high;				 /* highest number in use */

	struct host_access *accesses; /* of the uplinks: host_access.h */
	struct hook *hooks;	      /* what is built on top: hook.h */
	int listeners;		      /* hooks that want events */

	struct duplicate duplicate; /* addresses that move to and fro */

	/* for the books: books.h */
	uint64_t own_frames;	      /* that the switch itself sent */
	struct port_counters retired; /* of ports that have been removed */

	struct spin spin;
	bool traffic;  /* frames were received in this round of the loop */
	bool more;     /* a port has frames that no poll will report */
	bool stopping; /* qswitch_run() is to return */

	/* of the frame path */
	struct batch batch;
	struct egress egress;

	struct ev_check tick_check; /* clock_tick() after each poll */
	struct ev_prepare settle;   /* switch_port_sync_later() */
	bool unsettled;
	struct ev_idle busy;	   /* host_access_work() has more to do */
	struct ev_timer tick;	   /* the next timer of the spanning tree */
	struct ev_timer log_later; /* while the log has something to tell */
	struct ev_io link_io;
	struct ev_signal sigterm, sigint, sighup;
};

/**
 * qswitch_new() - the switch as @config says, not started
 * @config: the switch owns it from here on, also when NULL is returned
 * @err:    CONFIG_ERR bytes: one sentence when NULL is returned
 */
struct qswitch *qswitch_new(struct config *config, char *err);

/**
 * qswitch_start() - watch the host's interfaces and open the ports
 *
 * Return: 0, or -errno with a sentence in @err (CONFIG_ERR bytes); then
 * qswitch_close() and qswitch_free() leave nothing behind.
 */
int qswitch_start(struct qswitch *sw, char *err);

/** qswitch_run() - carry frames until qswitch_stop() or a signal */
void qswitch_run(struct qswitch *sw);

/** qswitch_stop() - let qswitch_run() return after this wake-up */
void qswitch_stop(struct qswitch *sw);

/** qswitch_close() - remove all ports; hooks are told; NULL is fine */
void qswitch_close(struct qswitch *sw);

/** qswitch_free() - free it, ports included; NULL is fine */
void qswitch_free(struct qswitch *sw);

/**
 * qswitch_arm_tick() - wake up in time for the topology's next deadline
 *
 * Call it when the deadline or the speed of the clock has changed. With
 * nothing to wait for, an idle switch does not wake up.
 */
void qswitch_arm_tick(struct qswitch *sw);

/** qswitch_now_ms() - the time of this wake-up, for everything in it */
static inline uint64_t qswitch_now_ms(const struct qswitch *sw)
{
	return sw->clock.now_ms;
}

/** qswitch_port() - the port of number @no, which must exist */
static inline struct switch_port *qswitch_port(const struct qswitch *sw, int no)
{
	assert(no >= 1 && no <= PORT_MAX && sw->ports[no]);
	return sw->ports[no];
}

/* for each port: number p_no, struct switch_port *p */
#define qswitch_foreach(sw, p)                                    \
	for (int p##_no = 1; p##_no <= (sw)->port_high; p##_no++) \
		for (struct switch_port *p = (sw)->ports[p##_no]; p; p = NULL)

#endif
