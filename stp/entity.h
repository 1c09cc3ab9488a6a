/* SPDX-License-Identifier: BSD-2-Clause */
/* entity.h - the inside of the spanning tree entity, for this room only: the
 * parameters of IEEE 802.1D-1998 8.5 and the functions that its files share.
 *
 *   stp.c             operation (8.7), management (8.8), the one exit
 *   stp_procedures.c  elements of procedure (8.6.1 to 8.6.16)
 *   policy.c          edge, leaf, silence and guard, which 1998 does not know
 *   stp_times.c       timer parameters, their ranges and relation (8.10.2)
 *   stp_show.c        what a person reads */
#ifndef STP_ENTITY_H
#define STP_ENTITY_H

#include "bpdu.h"
#include "stp.h"
#include "stp_config.h"
#include "vector.h"

enum {
	HOLD_TIME_MS = 1000,	      /* 8.5.3.14, Table 8-3 */
	MESSAGE_AGE_INCREMENT_MS = 4, /* more than 1/256 s: see 8.6.1 */
};

/* A timer counts up from start_ms; whoever asks says when it is due, because
 * the root may change the times while it runs (8.5.4, 8.5.6). */
struct timer {
	bool running;
	uint64_t start_ms;
};

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
	bool edge_wanted;
	bool bpdu_heard; /* since the link came up: no edge port any more */
	bool spoken;	 /* since the link came up: neighbours count on us */
	enum stp_bpdu bpdu;

	/* owned by stp_settle() */
	enum stp_state reported_state;
	bool tx_config; /* to be sent, and with what acknowledgment */
	bool tx_acknowledge;
	bool tx_tcn;

	uint64_t rx[STP_VERDICT_COUNT];
	uint64_t sent_config;
	uint64_t sent_tcn;
	uint64_t transitions;
};

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

	struct stp_port
	    *leaf; /* the only non-edge port up; owned by policy.c */

	uint32_t reported_ageing_ms;
	bool change_counted;	   /* topology_change at the last settling */
	uint64_t topology_changes; /* 14.8.1.1 */
	uint64_t last_change_ms;   /* when topology_change was last seen set */

	struct stp_callbacks callbacks;
	void *ctx;
	uint64_t now_ms; /* the time of the input that is being worked on */

	/* ports[0..n_ports) by number, behind them unused ones */
	int n_ports;
	int ports_max;
	struct stp_port **ports;
};

/* --- timers --------------------------------------------------------- */

static inline void timer_start(struct timer *timer, uint64_t now_ms)
{
	timer->running = true;
	timer->start_ms = now_ms;
}

static inline void timer_stop(struct timer *timer)
{
	timer->running = false;
}

static inline bool timer_expired(
    const struct timer *timer, uint64_t now_ms, uint32_t limit_ms)
{
	return timer->running && now_ms - timer->start_ms >= limit_ms;
}

/* --- what the standard asks in passing -------------------------------- */

static inline bool root_bridge(const struct stp *stp)
{
	return !stp->root_port;
}

static inline bool designated_port(
    const struct stp *stp, const struct stp_port *p)
{
	return p->designated.bridge == stp->bridge_id &&
	       p->designated.port == p->port_id;
}

/* --- stp_procedures.c: elements of procedure (8.6) --------------------- */

void transmit_configuration_bpdu(struct stp *stp, struct stp_port *p);
bool supersedes_port_info(const struct stp *stp, const struct stp_port *p,
    const struct vector *received);
void record_configuration_information(
    struct stp *stp, struct stp_port *p, const struct bpdu *bpdu);
void record_configuration_timeout_values(
    struct stp *stp, const struct bpdu *bpdu);
void configuration_bpdu_generation(struct stp *stp);
void reply_to_configuration_bpdu(struct stp *stp, struct stp_port *p);
void transmit_topology_change_notification_bpdu(struct stp *stp);
void configuration_update(struct stp *stp);
void root_selection(struct stp *stp);
void designated_port_selection(struct stp *stp);
void become_designated_port(struct stp *stp, struct stp_port *p);
void port_state_selection(struct stp *stp);
void make_forwarding(struct stp *stp, struct stp_port *p);
void make_blocking(struct stp *stp, struct stp_port *p);
void topology_change_detection(struct stp *stp);
void topology_change_acknowledged(struct stp *stp);
void acknowledge_topology_change(struct stp *stp, struct stp_port *p);
void set_port_state(struct stp_port *p, enum stp_state state);

/* --- stp_times.c ---------------------------------------------------- */

/* times_within_table() - @times, brought within the ranges of Table 8-3 */
struct stp_times times_within_table(const struct stp_times *times);

/* --- stp.c ---------------------------------------------------------------- */

/**
 * reconsider() - configuration update, port state selection, and what follows
 * where this bridge becomes or ceases to be the root (8.7.1, 8.7.4, 8.8.3)
 */
void reconsider(struct stp *stp);

/* stp_port_of() - the port with that number, or NULL */
struct stp_port *stp_port_of(const struct stp *stp, int number);

/* --- policy.c ------------------------------------------------------------ */

/**
 * policy_update() - a port came, went or changed its settings: count anew
 */
void policy_update(struct stp *stp);

/**
 * policy_bpdu_heard() - a BPDU of whatever protocol came in by @p
 *
 * Return: false where @p is guarded and must go down.
 */
bool policy_bpdu_heard(struct stp *stp, struct stp_port *p);

/* policy_link_up() - @p starts anew, whatever it heard before */
void policy_link_up(struct stp_port *p);

/* policy_edge() - is @p an edge port now? */
bool policy_edge(const struct stp_port *p);

/* policy_speaks() - may @p send BPDUs? (8.6.1, 8.6.6) */
bool policy_speaks(const struct stp *stp, const struct stp_port *p);

/* policy_at_once() - does @p go from blocking to forwarding? (8.6.12) */
bool policy_at_once(const struct stp *stp, const struct stp_port *p);

/* policy_believes() - does @p take this for true, though we could do better?
 * (8.7.1) */
bool policy_believes(const struct stp *stp, const struct stp_port *p);

/* policy_yields() - is this bridge not to be the root? (8.6.8) */
bool policy_yields(const struct stp *stp);

#endif
