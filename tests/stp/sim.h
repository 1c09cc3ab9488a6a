/* SPDX-License-Identifier: BSD-2-Clause */
/* sim.h - a network of spanning tree entities on LANs, in virtual time.
 *
 * A BPDU that a bridge transmits is queued for its LAN and arrives at every
 * other port of that LAN after the LAN's delay, never from within the sender's
 * callback. Time moves in steps (sim_step) or from event to event (sim_run).
 * Everything is deterministic. */
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
	int lan; /* SIM_NO_LAN: nobody is on the link */
	bool up;
	enum stp_state state; /* as the callback reported it */
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
	struct stp_times times; /* of the bridges added from now on */

	int n_bridges, bridges_max;
	struct sim_bridge **bridges;
	int n_lans;
	struct sim_lan *lans;

	struct sim_frame *queue;
	int n_queued, queue_max;

	uint64_t delivered;
	uint64_t last_change_at_ms; /* of the state of any port */
	bool changed; /* some port began to forward, or a cable moved */
	int *sets;    /* for sim_loop() and sim_joined() */

	/* called after each input to an entity, if not NULL */
	void (*moment)(struct sim *sim, void *ctx);
	void *ctx;
};

/**
 * sim_new() - no bridges, @lans LANs without delay, time 0
 *
 * Like all functions of this file, it exits with status 3 if memory runs out.
 */
struct sim *sim_new(int lans);

/** sim_free() - free the simulation with its bridges and LANs */
void sim_free(struct sim *sim);

/**
 * sim_bridge_add() - add a bridge with ports 1..@ports
 * @id:     bridge identifier, see stp_id()
 * @ports:  0: more can be added with sim_ports_add()
 *
 * The ports are down, on no LAN, with bpdu=always.
 *
 * Return: its number; the first is 0.
 */
int sim_bridge_add(struct sim *sim, uint64_t id, int ports);

/** sim_ports_add() - add ports until the bridge has @ports at least */
void sim_ports_add(struct sim *sim, int bridge, int ports);

/**
 * sim_connect() - plug the cable of a port into a LAN
 * @lan:  SIM_NO_LAN: unplug it
 *
 * The entities do not notice; see sim_link().
 */
void sim_connect(struct sim *sim, int bridge, int port, int lan);

/** sim_link() - the link of a port comes up or goes down */
void sim_link(struct sim *sim, int bridge, int port, bool up);

/** sim_touched() - call after making an input to a bridge's entity directly */
void sim_touched(struct sim *sim, int bridge);

/** sim_step() - @ms pass, all timers run once, all BPDUs that are due arrive */
void sim_step(struct sim *sim, uint32_t ms);

/** sim_run() - let time pass until @end_at_ms, from event to event */
void sim_run(struct sim *sim, uint64_t end_at_ms);

/** sim_loop() - whether forwarding ports form a loop at this moment */
bool sim_loop(struct sim *sim);

/**
 * sim_joined() - find the connected parts of the network
 * @active:  count forwarding ports only, else all that are up and plugged in
 * @part:    n_bridges + n_lans numbers: the part of each bridge, then each LAN
 *
 * A part has the number of one of its members: part[i] == i once per part.
 */
void sim_joined(struct sim *sim, bool active, int *part);

/** sim_port() - the simulator's side of a port; valid until ports are added */
struct sim_port *sim_port(struct sim *sim, int bridge, int port);

/** sim_stp() - the entity of a bridge, owned by the simulation */
struct stp *sim_stp(struct sim *sim, int bridge);

#endif
