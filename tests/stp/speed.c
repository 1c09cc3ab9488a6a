/* SPDX-License-Identifier: BSD-2-Clause */
/* speed.c - measures the spanning tree entity: the CPU time until a random mesh
 * of 1000 bridges with four links each has converged, and the time of a tick of
 * one bridge with 256 ports. Fails if the topology is wrong, or if the mesh
 * needs more than 10 s or a tick more than 20 us, each with a tenfold slack for
 * busy machines. The printed figures matter, not the limits. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "stp/sim.h"

enum { BRIDGES = 1000, DEGREE = 4, PORTS = 256, TICKS = 100000, SLACK = 10 };

static bool converge(void);
static struct sim *mesh(void);
static bool is_tree(struct sim *sim);
static bool tick(void);
static double cpu_s(void);

int main(void)
{
	bool converged = converge(), ticked = tick();

	return converged && ticked ? 0 : 1;
}

static bool converge(void)
{
	const struct stp_times t = stp_times_default();
	struct sim *sim = mesh();
	double start_s = cpu_s(), took_s;
	bool tree;

	sim_run(sim, t.max_age_ms + 2 * t.forward_delay_ms);
	took_s = cpu_s() - start_s;
	tree = is_tree(sim);
	printf("%d bridges of %d links: %s after %.1f s, %llu BPDUs, "
	       "%.3f s of CPU time\n",
	    BRIDGES, DEGREE, tree ? "a tree" : "NOT A TREE",
	    sim->last_change_at_ms / 1000.0, (unsigned long long)sim->delivered,
	    took_s);
	sim_free(sim);
	return tree && took_s < 10 * SLACK;
}

/* Every bridge has DEGREE ends. They are shuffled and linked in pairs. */
static struct sim *mesh(void)
{
	struct sim *sim = sim_new(BRIDGES * DEGREE / 2);
	int ends[BRIDGES * DEGREE];

	for (int i = 0; i < BRIDGES * DEGREE; i++) {
		int j = rand() % (i + 1);

		ends[i] = ends[j];
		ends[j] = i;
	}
	for (int b = 0; b < BRIDGES; b++)
		sim_bridge_add(
		    sim, (uint64_t)STP_PRIORITY << 48 | (b + 1), DEGREE);
	for (int i = 0; i < BRIDGES * DEGREE; i++)
		sim_connect(sim, ends[i] / DEGREE, 1 + ends[i] % DEGREE, i / 2);
	for (int i = 0; i < BRIDGES * DEGREE; i++)
		sim_link(sim, i / DEGREE, 1 + i % DEGREE, true);
	return sim;
}

static bool is_tree(struct sim *sim)
{
	int n = sim->n_bridges + sim->n_lans, parts[2] = {0};
	int *part = calloc(n, sizeof(*part));

	for (int active = 0; active < 2; active++) {
		sim_joined(sim, active, part);
		for (int i = 0; i < n; i++)
			parts[active] += part[i] == i;
	}
	free(part);
	return parts[0] == parts[1] && !sim_loop(sim);
}

static bool tick(void)
{
	struct sim *sim = sim_new(1);
	double start_s, took_us;

	sim_bridge_add(sim, 1, PORTS);
	for (int port = 1; port <= PORTS; port++)
		sim_link(sim, 0, port, true);
	start_s = cpu_s();
	for (int i = 0; i < TICKS; i++)
		stp_tick(sim_stp(sim, 0), i * 10);
	took_us = (cpu_s() - start_s) / TICKS * 1e6;
	printf("a tick of %d ports: %.2f us\n", PORTS, took_us);
	sim_free(sim);
	return took_us < 20 * SLACK;
}

static double cpu_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}
