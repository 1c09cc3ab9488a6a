/* SPDX-License-Identifier: BSD-2-Clause */
/* props_stp_events.c - what happens to a random network: cuts, repairs, dying
 * bridges, management and lost BPDUs */
#include "props_stp.h"

static void lan_links(struct world *w, int lan, bool up);
static void end_link(struct world *w, int lan, bool up);
static void bridge_links(struct world *w, int bridge, bool up);
static void manage(struct world *w, int bridge);

void switch_on(struct world *w)
{
	int order = below(w, 3);

	for (int b = 0; b < w->sim->n_bridges; b++) {
		bridge_links(w, b, true);
		if (order == 0)
			sim_run(w->sim, w->sim->now_ms + below(w, 3000));
	}
}

void event(struct world *w)
{
	int bridge = below(w, w->sim->n_bridges);
	int lan = below(w, w->sim->n_lans);

	switch (below(w, 8)) {
	case 0:
	case 1:
		lan_links(w, lan, false);
		break;
	case 2:
		lan_links(w, lan, true);
		break;
	case 3:
		end_link(w, lan, false);
		break;
	case 4:
		end_link(w, lan, true);
		break;
	case 5:
		bridge_links(w, bridge, false);
		break;
	case 6:
		bridge_links(w, bridge, true);
		break;
	default:
		manage(w, bridge);
	}
}

void be_deaf(struct world *w)
{
	uint32_t longest_ms =
	    w->sim->times.max_age_ms - 3 * w->sim->times.hello_ms;
	uint32_t percent = 1 + below(w, 100);

	tell(w, "%u %% of LANs are deaf", percent);
	for (int i = 0; i < w->sim->n_lans; i++)
		w->sim->lans[i].deaf = chance(w, percent);
	sim_run(w->sim, w->sim->now_ms + below(w, longest_ms));
	for (int i = 0; i < w->sim->n_lans; i++)
		w->sim->lans[i].deaf = false;
	tell(w, "no LAN is deaf");
}

static void lan_links(struct world *w, int lan, bool up)
{
	struct sim_lan *l = &w->sim->lans[lan];

	tell(w, "LAN %d %s", lan, up ? "up" : "down");
	for (int i = 0; i < l->n_ends; i++)
		sim_link(w->sim, l->ends[i].bridge, l->ends[i].port, up);
}

static void end_link(struct world *w, int lan, bool up)
{
	struct sim_lan *l = &w->sim->lans[lan];

	if (l->n_ends) {
		struct sim_end end = l->ends[below(w, l->n_ends)];

		tell(w, "bridge %d port %d %s", end.bridge, end.port,
		    up ? "up" : "down");
		sim_link(w->sim, end.bridge, end.port, up);
	}
}

static void bridge_links(struct world *w, int bridge, bool up)
{
	tell(w, "bridge %d %s", bridge, up ? "up" : "down");
	for (int p = 1; p <= w->sim->bridges[bridge]->n_ports; p++)
		sim_link(w->sim, bridge, p, up);
}

static void manage(struct world *w, int bridge)
{
	struct stp *stp = sim_stp(w->sim, bridge);
	int port = 1 + below(w, w->sim->bridges[bridge]->n_ports);
	uint64_t now_ms = w->sim->now_ms;

	tell(w, "bridge %d port %d is managed", bridge, port);
	/* A BPDU with the old identifier may be on its way to another port of
	 * the bridge, which then takes it for another bridge's until it ages
	 * out. Plain ports have their delays against that; wrong edge ports,
	 * which get no new identifier here, do not. */
	switch (w->family == WRONG ? 1 + below(w, 2) : below(w, 3)) {
	case 0:
		stp_set_bridge_id(stp, random_id(w, bridge), now_ms);
		break;
	case 1:
		stp_port_set_cost(stp, port, random_cost(w), now_ms);
		break;
	default:
		stp_port_set_priority(stp, port, below(w, 16) * 16, now_ms);
	}
	sim_touched(w->sim, bridge);
}
