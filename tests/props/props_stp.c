/* SPDX-License-Identifier: BSD-2-Clause */
/* props_stp.c - what must hold in every network of spanning tree entities.
 *
 * Random networks of 2 to 24 bridges with shared LANs, parallel links, random
 * priorities and costs live through cuts, repairs, dying bridges, lost BPDUs
 * and management, in virtual time:
 *
 * always    no loop of forwarding ports, at any moment
 * at last   when nothing has happened for max age + 2 * forward delay + a tick:
 *           the active topology joins what the cables join, and is a tree; the
 *           root is the best bridge; each LAN has one designated port; each
 *           root path cost is the least possible (checked by a plain search)
 *
 * The families of networks differ in what their ports may be:
 *
 * plain     edge=no, bpdu=always: the standard itself
 * office    edge=yes where only stations are, bpdu=auto and always mixed: no
 *           loop ever, and the active topology joins what it should
 * mute      bpdu=never on at most one port of a LAN, no BPDU is lost: no loop
 *           at last, and only very rarely one before, which max age ends
 * wrong     edge=yes also where bridges are, no BPDU is lost: a loop ends
 *           within a hello time
 *
 * Usage: props_stp [-n NETWORKS] [-s SEED] [-f FAMILY] [-v] */
#include "props_stp.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "stp/stp_status.h"

enum { EVENTS_MAX = 8 };

static const char *const family_names[] = {"plain", "office", "mute", "wrong"};

struct record record;

static int family_number(const char *name);
static void run_network(uint64_t seed, enum family family);
static void dump(struct sim *sim);
static void dump_bridge(struct sim *sim, int bridge);

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
			only = family_number(optarg);
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

static int family_number(const char *name)
{
	for (int f = 0; f < FAMILIES; f++)
		if (strcmp(name, family_names[f]) == 0)
			return f;
	fprintf(stderr, "props_stp: -f %s: give plain, office, mute or wrong\n",
	    name);
	exit(2);
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

uint64_t mix(uint64_t x)
{
	x += 0x9e3779b97f4a7c15;
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
	x = (x ^ x >> 27) * 0x94d049bb133111eb;
	return x ^ x >> 31;
}

uint32_t below(struct world *w, uint32_t limit)
{
	w->random = mix(w->random);
	return (w->random >> 32) * limit >> 32;
}

bool chance(struct world *w, uint32_t percent)
{
	return below(w, 100) < percent;
}

__attribute__((format(printf, 2, 3))) void tell(
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

__attribute__((format(printf, 2, 3), noreturn)) void broken(
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

static void dump(struct sim *sim)
{
	for (int b = 0; b < sim->n_bridges; b++)
		dump_bridge(sim, b);
}

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
