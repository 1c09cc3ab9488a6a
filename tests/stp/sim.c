/* SPDX-License-Identifier: BSD-2-Clause */
/* sim.c - see sim.h */
#include "sim.h"

#include <err.h>
#include <stdlib.h>
#include <string.h>

struct sim_frame {
	uint64_t due_at_ms;
	int lan;
	struct sim_end from;
	uint8_t len;
	uint8_t bpdu[STP_BPDU_MAX];
};

static void *grow(void *array, int *max, int want, size_t size);
static void on_port_state(void *ctx, int port, enum stp_state state);
static void on_ageing(void *ctx, uint32_t ageing_ms);
static void on_transmit(void *ctx, int port, const uint8_t *bpdu, size_t len);
static void unplug(struct sim_lan *lan, int bridge, int port);
static void deliver(struct sim *sim);
static void arrive(struct sim *sim, const struct sim_frame *frame);
static uint64_t next_event_at_ms(const struct sim *sim);
static bool join(struct sim *sim, bool active);
static int find(int *sets, int i);

struct sim *sim_new(int lans)
{
	struct sim *sim = calloc(1, sizeof(*sim));

	if (!sim)
		err(3, "simulator");
	sim->times = stp_times_default();
	sim->n_lans = lans;
	sim->lans = calloc(lans, sizeof(*sim->lans));
	if (!sim->lans)
		err(3, "simulator");
	return sim;
}

void sim_free(struct sim *sim)
{
	for (int i = 0; i < sim->n_bridges; i++) {
		stp_free(sim->bridges[i]->stp);
		free(sim->bridges[i]->ports);
		free(sim->bridges[i]);
	}
	for (int i = 0; i < sim->n_lans; i++)
		free(sim->lans[i].ends);
	free(sim->bridges);
	free(sim->lans);
	free(sim->queue);
	free(sim->sets);
	free(sim);
}

int sim_bridge_add(struct sim *sim, uint64_t id, int ports)
{
	static const struct stp_callbacks callbacks = {
	    .port_state = on_port_state,
	    .ageing = on_ageing,
	    .transmit = on_transmit,
	};
	struct sim_bridge *bridge = calloc(1, sizeof(*bridge));

	if (!bridge)
		err(3, "simulator");
	bridge->sim = sim;
	bridge->number = sim->n_bridges;
	bridge->stp = stp_new(id, &sim->times, ports ? ports : STP_PORTS_MAX,
	    &callbacks, bridge, sim->now_ms);
	if (!bridge->stp)
		err(3, "simulator: stp_new");
	sim->bridges = grow(sim->bridges, &sim->bridges_max, sim->n_bridges + 1,
	    sizeof(*sim->bridges));
	sim->bridges[sim->n_bridges++] = bridge;
	sim_ports_add(sim, bridge->number, ports);
	sim_touched(sim, bridge->number);
	return bridge->number;
}

void sim_ports_add(struct sim *sim, int number, int ports)
{
	struct sim_bridge *bridge = sim->bridges[number];

	if (ports <= bridge->n_ports)
		return;
	bridge->ports =
	    reallocarray(bridge->ports, ports, sizeof(*bridge->ports));
	if (!bridge->ports)
		err(3, "simulator");
	while (bridge->n_ports < ports) {
		bridge->ports[bridge->n_ports++] =
		    (struct sim_port){.lan = SIM_NO_LAN};
		if (stp_port_add(bridge->stp, bridge->n_ports) < 0)
			errx(3, "simulator: bridge %d has too many ports",
			    number);
		stp_port_set_bpdu(
		    bridge->stp, bridge->n_ports, STP_BPDU_ALWAYS, sim->now_ms);
	}
}

void sim_connect(struct sim *sim, int bridge, int port, int number)
{
	struct sim_port *p = sim_port(sim, bridge, port);

	if (p->lan != SIM_NO_LAN)
		unplug(&sim->lans[p->lan], bridge, port);
	p->lan = number;
	sim->changed = true;
	if (number != SIM_NO_LAN) {
		struct sim_lan *lan = &sim->lans[number];

		lan->ends = grow(lan->ends, &lan->ends_max, lan->n_ends + 1,
		    sizeof(*lan->ends));
		lan->ends[lan->n_ends++] = (struct sim_end){bridge, port};
	}
}

void sim_link(struct sim *sim, int bridge, int port, bool up)
{
	sim_port(sim, bridge, port)->up = up;
	if (up)
		stp_port_enable(sim_stp(sim, bridge), port, sim->now_ms);
	else
		stp_port_disable(sim_stp(sim, bridge), port, sim->now_ms);
	sim_touched(sim, bridge);
}

void sim_touched(struct sim *sim, int bridge)
{
	struct sim_bridge *b = sim->bridges[bridge];

	b->deadline_at_ms = stp_deadline_at_ms(b->stp);
	if (sim->moment)
		sim->moment(sim, sim->ctx);
}

void sim_step(struct sim *sim, uint32_t ms)
{
	sim->now_ms += ms;
	for (int i = 0; i < sim->n_bridges; i++) {
		stp_tick(sim_stp(sim, i), sim->now_ms);
		sim_touched(sim, i);
	}
	deliver(sim);
}

void sim_run(struct sim *sim, uint64_t end_at_ms)
{
	for (;;) {
		uint64_t next_at_ms = next_event_at_ms(sim);

		if (next_at_ms > end_at_ms)
			break;
		sim->now_ms = next_at_ms;
		for (int i = 0; i < sim->n_bridges; i++) {
			if (sim->bridges[i]->deadline_at_ms > sim->now_ms)
				continue;
			stp_tick(sim_stp(sim, i), sim->now_ms);
			sim_touched(sim, i);
		}
		deliver(sim);
	}
	sim->now_ms = end_at_ms;
}

bool sim_loop(struct sim *sim)
{
	return !join(sim, true);
}

void sim_joined(struct sim *sim, bool active, int *part)
{
	join(sim, active);
	for (int i = 0; i < sim->n_bridges + sim->n_lans; i++)
		part[i] = find(sim->sets, i);
}

struct sim_port *sim_port(struct sim *sim, int bridge, int port)
{
	return &sim->bridges[bridge]->ports[port - 1];
}

struct stp *sim_stp(struct sim *sim, int bridge)
{
	return sim->bridges[bridge]->stp;
}

static void *grow(void *array, int *max, int want, size_t size)
{
	int larger = *max ? *max : 16;

	if (want <= *max)
		return array;
	while (larger < want)
		larger *= 2;
	array = reallocarray(array, larger, size);
	if (!array)
		err(3, "simulator");
	*max = larger;
	return array;
}

static void on_port_state(void *ctx, int port, enum stp_state state)
{
	struct sim_bridge *bridge = ctx;

	bridge->ports[port - 1].state = state;
	bridge->sim->last_change_at_ms = bridge->sim->now_ms;
	if (state == STP_FORWARDING)
		bridge->sim->changed = true;
}

static void on_ageing(void *ctx, uint32_t ageing_ms)
{
	struct sim_bridge *bridge = ctx;

	bridge->ageing_ms = ageing_ms;
}

static void on_transmit(void *ctx, int port, const uint8_t *bpdu, size_t len)
{
	struct sim_bridge *bridge = ctx;
	struct sim *sim = bridge->sim;
	int lan = bridge->ports[port - 1].lan;
	struct sim_frame *frame;

	if (lan == SIM_NO_LAN)
		return;
	sim->queue = grow(sim->queue, &sim->queue_max, sim->n_queued + 1,
	    sizeof(*sim->queue));
	frame = &sim->queue[sim->n_queued++];
	frame->due_at_ms = sim->now_ms + sim->lans[lan].delay_ms;
	frame->lan = lan;
	frame->from = (struct sim_end){bridge->number, port};
	frame->len = len;
	memcpy(frame->bpdu, bpdu, len);
}

static void unplug(struct sim_lan *lan, int bridge, int port)
{
	for (int i = 0; i < lan->n_ends; i++) {
		if (lan->ends[i].bridge != bridge || lan->ends[i].port != port)
			continue;
		lan->ends[i] = lan->ends[--lan->n_ends];
		return;
	}
}

/* Also delivers what is sent meanwhile, if it is due. */
static void deliver(struct sim *sim)
{
	int kept = 0;

	for (int i = 0; i < sim->n_queued; i++) {
		struct sim_frame frame = sim->queue[i];

		if (frame.due_at_ms > sim->now_ms)
			sim->queue[kept++] = frame;
		else
			arrive(sim, &frame);
	}
	sim->n_queued = kept;
}

static void arrive(struct sim *sim, const struct sim_frame *frame)
{
	struct sim_lan *lan = &sim->lans[frame->lan];

	if (lan->deaf)
		return;
	for (int i = 0; i < lan->n_ends; i++) {
		struct sim_end to = lan->ends[i];

		if (to.bridge == frame->from.bridge &&
		    to.port == frame->from.port)
			continue;
		if (!sim_port(sim, to.bridge, to.port)->up)
			continue;
		sim->delivered++;
		stp_receive(sim_stp(sim, to.bridge), to.port, frame->bpdu,
		    frame->len, sim->now_ms);
		sim_touched(sim, to.bridge);
	}
}

static uint64_t next_event_at_ms(const struct sim *sim)
{
	uint64_t next_at_ms = UINT64_MAX;

	for (int i = 0; i < sim->n_bridges; i++)
		if (sim->bridges[i]->deadline_at_ms < next_at_ms)
			next_at_ms = sim->bridges[i]->deadline_at_ms;
	for (int i = 0; i < sim->n_queued; i++)
		if (sim->queue[i].due_at_ms < next_at_ms)
			next_at_ms = sim->queue[i].due_at_ms;
	return next_at_ms > sim->now_ms ? next_at_ms : sim->now_ms;
}

/* Joins what ports join. Return: false if a port joins what is joined already:
 * a loop. */
static bool join(struct sim *sim, bool active)
{
	bool tree = true;
	int nodes = sim->n_bridges + sim->n_lans;

	sim->sets = reallocarray(sim->sets, nodes, sizeof(*sim->sets));
	if (!sim->sets)
		err(3, "simulator");
	for (int i = 0; i < nodes; i++)
		sim->sets[i] = i;
	for (int b = 0; b < sim->n_bridges; b++) {
		for (int i = 0; i < sim->bridges[b]->n_ports; i++) {
			struct sim_port *p = &sim->bridges[b]->ports[i];
			int x, y;

			if (!p->up || p->lan == SIM_NO_LAN ||
			    (active && p->state != STP_FORWARDING))
				continue;
			x = find(sim->sets, b);
			y = find(sim->sets, sim->n_bridges + p->lan);
			tree = tree && x != y;
			sim->sets[x] = y;
		}
	}
	return tree;
}

static int find(int *sets, int i)
{
	while (sets[i] != i)
		i = sets[i] = sets[sets[i]];
	return i;
}
