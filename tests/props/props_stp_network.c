/* SPDX-License-Identifier: BSD-2-Clause */
/* props_stp_network.c - a random network of spanning tree entities: its plan,
 * and the plan built in the simulator */
#include "props_stp.h"

struct plan {
	int bridges, lans;
	int n_ends[LANS_MAX];
	int ends[LANS_MAX][ENDS_MAX]; /* bridges, a bridge perhaps twice */
	int ports[BRIDGES_MAX];
};

static void choose_policy(struct world *w, const struct plan *plan, int bridge,
    int port, int lan, int end);
static void plan_network(struct world *w, struct plan *plan);
static void plan_link(struct plan *plan, int a, int b);
static void plan_end(struct plan *plan, int lan, int bridge);

void build_network(struct world *w)
{
	int used[BRIDGES_MAX] = {0};
	struct plan plan;

	plan_network(w, &plan);
	w->sim = sim_new(plan.lans ? plan.lans : 1);
	for (int b = 0; b < plan.bridges; b++)
		sim_bridge_add(
		    w->sim, random_id(w, b), plan.ports[b] ? plan.ports[b] : 1);
	for (int lan = 0; lan < plan.lans; lan++) {
		w->sim->lans[lan].delay_ms = below(w, DELAY_MAX_MS);
		for (int i = 0; i < plan.n_ends[lan]; i++) {
			int bridge = plan.ends[lan][i];
			int port = ++used[bridge];

			sim_connect(w->sim, bridge, port, lan);
			stp_port_set_cost(
			    sim_stp(w->sim, bridge), port, random_cost(w), 0);
			choose_policy(w, &plan, bridge, port, lan, i);
		}
	}
}

uint64_t random_id(struct world *w, int bridge)
{
	uint64_t priority = chance(w, 70) ? STP_PRIORITY : below(w, 0x10000);

	return priority << 48 | (uint64_t)below(w, UINT32_MAX) << 8 | bridge;
}

uint32_t random_cost(struct world *w)
{
	static const uint32_t costs[] = {2, 4, 19, 100};

	return chance(w, 50) ? costs[below(w, 4)] : 1 + below(w, 200);
}

static void choose_policy(struct world *w, const struct plan *plan, int bridge,
    int port, int lan, int end)
{
	struct stp *stp = sim_stp(w->sim, bridge);
	enum stp_bpdu bpdu = STP_BPDU_ALWAYS;
	bool stations = plan->n_ends[lan] == 1;
	enum stp_edge edge = STP_EDGE_NO;

	if (w->family == OFFICE || w->family == WRONG)
		bpdu = chance(w, 70) ? STP_BPDU_AUTO : STP_BPDU_ALWAYS;
	if (w->family == OFFICE)
		edge = stations && chance(w, 80) ? STP_EDGE_YES : STP_EDGE_NO;
	if (w->family == WRONG)
		edge = chance(w, 70) ? below(w, STP_EDGE_COUNT) : STP_EDGE_NO;
	if (w->family == MUTE && end == 0 && chance(w, 50))
		bpdu = STP_BPDU_NEVER;
	stp_port_set_bpdu(stp, port, bpdu, 0);
	stp_port_set_edge(stp, port, edge, 0);
}

/* Most bridges are linked to an earlier one. Then come more links, doubled
 * links, and ends that turn a link into a shared LAN. */
static void plan_network(struct world *w, struct plan *plan)
{
	int more;

	*plan = (struct plan){.bridges = 2 + below(w, BRIDGES_MAX - 1)};
	for (int b = 1; b < plan->bridges; b++)
		if (chance(w, 95))
			plan_link(plan, b, below(w, b));
	more = 1 + below(w, plan->bridges);
	while (more--) {
		int lan = plan->lans ? below(w, plan->lans) : 0;

		if (plan->lans && chance(w, 20))
			plan_link(plan, plan->ends[lan][0], plan->ends[lan][1]);
		else if (plan->lans && chance(w, 40))
			plan_end(plan, lan, below(w, plan->bridges));
		else
			plan_link(plan, below(w, plan->bridges),
			    below(w, plan->bridges));
	}
}

static void plan_link(struct plan *plan, int a, int b)
{
	plan_end(plan, plan->lans, a);
	plan_end(plan, plan->lans, b);
	plan->lans++;
}

static void plan_end(struct plan *plan, int lan, int bridge)
{
	if (plan->n_ends[lan] == ENDS_MAX)
		return;
	plan->ends[lan][plan->n_ends[lan]++] = bridge;
	plan->ports[bridge]++;
}
