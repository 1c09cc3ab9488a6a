/* SPDX-License-Identifier: BSD-2-Clause */
/* props_stp_checks.c - what must hold of a random network: always, and when
 * nothing has happened for long enough */
#include "props_stp.h"

#include "stp/stp_status.h"

enum { TICK_MS = 1000, HOLD_MS = 1000 };

struct way {
	uint64_t root;
	uint64_t cost;
	int bridges;
};

static void loop_lasted(struct world *w, uint64_t ms);
static int best_ways(struct world *w, struct way *ways);
static bool improve(struct sim *sim, struct way *ways);
static bool shorter(struct way a, struct way b);
static void check_joined(struct world *w);
static int parts(const int *part, int n);
static void check_designated(struct world *w);
static void check_roots(struct world *w, const struct way *ways);
static bool port_up(struct sim *sim, struct sim_end end);

void on_moment(struct sim *sim, void *ctx)
{
	struct world *w = ctx;
	bool loop;

	if (!sim->changed && !w->loop)
		return;
	sim->changed = false;
	loop = sim_loop(sim);
	if (loop && w->family < MUTE)
		broken(w, "a loop of forwarding ports");
	if (loop && !w->loop)
		w->loop_began_at_ms = sim->now_ms;
	if (w->loop)
		loop_lasted(w, sim->now_ms - w->loop_began_at_ms);
	w->loop = loop;
}

/* After max age the last bridge has forgotten old information; then come
 * listening and learning. The news may wait for a hold time at each bridge,
 * because that bridge has just sent something else; how often that shows is
 * counted. */
void settle_down(struct world *w)
{
	const struct stp_times *t = &w->sim->times;
	uint64_t bound_ms = t->max_age_ms + 2 * t->forward_delay_ms + TICK_MS;
	uint64_t began_at_ms = w->sim->now_ms, took_ms = 0;
	struct way ways[BRIDGES_MAX];
	int bridges = best_ways(w, ways);

	sim_run(w->sim, began_at_ms + bound_ms + (bridges - 1) * HOLD_MS);
	if (w->loop)
		broken(w, "a loop remains");
	if (w->family == PLAIN || w->family == OFFICE)
		check_joined(w);
	if (w->family == PLAIN) {
		check_designated(w);
		check_roots(w, ways);
	}
	if (w->sim->last_change_at_ms > began_at_ms)
		took_ms = w->sim->last_change_at_ms - began_at_ms;
	if (took_ms > record.slowest_ms)
		record.slowest_ms = took_ms;
	record.settled++;
	record.late += took_ms > bound_ms;
}

static void loop_lasted(struct world *w, uint64_t ms)
{
	const struct stp_times *t = &w->sim->times;
	uint64_t longest_ms = w->family == WRONG
				  ? t->hello_ms + 3 * HOLD_MS + 2 * DELAY_MAX_MS
				  : t->max_age_ms;

	if (ms > longest_ms)
		broken(
		    w, "a loop has lasted for %llu ms", (unsigned long long)ms);
	if (ms > record.longest_loop_ms)
		record.longest_loop_ms = ms;
}

/* Find the root of each bridge and the least cost to it with a plain search.
 * Return: the number of bridges on the longest of these ways. */
static int best_ways(struct world *w, struct way *ways)
{
	int diameter = 0;

	for (int b = 0; b < w->sim->n_bridges; b++) {
		struct stp_bridge_info info;

		stp_bridge_info(sim_stp(w->sim, b), w->sim->now_ms, &info);
		ways[b] = (struct way){.root = info.bridge_id, .bridges = 1};
	}
	while (improve(w->sim, ways))
		;
	for (int b = 0; b < w->sim->n_bridges; b++)
		if (ways[b].bridges > diameter)
			diameter = ways[b].bridges;
	return diameter;
}

/* One round of Bellman-Ford: each port tries what its LAN offers. */
static bool improve(struct sim *sim, struct way *ways)
{
	bool better = false;

	for (int lan = 0; lan < sim->n_lans; lan++) {
		struct sim_lan *l = &sim->lans[lan];

		for (int i = 0; i < l->n_ends * l->n_ends; i++) {
			struct sim_end from = l->ends[i / l->n_ends];
			struct sim_end to = l->ends[i % l->n_ends];
			struct stp_port_info info;
			struct way way = ways[from.bridge];

			if (!port_up(sim, from) || !port_up(sim, to))
				continue;
			stp_port_info(sim_stp(sim, to.bridge), to.port,
			    sim->now_ms, &info);
			way.cost += info.cost;
			way.bridges++;
			if (shorter(way, ways[to.bridge])) {
				ways[to.bridge] = way;
				better = true;
			}
		}
	}
	return better;
}

static bool shorter(struct way a, struct way b)
{
	return a.root < b.root || (a.root == b.root && a.cost < b.cost);
}

static void check_joined(struct world *w)
{
	int cables[BRIDGES_MAX + LANS_MAX], active[BRIDGES_MAX + LANS_MAX];
	int n = w->sim->n_bridges + w->sim->n_lans;

	sim_joined(w->sim, false, cables);
	sim_joined(w->sim, true, active);
	if (parts(cables, n) != parts(active, n))
		broken(w, "the cables make %d parts, the active topology %d",
		    parts(cables, n), parts(active, n));
}

static int parts(const int *part, int n)
{
	int count = 0;

	for (int i = 0; i < n; i++)
		count += part[i] == i;
	return count;
}

static void check_designated(struct world *w)
{
	for (int lan = 0; lan < w->sim->n_lans; lan++) {
		struct sim_lan *l = &w->sim->lans[lan];
		int up = 0, designated = 0;

		for (int i = 0; i < l->n_ends; i++) {
			struct stp_port_info info;

			if (!port_up(w->sim, l->ends[i]))
				continue;
			stp_port_info(sim_stp(w->sim, l->ends[i].bridge),
			    l->ends[i].port, w->sim->now_ms, &info);
			up++;
			designated += info.role == STP_ROLE_DESIGNATED;
		}
		if (up && designated != 1)
			broken(w, "LAN %d has %d designated ports", lan,
			    designated);
	}
}

static void check_roots(struct world *w, const struct way *ways)
{
	struct stp_bridge_info info;

	for (int b = 0; b < w->sim->n_bridges; b++) {
		stp_bridge_info(sim_stp(w->sim, b), w->sim->now_ms, &info);
		if (info.root_id != ways[b].root)
			broken(w, "bridge %d does not have the best root", b);
		if (info.root_path_cost != ways[b].cost)
			broken(w, "bridge %d: root path cost %u, best is %llu",
			    b, info.root_path_cost,
			    (unsigned long long)ways[b].cost);
	}
}

static bool port_up(struct sim *sim, struct sim_end end)
{
	return sim_port(sim, end.bridge, end.port)->up;
}
