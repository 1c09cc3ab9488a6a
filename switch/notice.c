/* SPDX-License-Identifier: BSD-2-Clause */
/* notice.c - what the frames of a batch show the operator: see notice.h. */
#include "notice.h"

#include <string.h>

#include "forwarding/mac.h"

#include "log.h"
#include "switch.h"

/* The event for what a frame taught the database; EVENT_COUNT: none. */
static const enum event_type types[] = {
    [FDB_SAME] = EVENT_COUNT,
    [FDB_NEW] = EVENT_mac_learned,
    [FDB_MOVED] = EVENT_mac_moved,
    [FDB_NOT_LEARNED] = EVENT_COUNT,
    [FDB_CLAIMED] = EVENT_mac_claimed,
};

static void note_moves(struct switch_port *p);
static void note_move(struct switch_port *p, int i);
static void tell_learned(struct switch_port *p);
static void tell_one(struct switch_port *p, int i);
static void observe(struct switch_port *p);
static void note_sighting(
    struct switch_port *p, const struct sighting *s, uint16_t vid);

void notice_batch(struct switch_port *p)
{
	note_moves(p);
	if (p->sw->listeners)
		tell_learned(p);
	if (p->sw->config.observe)
		observe(p);
}

static void note_moves(struct switch_port *p)
{
	const struct egress *out = &p->sw->egress;

	for (int i = 0; i < p->sw->batch.n; i++)
		if (out->learned[i].what == FDB_MOVED)
			note_move(p, i);
}

/* The source of frame @i has moved to @p: back to @p, even? */
static void note_move(struct switch_port *p, int i)
{
	static const uint8_t of_qemu[ETH_ADDR] = {
	    0x52, 0x54, 0x00, 0x12, 0x34, 0x56};
	struct qswitch *sw = p->sw;
	const uint8_t *mac = frame_src(&sw->batch.frames[i]);
	int from = sw->egress.learned[i].from_port;
	uint16_t vid = sw->egress.decisions[i].vid;
	char text[MAC_TEXT];

	if (!duplicate_note(&sw->duplicate, mac, vid, from, p->port->no,
		qswitch_now_ms(sw)))
		return;
	log_about(LOG_WARNING, p->port->spec.arg,
	    "%s is heard on %s and %s in turn: two machines use this address, "
	    "or there is a loop%s",
	    mac_format(mac, text), qswitch_port_name(sw, from),
	    p->port->spec.name,
	    memcmp(mac, of_qemu, ETH_ADDR) == 0
		? "; QEMU gives it to every machine: give each its own, with "
		  "mac="
		: "");
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
