/* SPDX-License-Identifier: BSD-2-Clause */
/* sim.h - a network of spanning tree entities on LANs, in virtual time.
 *
 * A BPDU that a bridge transmits is queued with the LAN it went to and arrives
 * at every other port of that LAN after the LAN's delay; arriving never calls
 * back into the sender. Time moves in steps (sim_step) or from event to event
 * (sim_run). Everything is deterministic. */
#ifndef TESTS_STP_SIM_H
#define TESTS_STP_SIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stp/stp.h"
#include "stp/stp_config.h"

enum { SIM_NO_LAN = -1 };

struct sim;

struct sim_port {
	int lan; /* SIM_NO_LAN: a link without anybody */
	bool up;
	enum stp_state state; /* as the entity said by its callback */
};

struct sim_bridge {
	struct sim *sim;
	int number;
	struct stp *stp;
	uint64_t deadline_at_ms; /* of its timers; UINT64_MAX: none */
	uint32_t ageing_ms;
	int n_ports;
	struct sim_port *ports; /* port 1 is ports[0] */
};

struct sim_end {
	int bridge, port;
};

struct sim_lan {
	uint32_t delay_ms;
	bool deaf; /* BPDUs are lost here */
	int n_ends, ends_max;
	struct sim_end *ends;
};

struct sim {
	uint64_t now_ms;
	struct stp_times times; /* of bridges that are added */

	int n_bridges, bridges_max;
	struct sim_bridge **bridges;
	int n_lans;
	struct sim_lan *lans;

	struct sim_frame *queue;
	int n_queued, queue_max;

	uint64_t delivered;
	uint64_t last_change_at_ms; /* when some port last changed its state */
	bool changed; /* some port began to forward, or a cable moved */
	int *sets;    /* for sim_loop() and sim_joined() */

	/* called whenever a moment is over in which something happened */
	void (*moment)(struct sim *sim, void *ctx);
	void *ctx;
};

/**
 * sim_new() - no bridges, @lans LANs without delay, time 0
 *
 * Exits the program when memory is out, as all of this file.
 */
struct sim *sim_new(int lans);
void sim_free(struct sim *sim);

/* sim_bridge_add() - a bridge with ports 1..@ports, down, bpdu=always, on no
 * LAN. Return: its number, from 0. */
int sim_bridge_add(struct sim *sim, uint64_t id, int ports);

/* sim_ports_add() - see that a bridge has @ports ports at least */
void sim_ports_add(struct sim *sim, int bridge, int ports);

/* sim_connect() - put the cable of a port into a LAN; nobody is told */
void sim_connect(struct sim *sim, int bridge, int port, int lan);

/* sim_link() - the link of a port comes up or goes down */
void sim_link(struct sim *sim, int bridge, int port, bool up);

/* sim_touched() - call after an input to a bridge's entity made from outside */
void sim_touched(struct sim *sim, int bridge);

/* sim_step() - @ms pass, all timers run once, all BPDUs that are due arrive */
void sim_step(struct sim *sim, uint32_t ms);

/* sim_run() - time passes until @end_at_ms, from event to event */
void sim_run(struct sim *sim, uint64_t end_at_ms);

/* sim_loop() - is there a loop of forwarding ports at this moment? */
bool sim_loop(struct sim *sim);

/* sim_joined() - number the connected parts: of the active topology, or of all
 * that is up and plugged. @part[n_bridges + n_lans]: bridges, then LANs. */
void sim_joined(struct sim *sim, bool active, int *part);

struct sim_port *sim_port(struct sim *sim, int bridge, int port);
struct stp *sim_stp(struct sim *sim, int bridge);

#endif
