/* SPDX-License-Identifier: BSD-2-Clause */
/* stp_status.h - what a spanning tree entity is doing and why, as an operator
 * sees it (IEEE 802.1D-1998 14.8). Reading changes nothing, and is allowed in
 * the callbacks. */
#ifndef STP_STP_STATUS_H
#define STP_STP_STATUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stp_config.h"
#include "stp_words.h"

enum {
	STP_ID_STRLEN = 23, /* "8000.aa:bb:cc:dd:ee:ff" and its NUL */
};

/** struct stp_bridge_info - the entity as the operator sees it (14.8.1.1) */
struct stp_bridge_info {
	uint64_t bridge_id;
	uint64_t root_id;	      /* bridge_id: we are the root */
	uint32_t root_path_cost;      /* 8.5.3.2; 0: we are the root */
	int root_port;		      /* 8.5.3.3; 0: we are the root */
	struct stp_times times;	      /* in force, those of the root */
	struct stp_times own_times;   /* ours, in force once we are root */
	bool topology_change;	      /* 8.5.3.12, short ageing is on */
	bool topology_change_pending; /* 8.5.3.11, not yet acknowledged */
	uint64_t topology_changes;    /* how often topology_change rose */
	uint64_t since_change_ms;     /* since topology_change was last set,
					 or since stp_new() */
	int32_t hello_timer_ms;	      /* until it expires; -1: not running */
	int32_t tcn_timer_ms;	      /* likewise */
	int32_t topology_change_timer_ms; /* likewise */
	int ports;			  /* known, up or not */
	bool leaf;			  /* exactly one non-edge port is up */
};

/** struct stp_port_info - one port as the operator sees it (14.8.2.1) */
struct stp_port_info {
	int port;
	uint16_t port_id; /* 4 bits of priority, 12 of number */
	uint32_t cost;
	enum stp_role role;
	enum stp_state state;
	int32_t next_state_ms; /* until listening or learning ends; else -1 */
	bool edge;	       /* in force: see stp_config.h */
	bool edge_wanted;      /* edge=yes */
	enum stp_edge edge_setting;
	bool speaks; /* sends BPDUs when designated, or TCNs */
	enum stp_bpdu bpdu;

	uint64_t designated_root; /* 8.5.5.4 */
	uint32_t designated_cost; /* 8.5.5.5 */
	uint64_t designated_bridge;
	uint16_t designated_port;

	bool topology_change_ack;	/* 8.5.5.8, waits for the next BPDU */
	bool config_pending;		/* 8.5.5.9, waits for the hold timer */
	int32_t message_age_timer_ms;	/* until it expires; -1: not running */
	int32_t forward_delay_timer_ms; /* likewise */
	int32_t hold_timer_ms;		/* likewise */

	uint64_t rx[STP_VERDICT_COUNT]; /* BPDUs received, by verdict */
	uint64_t rx_total;
	uint64_t tx_config;
	uint64_t tx_tcn;
	uint64_t tx_probes;
	uint64_t loops; /* how often it was blocked for a loop */
	int loop_by;	/* port that heard what was sent here; 0: no loop */
	uint64_t transitions; /* to forwarding, since stp_port_add() */
};

/**
 * stp_bridge_info() - read the state of the bridge (14.8.1.1)
 * @now_ms:  monotonic ms; the fields that count from or to a moment need it
 * @info:    filled
 */
void stp_bridge_info(
    const struct stp *stp, uint64_t now_ms, struct stp_bridge_info *info);

/**
 * stp_port_info() - read the state of one port (14.8.2.1)
 * @now_ms:  as in stp_bridge_info()
 * @info:    filled, or unchanged if the port does not exist
 *
 * Return: whether the port exists.
 */
bool stp_port_info(const struct stp *stp, int port, uint64_t now_ms,
    struct stp_port_info *info);

/**
 * stp_port_next() - walk the ports in the order of their numbers
 * @port:  0 for the first
 *
 * Return: the next port's number, or 0 after the last.
 */
int stp_port_next(const struct stp *stp, int port);

/** stp_port_state() - the state of a port; STP_DISABLED if it is unknown */
enum stp_state stp_port_state(const struct stp *stp, int port);

/**
 * stp_explain() - say in one paragraph why a port is in its state
 * @now_ms:  as in stp_bridge_info()
 * @buf:     @len bytes, always terminated, no newline
 *
 * Return: the length of the whole paragraph, as with snprintf(); or -ENOENT (no
 * such port), and @buf is unchanged.
 */
int stp_explain(
    const struct stp *stp, int port, uint64_t now_ms, char *buf, size_t len);

/**
 * stp_id_format() - write a bridge identifier as "8000.aa:bb:cc:dd:ee:ff"
 *
 * Return: @buf.
 */
const char *stp_id_format(uint64_t id, char buf[STP_ID_STRLEN]);

#endif
