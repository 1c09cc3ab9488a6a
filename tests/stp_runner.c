/* SPDX-License-Identifier: BSD-2-Clause */
/* stp_runner.c - runs a topology script: bridges on LANs, time passing, states
 * expected. The language is described in tests/stp/README.md.
 *
 * Usage: stp_runner FILE.stp
 * Exit status: 0 every check holds, 1 one does not, 2 FILE cannot be read. */
#include <ctype.h>
#include <err.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stp/sim.h"
#include "stp/stp_status.h"

enum {
	LANS = 26,
	RUN_MS = 180000,
	DEFAULT_COST = 10,
	EXIT_SCRIPT = 2,
};

struct runner {
	const char *file;
	int line;
	const char *at; /* what is left of the line */
	struct sim *sim;
	int failures;
};

/* --- words ------------------------------------------------------------------
 */

__attribute__((format(printf, 2, 3), noreturn)) static void script_error(
    const struct runner *r, const char *format, ...)
{
	va_list args;

	fprintf(stderr, "%s:%d: ", r->file, r->line);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(EXIT_SCRIPT);
}

static void skip_space(struct runner *r)
{
	while (isspace((unsigned char)*r->at))
		r->at++;
}

static bool at_end(struct runner *r)
{
	skip_space(r);
	return !*r->at;
}

static bool word_char(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* Take @token if it comes next, and as a word of its own if it is one. */
static bool match(struct runner *r, const char *token)
{
	size_t len = strlen(token);

	skip_space(r);
	if (strncmp(r->at, token, len) != 0)
		return false;
	if (word_char(token[len - 1]) && word_char(r->at[len]))
		return false;
	r->at += len;
	return true;
}

static bool at_number(struct runner *r)
{
	skip_space(r);
	return isdigit((unsigned char)*r->at);
}

static uint64_t number(struct runner *r, const char *what, uint64_t max)
{
	uint64_t value = 0;
	bool hex = false;

	if (!at_number(r))
		script_error(r, "%s expected at \"%s\"", what, r->at);
	if (r->at[0] == '0' && (r->at[1] | 0x20) == 'x') {
		hex = true;
		r->at += 2;
		if (!isxdigit((unsigned char)*r->at))
			script_error(r, "digits expected after 0x");
	}
	for (; isalnum((unsigned char)*r->at); r->at++) {
		const char *digits = "0123456789abcdef";
		const char *digit = strchr(digits, tolower(*r->at));
		int base = hex ? 16 : 10;

		if (!digit || digit - digits >= base)
			script_error(r, "%s is not a number", what);
		value = value * base + (digit - digits);
		if (value > max)
			script_error(r, "%s is more than %llu", what,
			    (unsigned long long)max);
	}
	return value;
}

/* ID[^PRIORITY] */
static uint64_t identifier(struct runner *r)
{
	uint64_t address = number(r, "identifier", 0xffffffffffff);
	uint64_t priority = STP_PRIORITY;

	if (match(r, "^"))
		priority = number(r, "priority", 0xffff);
	return priority << 48 | address;
}

static int bridge_number(struct runner *r)
{
	int bridge = number(r, "bridge number", 0xffff);

	if (bridge >= r->sim->n_bridges)
		script_error(r, "there is no bridge %d yet", bridge);
	return bridge;
}

/* --- bridge N ID[^PRIORITY] [= PORT ...] ------------------------------------
 */

static void plug(struct runner *r, int bridge, int port, int lan)
{
	if (sim_port(r->sim, bridge, port)->lan != lan)
		sim_connect(r->sim, bridge, port, lan);
}

/* Port priorities have 4 bits, as 802.1t and all later editions have it. */
static void port_settings(struct runner *r, int bridge, int port)
{
	struct stp *stp = sim_stp(r->sim, bridge);
	uint32_t cost = DEFAULT_COST;

	if (match(r, ":"))
		cost = number(r, "path cost", STP_COST_MAX);
	if (stp_port_set_cost(stp, port, cost, r->sim->now_ms) < 0)
		script_error(r, "path cost %u is not possible", cost);
	if (match(r, "^")) {
		int priority = number(r, "port priority", 255);

		stp_port_set_priority(
		    stp, port, priority & 0xf0, r->sim->now_ms);
	}
	sim_touched(r->sim, bridge);
}

static void port_word(struct runner *r, int bridge, int port)
{
	int lan = SIM_NO_LAN;

	sim_ports_add(r->sim, bridge, port);
	if (match(r, "_"))
		return;
	if (match(r, "X")) {
		sim_link(r->sim, bridge, port, false);
		plug(r, bridge, port, SIM_NO_LAN);
		return;
	}
	if (!match(r, "0")) {
		if (!islower((unsigned char)*r->at) || word_char(r->at[1]))
			script_error(r, "port expected at \"%s\"", r->at);
		lan = *r->at++ - 'a';
	}
	plug(r, bridge, port, lan);
	port_settings(r, bridge, port);
	sim_link(r->sim, bridge, port, true);
}

static void wire_ports(struct runner *r, int bridge)
{
	int port = 0;

	while (!at_end(r))
		port_word(r, bridge, ++port);
	while (port < r->sim->bridges[bridge]->n_ports)
		sim_link(r->sim, bridge, ++port, false);
}

static void new_bridge(struct runner *r, int bridge)
{
	if (bridge != r->sim->n_bridges)
		script_error(r, "the next bridge is %d", r->sim->n_bridges);
	sim_bridge_add(r->sim, identifier(r), 0);
}

static void change_bridge(struct runner *r, int bridge)
{
	struct stp *stp = sim_stp(r->sim, bridge);
	struct stp_bridge_info info;
	uint64_t id;

	stp_bridge_info(stp, r->sim->now_ms, &info);
	id = info.bridge_id;
	if (at_number(r))
		id = (id & 0xffff000000000000) |
		     number(r, "identifier", 0xffffffffffff);
	if (match(r, "^"))
		id = (id & 0xffffffffffff) | number(r, "priority", 0xffff)
						 << 48;
	if (id != info.bridge_id)
		stp_set_bridge_id(stp, id, r->sim->now_ms);
	sim_touched(r->sim, bridge);
}

static void do_bridge(struct runner *r)
{
	int bridge = number(r, "bridge number", 0xffff);

	if (bridge < r->sim->n_bridges)
		change_bridge(r, bridge);
	else
		new_bridge(r, bridge);
	if (match(r, "="))
		wire_ports(r, bridge);
}

/* --- run TICK ---------------------------------------------------------------
 */

static void do_run(struct runner *r)
{
	uint32_t tick_ms = number(r, "tick", RUN_MS);

	if (!tick_ms)
		script_error(r, "a tick of 0 ms lasts for ever");
	for (uint32_t ms = 0; ms < RUN_MS; ms += tick_ms)
		sim_step(r->sim, tick_ms);
}

/* --- check N = ... ----------------------------------------------------------
 */

static void fail(struct runner *r, int bridge, int port, const char *state,
    const char *expected)
{
	printf("%s:%d: bridge %d port %d: state %s, expected %s\n", r->file,
	    r->line, bridge, port - 1, state, expected);
	r->failures++;
}

/* The language's word for what a port is; @word has 16 bytes. */
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

static void check_port(
    struct runner *r, int bridge, int port, const char *expected)
{
	char state[16] = "D";

	if (port <= r->sim->bridges[bridge]->n_ports)
		state_word(r, bridge, port, state);
	if (strcmp(state, expected) != 0)
		fail(r, bridge, port, state, expected);
}

static void check_root_id(
    struct runner *r, int bridge, const struct stp_bridge_info *info)
{
	char is[STP_ID_STRLEN], expected[STP_ID_STRLEN];
	uint64_t id;

	if (!match(r, "rootid"))
		return;
	if (!match(r, ":"))
		script_error(r, "\":\" expected after rootid");
	id = identifier(r);
	if (id == info->root_id)
		return;
	printf("%s:%d: bridge %d: root %s, expected %s\n", r->file, r->line,
	    bridge, stp_id_format(info->root_id, is),
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
		    r->file, r->line, bridge,
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

	if (match(r, "_"))
		return;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (match(r, words[i])) {
			check_port(r, bridge, port, words[i]);
			return;
		}
	}
	if (!match(r, "F"))
		script_error(r, "state expected at \"%s\"", r->at);
	snprintf(expected, sizeof(expected), "F");
	if (match(r, ":"))
		snprintf(expected, sizeof(expected), "F:%u",
		    (unsigned)number(r, "root path cost", UINT32_MAX));
	check_port(r, bridge, port, expected);
}

static void do_check(struct runner *r)
{
	int bridge = bridge_number(r);
	struct stp_bridge_info info;
	int port = 0;

	if (!match(r, "="))
		script_error(r, "\"=\" expected at \"%s\"", r->at);
	stp_bridge_info(sim_stp(r->sim, bridge), r->sim->now_ms, &info);
	check_root_id(r, bridge, &info);
	if (match(r, "root")) {
		check_is_root(r, bridge, &info);
		return;
	}
	while (!at_end(r))
		check_state(r, bridge, ++port);
	while (port < r->sim->bridges[bridge]->n_ports)
		check_port(r, bridge, ++port, "D");
}

/* --- dump, tree --------------------------------------------------------------
 */

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

/* Who tells bridge @i about the root: its parent's identifier, 0 for none. */
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

/* Deeper than there are bridges it goes only while beliefs are still wrong. */
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

static void do_tree(struct runner *r)
{
	print_tree(r, 0, 0);
}

/* --- the script
 * --------------------------------------------------------------- */

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
		if (!match(r, table[i].word))
			continue;
		table[i].run(r);
		if (!at_end(r))
			script_error(r, "nothing expected at \"%s\"", r->at);
		return;
	}
	script_error(r, "statement expected at \"%s\"", r->at);
}

static void run_script(struct runner *r, FILE *script)
{
	char *line = NULL;
	size_t size = 0;

	while (getline(&line, &size, script) >= 0) {
		r->line++;
		line[strcspn(line, "#\r\n")] = '\0';
		r->at = line;
		if (!at_end(r))
			statement(r);
	}
	if (ferror(script))
		err(EXIT_SCRIPT, "%s", r->file);
	free(line);
}

int main(int argc, char **argv)
{
	struct runner r = {0};
	FILE *script;

	if (argc != 2)
		errx(EXIT_SCRIPT, "usage: stp_runner FILE.stp");
	r.file = argv[1];
	script = fopen(r.file, "r");
	if (!script)
		err(EXIT_SCRIPT, "%s", r.file);
	r.sim = sim_new(LANS);
	run_script(&r, script);
	fclose(script);
	sim_free(r.sim);
	return r.failures ? 1 : 0;
}
