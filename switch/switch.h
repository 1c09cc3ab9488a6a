/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * switch.h - the switch: owns bridge, topology, ports and loop, and introduces
 * them to each other and to the operator.
 *
 *     main --> qswitch_new --> qswitch_start --> qswitch_run --> qswitch_free
 *
 * A struct switch_port is a port with what the switch knows of it: whether the
 * operator wants it up, when it is tried again, its watcher in the loop. It
 * joins the bridge under its number when it is added; its state there follows
 * the topology, which follows port_up().
 */
#ifndef SWITCH_SWITCH_H
#define SWITCH_SWITCH_H

#include <assert.h>
#include <ev.h>
#include <stdbool.h>
#include <stdint.h>

#include "forwarding/bridge.h"
#include "forwarding/recorder.h"
#include "ports/link.h"
#include "ports/port.h"

#include "clock.h"
#include "config.h"
#include "event.h"
#include "observe.h"
#include "spin.h"

static_assert((int)PORT_NUMBERS == (int)PORT_MAX, "bridge and ports agree");

struct capture;
struct control;
struct lab;
struct topology;
struct qswitch;

struct switch_port {
	struct qswitch *sw;
	struct port *port;
	struct config_port config;
	bool admin_up;	   /* what the operator wants */
	bool was_up;	   /* what was last told to topology and operator */
	char hold[128];	   /* why the switch itself keeps it down, or "" */
	uint32_t retry_ms; /* next back-off */
	struct ev_io io;
	struct ev_timer retry;
	uint64_t captures;	  /* bit set of captures that want its frames */
	struct observed observed; /* IP addresses behind it */
};

struct qswitch {
	struct config config;
	struct ev_loop *loop;
	struct clock clock;
	uint64_t started_ms;
	struct bridge *bridge;
	struct topology *topology;
	struct recorder *recorder;
	struct control *control;
	struct capture *capture;
	struct lab *lab; /* NULL without --lab */
	struct port_host host;
	struct link_watch *links;
	struct switch_port *ports[PORT_MAX + 1]; /* by number; NULL: free */
	int port_high;				 /* highest number in use */

	/* for the books: see qswitch_books() */
	uint64_t own_frames;	      /* that the switch itself sent */
	struct port_counters retired; /* of ports that have been removed */

	/* of peers turned away, so that none can fill the log */
	uint64_t refusal_ns; /* when it was last told; 0: never */
	uint64_t refusals;   /* since then */

	struct spin spin;
	bool traffic;  /* frames were received in this round of the loop */
	bool more;     /* a port has frames that no poll will tell of */
	bool stopping; /* qswitch_run() is to return */

	/* of the frame path */
	struct batch batch;
	struct egress egress;

	struct ev_check tick_check; /* clock_tick() after each poll */
	struct ev_prepare settle;   /* switch_port_sync_later() */
	bool unsettled;
	struct ev_timer tick; /* the next timer of the spanning tree */
	struct ev_io link_io;
	struct ev_signal sigterm, sigint, sighup;

	/* who wants events (`monitor`); 0: none are made */
	int listeners;
	void (*on_event)(const struct event *event, void *arg);
	void *on_event_arg;
};

/**
 * qswitch_new() - the switch as @config says, not started
 * @config: owned by the switch from here on, also when NULL is returned
 * @err:    CONFIG_ERR bytes: one sentence when NULL is returned
 */
struct qswitch *qswitch_new(struct config *config, char *err);

/**
 * qswitch_start() - open ports and control socket
 *
 * Return: 0, or -errno with the sentence in @err; then qswitch_free() leaves
 * nothing behind.
 */
int qswitch_start(struct qswitch *sw, char *err);
void qswitch_free(struct qswitch *sw); /* NULL is fine */

/* Carry frames until qswitch_stop() or a signal. */
void qswitch_run(struct qswitch *sw);

/* End qswitch_run() after this wake-up. */
void qswitch_stop(struct qswitch *sw);

/**
 * qswitch_port_add() - add a port and open it
 * @spec: copied
 * @seed: see struct port_host; NULL
 * @err:  PORT_ERR bytes
 *
 * Return: its number, or -errno with a sentence in @err, nothing being added:
 * -EEXIST for a name in use, -ENOSPC without a free number, or open()'s.
 */
int qswitch_port_add(
    struct qswitch *sw, const struct port_spec *spec, void *seed, char *err);
void qswitch_port_del(struct qswitch *sw, int no);

/* The operator's up and down. Up tries at once, whatever the back-off. */
void qswitch_port_set_admin(struct qswitch *sw, int no, bool up);

/* Keeps the port down with a reason, for the switch's own policies (BPDU
 * guard); NULL ends it. */
void qswitch_port_hold(struct qswitch *sw, int no, const char *reason);

/* The number of the port of that name, or 0. */
int qswitch_port_find(const struct qswitch *sw, const char *name);

/* "tap0", or "-" for no port or one that has gone. */
const char *qswitch_port_name(const struct qswitch *sw, int no);

/* Frames can pass, and operator and switch want them to. */
bool switch_port_up(const struct switch_port *p);

/* Why a port does not pass frames, or "". */
const char *switch_port_reason(const struct switch_port *p);

/* To be called after anything that may have changed a port's fd, events or
 * port_up(): brings loop, topology and operator up to date. */
void switch_port_sync(struct switch_port *p);

/* The same before the loop blocks: for who is called by the topology. */
void switch_port_sync_later(struct switch_port *p);

/* The books: what all frames and copies came to. */
struct qswitch_books {
	uint64_t rx_frames;	/* received by any port, ever */
	uint64_t waiting;	/* of these, held by the lab: see lab.h */
	uint64_t verdicts;	/* sum of all verdicts */
	uint64_t copies_queued; /* by the bridge */
	uint64_t own_frames;	/* BPDUs that the switch itself sent */
	uint64_t tx_outcomes;	/* tx_frames, tx_full, tx_oversize, tx_error */
	int64_t unaccounted;	/* frames without verdict and copies without
				 * outcome: 0 */
};
void qswitch_books(const struct qswitch *sw, struct qswitch_books *books);

/* The topology's next deadline has changed, or the clock's speed: wake up in
 * time for it. With nothing to wait for an idle switch does not wake up. */
void qswitch_arm_tick(struct qswitch *sw);

/* Tell who listens. Test sw->listeners first where making the event costs
 * something. */
void qswitch_event(struct qswitch *sw, const struct event *event);

static inline uint64_t qswitch_now_ms(const struct qswitch *sw)
{
	return sw->clock.now_ms;
}

/* for each port: number p_no, struct switch_port *p */
#define qswitch_foreach(sw, p)                                    \
	for (int p##_no = 1; p##_no <= (sw)->port_high; p##_no++) \
		for (struct switch_port *p = (sw)->ports[p##_no]; p; p = NULL)

#endif
