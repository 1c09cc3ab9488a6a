/* SPDX-License-Identifier: BSD-2-Clause */
/* props_stp.c - what must hold in every network of spanning tree entities.
 *
 * Random networks of 2 to 24 bridges with shared LANs, parallel links, random
 * priorities and costs live through cuts, repairs, dying bridges, lost BPDUs
 * and management, in virtual time:
 *
 * always    no loop of forwarding ports, at no moment
 * at last   when nothing has happened for max age + 2 * forward delay + a tick:
 *           the active topology joins what the cables join, and is a tree; the
 *           root is the best bridge; each LAN has one designated port; each
 *           root path cost is the least there is (all against a plain search)
 *
 * The families of networks differ in what their ports may be:
 *
 * plain     edge=no, bpdu=always: the standard itself
 * office    edge=yes where only stations are; bpdu=auto, always and guard
 * mixed: no loop ever, and the active topology joins what it should mute
 * bpdu=never on at most one port a LAN, no BPDU is lost: at last no loop, and
 * in between none but very seldom, which max age ends wrong     edge=yes also
 * where bridges are, no BPDU is lost: a loop ends within a hello time
 *
 * Usage: props_stp [-n NETWORKS] [-s SEED] [-f FAMILY] [-v] */
#include <err.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "stp/sim.h"
#include "stp/stp_status.h"

enum {
	BRIDGES_MAX = 24,
	LANS_MAX = 64,
	ENDS_MAX = 6,
	EVENTS_MAX = 8,
	DELAY_MAX_MS = 20,
	TICK_MS = 1000,
	HOLD_MS = 1000,
};

enum family { PLAIN, OFFICE, MUTE, WRONG, FAMILIES };

static const char *const family_names[] = {"plain", "office", "mute", "wrong"};

struct world {
	uint64_t seed, random;
	enum family family;
	struct sim *sim;
	uint64_t loop_since_ms;
	bool loop;
};

static struct {
	uint64_t slowest_ms, longest_loop_ms, delivered, settled, late;
	bool verbose;
} record;

/* --- chance ------------------------------------------------------------------
 */

static uint64_t mix(uint64_t x)
{
	x += 0x9e3779b97f4a7c15;
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
	x = (x ^ x >> 27) * 0x94d049bb133111eb;
	return x ^ x >> 31;
}

static uint32_t below(struct world *w, uint32_t limit)
{
	w->random = mix(w->random);
	return (w->random >> 32) * limit >> 32;
}

static bool chance(struct world *w, uint32_t percent)
{
	return below(w, 100) < percent;
}

/* --- what went wrong
 * ---------------------------------------------------------- */

static void dump_bridge(struct sim *sim, int bridge)
{
	struct stp *stp = sim_stp(sim, bridge);
	struct stp_bridge_info info;
	char id[STP_ID_STRLEN], text[512];

	stp_bridge_info(stp, sim->now_ms, &info);
	printf("bridge %d %s\n", bridge, stp_id_format(info.bridge_id, id));
	for (int p = 1; p <= sim->bridges[bridge]->n_ports; p++) {
		stp_explain(stp, p, sim->now_ms, text, sizeof(text));
		printf("  port %d on LAN %d: %s: %s\n", p,
		    sim_port(sim, bridge, p)->lan,
		    stp_state_name(stp_port_state(stp, p)), text);
	}
}

static void dump(struct sim *sim)
{
	for (int b = 0; b < sim->n_bridges; b++)
		dump_bridge(sim, b);
}

__attribute__((format(printf, 2, 3))) static void tell(
    struct world *w, const char *format, ...)
{
	va_list args;

	if (!record.verbose)
		return;
	printf("%8llu ms: ", (unsigned long long)w->sim->now_ms);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
}

__attribute__((format(printf, 2, 3), noreturn)) static void broken(
    struct world *w, const char *format, ...)
{
	va_list args;

	if (record.verbose)
		dump(w->sim);
	fprintf(stderr,
	    "props_stp: at %llu ms: ", (unsigned long long)w->sim->now_ms);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, "; repeat with: props_stp -n 1 -f %s -s 0x%llx\n",
	    family_names[w->family], (unsigned long long)w->seed);
	exit(1);
}

/* --- a random network
 * --------------------------------------------------------- */

struct plan {
	int bridges, lans;
	int n_ends[LANS_MAX];
	int ends[LANS_MAX][ENDS_MAX]; /* bridges, a bridge perhaps twice */
	int ports[BRIDGES_MAX];
};

static void plan_end(struct plan *plan, int lan, int bridge)
{
	if (plan->n_ends[lan] == ENDS_MAX)
		return;
	plan->ends[lan][plan->n_ends[lan]++] = bridge;
	plan->ports[bridge]++;
}

static void plan_link(struct plan *plan, int a, int b)
{
	plan_end(plan, plan->lans, a);
	plan_end(plan, plan->lans, b);
	plan->lans++;
}

/* Each bridge but the first is linked to an earlier one, mostly; then come more
 * links, doubled links, and ends that make a link a shared LAN. */
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

static uint64_t random_id(struct world *w, int bridge)
{
	uint64_t priority = chance(w, 70) ? STP_PRIORITY : below(w, 0x10000);

	return priority << 48 | (uint64_t)below(w, UINT32_MAX) << 8 | bridge;
}

static uint32_t random_cost(struct world *w)
{
	static const uint32_t costs[] = {2, 4, 19, 100};

	return chance(w, 50) ? costs[below(w, 4)] : 1 + below(w, 200);
}

static void choose_policy(struct world *w, const struct plan *plan, int bridge,
    int port, int lan, int end)
{
	struct stp *stp = sim_stp(w->sim, bridge);
	enum stp_bpdu bpdu = STP_BPDU_ALWAYS;
	bool stations = plan->n_ends[lan] == 1, edge = false;

	if (w->family == OFFICE || w->family == WRONG)
		bpdu = chance(w, 70) ? STP_BPDU_AUTO : STP_BPDU_ALWAYS;
	if (w->family == OFFICE)
		edge = stations && chance(w, 80);
	if (w->family == WRONG)
		edge = chance(w, 50);
	if (w->family == MUTE && end == 0 && chance(w, 50))
		bpdu = STP_BPDU_NEVER;
	stp_port_set_bpdu(stp, port, bpdu, 0);
	stp_port_set_edge(stp, port, edge, 0);
}

static void build_network(struct world *w)
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

/* --- always
 * ---------------------------------------------------------------------- */

static void loop_lasted(struct world *w, uint64_t ms)
{
	const struct stp_times *t = &w->sim->times;
	uint64_t longest_ms =
	    w->family == WRONG ? t->hello_ms + 2 * DELAY_MAX_MS : t->max_age_ms;

	if (ms > longest_ms)
		broken(
		    w, "a loop has lasted for %llu ms", (unsigned long long)ms);
	if (ms > record.longest_loop_ms)
		record.longest_loop_ms = ms;
}

static void on_moment(struct sim *sim, void *ctx)
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
		w->loop_since_ms = sim->now_ms;
	if (w->loop)
		loop_lasted(w, sim->now_ms - w->loop_since_ms);
	w->loop = loop;
}

/* --- events
 * ------------------------------------------------------------------------ */

static void lan_links(struct world *w, int lan, bool up)
{
	struct sim_lan *l = &w->sim->lans[lan];

	tell(w, "LAN %d %s", lan, up ? "up" : "down");
	for (int i = 0; i < l->n_ends; i++)
		sim_link(w->sim, l->ends[i].bridge, l->ends[i].port, up);
}

static void bridge_links(struct world *w, int bridge, bool up)
{
	tell(w, "bridge %d %s", bridge, up ? "up" : "down");
	for (int p = 1; p <= w->sim->bridges[bridge]->n_ports; p++)
		sim_link(w->sim, bridge, p, up);
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

static void manage(struct world *w, int bridge)
{
	struct stp *stp = sim_stp(w->sim, bridge);
	int port = 1 + below(w, w->sim->bridges[bridge]->n_ports);
	uint64_t now_ms = w->sim->now_ms;

	tell(w, "bridge %d port %d is managed", bridge, port);
	/* A BPDU under the old identifier may be under way to another port of
	 * the bridge, which then takes it for a stranger's until it ages out:
	 * plain ports have their delays for that, wrong edge ports have not. */
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

/* BPDUs are lost, on some LANs or on all, for less than it takes to forget. */
static void be_deaf(struct world *w)
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
	tell(w, "none is deaf");
}

static void event(struct world *w)
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

static void switch_on(struct world *w)
{
	int order = below(w, 3);

	for (int b = 0; b < w->sim->n_bridges; b++) {
		bridge_links(w, b, true);
		if (order == 0)
			sim_run(w->sim, w->sim->now_ms + below(w, 3000));
	}
}

/* --- at last
 * ---------------------------------------------------------------------------
 */

static int parts(const int *part, int n)
{
	int count = 0;

	for (int i = 0; i < n; i++)
		count += part[i] == i;
	return count;
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

static bool port_up(struct sim *sim, struct sim_end end)
{
	return sim_port(sim, end.bridge, end.port)->up;
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

struct way {
	uint64_t root;
	uint64_t cost;
	int bridges;
};

static bool shorter(struct way a, struct way b)
{
	return a.root < b.root || (a.root == b.root && a.cost < b.cost);
}

/* One round of Bellman and Ford: what each LAN offers, each port tries. */
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

/* What a plain search finds to be the root of each bridge, and the least cost.
 * Return: how many bridges the longest of these ways passes. */
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

static void check_roots(struct world *w, const struct way *ways)
{
	struct stp_bridge_info info;

	for (int b = 0; b < w->sim->n_bridges; b++) {
		stp_bridge_info(sim_stp(w->sim, b), w->sim->now_ms, &info);
		if (info.root_id != ways[b].root)
			broken(w, "bridge %d has not the best root", b);
		if (info.root_path_cost != ways[b].cost)
			broken(w, "bridge %d: root path cost %u, best is %llu",
			    b, info.root_path_cost,
			    (unsigned long long)ways[b].cost);
	}
}

/* --- one network
 * ---------------------------------------------------------------------- */

/* Max age until the last has forgotten what is no more, then listening and
 * learning. The news may wait a hold time at each bridge on its way, because
 * the bridge has just sent something else; how often that shows is counted. */
static void settle_down(struct world *w)
{
	const struct stp_times *t = &w->sim->times;
	uint64_t bound_ms = t->max_age_ms + 2 * t->forward_delay_ms + TICK_MS;
	uint64_t from_ms = w->sim->now_ms, took_ms = 0;
	struct way ways[BRIDGES_MAX];
	int bridges = best_ways(w, ways);

	sim_run(w->sim, from_ms + bound_ms + (bridges - 1) * HOLD_MS);
	if (w->loop)
		broken(w, "at last there is a loop");
	if (w->family == PLAIN || w->family == OFFICE)
		check_joined(w);
	if (w->family == PLAIN) {
		check_designated(w);
		check_roots(w, ways);
	}
	if (w->sim->last_change_ms > from_ms)
		took_ms = w->sim->last_change_ms - from_ms;
	if (took_ms > record.slowest_ms)
		record.slowest_ms = took_ms;
	record.settled++;
	record.late += took_ms > bound_ms;
}

static void run_network(uint64_t seed, enum family family)
{
	struct world w = {.seed = seed, .random = seed, .family = family};
	int events;

	build_network(&w);
	w.sim->moment = on_moment;
	w.sim->ctx = &w;
	switch_on(&w);
	if (chance(&w, 50))
		settle_down(&w);
	events = below(&w, EVENTS_MAX);
	for (int i = 0; i < events; i++) {
		event(&w);
		sim_run(w.sim, w.sim->now_ms + below(&w, 15000));
		if (family < MUTE && chance(&w, 10))
			be_deaf(&w);
	}
	settle_down(&w);
	record.delivered += w.sim->delivered;
	sim_free(w.sim);
}

int main(int argc, char **argv)
{
	uint64_t seed = 1, networks = 10000;
	int only = -1, option;

	while ((option = getopt(argc, argv, "n:s:f:v")) != -1) {
		if (option == 'n')
			networks = strtoull(optarg, NULL, 0);
		else if (option == 's')
			seed = strtoull(optarg, NULL, 0);
		else if (option == 'v')
			record.verbose = true;
		else if (option == 'f')
			for (int f = 0; f < FAMILIES; f++)
				only =
				    strcmp(optarg, family_names[f]) ? only : f;
		else
			return 2;
	}
	for (uint64_t i = 0; i < networks; i++) {
		run_network(seed, only >= 0 ? only : (int)(i % FAMILIES));
		seed = mix(seed);
	}
	printf("%llu networks, %llu BPDUs; settled %llu times, slowest in %.3f "
	       "s, %llu later than max age + 2 * forward delay + a tick; "
	       "longest loop %.3f s\n",
	    (unsigned long long)networks, (unsigned long long)record.delivered,
	    (unsigned long long)record.settled, record.slowest_ms / 1000.0,
	    (unsigned long long)record.late, record.longest_loop_ms / 1000.0);
	return 0;
}
