/* SPDX-License-Identifier: BSD-2-Clause */
/* stp_callbacks.c - the one place where a spanning tree entity calls its host:
 * at the end of each input, states first, then the ageing time, then BPDUs. */
#include "entity.h"

#include <assert.h>

#include "bpdu.h"
#include "stp.h"

static void report_states(struct stp *stp);
static void report_ageing(struct stp *stp);
static void report_loops(struct stp *stp);
static void send_bpdus(struct stp *stp);
static void send_config(struct stp *stp, struct stp_port *p);
static uint32_t message_age_ms(const struct stp *stp);
static void send_tcn(struct stp *stp, struct stp_port *p);
static void send_probes(struct stp *stp);

void stp_enter(struct stp *stp, uint64_t now_ms)
{
	assert(!stp->calling);
	assert(now_ms >= stp->now_ms);
	stp->now_ms = now_ms;
}

void stp_settle(struct stp *stp)
{
	stp->calling = true;
	report_states(stp);
	report_ageing(stp);
	report_loops(stp);
	send_bpdus(stp);
	send_probes(stp);
	stp->calling = false;
}

static void report_states(struct stp *stp)
{
	for (int i = 0; i < stp->n_ports; i++) {
		struct stp_port *p = stp->ports[i];

		if (p->state == p->reported_state)
			continue;
		p->reported_state = p->state;
		stp->callbacks.port_state(stp->ctx, p->number, p->state);
	}
}

static void report_ageing(struct stp *stp)
{
	uint32_t ageing_ms =
	    stp->topology_change ? stp->times.forward_delay_ms : 0;

	if (stp->topology_change && !stp->change_counted)
		stp->topology_changes++;
	if (stp->topology_change || stp->change_counted)
		stp->last_change_at_ms = stp->now_ms;
	stp->change_counted = stp->topology_change;
	if (ageing_ms == stp->reported_ageing_ms)
		return;
	stp->reported_ageing_ms = ageing_ms;
	stp->callbacks.ageing(stp->ctx, ageing_ms);
}

static void report_loops(struct stp *stp)
{
	for (int i = 0; i < stp->n_ports; i++) {
		struct stp_port *p = stp->ports[i];

		if (p->loop_by && !p->reported_loop_by && stp->callbacks.loop)
			stp->callbacks.loop(stp->ctx, p->number, p->loop_by);
		p->reported_loop_by = p->loop_by;
	}
}

/* A BPDU noted earlier in this input may have become wrong since. */
static void send_bpdus(struct stp *stp)
{
	for (int i = 0; i < stp->n_ports; i++) {
		struct stp_port *p = stp->ports[i];
		bool config = p->tx_config && designated_port(stp, p);
		bool tcn = p->tx_tcn && p == stp->root_port;

		p->tx_config = p->tx_tcn = false;
		if (config)
			send_config(stp, p);
		if (tcn)
			send_tcn(stp, p);
	}
}

static void send_config(struct stp *stp, struct stp_port *p)
{
	uint8_t data[BPDU_CONFIG_LEN];
	struct bpdu bpdu = {
	    .vector = p->designated,
	    .message_age_ms = message_age_ms(stp),
	    .times = stp->times,
	    .topology_change_ack = p->tx_acknowledge,
	    .topology_change = stp->topology_change,
	};

	if (bpdu.message_age_ms >= bpdu.times.max_age_ms)
		return;
	bpdu_encode_config(&bpdu, data);
	p->sent_config++;
	stp->callbacks.transmit(stp->ctx, p->number, data, sizeof(data));
}

/* 8.5.1.5: at least the true age, plus a little for the transit to the next
 * bridge (8.10.1 allows an overestimate of up to 1 s). */
static uint32_t message_age_ms(const struct stp *stp)
{
	if (root_bridge(stp))
		return 0;
	return stp->now_ms - stp->root_port->message_age_timer.started_at_ms +
	       MESSAGE_AGE_INCREMENT_MS;
}

static void send_tcn(struct stp *stp, struct stp_port *p)
{
	uint8_t data[BPDU_TCN_LEN];

	bpdu_encode_tcn(data);
	p->sent_tcn++;
	stp->callbacks.transmit(stp->ctx, p->number, data, sizeof(data));
}

static void send_probes(struct stp *stp)
{
	for (int i = 0; i < stp->n_ports; i++) {
		struct stp_port *p = stp->ports[i];
		bool send = p->tx_probe && policy_filters(p);

		p->tx_probe = false;
		if (!send || !stp->callbacks.probe)
			continue;
		p->sent_probes++;
		stp->callbacks.probe(stp->ctx, p->number);
	}
}
