/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * prop_fdb.c - the filtering database against a list.
 *
 * The model is an unordered list of entries, searched from end to end, and does
 * what fdb.h says in the simplest way. If several ports have expired entries,
 * or the most entries, fdb.h leaves open which one loses an entry: the model
 * takes the lowest number, as fdb.c does.
 */
#include "forwarding/fdb.h"

#include <errno.h>
#include <string.h>

#include "prop.h"

enum { N_MACS = 40, N_VIDS = 3, N_PORTS = 6, STEPS = 3000, MODEL_MAX = 256 };

struct line {
	int mac, vid, port;
	bool is_static;
	uint32_t stamp;
	uint64_t heard; /* order in which entries were last stamped */
	uint64_t taught;
};

struct model {
	int n, size;
	struct line lines[MODEL_MAX];
	uint32_t ageing_s;
	uint32_t max[N_PORTS + 1];
	uint64_t clock; /* source of heard */
	uint32_t now_s;
};

struct run {
	struct prop *prop;
	struct fdb *fdb;
	struct model m;
	uint64_t now_ms;
	uint64_t frame;
};

/* The ports of the test: not adjacent, and the highest among them. */
static int port_no(int i)
{
	static const int ports[N_PORTS + 1] = {0, 1, 2, 63, 64, 500, PORT_MAX};

	return ports[i];
}

static int port_index(int port)
{
	for (int i = 1; i <= N_PORTS; i++)
		if (port_no(i) == port)
			return i;
	return 0;
}

static const uint8_t *mac_bytes(int mac)
{
	static uint8_t bytes[ETH_ADDR] = {2};

	bytes[5] = (uint8_t)mac;
	return bytes;
}

static bool gone(const struct model *m, const struct line *l)
{
	return !l->is_static && m->now_s - l->stamp > m->ageing_s;
}

static int find(const struct model *m, int vid, int mac)
{
	for (int i = 0; i < m->n; i++)
		if (m->lines[i].vid == vid && m->lines[i].mac == mac)
			return i;
	return -1;
}

static void drop(struct model *m, int i)
{
	m->lines[i] = m->lines[--m->n];
}

static uint32_t count(const struct model *m, int port)
{
	uint32_t n = 0;

	for (int i = 0; i < m->n; i++)
		n += m->lines[i].port == port && !m->lines[i].is_static;
	return n;
}

static int oldest(const struct model *m, int port)
{
	int found = -1;

	for (int i = 0; i < m->n; i++)
		if (m->lines[i].port == port && !m->lines[i].is_static &&
		    (found < 0 || m->lines[i].heard < m->lines[found].heard))
			found = i;
	return found;
}

static int port_that_gives_way(const struct model *m, int learning)
{
	int fullest = 0;

	for (int port = 1; port <= N_PORTS; port++) {
		int i = oldest(m, port);

		if (i >= 0 && gone(m, &m->lines[i]))
			return port;
	}
	if (learning && count(m, learning) >= FDB_RESERVE)
		return learning;
	for (int port = 1; port <= N_PORTS; port++)
		if (count(m, port) > (fullest ? count(m, fullest) : 0))
			fullest = port;
	return fullest;
}

/* @learning is 0 for a static entry. */
static bool room(struct model *m, int learning)
{
	int port = learning;

	if (!learning || !m->max[learning] ||
	    count(m, learning) < m->max[learning]) {
		if (m->n < m->size)
			return true;
		port = port_that_gives_way(m, learning);
		if (!port)
			return false;
	}
	drop(m, oldest(m, port));
	return true;
}

static void add(struct model *m, struct line line)
{
	line.stamp = m->now_s;
	line.heard = ++m->clock;
	m->lines[m->n++] = line;
}

static enum fdb_learned model_learn(
    struct model *m, int vid, int mac, int port, uint64_t frame, int *from)
{
	struct line new = {mac, vid, port, .taught = frame};
	enum fdb_learned what = FDB_NEW;
	int i = find(m, vid, mac);

	if (i >= 0 && m->lines[i].is_static) {
		if (m->lines[i].port == port)
			return FDB_SAME;
		*from = m->lines[i].port;
		return FDB_CLAIMED;
	}
	if (i >= 0 && !gone(m, &m->lines[i])) {
		if (m->lines[i].port == port) {
			if (m->lines[i].stamp != m->now_s)
				m->lines[i].heard = ++m->clock;
			m->lines[i].stamp = m->now_s;
			return FDB_SAME;
		}
		what = FDB_MOVED;
		*from = m->lines[i].port;
	}
	if (i >= 0)
		drop(m, i);
	if (!room(m, port))
		return FDB_NOT_LEARNED;
	add(m, new);
	return what;
}

static void do_learn(struct run *run, int vid, int mac)
{
	int port = 1 + (int)prop_below(run->prop, N_PORTS);
	int from = 0, model_from = 0;
	uint64_t frame = ++run->frame;
	enum fdb_learned what = fdb_learn(run->fdb, (uint16_t)vid,
	    mac_bytes(mac), port_no(port), frame, run->now_ms, &from);

	PROP_CHECK(run->prop,
	    what == model_learn(&run->m, vid, mac, port, frame, &model_from));
	PROP_CHECK(run->prop, from == port_no(model_from));
}

static void do_static(struct run *run, int vid, int mac)
{
	struct model *m = &run->m;
	int port = 1 + (int)prop_below(run->prop, N_PORTS);
	int i = find(m, vid, mac), expect = 0;

	if (i >= 0)
		drop(m, i);
	if (room(m, 0))
		add(m, (struct line){mac, vid, port, .is_static = true});
	else
		expect = -ENOSPC;
	PROP_CHECK(
	    run->prop, fdb_add_static(run->fdb, (uint16_t)vid, mac_bytes(mac),
			   port_no(port), run->now_ms) == expect);
}

static void do_del(struct run *run, int vid, int mac)
{
	int i = find(&run->m, vid, mac);

	if (i >= 0)
		drop(&run->m, i);
	PROP_CHECK(run->prop, fdb_del(run->fdb, (uint16_t)vid,
				  mac_bytes(mac)) == (i >= 0 ? 0 : -ENOENT));
}

static void do_flush(struct run *run, int vid, int mac)
{
	struct prop *prop = run->prop;
	struct model *m = &run->m;
	int port = (int)prop_below(prop, N_PORTS + 1);
	struct fdb_filter filter = {
	    .port = port_no(port),
	    .vid = prop_one_in(prop, 2) ? (uint16_t)vid : 0,
	    .mac = prop_one_in(prop, 2) ? mac_bytes(mac) : NULL,
	    .statics = prop_one_in(prop, 2),
	};
	uint32_t n = 0;

	for (int i = m->n - 1; i >= 0; i--) {
		const struct line *l = &m->lines[i];

		if ((port && l->port != port) ||
		    (filter.vid && l->vid != filter.vid) ||
		    (filter.mac && l->mac != mac) ||
		    (l->is_static && !filter.statics))
			continue;
		drop(m, i);
		n++;
	}
	PROP_CHECK(prop, fdb_flush(run->fdb, &filter) == n);
}

static void do_limits(struct run *run)
{
	struct prop *prop = run->prop;
	struct model *m = &run->m;
	int port = 1 + (int)prop_below(prop, N_PORTS);

	if (prop_one_in(prop, 2)) {
		m->ageing_s = FDB_AGEING_MIN_S + prop_below(prop, 30);
		fdb_set_ageing(run->fdb, m->ageing_s);
		return;
	}
	m->max[port] = prop_one_in(prop, 2) ? 0 : 1 + prop_below(prop, 20);
	fdb_set_port_max(run->fdb, port_no(port), m->max[port]);
	while (m->max[port] && count(m, port) > m->max[port])
		drop(m, oldest(m, port));
}

static void check_lookup(struct run *run, int vid, int mac)
{
	const struct model *m = &run->m;
	struct fdb_fact fact;
	int i = find(m, vid, mac);
	int port = fdb_lookup(
	    run->fdb, (uint16_t)vid, mac_bytes(mac), run->now_ms, &fact);

	if (i < 0 || gone(m, &m->lines[i])) {
		PROP_CHECK(run->prop, port == 0);
		return;
	}
	const struct line *l = &m->lines[i];
	PROP_CHECK(run->prop, port == port_no(l->port));
	PROP_CHECK(run->prop, fact.known && fact.port == port);
	PROP_CHECK(run->prop, fact.is_static == l->is_static);
	PROP_CHECK(run->prop, fact.vid == vid);
	PROP_CHECK(run->prop, fact.taught == l->taught);
	PROP_CHECK(run->prop, memcmp(fact.mac, mac_bytes(mac), ETH_ADDR) == 0);
	PROP_CHECK(
	    run->prop, fact.age_s == (l->is_static ? 0 : m->now_s - l->stamp));
}

struct seen {
	struct run *run;
	int n;
};

static bool check_walked(const struct fdb_fact *fact, void *arg)
{
	struct seen *seen = arg;
	const struct model *m = &seen->run->m;
	int i = find(m, fact->vid, fact->mac[5]);

	PROP_CHECK(seen->run->prop, i >= 0 && !gone(m, &m->lines[i]));
	PROP_CHECK(seen->run->prop, port_index(fact->port) == m->lines[i].port);
	seen->n++;
	return true;
}

static void check_all(struct run *run)
{
	const struct model *m = &run->m;
	struct seen seen = {.run = run};
	struct fdb_stats stats;
	int alive = 0, statics = 0;

	for (int i = 0; i < m->n; i++) {
		alive += !gone(m, &m->lines[i]);
		statics += m->lines[i].is_static;
	}
	fdb_walk(run->fdb, run->now_ms, check_walked, &seen);
	PROP_CHECK(run->prop, seen.n == alive);
	fdb_stats(run->fdb, &stats);
	PROP_CHECK(run->prop, stats.used == (uint32_t)m->n);
	PROP_CHECK(run->prop, stats.statics == (uint32_t)statics);
	for (int port = 1; port <= N_PORTS; port++)
		PROP_CHECK(run->prop,
		    fdb_port_count(run->fdb, port_no(port)) == count(m, port));
}

static void step(struct run *run)
{
	struct prop *prop = run->prop;
	int vid = 1 + (int)prop_below(prop, N_VIDS);
	int mac = (int)prop_below(prop, N_MACS);

	if (prop_one_in(prop, 10))
		run->now_ms += prop_below(prop, 3000);
	if (prop_one_in(prop, 300))
		run->now_ms += prop_below(prop, 60000);
	run->m.now_s = (uint32_t)(run->now_ms / 1000);
	switch (prop_below(prop, 64)) {
	case 0:
		do_flush(run, vid, mac);
		break;
	case 1:
		do_limits(run);
		break;
	case 2:
	case 3:
		do_static(run, vid, mac);
		break;
	case 4:
	case 5:
	case 6:
	case 7:
		do_del(run, vid, mac);
		break;
	default:
		do_learn(run, vid, mac);
	}
	check_lookup(run, 1 + (int)prop_below(prop, N_VIDS),
	    (int)prop_below(prop, N_MACS));
}

static void fdb_is_like_a_list(struct prop *prop)
{
	struct run run = {
	    .prop = prop,
	    .m.size = FDB_SIZE_MIN + (int)prop_below(prop, 64),
	    .m.ageing_s = FDB_AGEING_DEFAULT_S,
	};

	run.fdb = fdb_new((uint32_t)run.m.size, prop->seed);
	for (prop->step = 0; prop->step < STEPS; prop->step++) {
		step(&run);
		if (prop->step % 16 == 0)
			check_all(&run);
	}
	fdb_free(run.fdb);
}

int main(int argc, char **argv)
{
	return prop_main(argc, argv, fdb_is_like_a_list, 150);
}
