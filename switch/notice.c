/* SPDX-License-Identifier: BSD-2-Clause */
/* notice.c - what the frames of a batch show the operator: see notice.h. */
#include "notice.h"

#include "switch.h"

/* The event for what a frame taught the database; EVENT_COUNT: none. */
static const enum event_type types[] = {
    [FDB_SAME] = EVENT_COUNT,
    [FDB_NEW] = EVENT_mac_learned,
    [FDB_MOVED] = EVENT_mac_moved,
    [FDB_NOT_LEARNED] = EVENT_COUNT,
    [FDB_CLAIMED] = EVENT_mac_claimed,
};

static void tell_learned(struct switch_port *p);
static void tell_one(struct switch_port *p, int i);
static void observe(struct switch_port *p);
static void note_sighting(
    struct switch_port *p, const struct sighting *s, uint16_t vid);

void notice_batch(struct switch_port *p)
{
	if (p->sw->listeners)
		tell_learned(p);
	if (p->sw->config.observe)
		observe(p);
}

static void tell_learned(struct switch_port *p)
{
	struct qswitch *sw = p->sw;

	for (int i = 0; i < sw->batch.n; i++)
		if (types[sw->egress.learned[i].what] != EVENT_COUNT)
			tell_one(p, i);
}

/* The source of frame @i of the batch is new, has moved to @p, or is claimed
 * there. */
static void tell_one(struct switch_port *p, int i)
{
	struct qswitch *sw = p->sw;
	const struct bridge_learn *learned = &sw->egress.learned[i];

	hook_event(sw,
	    &(struct event){
		.type = types[learned->what],
		.port = p->port->spec.name,
		.from_port = learned->what == FDB_NEW
				 ? NULL
				 : qswitch_port_name(sw, learned->from_port),
		.mac = frame_src(&sw->batch.frames[i]),
		.vid = sw->egress.decisions[i].vid,
		.frame = sw->egress.first_frame + (uint64_t)i,
	    });
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

/* An address belongs to the port on which its owner was heard. An uplink has
 * more hosts behind it than anybody wants to read about. */
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
