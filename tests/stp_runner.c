/* SPDX-License-Identifier: BSD-2-Clause */
/* stp_runner.c - runs a topology script: bridges on LANs, time passing, states
 * expected. tests/stp/README.md describes the language.
 *
 * Usage: stp_runner FILE.stp
 * Exit status: 0 every check holds, 1 one does not, 2 FILE cannot be read. */
#include <ctype.h>
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stp/script.h"
#include "stp/sim.h"
#include "stp/stp_status.h"

enum { LANS = 26, RUN_MS = 180000, DEFAULT_COST = 10 };

struct runner {
	struct script script;
	struct sim *sim;
	int failures;
};

static void run_script(struct runner *r, FILE *script);
static void statement(struct runner *r);
static void do_bridge(struct runner *r);
static void new_bridge(struct runner *r, int bridge);
static void change_bridge(struct runner *r, int bridge);
static void wire_ports(struct runner *r, int bridge);
static void port_word(struct runner *r, int bridge, int port);
static void port_settings(struct runner *r, int bridge, int port);
static void plug(struct runner *r, int bridge, int port, int lan);
static void do_run(struct runner *r);
static void do_check(struct runner *r);
static void check_root_id(
    struct runner *r, int bridge, const struct stp_bridge_info *info);
static void check_is_root(
    struct runner *r, int bridge, const struct stp_bridge_info *info);
static void check_state(struct runner *r, int bridge, int port);
static void check_port(
    struct runner *r, int bridge, int port, const char *expected);
static void fail(struct runner *r, int bridge, int port, const char *state,
    const char *expected);
static void state_word(struct runner *r, int bridge, int port, char *word);
static void do_dump(struct runner *r);
static void dump_ports(struct runner *r, int bridge);
static void do_tree(struct runner *r);
static void print_tree(struct runner *r, uint64_t parent, int depth);
static uint64_t parent_of(struct runner *r, int i);
static uint64_t identifier(struct runner *r);
static int bridge_number(struct runner *r);

int main(int argc, char **argv)
{
	struct runner r = {0};
	FILE *script;

	if (argc != 2)
		errx(EXIT_SCRIPT, "usage: stp_runner FILE.stp");
	r.script.file = argv[1];
	script = fopen(r.script.file, "r");
	if (!script)
		err(EXIT_SCRIPT, "%s", r.script.file);
	r.sim = sim_new(LANS);
	run_script(&r, script);
	fclose(script);
	sim_free(r.sim);
	return r.failures ? 1 : 0;
}

static void run_script(struct runner *r, FILE *script)
{
	char *line = NULL;
	size_t size = 0;

	while (getline(&line, &size, script) >= 0) {
		r->script.line++;
		line[strcspn(line, "#\r\n")] = '\0';
		r->script.at = line;
		if (!script_at_end(&r->script))
			statement(r);
	}
	if (ferror(script))
		err(EXIT_SCRIPT, "%s", r->script.file);
	free(line);
}

static void statement(struct runner *r)
{
	static const struct {
		const char *word;
		void (*run)(struct runner *r);
	} table[] = {
	    {"bridge", do_bridge},
	    {"run", do_run},
	    {"check", do_check},
	    {"dump", do_dump},
	    {"tree", do_tree},
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (!script_match(&r->script, table[i].word))
			continue;
		table[i].run(r);
		if (!script_at_end(&r->script))
			script_error(&r->script, "nothing expected at \"%s\"",
			    r->script.at);
		return;
	}
	script_error(&r->script, "statement expected at \"%s\"", r->script.at);
}

static void do_bridge(struct runner *r)
{
	int bridge = script_number(&r->script, "bridge number", 0xffff);

	if (bridge < r->sim->n_bridges)
		change_bridge(r, bridge);
	else
		new_bridge(r, bridge);
	if (script_match(&r->script, "="))
		wire_ports(r, bridge);
}

static void new_bridge(struct runner *r, int bridge)
{
	if (bridge != r->sim->n_bridges)
		script_error(
		    &r->script, "the next bridge is %d", r->sim->n_bridges);
	sim_bridge_add(r->sim, identifier(r), 0);
}

static void change_bridge(struct runner *r, int bridge)
{
	struct stp *stp = sim_stp(r->sim, bridge);
	struct stp_bridge_info info;
	uint64_t id;

	stp_bridge_info(stp, r->sim->now_ms, &info);
	id = info.bridge_id;
	if (script_at_number(&r->script))
		id = (id & 0xffff000000000000) |
		     script_number(&r->script, "identifier", 0xffffffffffff);
	if (script_match(&r->script, "^"))
		id = (id & 0xffffffffffff) |
		     script_number(&r->script, "priority", 0xffff) << 48;
	if (id != info.bridge_id)
		stp_set_bridge_id(stp, id, r->sim->now_ms);
	sim_touched(r->sim, bridge);
}

static void wire_ports(struct runner *r, int bridge)
{
	int port = 0;

	while (!script_at_end(&r->script))
		port_word(r, bridge, ++port);
	while (port < r->sim->bridges[bridge]->n_ports)
		sim_link(r->sim, bridge, ++port, false);
}

static void port_word(struct runner *r, int bridge, int port)
{
	int lan = SIM_NO_LAN;

	sim_ports_add(r->sim, bridge, port);
	if (script_match(&r->script, "_"))
		return;
	if (script_match(&r->script, "X")) {
		sim_link(r->sim, bridge, port, false);
		plug(r, bridge, port, SIM_NO_LAN);
		return;
	}
	if (!script_match(&r->script, "0")) {
		if (!islower((unsigned char)*r->script.at) ||
		    script_word_char(r->script.at[1]))
			script_error(&r->script, "port expected at \"%s\"",
			    r->script.at);
		lan = *r->script.at++ - 'a';
	}
	plug(r, bridge, port, lan);
	port_settings(r, bridge, port);
	sim_link(r->sim, bridge, port, true);
}

/* Port priorities have 4 bits, as in 802.1t and all later editions. */
static void port_settings(struct runner *r, int bridge, int port)
{
	struct stp *stp = sim_stp(r->sim, bridge);
	uint32_t cost = DEFAULT_COST;

	if (script_match(&r->script, ":"))
		cost = script_number(&r->script, "path cost", STP_COST_MAX);
	if (stp_port_set_cost(stp, port, cost, r->sim->now_ms) < 0)
		script_error(&r->script, "path cost %u: give 1 to 65535", cost);
	if (script_match(&r->script, "^")) {
		int priority = script_number(&r->script, "port priority", 255);

		stp_port_set_priority(
		    stp, port, priority & 0xf0, r->sim->now_ms);
	}
	sim_touched(r->sim, bridge);
}

static void plug(struct runner *r, int bridge, int port, int lan)
{
	if (sim_port(r->sim, bridge, port)->lan != lan)
		sim_connect(r->sim, bridge, port, lan);
}

static void do_run(struct runner *r)
{
	uint32_t tick_ms = script_number(&r->script, "tick", RUN_MS);

	if (!tick_ms)
		script_error(
		    &r->script, "a tick of 0 ms never ends: give 1 or more");
	for (uint32_t ms = 0; ms < RUN_MS; ms += tick_ms)
		sim_step(r->sim, tick_ms);
}

static void do_check(struct runner *r)
{
	int bridge = bridge_number(r);
	struct stp_bridge_info info;
	int port = 0;

	if (!script_match(&r->script, "="))
		script_error(
		    &r->script, "\"=\" expected at \"%s\"", r->script.at);
	stp_bridge_info(sim_stp(r->sim, bridge), r->sim->now_ms, &info);
	check_root_id(r, bridge, &info);
	if (script_match(&r->script, "root")) {
		check_is_root(r, bridge, &info);
		return;
	}
	while (!script_at_end(&r->script))
		check_state(r, bridge, ++port);
	while (port < r->sim->bridges[bridge]->n_ports)
		check_port(r, bridge, ++port, "D");
}

static void check_root_id(
    struct runner *r, int bridge, const struct stp_bridge_info *info)
{
	char is[STP_ID_STRLEN], expected[STP_ID_STRLEN];
	uint64_t id;

	if (!script_match(&r->script, "rootid"))
		return;
	if (!script_match(&r->script, ":"))
		script_error(&r->script, "\":\" expected after rootid");
	id = identifier(r);
	if (id == info->root_id)
		return;
	printf("%s:%d: bridge %d: root %s, expected %s\n", r->script.file,
	    r->script.line, bridge, stp_id_format(info->root_id, is),
	    stp_id_format(id, expected));
	r->failures++;
}

static void check_is_root(
    struct runner *r, int bridge, const struct stp_bridge_info *info)
{
	char root[STP_ID_STRLEN], word[16];

	if (info->root_id != info->bridge_id || info->root_path_cost != 0) {
		printf("%s:%d: bridge %d: root %s at cost %u, expected to be "
		       "the root itself\n",
		    r->script.file, r->script.line, bridge,
		    stp_id_format(info->root_id, root), info->root_path_cost);
		r->failures++;
	}
	for (int port = 1; port <= r->sim->bridges[bridge]->n_ports; port++) {
		state_word(r, bridge, port, word);
		if (strcmp(word, "F") != 0 && strcmp(word, "D") != 0)
			fail(r, bridge, port, word, "F");
	}
}

static void check_state(struct runner *r, int bridge, int port)
{
	static const char *const words[] = {"B", "Li", "Le", "D"};
	char expected[16];

	if (script_match(&r->script, "_"))
		return;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (script_match(&r->script, words[i])) {
			check_port(r, bridge, port, words[i]);
			return;
		}
	}
	if (!script_match(&r->script, "F"))
		script_error(
		    &r->script, "state expected at \"%s\"", r->script.at);
	snprintf(expected, sizeof(expected), "F");
	if (script_match(&r->script, ":"))
		snprintf(expected, sizeof(expected), "F:%u",
		    (unsigned)script_number(
			&r->script, "root path cost", UINT32_MAX));
	check_port(r, bridge, port, expected);
}

static void check_port(
    struct runner *r, int bridge, int port, const char *expected)
{
	char state[16] = "D";

	if (port <= r->sim->bridges[bridge]->n_ports)
		state_word(r, bridge, port, state);
	if (strcmp(state, expected) != 0)
		fail(r, bridge, port, state, expected);
}

static void fail(struct runner *r, int bridge, int port, const char *state,
    const char *expected)
{
	printf("%s:%d: bridge %d port %d: state %s, expected %s\n",
	    r->script.file, r->script.line, bridge, port - 1, state, expected);
	r->failures++;
}

/* The script's word for the state of a port; @word has 16 bytes. */
static void state_word(struct runner *r, int bridge, int port, char *word)
{
	static const char *const words[] = {
	    [STP_DISABLED] = "D",
	    [STP_BLOCKING] = "B",
	    [STP_LISTENING] = "Li",
	    [STP_LEARNING] = "Le",
	    [STP_FORWARDING] = "F",
	};
	struct stp *stp = sim_stp(r->sim, bridge);
	struct stp_bridge_info info;
	enum stp_state state = stp_port_state(stp, port);

	stp_bridge_info(stp, r->sim->now_ms, &info);
	if (state == STP_FORWARDING && info.root_port == port)
		snprintf(word, 16, "F:%u", info.root_path_cost);
	else
		snprintf(word, 16, "%s", words[state]);
}

static void do_dump(struct runner *r)
{
	for (int i = 0; i < r->sim->n_bridges; i++) {
		char id[STP_ID_STRLEN], root[STP_ID_STRLEN];
		struct stp_bridge_info info;

		stp_bridge_info(sim_stp(r->sim, i), r->sim->now_ms, &info);
		printf("bridge %d %s: root %s at cost %u\n", i,
		    stp_id_format(info.bridge_id, id),
		    stp_id_format(info.root_id, root), info.root_path_cost);
		dump_ports(r, i);
	}
}

static void dump_ports(struct runner *r, int bridge)
{
	for (int port = 1; port <= r->sim->bridges[bridge]->n_ports; port++) {
		int lan = sim_port(r->sim, bridge, port)->lan;
		char text[512];

		stp_explain(sim_stp(r->sim, bridge), port, r->sim->now_ms, text,
		    sizeof(text));
		printf("  port %d on %c: %s: %s\n", port - 1,
		    lan == SIM_NO_LAN ? '0' : 'a' + lan,
		    stp_state_name(
			stp_port_state(sim_stp(r->sim, bridge), port)),
		    text);
	}
}

static void do_tree(struct runner *r)
{
	print_tree(r, 0, 0);
}

/* Until the bridges agree, parents may form a circle: hence the limit. */
static void print_tree(struct runner *r, uint64_t parent, int depth)
{
	for (int i = 0; i < r->sim->n_bridges && depth <= r->sim->n_bridges;
	     i++) {
		struct stp_bridge_info info;
		char id[STP_ID_STRLEN];

		if (parent_of(r, i) != parent)
			continue;
		stp_bridge_info(sim_stp(r->sim, i), r->sim->now_ms, &info);
		printf("%*sbridge %d %s cost %u\n", depth * 2, "", i,
		    stp_id_format(info.bridge_id, id), info.root_path_cost);
		print_tree(r, info.bridge_id, depth + 1);
	}
}

/* The designated bridge behind the root port of bridge @i; 0: it is the root */
static uint64_t parent_of(struct runner *r, int i)
{
	struct stp_bridge_info info;
	struct stp_port_info port;

	stp_bridge_info(sim_stp(r->sim, i), r->sim->now_ms, &info);
	if (!info.root_port)
		return 0;
	stp_port_info(
	    sim_stp(r->sim, i), info.root_port, r->sim->now_ms, &port);
	return port.designated_bridge;
}

/* ID[^PRIORITY] */
static uint64_t identifier(struct runner *r)
{
	uint64_t address =
	    script_number(&r->script, "identifier", 0xffffffffffff);
	uint64_t priority = STP_PRIORITY;

	if (script_match(&r->script, "^"))
		priority = script_number(&r->script, "priority", 0xffff);
	return priority << 48 | address;
}

static int bridge_number(struct runner *r)
{
	int bridge = script_number(&r->script, "bridge number", 0xffff);

	if (bridge >= r->sim->n_bridges)
		script_error(
		    &r->script, "bridge %d is not defined yet", bridge);
	return bridge;
}
