/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * datapath.c - carries one batch from one port to the others.
 *
 *     receive -> [hooks] -> bridge_forward -> [host access] -> recorder
 *             -> for each egress port: [hooks], send
 *             -> BPDUs to the topology -> release
 *
 * BPDUs come last: frames are sent under the topology in force when they were
 * decided.
 */
#include "datapath.h"

#include <assert.h>

#include "books.h"
#include "host_access.h"
#include "notice.h"
#include "switch.h"
#include "topology.h"

static void show_in(const struct switch_port *p);
static void send_queues(struct qswitch *sw);
static void send_queue(struct qswitch *sw, int no);
static void hand_over_bpdus(struct switch_port *p);

void datapath_ready(struct switch_port *p)
{
	struct qswitch *sw = p->sw;

	if (port_receive(p->port, &sw->batch) > 0) {
		sw->traffic = true;
		/* true: a hook keeps the batch, to forward it later */
		if (!hook_batch(sw, p))
			datapath_forward(p);
	}
	port_release(p->port, &sw->batch);
	assert(books_balance(sw));
	switch_port_sync(p);
	/* poll() does not report frames that a stream has already read. */
	if (p->port->more && p->port->is_open)
		sw->more = true;
}

void datapath_forward(struct switch_port *p)
{
	struct qswitch *sw = p->sw;
	uint64_t now_ms = qswitch_now_ms(sw);

	if (p->watchers)
		show_in(p);
	bridge_forward(
	    sw->bridge, p->port->no, &sw->batch, now_ms, &sw->egress);
	if (sw->accesses)
		host_access_learned(sw);
	recorder_note(sw->recorder, &sw->batch, &sw->egress, now_ms);
	notice_batch(p);
	send_queues(sw);
	hand_over_bpdus(p);
}

void datapath_send(struct switch_port *p, const struct frame *frame)
{
	if (p->watchers)
		hook_frame(p, FRAME_OUT, frame);
	p->sw->own_frames++;
	port_send(p->port, &frame, 1);
	/* The spanning tree, which sends through this, must not be told now. */
	switch_port_sync_later(p);
}

static void show_in(const struct switch_port *p)
{
	const struct batch *batch = &p->sw->batch;

	for (int i = 0; i < batch->n; i++)
		hook_frame(p, FRAME_IN, &batch->frames[i]);
}

static void send_queues(struct qswitch *sw)
{
	portset_foreach (no, &sw->egress.ports)
		send_queue(sw, no);
	/* Only now is the topology told of a port that failed: its answer may
	 * change port states, and the frames decided on leave first. */
	portset_foreach (no, &sw->egress.ports)
		switch_port_sync(sw->ports[no]);
}

static void send_queue(struct qswitch *sw, int no)
{
	const struct egress *out = &sw->egress;
	struct switch_port *to = sw->ports[no];

	if (to->watchers)
		for (int i = 0; i < out->n[no]; i++)
			hook_frame(to, FRAME_OUT, out->queue[no][i]);
	port_send(to->port, out->queue[no], out->n[no]);
}

static void hand_over_bpdus(struct switch_port *p)
{
	struct qswitch *sw = p->sw;

	for (int i = 0; i < sw->egress.n_stp; i++)
		topology_receive(sw->topology, p,
		    &sw->batch.frames[sw->egress.stp[i]],
		    sw->egress.first_frame + sw->egress.stp[i]);
}
