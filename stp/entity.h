/* SPDX-License-Identifier: BSD-2-Clause */
/* entity.h - the inside of the spanning tree entity, private to this room: the
 * parameters of IEEE 802.1D-1998 8.5 and the functions that its files share.
 *
 *   stp.c             the entity, its ports and links (8.8.1 to 8.8.3)
 *   stp_reception.c   received BPDUs (8.7.1, 8.7.2)
 *   stp_timers.c      expiring timers (8.7.3 to 8.7.8)
 *   stp_procedures.c  elements of procedure (8.6.1 to 8.6.16)
 *   policy.c          edge, leaf, silence and guard, which 1998 does not have
 *   loop.c            loops through the machines behind ports with a filter
 *   stp_callbacks.c   the calls at the end of each input
 *   stp_config.c      settings (8.8.4 to 8.8.6)
 *   stp_times.c       timer parameters, their ranges and relation (8.10.2)
 *   stp_status.c      snapshots for an operator (14.8)
 *   stp_explain.c     why a port is in its state
 *   stp_words.c       names
 *   bpdu.c            BPDUs on the wire (clause 9) */
#ifndef STP_ENTITY_H
#define STP_ENTITY_H

#include <stdbool.h>
#include <stdint.h>

#include "bpdu.h"
#include "stp.h"
#include "stp_config.h"
#include "vector.h"

enum {
	HOLD_TIME_MS = 1000,	      /* 8.5.3.14, Table 8-3 */
	MESSAGE_AGE_INCREMENT_MS = 4, /* more than 1/256 s: see 8.6.1 */
	PROBE_TIME_MS = 2000,	      /* between two probes, see loop.c */
};

/* A timer counts up from started_at_ms. The caller says each time after how
 * long it expires, because the root may change the times while it runs (8.5.4,
 * 8.5.6). */
struct timer {
	bool running;
	uint64_t started_at_ms;
};

/** struct stp_port - the parameters of a port (8.5.5) and our own */
struct stp_port {
	int number;
	uint16_t port_id;		  /* 8.5.5.1 */
	enum stp_state state;		  /* 8.5.5.2 */
	uint32_t path_cost;		  /* 8.5.5.3 */
	struct vector designated;	  /* 8.5.5.4 to 8.5.5.7 */
	bool topology_change_acknowledge; /* 8.5.5.8 */
	bool configuration_pending;	  /* 8.5.5.9 */
	bool change_detection_enabled;	  /* 8.5.5.10, owned by policy.c */
	struct timer message_age_timer;	  /* 8.5.6.1 */
	struct timer forward_delay_timer; /* 8.5.6.2 */
	struct timer hold_timer;	  /* 8.5.6.3 */

	/* owned by policy.c */
	enum stp_edge edge_wanted;
	bool bpdu_heard; /* since the link came up: edge has ended */
	bool spoken;	 /* since the link came up: neighbors count on us */
	enum stp_bpdu bpdu;

	/* owned by loop.c */
	uint64_t up_nth; /* the higher, the later its link came up */
	int loop_by;	 /* blocked: port that heard what was sent here; 0 */
	struct timer loop_timer;
	uint64_t loops;

	/* owned by stp_settle() */
	enum stp_state reported_state;
	bool tx_config; /* to be sent, with this acknowledgment */
	bool tx_acknowledge;
	bool tx_tcn;
	bool tx_probe;
	int reported_loop_by;

	uint64_t rx[STP_VERDICT_COUNT];
	uint64_t sent_config;
	uint64_t sent_tcn;
	uint64_t sent_probes;
	uint64_t transitions;
};

/** struct stp - the parameters of the bridge (8.5.3) and its ports */
struct stp {
	uint64_t designated_root;	    /* 8.5.3.1 */
	uint32_t root_path_cost;	    /* 8.5.3.2 */
	struct stp_port *root_port;	    /* 8.5.3.3, NULL: we are the root */
	struct stp_times times;		    /* 8.5.3.4 to 8.5.3.6 */
	uint64_t bridge_id;		    /* 8.5.3.7 */
	struct stp_times bridge_times;	    /* 8.5.3.8 to 8.5.3.10 */
	bool topology_change_detected;	    /* 8.5.3.11 */
	bool topology_change;		    /* 8.5.3.12 */
	struct timer hello_timer;	    /* 8.5.4.1 */
	struct timer tcn_timer;		    /* 8.5.4.2 */
	struct timer topology_change_timer; /* 8.5.4.3 */

	/* A forward delay that was in force, while others may still hold
	 * information that is as old as the max age of that time; 0: none. */
	uint32_t old_forward_delay_ms, old_max_age_ms;
	struct timer old_times_timer;

	/* owned by policy.c: the only non-edge port up, or NULL; the only port
	 * up with edge=no, or NULL */
	struct stp_port *leaf, *uplink;

	/* owned by loop.c */
	struct timer probe_timer;
	uint64_t ups; /* links that came up */

	uint32_t reported_ageing_ms;
	bool change_counted;	    /* topology_change at the last settling */
	uint64_t topology_changes;  /* 14.8.1.1 */
	uint64_t last_change_at_ms; /* when topology_change was last seen set */

	struct stp_callbacks callbacks;
	void *ctx;
	uint64_t now_ms; /* of the last input, or of the current one */
	bool calling;	 /* the callbacks are running: no input now */

	/* ports[0..n_ports) ascending by number; the rest is unused */
	int n_ports;
	int ports_max;
	struct stp_port **ports;
};

/* --- timers --------------------------------------------------------- */

/** timer_start() - let the timer run from @now_ms on, again if it runs */
static inline void timer_start(struct timer *timer, uint64_t now_ms)
{
	timer->running = true;
	timer->started_at_ms = now_ms;
}

/** timer_stop() - stop the timer: it does not expire */
static inline void timer_stop(struct timer *timer)
{
	timer->running = false;
}

/** timer_expired() - whether it runs and has run for @limit_ms or longer */
static inline bool timer_expired(
    const struct timer *timer, uint64_t now_ms, uint32_t limit_ms)
{
	return timer->running && now_ms - timer->started_at_ms >= limit_ms;
}

/**
 * timer_left_ms() - how long until the timer has run for @limit_ms
 *
 * Return: 0 if it has expired, -1 if it is not running.
 */
static inline int32_t timer_left_ms(
    const struct timer *timer, uint32_t limit_ms, uint64_t now_ms)
{
	if (!timer->running)
		return -1;
	if (timer_expired(timer, now_ms, limit_ms))
		return 0;
	return limit_ms - (now_ms - timer->started_at_ms);
}

/* --- questions of the standard ------------------------------------------ */

/** root_bridge() - whether this bridge is the root (8.5.3.3) */
static inline bool root_bridge(const struct stp *stp)
{
	return !stp->root_port;
}

/** designated_port() - whether @p is the one for its LAN (8.5.5.4-8.5.5.7) */
static inline bool designated_port(
    const struct stp *stp, const struct stp_port *p)
{
	return p->designated.bridge == stp->bridge_id &&
	       p->designated.port == p->port_id;
}

/* --- stp_procedures.c: elements of procedure (8.6) ---------------------- */

/**
 * transmit_configuration_bpdu() - note that @p is to send one (8.6.1)
 *
 * At most one per hold time: another one stays pending until the hold timer
 * expires. Does nothing where policy_speaks() forbids it.
 */
void transmit_configuration_bpdu(struct stp *stp, struct stp_port *p);

/**
 * supersedes_port_info() - whether what @p received is at least as good as what
 * it knows (8.6.2.2)
 */
bool supersedes_port_info(const struct stp *stp, const struct stp_port *p,
    const struct vector *received);

/**
 * record_configuration_information() - take @bpdu as what @p knows (8.6.2)
 *
 * Starts the message age timer at the age that the message already has.
 */
void record_configuration_information(
    struct stp *stp, struct stp_port *p, const struct bpdu *bpdu);

/**
 * record_configuration_timeout_values() - adopt the root's times and topology
 * change flag (8.6.3)
 *
 * Times outside Table 8-3 are brought within it.
 */
void record_configuration_timeout_values(
    struct stp *stp, const struct bpdu *bpdu);

/** configuration_bpdu_generation() - send on all designated ports (8.6.4) */
void configuration_bpdu_generation(struct stp *stp);

/** reply_to_configuration_bpdu() - correct a worse claim on @p (8.6.5) */
void reply_to_configuration_bpdu(struct stp *stp, struct stp_port *p);

/**
 * transmit_topology_change_notification_bpdu() - note that the root port is to
 * send one (8.6.6)
 *
 * There must be a root port. Does nothing where policy_speaks() forbids it.
 */
void transmit_topology_change_notification_bpdu(struct stp *stp);

/** configuration_update() - select the root, then designated ports (8.6.7) */
void configuration_update(struct stp *stp);

/** root_selection() - choose the root port and with it the root (8.6.8) */
void root_selection(struct stp *stp);

/** designated_port_selection() - claim the LANs we serve best (8.6.9) */
void designated_port_selection(struct stp *stp);

/** become_designated_port() - @p claims its LAN (8.6.10) */
void become_designated_port(struct stp *stp, struct stp_port *p);

/** port_state_selection() - forward on root and designated ports (8.6.11) */
void port_state_selection(struct stp *stp);

/**
 * make_forwarding() - let @p begin its way to forwarding (8.6.12)
 *
 * At once where policy_at_once() says so. No-op on a port that is disabled or
 * forwards already.
 */
void make_forwarding(struct stp *stp, struct stp_port *p);

/** make_blocking() - block @p at once; no-op if disabled or blocked (8.6.13) */
void make_blocking(struct stp *stp, struct stp_port *p);

/**
 * topology_change_detection() - announce a change as the root, or notify the
 * root (8.6.14)
 */
void topology_change_detection(struct stp *stp);

/** topology_change_acknowledged() - stop notifying the root (8.6.15) */
void topology_change_acknowledged(struct stp *stp);

/** acknowledge_topology_change() - answer a notification on @p (8.6.16) */
void acknowledge_topology_change(struct stp *stp, struct stp_port *p);

/** set_port_state() - set it and count transitions to forwarding (8.5.5.2) */
void set_port_state(struct stp_port *p, enum stp_state state);

/* --- stp_times.c --------------------------------------------------------- */

/**
 * adopt_times() - let @times be in force, but a shorter forward delay only
 * after the max age that was in force until now
 */
void adopt_times(struct stp *stp, const struct stp_times *times);

/** delay_ms() - how long @p listens, or learns, from now on (8.5.3.6) */
uint32_t delay_ms(const struct stp *stp, const struct stp_port *p);

/** times_within_table() - @times, brought within the ranges of Table 8-3 */
struct stp_times times_within_table(const struct stp_times *times);

/* --- stp.c ---------------------------------------------------------------- */

/**
 * disable_port() - take @p out of the tree (8.8.3), without the callbacks
 *
 * For the operator, a lost link and BPDU guard alike.
 */
void disable_port(struct stp *stp, struct stp_port *p);

/**
 * reconsider() - configuration update, port state selection, and what follows
 * where this bridge becomes or ceases to be the root (8.7.1, 8.7.4, 8.8.3)
 */
void reconsider(struct stp *stp);

/**
 * stp_port_of() - find a port
 * @number:  1..STP_PORTS_MAX (asserted)
 *
 * Return: the port, or NULL if it is unknown.
 */
struct stp_port *stp_port_of(const struct stp *stp, int number);

/** port_id() - a port identifier: priority in the high 4 bits (8.5.5.1) */
uint16_t port_id(int priority, int number);

/* --- stp_callbacks.c ------------------------------------------------------ */

/**
 * stp_enter() - take the time: the first step of each input
 * @now_ms:  becomes stp->now_ms
 *
 * Asserts what stp.h asks of the host: no callback of this entity is running,
 * and the time has not gone back.
 */
void stp_enter(struct stp *stp, uint64_t now_ms);

/**
 * stp_settle() - tell the host what has changed: the last step of each input
 *
 * Port states first, then the ageing time, then the BPDUs noted for sending.
 */
void stp_settle(struct stp *stp);

/* --- stp_status.c --------------------------------------------------------- */

/** port_role() - the role of @p, from its state and its designated vector */
enum stp_role port_role(const struct stp *stp, const struct stp_port *p);

/* --- policy.c ------------------------------------------------------------ */

/**
 * policy_update() - count again: a port came, went or changed its settings
 *
 * May block a port that must listen first: the caller goes on to reconsider().
 */
void policy_update(struct stp *stp);

/**
 * policy_bpdu_heard() - a BPDU of any protocol arrived on @p, which filters none
 *
 * Ends edge on an edge port.
 */
void policy_bpdu_heard(struct stp *stp, struct stp_port *p);

/**
 * policy_second_path() - @p heard of a second path from us to its LAN
 * @bpdu:  that arrived there
 *
 * If @p is silent and @bpdu is ours, or tells what we say elsewhere, the ports
 * that may have taken it there are no edge ports any more.
 *
 * Return: whether there were such ports. The tree has then begun to speak on
 * @p, and the BPDU says nothing new.
 */
bool policy_second_path(
    struct stp *stp, struct stp_port *p, const struct bpdu *bpdu);

/** policy_link_up() - let @p forget what it heard and said before */
void policy_link_up(struct stp_port *p);

/** policy_filters() - whether @p believes no BPDU and sends none */
bool policy_filters(const struct stp_port *p);

/** policy_edge() - whether @p is an edge port now */
bool policy_edge(const struct stp *stp, const struct stp_port *p);

/** policy_auto_edge() - whether @p is one because it has heard no BPDU */
bool policy_auto_edge(const struct stp *stp, const struct stp_port *p);

/** policy_speaks() - whether @p may send BPDUs (8.6.1, 8.6.6) */
bool policy_speaks(const struct stp *stp, const struct stp_port *p);

/** policy_at_once() - whether @p forwards without the delays (8.6.12) */
bool policy_at_once(const struct stp *stp, const struct stp_port *p);

/** policy_believes() - whether @p accepts a worse claim than its own (8.7.1) */
bool policy_believes(const struct stp *stp, const struct stp_port *p);

/** policy_yields() - whether this bridge must not be the root (8.6.8) */
bool policy_yields(const struct stp *stp);

/* --- loop.c --------------------------------------------------------------- */

/** loop_link_up() - @p, whose link came up, is probed; or else the others are */
void loop_link_up(struct stp *stp, struct stp_port *p);

/** loop_forget() - @p is not blocked for a loop any more */
void loop_forget(struct stp_port *p);

/**
 * loop_own_bpdu() - a BPDU of our own arrived on @p, which filters
 *
 * Whatever it says it names no other port to be blocked: a guest writes it.
 */
void loop_own_bpdu(struct stp *stp, struct stp_port *p);

/** loop_tick() - run the timers of this file that have expired */
void loop_tick(struct stp *stp);

/** loop_deadline_at_ms() - when loop_tick() next has something to do */
uint64_t loop_deadline_at_ms(const struct stp *stp);

/** loop_hold_ms() - how long a port stays blocked after the last sign */
uint32_t loop_hold_ms(const struct stp *stp);

#endif
