/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * datapath.c - carries one batch from one port to the others.
 *
 *     receive -> [capture in] -> bridge_forward -> recorder
 *             -> for each egress port: [capture out], send
 *             -> BPDUs to the topology -> release
 *
 * BPDUs come last: what was decided leaves under the topology under which it
 * was decided.
 */
#include "datapath.h"

#include <time.h>

#include "capture.h"
#include "lab.h"
#include "switch.h"
#include "topology.h"

static void receive(struct switch_port *p);
static void send_queues(struct qswitch *sw);
static void hand_over_bpdus(struct switch_port *p);
static void tell_learned(struct switch_port *p);
static void observe(struct switch_port *p);
static void debug_delay(const struct qswitch *sw);

void datapath_ready(struct switch_port *p)
{
	struct qswitch *sw = p->sw;

	if (port_receive(p->port, &sw->batch) > 0) {
		sw->traffic = true;
		receive(p);
	}
	port_release(p->port, &sw->batch);
	switch_port_sync(p);
	/* No poll tells of frames that a stream has read already. */
	if (p->port->more && p->port->is_open)
		sw->more = true;
}

void datapath_send(struct switch_port *p, const struct frame *frame)
{
	if (p->captures)
		capture_frame(p, CAPTURE_OUT, frame, qswitch_now_ms(p->sw));
	p->sw->own_frames++;
	port_send(p->port, &frame, 1);
	/* The spanning tree, which sends by this, must not be told now. */
	switch_port_sync_later(p);
}

static void receive(struct switch_port *p)
{
	struct qswitch *sw = p->sw;

	if (sw->config.debug_delay_us)
		debug_delay(sw);
	if (sw->lab && lab_hold(sw->lab, p, &sw->batch))
		return;
	datapath_forward(p);
}

void datapath_forward(struct switch_port *p)
{
	struct qswitch *sw = p->sw;
	uint64_t now_ms = qswitch_now_ms(sw);

	if (p->captures)
		for (int i = 0; i < sw->batch.n; i++)
			capture_frame(
			    p, CAPTURE_IN, &sw->batch.frames[i], now_ms);
	bridge_forward(
	    sw->bridge, p->port->no, &sw->batch, now_ms, &sw->egress);
	recorder_note(sw->recorder, &sw->batch, &sw->egress, now_ms);
	if (sw->listeners)
		tell_learned(p);
	if (sw->config.observe)
		observe(p);
	send_queues(sw);
	hand_over_bpdus(p);
}

static void send_queues(struct qswitch *sw)
{
	struct egress *out = &sw->egress;

	portset_foreach (no, &out->ports) {
		struct switch_port *to = sw->ports[no];

		if (to->captures)
			for (int i = 0; i < out->n[no]; i++)
				capture_frame(to, CAPTURE_OUT,
				    out->queue[no][i], qswitch_now_ms(sw));
		port_send(to->port, out->queue[no], out->n[no]);
	}
	/* A port that failed is told of only now: the topology's answer may
	 * change port states, and what was decided leaves first. */
	portset_foreach (no, &out->ports)
		switch_port_sync(sw->ports[no]);
}

static void hand_over_bpdus(struct switch_port *p)
{
	struct qswitch *sw = p->sw;

	for (int i = 0; i < sw->egress.n_stp; i++)
		topology_receive(sw->topology, p,
		    &sw->batch.frames[sw->egress.stp[i]],
		    sw->egress.first_frame + sw->egress.stp[i]);
}

/* An address belongs to the port that its owner was heard on. An uplink has
 * more hosts behind it than anybody wants to read of. */
static void note_sighting(
    struct switch_port *p, const struct sighting *s, uint16_t vid)
{
	struct qswitch *sw = p->sw;
	uint64_t now_ms = qswitch_now_ms(sw);
	int no = p->port->no;

	if (s->of_receiver)
		no = fdb_lookup(
		    bridge_fdb(sw->bridge), vid, s->mac, now_ms, NULL);
	if (no && sw->ports[no] && !sw->ports[no]->port->spec.uplink)
		observe_note(&sw->ports[no]->observed, s, now_ms);
}

static void observe(struct switch_port *p)
{
	struct qswitch *sw = p->sw;
	struct sighting s;

	for (int i = 0; i < sw->batch.n; i++)
		if (observe_wants(&sw->batch.frames[i]) &&
		    observe_frame(&sw->batch.frames[i], &s))
			note_sighting(p, &s, sw->egress.decisions[i].vid);
}

static void tell_learned(struct switch_port *p)
{
	struct qswitch *sw = p->sw;

	for (int i = 0; i < sw->batch.n; i++) {
		const struct bridge_learn *learned = &sw->egress.learned[i];

		if (learned->what != FDB_NEW && learned->what != FDB_MOVED)
			continue;
		bool moved = learned->what == FDB_MOVED;
		qswitch_event(sw,
		    &(struct event){
			.type = moved ? EVENT_mac_moved : EVENT_mac_learned,
			.port = p->port->spec.name,
			.from_port =
			    moved ? qswitch_port_name(sw, learned->from_port)
				  : NULL,
			.mac = frame_src(&sw->batch.frames[i]),
			.vid = sw->egress.decisions[i].vid,
			.frame = sw->egress.first_frame + (uint64_t)i,
		    });
	}
}

/* Makes the switch slow on purpose, so that a benchmark can show that it would
 * notice: --debug-delay-us. */
static void debug_delay(const struct qswitch *sw)
{
	struct timespec now, until;
	uint64_t ns = (uint64_t)sw->batch.n * sw->config.debug_delay_us * 1000;

	clock_gettime(CLOCK_MONOTONIC, &until);
	ns += (uint64_t)until.tv_nsec;
	until.tv_sec += (time_t)(ns / 1000000000);
	until.tv_nsec = (long)(ns % 1000000000);
	do
		clock_gettime(CLOCK_MONOTONIC, &now);
	while (now.tv_sec < until.tv_sec ||
	       (now.tv_sec == until.tv_sec && now.tv_nsec < until.tv_nsec));
}
