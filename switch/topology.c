/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * topology.c - carries the spanning tree's words to bridge and ports, and
 * theirs to it: see topology.h.
 */
#include "topology.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bsd/stdlib.h>
#include <bsd/string.h>

#include "ports/kind.h"
#include "stp/stp.h"
#include "stp/stp_config.h"
#include "stp/stp_status.h"

#include "bridge_id.h"
#include "datapath.h"
#include "host_access.h"
#include "log.h"
#include "probe.h"
#include "reception.h"
#include "switch.h"

/* A BPDU on the wire: Ethernet header with a length (IEEE 802.3), LLC 42 42 03
 * (9.2.1 of 802.1D-1998 refers to 802.2), BPDU, padding to 60 bytes. */
enum { LLC_LEN = 3, BPDU_FRAME = 60 };

struct topology {
	struct qswitch *sw;
	struct stp *stp; /* NULL: off */
	uint8_t address[ETH_ADDR];
	uint64_t root_id;			 /* that was last reported */
	uint64_t topology_changes;		 /* likewise */
	uint64_t guard_ends_at_ms[PORT_MAX + 1]; /* 0: not held */
	struct probes probes;
};

static const uint8_t group_address[ETH_ADDR] = {0x01, 0x80, 0xc2, 0, 0, 0};
static const uint8_t llc[LLC_LEN] = {0x42, 0x42, 0x03};

static bool start(struct topology *t, char *err);
static void on_port_state(void *ctx, int port, enum stp_state state);
static void on_ageing(void *ctx, uint32_t ageing_ms);
static void on_transmit(void *ctx, int port, const uint8_t *bpdu, size_t len);
static void on_probe(void *ctx, int port);
static void on_loop(void *ctx, int port, int by);
static struct stp_times own_times(const struct config_stp *stp);
static uint64_t own_id(const struct topology *t);
static void configure_port(struct topology *t, const struct switch_port *p);
static void report(struct topology *t);
static void guard(struct topology *t, struct switch_port *p);
static void release(struct topology *t, struct switch_port *p);
static int set_enabled(struct topology *t, bool on, char *err);
static void stop(struct topology *t);

struct topology *topology_new(struct qswitch *sw, char *err)
{
	struct topology *t = calloc(1, sizeof(*t));

	if (!t) {
		strlcpy(err, "out of memory", CONFIG_ERR);
		return NULL;
	}
	t->sw = sw;
	if (sw->config.stp.on && !start(t, err)) {
		free(t);
		return NULL;
	}
	return t;
}

void topology_free(struct topology *t)
{
	if (!t)
		return;
	stp_free(t->stp);
	free(t);
}

void topology_port_added(struct topology *t, struct switch_port *p)
{
	if (!t->stp)
		return;
	stp_port_add(t->stp, p->port->no);
	configure_port(t, p);
}

void topology_port_removed(struct topology *t, struct switch_port *p)
{
	t->guard_ends_at_ms[p->port->no] = 0;
	if (t->stp)
		stp_port_remove(t->stp, p->port->no, qswitch_now_ms(t->sw));
	report(t);
}

void topology_port_changed(struct topology *t, struct switch_port *p, bool up)
{
	uint64_t now_ms = qswitch_now_ms(t->sw);
	int no = p->port->no;

	if (!t->stp) {
		on_port_state(t, no, up ? STP_FORWARDING : STP_DISABLED);
	} else if (up) {
		configure_port(t, p); /* the link's speed may be another */
		arc4random_buf(t->probes.secret[no], PROBE_SECRET);
		stp_port_enable(t->stp, no, now_ms);
	} else {
		stp_port_disable(t->stp, no, now_ms);
	}
	report(t);
}

void topology_receive(struct topology *t, struct switch_port *p,
    const struct frame *frame, uint64_t number)
{
	enum verdict verdict = VERDICT_drop_port_disabled;

	if (!t->stp)
		return; /* turned off since the frame was decided on */
	/* A port that failed when one BPDU of its batch was answered has taken
	 * the bytes of the others along. */
	if (p->port->is_open)
		verdict = reception(t->sw, t->stp, &t->probes, p, frame);
	if (verdict == VERDICT_drop_bpdu_guarded)
		guard(t, p);
	if (verdict != VERDICT_to_stp) {
		bridge_recount(t->sw->bridge, VERDICT_to_stp, verdict);
		recorder_amend(t->sw->recorder, number, verdict);
	}
	report(t);
}

void topology_tick(struct topology *t)
{
	uint64_t now_ms = qswitch_now_ms(t->sw);

	if (!t->stp)
		return;
	qswitch_foreach (t->sw, p) {
		if (now_ms >= t->guard_ends_at_ms[p_no])
			release(t, p);
	}
	stp_tick(t->stp, now_ms);
	report(t);
}

uint64_t topology_wait_ms(const struct topology *t)
{
	uint64_t now_ms = qswitch_now_ms(t->sw);
	uint64_t due_at_ms = t->stp ? stp_deadline_at_ms(t->stp) : UINT64_MAX;

	qswitch_foreach (t->sw, p) {
		uint64_t end_at_ms = t->guard_ends_at_ms[p_no];

		if (end_at_ms && end_at_ms < due_at_ms)
			due_at_ms = end_at_ms;
	}
	if (due_at_ms == UINT64_MAX)
		return UINT64_MAX;
	return due_at_ms > now_ms ? due_at_ms - now_ms : 0;
}

const struct stp *topology_stp(const struct topology *t)
{
	return t->stp;
}

/* Management goes by way of the configuration, so that what was set outlives
 * the engine's being turned off and on, and a port's link. */
int topology_set(
    struct topology *t, const char *key, const char *value, char *err)
{
	struct config_stp stp = t->sw->config.stp;
	uint64_t now_ms = qswitch_now_ms(t->sw);

	if (config_stp_set(&stp, key, value, err))
		return -EINVAL;
	bool on = stp.on;
	stp.on = t->sw->config.stp.on;
	t->sw->config.stp = stp;
	if (t->stp) {
		struct stp_times times = own_times(&stp);

		if (stp.has_address)
			memcpy(t->address, stp.address, ETH_ADDR);
		bridge_set_address(t->sw->bridge, t->address);
		stp_set_bridge_id(t->stp, own_id(t), now_ms);
		stp_set_times(t->stp, &times, now_ms, err, CONFIG_ERR);
		report(t);
	}
	return set_enabled(t, on, err);
}

int topology_set_port(struct topology *t, struct switch_port *p,
    const char *key, const char *value, char *err)
{
	if (config_port_set(&p->config, key, value, err))
		return -EINVAL;
	if (t->stp && switch_port_in_tree(p)) {
		configure_port(t, p);
		report(t);
	}
	return 0;
}

static bool start(struct topology *t, char *err)
{
	static const struct stp_callbacks callbacks = {
	    .port_state = on_port_state,
	    .ageing = on_ageing,
	    .transmit = on_transmit,
	    .probe = on_probe,
	    .loop = on_loop,
	};
	const struct config *config = &t->sw->config;
	struct stp_times times = own_times(&config->stp);

	if (config->stp.has_address)
		memcpy(t->address, config->stp.address, ETH_ADDR);
	else
		bridge_id_address(config->name, config->control, t->address);
	t->stp = stp_new(
	    own_id(t), &times, PORT_MAX, &callbacks, t, qswitch_now_ms(t->sw));
	if (!t->stp) {
		snprintf(err, CONFIG_ERR, "cannot start the spanning tree: %s",
		    strerror(errno));
		return false;
	}
	t->root_id = own_id(t);
	t->topology_changes = 0;
	bridge_set_address(t->sw->bridge, t->address);
	bridge_set_stp(t->sw->bridge, true);
	return true;
}

static void on_port_state(void *ctx, int port, enum stp_state state)
{
	static const enum bridge_port_state states[STP_STATE_COUNT] = {
	    [STP_DISABLED] = BRIDGE_DISABLED,
	    [STP_BLOCKING] = BRIDGE_BLOCKING,
	    [STP_LISTENING] = BRIDGE_LISTENING,
	    [STP_LEARNING] = BRIDGE_LEARNING,
	    [STP_FORWARDING] = BRIDGE_FORWARDING,
	};
	struct qswitch *sw = ((struct topology *)ctx)->sw;

	/* What was learned on a port that no longer learns is void (7.9.2). */
	if (state != STP_LEARNING && state != STP_FORWARDING)
		fdb_flush(
		    bridge_fdb(sw->bridge), &(struct fdb_filter){.port = port});
	bridge_port_set_state(sw->bridge, port, states[state]);
	host_access_state(sw, port);
	log_about(LOG_DEBUG, qswitch_port_name(sw, port), "%s: %s",
	    qswitch_port_name(sw, port), stp_state_name(state));
	hook_event(sw, &(struct event){.type = EVENT_port_state,
			   .port = qswitch_port_name(sw, port),
			   .detail = stp_state_name(state)});
}

static void on_ageing(void *ctx, uint32_t ageing_ms)
{
	struct qswitch *sw = ((struct topology *)ctx)->sw;

	fdb_set_ageing(bridge_fdb(sw->bridge),
	    ageing_ms ? ageing_ms / 1000 : sw->config.ageing_s);
}

static void on_transmit(void *ctx, int port, const uint8_t *bpdu, size_t len)
{
	struct topology *t = ctx;
	uint8_t bytes[BPDU_FRAME] = {0}; /* padded with zeros, no old bytes */
	struct frame frame;

	memcpy(bytes, group_address, ETH_ADDR);
	memcpy(bytes + ETH_ADDR, t->address, ETH_ADDR);
	bytes[ETH_ADDRS + 1] = (uint8_t)(LLC_LEN + len);
	memcpy(bytes + ETH_HEAD, llc, LLC_LEN);
	memcpy(bytes + ETH_HEAD + LLC_LEN, bpdu, len);
	frame_parse(&frame, bytes, sizeof(bytes));
	datapath_send(t->sw->ports[port], &frame);
}

static void on_probe(void *ctx, int port)
{
	struct topology *t = ctx;
	uint8_t bytes[PROBE_FRAME];
	struct frame frame;

	probe_build(bytes, t->address, port, t->probes.secret[port]);
	frame_parse(&frame, bytes, sizeof(bytes));
	datapath_send(t->sw->ports[port], &frame);
}

/* Comes no more often than the spanning tree unblocks the port. */
static void on_loop(void *ctx, int port, int by)
{
	struct qswitch *sw = ((struct topology *)ctx)->sw;
	char detail[128];

	if (by == port)
		strlcpy(detail, "a BPDU of the switch came in by it",
		    sizeof(detail));
	else
		snprintf(detail, sizeof(detail),
		    "what the switch sent to it came in by %s",
		    qswitch_port_name(sw, by));
	log_warn("%s is blocked: a loop goes through the machine behind it; "
		 "%s",
	    qswitch_port_name(sw, port), detail);
	hook_event(sw, &(struct event){.type = EVENT_loop,
			   .port = qswitch_port_name(sw, port),
			   .from_port = qswitch_port_name(sw, by),
			   .detail = detail});
}

static struct stp_times own_times(const struct config_stp *stp)
{
	return (struct stp_times){
	    .hello_ms = stp->hello_s * 1000,
	    .max_age_ms = stp->max_age_s * 1000,
	    .forward_delay_ms = stp->forward_delay_s * 1000,
	};
}

static uint64_t own_id(const struct topology *t)
{
	return stp_id(t->sw->config.stp.priority, t->address);
}

static void configure_port(struct topology *t, const struct switch_port *p)
{
	uint64_t now_ms = qswitch_now_ms(t->sw);
	int no = p->port->no;

	stp_port_set_priority(t->stp, no, p->config.priority, now_ms);
	stp_port_set_edge(t->stp, no, p->config.edge, now_ms);
	stp_port_set_bpdu(t->stp, no, p->config.bpdu, now_ms);
	stp_port_set_cost(t->stp, no,
	    p->config.cost ? p->config.cost
			   : stp_cost_of_speed((int)p->port->speed_mbps),
	    now_ms);
}

/* After each input: when to wake up next; and who listens is told of what the
 * engine has done as a whole. */
static void report(struct topology *t)
{
	struct stp_bridge_info info;
	char id[STP_ID_STRLEN];

	qswitch_arm_tick(t->sw);
	if (!t->stp)
		return;
	stp_bridge_info(t->stp, qswitch_now_ms(t->sw), &info);
	if (info.root_id != t->root_id) {
		t->root_id = info.root_id;
		log_info(
		    "the root bridge is %s", stp_id_format(info.root_id, id));
		hook_event(t->sw,
		    &(struct event){.type = EVENT_new_root,
			.port = info.root_port
				    ? qswitch_port_name(t->sw, info.root_port)
				    : NULL,
			.detail = stp_id_format(info.root_id, id)});
	}
	if (info.topology_changes != t->topology_changes) {
		t->topology_changes = info.topology_changes;
		hook_event(
		    t->sw, &(struct event){.type = EVENT_topology_change});
	}
}

static void guard(struct topology *t, struct switch_port *p)
{
	char reason[sizeof(p->hold)];

	snprintf(reason, sizeof(reason),
	    "BPDU guard: a BPDU came in; tried again after %d s", GUARD_HOLD_S);
	t->guard_ends_at_ms[p->port->no] =
	    qswitch_now_ms(t->sw) + GUARD_HOLD_S * 1000;
	qswitch_port_hold(t->sw, p->port->no, reason);
}

/* Ends what guard() began, if it did. */
static void release(struct topology *t, struct switch_port *p)
{
	if (!t->guard_ends_at_ms[p->port->no])
		return;
	t->guard_ends_at_ms[p->port->no] = 0;
	qswitch_port_hold(t->sw, p->port->no, NULL);
}

/* Turns the spanning tree on or off under the ports that there are. */
static int set_enabled(struct topology *t, bool on, char *err)
{
	if (on == (t->stp != NULL))
		return 0;
	if (!on)
		stop(t);
	else if (!start(t, err))
		return -ENOMEM;
	t->sw->config.stp.on = on;
	qswitch_foreach (t->sw, p) {
		if (!switch_port_in_tree(p))
			continue;
		/* Off or on, it begins as a port that has just come up. */
		bridge_port_set_state(
		    t->sw->bridge, p->port->no, BRIDGE_DISABLED);
		topology_port_added(t, p);
		if (p->was_up)
			topology_port_changed(t, p, true);
		release(t, p);
	}
	report(t);
	return 0;
}

static void stop(struct topology *t)
{
	stp_free(t->stp);
	t->stp = NULL;
	bridge_set_stp(t->sw->bridge, false);
	on_ageing(t, 0);
}
