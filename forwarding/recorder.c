/* SPDX-License-Identifier: BSD-2-Clause */
/* recorder.c - the flight recorder: a ring with the records of the last frames.
 * The record of frame n is in slot n modulo size, while it is kept. */
#include "recorder.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct recorder {
	uint32_t size;
	uint64_t newest;
	struct record records[];
};
static_assert(VERDICT_COUNT <= UINT8_MAX, "record.verdict holds a verdict");

static void note(struct record *r, const struct frame *f,
    const struct decision *d, const struct bridge_learn *learned);
static void note_egress(
    struct record *r, const struct decision *d, const struct portset *others);

struct recorder *recorder_new(uint32_t size)
{
	struct recorder *rec;

	if (size > RECORDER_MAX)
		return NULL;
	rec = calloc(1, sizeof(*rec) + size * sizeof(rec->records[0]));
	if (rec)
		rec->size = size;
	return rec;
}

void recorder_free(struct recorder *rec)
{
	free(rec);
}

void recorder_note(struct recorder *rec, const struct batch *batch,
    const struct egress *out, uint64_t now_ms)
{
	if (!rec->size || !batch->n)
		return;
	for (int i = 0; i < batch->n; i++) {
		uint64_t frame = out->first_frame + (uint64_t)i;
		struct record *r = &rec->records[frame % rec->size];

		r->frame = frame;
		r->time_ms = now_ms;
		note(
		    r, &batch->frames[i], &out->decisions[i], &out->learned[i]);
		note_egress(r, &out->decisions[i],
		    out->decisions[i].verdict == VERDICT_flood_redirected
			? &out->redirected
			: &out->others);
	}
	rec->newest = out->first_frame + (uint64_t)batch->n - 1;
}

void recorder_amend(struct recorder *rec, uint64_t frame, enum verdict verdict)
{
	if (recorder_find(rec, frame))
		rec->records[frame % rec->size].verdict = (uint8_t)verdict;
}

const struct record *recorder_find(const struct recorder *rec, uint64_t frame)
{
	const struct record *r;

	if (!rec->size || !frame)
		return NULL;
	r = &rec->records[frame % rec->size];
	return r->frame == frame ? r : NULL;
}

uint64_t recorder_newest(const struct recorder *rec)
{
	return rec->newest;
}

static void note(struct record *r, const struct frame *f,
    const struct decision *d, const struct bridge_learn *learned)
{
	memcpy(r->dst, frame_dst(f), ETH_ADDR);
	memcpy(r->src, frame_src(f), ETH_ADDR);
	r->len = (uint32_t)frame_len(f);
	r->type = frame_is_runt(f) ? 0 : frame_type(f);
	r->tpid = f->tpid;
	r->tci = f->tci;
	r->vid = d->vid;
	r->in_port = d->in_port;
	r->fact_port = d->fact.port;
	r->fact_age_s = d->fact.age_s;
	r->fact_taught = d->fact.taught;
	r->verdict = (uint8_t)d->verdict;
	r->learned = (uint8_t)learned->what;
	r->moved_from = learned->from_port;
}

/* Notes the ports that @d sends its frame to: their number, and the first. */
static void note_egress(
    struct record *r, const struct decision *d, const struct portset *others)
{
	memset(r->egress, 0, sizeof(r->egress));
	r->egress_count = 0;
	if (verdict_is_forward(d->verdict)) {
		r->egress[r->egress_count++] = d->out_port;
		return;
	}
	if (!verdict_is_flood(d->verdict))
		return;
	portset_foreach (port, others) {
		if (r->egress_count == RECORD_PORTS) {
			r->egress_count = (uint16_t)portset_count(others);
			return;
		}
		r->egress[r->egress_count++] = (uint16_t)port;
	}
}
