/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * prop_bridge.c - random frames and port states against a slow model of the
 * relay, and the books after each batch.
 *
 * The model has the addresses as bytes, and the database as an array indexed by
 * address. It has room for all of them: nothing is evicted here (prop_fdb.c
 * tests that).
 */
#include "forwarding/bridge.h"

#include <string.h>

#include "prop.h"

enum { N_PORTS = 5, N_HOSTS = 12, STEPS = 400, LEN_MAX = 80 };

/* Where host number n was last heard, and when. */
struct heard {
	int port; /* 0: never */
	uint32_t at_s;
	bool moved; /* from another port */
};

struct run {
	struct prop *prop;
	struct bridge *br;
	struct egress *out;
	struct batch batch;
	uint8_t bytes[BATCH_MAX][LEN_MAX];
	uint64_t now_ms;
	/* the model */
	int states[N_PORTS + 1];
	bool stp, forward_reserved;
	struct heard hosts[N_HOSTS];
	int uplink, host; /* a split-horizon pair; 0: there is none */
	uint64_t frames, copies;
};

/* Ports that are not adjacent. */
static int port_no(int i)
{
	static const int ports[N_PORTS + 1] = {0, 1, 7, 64, 300, PORT_MAX};

	return ports[i];
}

static int any_address(struct prop *prop, uint8_t *at, bool as_source)
{
	static const uint8_t groups[][ETH_ADDR] = {
	    {0xff, 0xff, 0xff, 0xff, 0xff, 0xff},
	    {0x01, 0x80, 0xc2, 0, 0, 0x00},
	    {0x01, 0x80, 0xc2, 0, 0, 0x01},
	    {0x01, 0x80, 0xc2, 0, 0, 0x0f},
	    {0x01, 0x80, 0xc2, 0, 0, 0x10},
	    {0x01, 0, 0x5e, 0, 0, 1},
	    {0, 0, 0, 0, 0, 0},
	};
	int host = (int)prop_below(prop, N_HOSTS);

	if (prop_one_in(prop, as_source ? 20 : 3)) {
		memcpy(at, groups[prop_below(prop, 7)], ETH_ADDR);
		return -1;
	}
	memset(at, 0, ETH_ADDR);
	at[0] = 2;
	at[5] = (uint8_t)host;
	return host;
}

static void any_frame(struct run *run, int i)
{
	struct prop *prop = run->prop;
	uint8_t *bytes = run->bytes[i];
	size_t len = prop_one_in(prop, 16) ? prop_below(prop, 20)
					   : 14 + prop_below(prop, 60);

	any_address(prop, bytes, false);
	any_address(prop, bytes + 6, true);
	bytes[12] = prop_one_in(prop, 4) ? 0x81 : 0x08;
	bytes[13] = 0;
	frame_parse(&run->batch.frames[i], bytes, len);
	if (prop_one_in(prop, 100))
		run->batch.frames[i].body_len = FRAME_MAX;
}

static bool starts(const uint8_t *at, const char *bytes, size_t n)
{
	return memcmp(at, bytes, n) == 0;
}

/* Judges the length on arrival, before frame_parse() changed it. */
static bool model_is_runt(const struct run *run, int i)
{
	const struct frame *f = &run->batch.frames[i];
	size_t len = frame_len(f);

	return len < 14 || (run->bytes[i][12] == 0x81 && len < 18);
}

static enum verdict model_classify(const struct run *run, int in, int i)
{
	static const enum verdict by_state[] = {VERDICT_drop_port_disabled,
	    VERDICT_drop_port_blocking, VERDICT_drop_port_listening,
	    VERDICT_drop_port_learning};
	const uint8_t *dst = run->bytes[i], *src = dst + 6;
	bool link_local = starts(dst, "\x01\x80\xc2\0\0", 5) && dst[5] < 16;

	if (model_is_runt(run, i))
		return VERDICT_drop_runt;
	if (run->batch.frames[i].body_len == FRAME_MAX)
		return VERDICT_drop_oversize;
	if (run->states[in] == BRIDGE_DISABLED)
		return VERDICT_drop_port_disabled;
	if (src[0] & 1)
		return VERDICT_drop_src_group;
	if (starts(src, "\0\0\0\0\0\0", 6))
		return VERDICT_drop_src_zero;
	if (link_local && dst[5] == 0 && run->stp)
		return in == run->host ? VERDICT_drop_reserved : VERDICT_to_stp;
	if (link_local && !run->forward_reserved)
		return dst[5] ? VERDICT_drop_reserved
			      : VERDICT_drop_bpdu_stp_off;
	if (run->states[in] != BRIDGE_FORWARDING)
		return by_state[run->states[in]];
	return VERDICT_COUNT;
}

static void model_learn(struct run *run, int in, int i)
{
	const uint8_t *src = run->bytes[i] + 6;
	struct heard *host = &run->hosts[src[5] % N_HOSTS];

	static const uint8_t pause[ETH_ADDR] = {0x01, 0x80, 0xc2, 0, 0, 1};

	if (model_is_runt(run, i) || src[0] != 2 ||
	    memcmp(run->bytes[i], pause, sizeof(pause)) == 0 ||
	    run->batch.frames[i].body_len == FRAME_MAX ||
	    run->states[in] < BRIDGE_LEARNING)
		return;
	if (host->port != in || run->now_ms / 1000 - host->at_s > 300)
		host->moved = host->port && host->port != in &&
			      run->now_ms / 1000 - host->at_s <= 300;
	host->port = in;
	host->at_s = (uint32_t)(run->now_ms / 1000);
}

/* The port where the destination was heard, 0: unknown. */
static int model_lookup(const struct run *run, int i)
{
	const uint8_t *dst = run->bytes[i];
	const struct heard *host = &run->hosts[dst[5] % N_HOSTS];

	if (dst[0] != 2 || run->now_ms / 1000 - host->at_s > 300)
		return 0;
	return host->port;
}

/* Was the frame that came in by @in sent by the host, and taken off the wire?
 * If its destination was a guest's, so far as the database knew. */
static bool model_redirected(const struct run *run, int in, int i)
{
	const uint8_t *dst = run->bytes[i];
	const struct heard *host = &run->hosts[dst[5] % N_HOSTS];

	if (!run->host || in != run->host || dst[0] != 2)
		return false;
	if (host->port == run->uplink)
		return host->moved && model_lookup(run, i);
	return host->port && host->port != in;
}

/* May the frame go from port @in to port @p? What a host sends, the LAN has; and
 * the host hears for itself whatever the LAN sends. */
static bool model_horizon(const struct run *run, int in, int p, int i)
{
	if (in == run->uplink && p == run->host)
		return false;
	return in != run->host || p != run->uplink ||
	       model_redirected(run, in, i);
}

/* Sets @to[p] for the ports that the frame goes to. */
static enum verdict model_decide(
    const struct run *run, int in, int i, bool to[N_PORTS + 1])
{
	enum verdict v = model_classify(run, in, i);
	int port = model_lookup(run, i), n = 0, hidden = 0;

	memset(to, 0, N_PORTS + 1);
	if (v != VERDICT_COUNT)
		return v;
	if (port == in)
		return VERDICT_filter_same_port;
	if (port && !model_horizon(run, in, port, i))
		return VERDICT_filter_horizon;
	for (int p = 1; p <= N_PORTS; p++) {
		to[p] = run->states[p] == BRIDGE_FORWARDING && p != in &&
			(!port || p == port);
		if (to[p] && !model_horizon(run, in, p, i)) {
			to[p] = false;
			hidden++;
		}
		n += to[p];
	}
	if (n == 0 && hidden)
		return VERDICT_filter_horizon;
	if (n == 0)
		return port ? VERDICT_drop_egress_state
			    : VERDICT_drop_no_egress;
	if (port && in == run->host && port == run->uplink)
		return VERDICT_forward_redirected;
	if (port)
		return VERDICT_forward;
	if (!(run->bytes[i][0] & 1))
		return model_redirected(run, in, i) ? VERDICT_flood_redirected
						    : VERDICT_flood_unknown;
	return run->bytes[i][0] == 0xff ? VERDICT_flood_broadcast
					: VERDICT_flood_multicast;
}

/* Checks frame @i of the batch: the decision is that of the model, and the
 * frame is the next one in exactly the queues that the model names. */
static void check_frame(struct run *run, int in, int i, int next[N_PORTS + 1])
{
	const struct decision *d = &run->out->decisions[i];
	const struct frame *f = &run->batch.frames[i];
	bool to[N_PORTS + 1];
	struct decision again;
	struct portset egress;

	bridge_egress(run->br, d, &egress);
	PROP_CHECK(run->prop, d->verdict == model_decide(run, in, i, to));
	PROP_CHECK(run->prop, !portset_has(&egress, port_no(in)));
	for (int p = 1; p <= N_PORTS; p++) {
		int port = port_no(p);

		PROP_CHECK(run->prop, portset_has(&egress, port) == to[p]);
		if (!to[p])
			continue;
		PROP_CHECK(run->prop, next[p] < run->out->n[port]);
		PROP_CHECK(run->prop, run->out->queue[port][next[p]] == f);
		next[p]++;
		run->copies++;
	}
	bridge_decide(run->br, port_no(in), f, run->now_ms, &again);
	PROP_CHECK(run->prop, again.verdict == d->verdict);
	PROP_CHECK(run->prop, again.out_port == d->out_port);
}

static void check_books(struct run *run, const int next[N_PORTS + 1])
{
	const struct bridge_counters *c = bridge_counters(run->br);
	uint64_t sum = 0;
	int queues = 0;

	for (int v = 0; v < VERDICT_COUNT; v++)
		sum += c->verdicts[v];
	PROP_CHECK(run->prop, c->rx_frames == run->frames);
	PROP_CHECK(run->prop, sum == run->frames);
	PROP_CHECK(run->prop, c->copies_queued == run->copies);
	for (int p = 1; p <= N_PORTS; p++) {
		int port = port_no(p);

		PROP_CHECK(run->prop, run->out->n[port] == next[p]);
		PROP_CHECK(run->prop,
		    portset_has(&run->out->ports, port) == (next[p] > 0));
		queues += next[p] > 0;
	}
	PROP_CHECK(run->prop, portset_count(&run->out->ports) == queues);
}

static void change_something(struct run *run)
{
	struct prop *prop = run->prop;
	int p = 1 + (int)prop_below(prop, N_PORTS);

	/* mostly forwarding, or there is nothing to see */
	run->states[p] = prop_one_in(prop, 2)
			     ? BRIDGE_FORWARDING
			     : (int)prop_below(prop, BRIDGE_FORWARDING + 1);
	bridge_port_set_state(run->br, port_no(p), run->states[p]);
	run->stp = prop_one_in(prop, 2);
	bridge_set_stp(run->br, run->stp);
	run->forward_reserved = prop_one_in(prop, 3);
	bridge_set_forward_reserved(run->br, run->forward_reserved);
	run->now_ms += prop_below(prop, prop_one_in(prop, 9) ? 200000 : 3000);
}

static void one_batch(struct run *run)
{
	struct prop *prop = run->prop;
	int in = 1 + (int)prop_below(prop, N_PORTS);
	int next[N_PORTS + 1] = {0}, n_stp = 0;

	run->batch.n = (int)prop_below(prop, BATCH_MAX + 1);
	for (int i = 0; i < run->batch.n; i++)
		any_frame(run, i);
	bridge_forward(
	    run->br, port_no(in), &run->batch, run->now_ms, run->out);
	run->frames += (uint64_t)run->batch.n;
	for (int i = 0; i < run->batch.n; i++)
		model_learn(run, in, i);
	for (int i = 0; i < run->batch.n; i++) {
		check_frame(run, in, i, next);
		if (run->out->decisions[i].verdict == VERDICT_to_stp)
			PROP_CHECK(prop, run->out->stp[n_stp++] == i);
	}
	PROP_CHECK(prop, run->out->n_stp == n_stp);
	check_books(run, next);
}

static void relay_is_like_the_model(struct prop *prop)
{
	struct run *run = calloc(1, sizeof(*run));

	run->prop = prop;
	run->out = calloc(1, sizeof(*run->out));
	run->br = bridge_new(&(struct bridge_config){.seed = prop->seed});
	for (int p = 1; p <= N_PORTS; p++)
		bridge_port_add(run->br, port_no(p), 0);
	if (prop_one_in(prop, 2)) {
		run->uplink = 2;
		run->host = 4;
		bridge_pair(run->br, port_no(2), port_no(4));
		PROP_CHECK(
		    prop, bridge_partner(run->br, port_no(4)) == port_no(2));
	}
	for (prop->step = 0; prop->step < STEPS; prop->step++) {
		change_something(run);
		one_batch(run);
	}
	bridge_free(run->br);
	free(run->out);
	free(run);
}

int main(int argc, char **argv)
{
	return prop_main(argc, argv, relay_is_like_the_model, 60);
}
