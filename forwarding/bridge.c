/* SPDX-License-Identifier: BSD-2-Clause */
/* bridge.c - the MAC relay entity (IEEE 802.1D-1998 clause 7): ingress checks,
 * learning, the decision, and its execution for a batch. */
#include "bridge.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "fdb_journal.h"

struct bridge {
	struct fdb *fdb;
	bool stp;
	bool forward_reserved;
	uint8_t address[ETH_ADDR];
	uint8_t states[PORT_MAX + 1]; /* enum bridge_port_state */
	struct portset forwarding;
	int n_forwarding;		 /* members of it */
	uint16_t partners[PORT_MAX + 1]; /* in a split-horizon pair, or 0 */
	struct portset hosts;		 /* the host ports of these */
	struct bridge_counters counters;
};

/* The verdict on a frame received in each state; VERDICT_forward: go on. */
static const enum verdict ingress[] = {
    [BRIDGE_DISABLED] = VERDICT_drop_port_disabled,
    [BRIDGE_BLOCKING] = VERDICT_drop_port_blocking,
    [BRIDGE_LISTENING] = VERDICT_drop_port_listening,
    [BRIDGE_LEARNING] = VERDICT_drop_port_learning,
    [BRIDGE_FORWARDING] = VERDICT_forward,
};
static_assert(sizeof(ingress) / sizeof(*ingress) == BRIDGE_FORWARDING + 1,
    "a verdict for each state");

static const char *const state_names[] = {
    [BRIDGE_DISABLED] = "disabled",
    [BRIDGE_BLOCKING] = "blocking",
    [BRIDGE_LISTENING] = "listening",
    [BRIDGE_LEARNING] = "learning",
    [BRIDGE_FORWARDING] = "forwarding",
};
static_assert(
    sizeof(state_names) / sizeof(*state_names) == BRIDGE_FORWARDING + 1,
    "a name for each state");
static_assert(BATCH_MAX <= 64, "a bit for each frame of a batch");

static enum verdict classify(
    const struct bridge *br, int in_port, const struct frame *f);
static bool has_proper_len(const struct frame *f);
static enum verdict classify_group(
    const struct bridge *br, int in_port, const struct frame *f);
static enum verdict classify_reserved(
    const struct bridge *br, int in_port, const struct frame *f);
static void relay(const struct bridge *br, const struct frame *f,
    uint64_t now_ms, struct decision *d);
static bool was_redirected(const struct bridge *br, const struct decision *d,
    const uint8_t dst[ETH_ADDR]);
static void flood(
    const struct bridge *br, enum verdict verdict, struct decision *d);
static int left_out_of(
    const struct bridge *br, int in_port, enum verdict verdict);
static void others(const struct bridge *br, int in_port, enum verdict verdict,
    struct portset *set);
static void egress_clear(struct egress *out);
static uint64_t prefetch(const struct bridge *br, const struct batch *batch);
static bool repeats(const struct batch *batch, int i);
static void learn(struct bridge *br, int in_port, const struct batch *batch,
    uint64_t repeating, uint64_t now_ms, struct egress *out);
static bool learns(const struct bridge *br, int in_port, const struct frame *f);
static void execute(struct bridge *br, const struct frame *f,
    const struct decision *d, int i, struct egress *out);
static void queue(
    struct bridge *br, struct egress *out, int port, const struct frame *f);

struct bridge *bridge_new(const struct bridge_config *config)
{
	uint32_t size = config->fdb_size ? config->fdb_size : FDB_SIZE_DEFAULT;
	uint32_t ageing_s =
	    config->ageing_s ? config->ageing_s : FDB_AGEING_DEFAULT_S;

	if (ageing_s < FDB_AGEING_MIN_S || ageing_s > FDB_AGEING_MAX_S)
		return NULL;
	struct bridge *br = calloc(1, sizeof(*br));
	if (!br)
		return NULL;
	br->fdb = fdb_new(size, config->seed);
	if (!br->fdb) {
		free(br);
		return NULL;
	}
	fdb_set_ageing(br->fdb, ageing_s);
	br->stp = config->stp;
	br->forward_reserved = config->forward_reserved;
	return br;
}

void bridge_free(struct bridge *br)
{
	if (!br)
		return;
	fdb_free(br->fdb);
	free(br);
}

void bridge_port_add(struct bridge *br, int port, uint32_t fdb_max)
{
	bridge_port_set_state(br, port, BRIDGE_DISABLED);
	fdb_set_port_max(br->fdb, port, fdb_max);
}

void bridge_port_del(struct bridge *br, int port)
{
	int partner = br->partners[port];

	br->partners[port] = br->partners[partner] = 0;
	portset_del(&br->hosts, port);
	if (partner)
		portset_del(&br->hosts, partner);
	bridge_port_set_state(br, port, BRIDGE_DISABLED);
	fdb_flush(br->fdb, &(struct fdb_filter){.port = port, .statics = true});
	fdb_set_port_max(br->fdb, port, 0);
}

void bridge_port_set_state(
    struct bridge *br, int port, enum bridge_port_state state)
{
	assert(port >= 1 && port <= PORT_MAX);
	assert(state <= BRIDGE_FORWARDING);
	br->states[port] = (uint8_t)state;
	if (state == BRIDGE_FORWARDING)
		portset_add(&br->forwarding, port);
	else
		portset_del(&br->forwarding, port);
	br->n_forwarding = portset_count(&br->forwarding);
}

enum bridge_port_state bridge_port_state(const struct bridge *br, int port)
{
	assert(port >= 1 && port <= PORT_MAX);
	return br->states[port];
}

const char *bridge_port_state_name(enum bridge_port_state state)
{
	assert(state <= BRIDGE_FORWARDING);
	return state_names[state];
}

void bridge_pair(struct bridge *br, int uplink, int host)
{
	assert(uplink >= 1 && uplink <= PORT_MAX && !br->partners[uplink]);
	assert(host >= 1 && host <= PORT_MAX && !br->partners[host]);
	br->partners[uplink] = (uint16_t)host;
	br->partners[host] = (uint16_t)uplink;
	portset_add(&br->hosts, host);
}

int bridge_partner(const struct bridge *br, int port)
{
	assert(port >= 1 && port <= PORT_MAX);
	return br->partners[port];
}

void bridge_set_stp(struct bridge *br, bool on)
{
	br->stp = on;
}

void bridge_set_address(struct bridge *br, const uint8_t mac[ETH_ADDR])
{
	memcpy(br->address, mac, ETH_ADDR);
}

void bridge_set_forward_reserved(struct bridge *br, bool on)
{
	br->forward_reserved = on;
}

struct fdb *bridge_fdb(struct bridge *br)
{
	return br->fdb;
}

const struct bridge_counters *bridge_counters(const struct bridge *br)
{
	return &br->counters;
}

void bridge_decide(const struct bridge *br, int in_port, const struct frame *f,
    uint64_t now_ms, struct decision *d)
{
	assert(in_port >= 1 && in_port <= PORT_MAX);
	*d = (struct decision){
	    .verdict = classify(br, in_port, f),
	    .vid = VID_DEFAULT,
	    .in_port = (uint16_t)in_port,
	};
	if (d->verdict == VERDICT_forward)
		relay(br, f, now_ms, d);
}

void bridge_egress(
    const struct bridge *br, const struct decision *d, struct portset *set)
{
	if (verdict_is_flood(d->verdict)) {
		others(br, d->in_port, d->verdict, set);
		return;
	}
	portset_clear(set);
	if (verdict_is_forward(d->verdict))
		portset_add(set, d->out_port);
}

void bridge_forward(struct bridge *br, int in_port, const struct batch *batch,
    uint64_t now_ms, struct egress *out)
{
	assert(in_port >= 1 && in_port <= PORT_MAX);
	assert(batch->n >= 0 && batch->n <= BATCH_MAX);
	egress_clear(out);
	others(br, in_port, VERDICT_flood_unknown, &out->others);
	if (portset_has(&br->hosts, in_port))
		others(br, in_port, VERDICT_flood_redirected, &out->redirected);
	out->first_frame = br->counters.rx_frames + 1;
	br->counters.rx_frames += (uint64_t)batch->n;
	uint64_t repeating = prefetch(br, batch);
	learn(br, in_port, batch, repeating, now_ms, out);
	for (int i = 0; i < batch->n; i++) {
		const struct frame *f = &batch->frames[i];
		struct decision *d = &out->decisions[i];

		if (repeating >> i & 1)
			*d = d[-1];
		else
			bridge_decide(br, in_port, f, now_ms, d);
		execute(br, f, d, i, out);
	}
}

void bridge_recount(struct bridge *br, enum verdict from, enum verdict to)
{
	assert(from < VERDICT_COUNT && to < VERDICT_COUNT);
	assert(br->counters.verdicts[from] > 0);
	br->counters.verdicts[from]--;
	br->counters.verdicts[to]++;
}

void bridge_drop(struct bridge *br, enum verdict verdict, int n)
{
	assert(verdict < VERDICT_COUNT && n >= 0);
	br->counters.verdicts[verdict] += (uint64_t)n;
}

/* The verdict as far as it needs no filtering database; VERDICT_forward: may be
 * relayed. A port accepts BPDUs in every state but BRIDGE_DISABLED. */
static enum verdict classify(
    const struct bridge *br, int in_port, const struct frame *f)
{
	enum bridge_port_state state = br->states[in_port];

	if (!has_proper_len(f))
		return frame_is_runt(f) ? VERDICT_drop_runt
					: VERDICT_drop_oversize;
	if (state == BRIDGE_DISABLED)
		return VERDICT_drop_port_disabled;
	if (mac_is_group(frame_src(f)))
		return VERDICT_drop_src_group;
	if (mac_is_zero(frame_src(f)))
		return VERDICT_drop_src_zero;
	if (mac_is_group(frame_dst(f))) {
		enum verdict v = classify_group(br, in_port, f);

		if (v != VERDICT_forward)
			return v;
	}
	return ingress[state];
}

static bool has_proper_len(const struct frame *f)
{
	return !frame_is_runt(f) && f->body_len <= FRAME_MAX - ETH_ADDRS;
}

/* Some group addresses mean the switch itself. All that counts here is in the
 * addresses: see repeats(). */
static enum verdict classify_group(
    const struct bridge *br, int in_port, const struct frame *f)
{
	const uint8_t *dst = frame_dst(f);

	if (mac_is_reserved(dst))
		return classify_reserved(br, in_port, f);
	if (br->stp && !portset_has(&br->hosts, in_port) &&
	    (mac_is_pvst(dst) ||
		(mac_is_probe(dst) &&
		    memcmp(frame_src(f), br->address, ETH_ADDR) == 0)))
		return VERDICT_to_stp;
	return VERDICT_forward;
}

/* 7.12.6: the verdict on a frame addressed to the link itself. */
static enum verdict classify_reserved(
    const struct bridge *br, int in_port, const struct frame *f)
{
	bool bpdu = mac_is_bridge_group(frame_dst(f));

	if (bpdu && br->stp)
		return portset_has(&br->hosts, in_port) ? VERDICT_drop_reserved
							: VERDICT_to_stp;
	if (br->forward_reserved)
		return VERDICT_forward;
	return bpdu ? VERDICT_drop_bpdu_stp_off : VERDICT_drop_reserved;
}

static void relay(const struct bridge *br, const struct frame *f,
    uint64_t now_ms, struct decision *d)
{
	const uint8_t *dst = frame_dst(f);
	int port;

	if (mac_is_group(dst)) {
		flood(br,
		    mac_is_broadcast(dst) ? VERDICT_flood_broadcast
					  : VERDICT_flood_multicast,
		    d);
		return;
	}
	port = fdb_lookup(br->fdb, d->vid, dst, now_ms, &d->fact);
	d->out_port = (uint16_t)port;
	if (!port) {
		flood(br,
		    was_redirected(br, d, dst) ? VERDICT_flood_redirected
					       : VERDICT_flood_unknown,
		    d);
	} else if (port == d->in_port) {
		d->verdict = VERDICT_filter_same_port;
	} else if (port == br->partners[d->in_port] &&
		   !was_redirected(br, d, dst)) {
		d->verdict = VERDICT_filter_horizon;
	} else if (br->states[port] != BRIDGE_FORWARDING) {
		d->verdict = VERDICT_drop_egress_state;
	} else if (port == br->partners[d->in_port]) {
		d->verdict = VERDICT_forward_redirected;
	}
}

/* Was this frame of the host kept off the wire, as the kernel knew @dst? */
static bool was_redirected(const struct bridge *br, const struct decision *d,
    const uint8_t dst[ETH_ADDR])
{
	bool moved;

	if (!portset_has(&br->hosts, d->in_port))
		return false;
	int port = fdb_copy_port(br->fdb, d->vid, dst, &moved);
	return port == br->partners[d->in_port] ? d->fact.known && moved
						: port && port != d->in_port;
}

/* Send it to all forwarding ports except in_port, if there are any. */
static void flood(
    const struct bridge *br, enum verdict verdict, struct decision *d)
{
	int left_out = left_out_of(br, d->in_port, verdict);

	d->verdict =
	    verdict; /* in_port forwards, or nothing would be relayed */
	if (br->n_forwarding == 1)
		d->verdict = VERDICT_drop_no_egress;
	else if (br->n_forwarding == 2 && left_out)
		d->verdict = VERDICT_filter_horizon;
}

/* The forwarding port beyond the split horizon of @in_port, or 0. */
static int left_out_of(
    const struct bridge *br, int in_port, enum verdict verdict)
{
	int partner = br->partners[in_port];

	if (!partner || verdict == VERDICT_flood_redirected)
		return 0;
	return portset_has(&br->forwarding, partner) ? partner : 0;
}

/* Writes to @set where a frame is flooded to. */
static void others(const struct bridge *br, int in_port, enum verdict verdict,
    struct portset *set)
{
	int left_out = left_out_of(br, in_port, verdict);

	*set = br->forwarding;
	portset_del(set, in_port);
	if (left_out)
		portset_del(set, left_out);
}

static void egress_clear(struct egress *out)
{
	portset_foreach (port, &out->ports)
		out->n[port] = 0;
	portset_clear(&out->ports);
	out->n_stp = 0;
}

/* Warms the cache. Return: bit i is set if frame i repeats the one before. */
static uint64_t prefetch(const struct bridge *br, const struct batch *batch)
{
	uint64_t repeating = 0;

	for (int i = 0; i < batch->n; i++) {
		const struct frame *f = &batch->frames[i];

		if (repeats(batch, i)) {
			repeating |= UINT64_C(1) << i;
			continue;
		}
		fdb_prefetch(br->fdb, VID_DEFAULT, frame_src(f));
		fdb_prefetch(br->fdb, VID_DEFAULT, frame_dst(f));
	}
	return repeating;
}

/*
 * Does frame @i of @batch repeat the frame before it? Both have the same
 * addresses and a proper length and arrived at the same moment: there is
 * nothing new to learn, and the decision is the same. Most traffic comes in
 * runs of one flow.
 */
static bool repeats(const struct batch *batch, int i)
{
	const struct frame *f = &batch->frames[i];

	return i > 0 && memcmp(f->addrs, f[-1].addrs, ETH_ADDRS) == 0 &&
	       has_proper_len(f) && has_proper_len(&f[-1]);
}

static void learn(struct bridge *br, int in_port, const struct batch *batch,
    uint64_t repeating, uint64_t now_ms, struct egress *out)
{
	for (int i = 0; i < batch->n; i++) {
		const struct frame *f = &batch->frames[i];
		int from = 0;

		out->learned[i] = (struct bridge_learn){FDB_SAME, 0};
		if (repeating >> i & 1 || !learns(br, in_port, f))
			continue;
		out->learned[i].what =
		    fdb_learn(br->fdb, VID_DEFAULT, frame_src(f), in_port,
			out->first_frame + (uint64_t)i, now_ms, &from);
		out->learned[i].from_port = (uint16_t)from;
		if (out->learned[i].what == FDB_CLAIMED)
			br->counters.claims++;
	}
}

/* 7.8: may the source of @f be learned? MAC control ends below the relay. */
static bool learns(const struct bridge *br, int in_port, const struct frame *f)
{
	static const uint8_t pause[] = {1, 0x80, 0xc2, 0, 0, 1};

	return br->states[in_port] >= BRIDGE_LEARNING && has_proper_len(f) &&
	       !mac_is_group(frame_src(f)) && !mac_is_zero(frame_src(f)) &&
	       memcmp(frame_dst(f), pause, sizeof(pause)) != 0;
}

/* Carries out the decision on frame @i of the batch and counts it. */
static void execute(struct bridge *br, const struct frame *f,
    const struct decision *d, int i, struct egress *out)
{
	br->counters.verdicts[d->verdict]++;
	switch (d->verdict) {
	case VERDICT_forward:
	case VERDICT_forward_redirected:
		queue(br, out, d->out_port, f);
		break;
	case VERDICT_flood_redirected:
		portset_foreach (port, &out->redirected)
			queue(br, out, port, f);
		break;
	case VERDICT_flood_unknown:
	case VERDICT_flood_multicast:
	case VERDICT_flood_broadcast:
		portset_foreach (port, &out->others)
			queue(br, out, port, f);
		break;
	case VERDICT_to_stp:
		out->stp[out->n_stp++] = (uint8_t)i;
		break;
	default:
		break;
	}
}

static void queue(
    struct bridge *br, struct egress *out, int port, const struct frame *f)
{
	portset_add(&out->ports, port);
	out->queue[port][out->n[port]++] = f;
	br->counters.copies_queued++;
}
