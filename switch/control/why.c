/* SPDX-License-Identifier: BSD-2-Clause */
/* why.c - the commands explain (about a frame that might come) and why (about
 * frames that came): fill in a story and let explain.c tell it. */
#include "why.h"

#include <errno.h>
#include <string.h>

#include "ports/kind.h"
#include "switch/protocol/json.h"
#include "switch/switch.h"

#include "commands.h"
#include "explain.h"

enum {
	PAGE_FRAMES = 64,	/* frames in an answer, */
	PAGE_RECORDS = 1 << 14, /* and records that are looked at */
	LAST_DEFAULT = 10,
	MIN_FRAME = 60, /* bytes, without FCS */
};

struct wanted {
	int port;
	const uint8_t *mac;
};

static void story_of_decision(const struct qswitch *sw, const struct frame *f,
    const struct decision *d, const struct portset *egress, struct story *s);
static void find_left_out(
    const struct qswitch *sw, int in_port, struct story *s);
static void find_teacher(const struct qswitch *sw, struct story *s);
static void foresee_learning(
    const struct qswitch *sw, const struct decision *d, struct story *s);
static void put_story(struct json_object *to, const struct story *s);
static void put_entry_used(struct json_object *to, const struct story *s);
static const char *learned_name(enum fdb_learned learned);
static void put_all_ports(struct json_object *to, const struct qswitch *sw,
    const struct portset *ports);
static void story_of_record(
    const struct qswitch *sw, const struct record *rec, struct story *s);
static bool matches(const struct record *rec, const struct wanted *want);

int run_explain(struct request *r)
{
	uint8_t bytes[MIN_FRAME] = {[ETH_ADDRS] = 0x08}; /* IPv4, say */
	const uint8_t *src = NULL, *dst = NULL;
	uint64_t vlan = UINT64_MAX;
	struct frame f;
	int no;

	if (!request_port(r, "port", REQUIRED, &no) ||
	    !request_mac(r, "src", REQUIRED, bytes + ETH_ADDR, &src) ||
	    !request_mac(r, "dst", REQUIRED, bytes, &dst) ||
	    !request_count(r, "vlan", OPTIONAL, 0, VID_MAX, &vlan))
		return -EINVAL;
	if (r->sw->ports[no]->port->kind->listener)
		return request_fail(r,
		    "port %s only accepts peers: no frame arrives there",
		    qswitch_port_name(r->sw, no));
	frame_parse(&f, bytes, sizeof(bytes));
	if (vlan != UINT64_MAX) {
		f.tpid = TPID_8021Q;
		f.tci = (uint16_t)vlan;
	}
	why_put_foreseen(r->answer, r->sw, no, &f);
	return 0;
}

void why_put_foreseen(struct json_object *to, const struct qswitch *sw,
    int in_port, const struct frame *f)
{
	struct decision d;
	struct portset egress;
	struct story story;

	bridge_decide(sw->bridge, in_port, f, qswitch_now_ms(sw), &d);
	bridge_egress(sw->bridge, &d, &egress);
	story_of_decision(sw, f, &d, &egress, &story);
	put_story(to, &story);
	put_all_ports(to, sw, &egress);
}

void why_put_record(
    struct json_object *to, const struct qswitch *sw, const struct record *rec)
{
	uint64_t ago_ms = qswitch_now_ms(sw) - rec->time_ms;
	struct story story;

	json_put_count(to, "frame", rec->frame);
	json_put_count(to, "ago_ms", ago_ms);
	json_put_count(to, "time_ms", clock_wall_ns() / 1000000 - ago_ms);
	json_put_count(to, "len", rec->len);
	json_put_count(to, "type", rec->type);
	story_of_record(sw, rec, &story);
	put_story(to, &story);
	struct json_object *list = json_put_array(to, "egress");
	for (int i = 0; i < RECORD_PORTS && rec->egress[i]; i++)
		json_add_text(list, story.egress[i]);
}

int run_why(struct request *r)
{
	struct recorder *recorder = r->sw->recorder;
	uint64_t last = LAST_DEFAULT, from = recorder_newest(recorder);
	struct wanted want = {0};
	uint8_t mac[ETH_ADDR];
	const struct record *rec = NULL;
	int found = 0, looked = 0;

	if (!request_port(r, "port", OPTIONAL, &want.port) ||
	    !request_mac(r, "mac", OPTIONAL, mac, &want.mac) ||
	    !request_count(r, "last", OPTIONAL, 1, RECORDER_MAX, &last) ||
	    !request_count(r, "from", OPTIONAL, 1, INT64_MAX, &from))
		return -EINVAL;
	int room = last < PAGE_FRAMES ? (int)last : PAGE_FRAMES;
	struct json_object *list = json_put_array(r->answer, "frames");
	for (; found < room && looked < PAGE_RECORDS; from--, looked++) {
		rec = recorder_find(recorder, from);
		if (!rec)
			break;
		if (!matches(rec, &want))
			continue;
		why_put_record(json_add_object(list), r->sw, rec);
		found++;
	}
	if (rec && (uint64_t)found < last && recorder_find(recorder, from))
		json_put_count(r->answer, "next", from);
	else
		json_object_object_add(r->answer, "next", NULL);
	return 0;
}

static void story_of_decision(const struct qswitch *sw, const struct frame *f,
    const struct decision *d, const struct portset *egress, struct story *s)
{
	*s = (struct story){
	    .src = frame_src(f),
	    .dst = frame_dst(f),
	    .tpid = f->tpid,
	    .tci = f->tci,
	    .vid = d->vid,
	    .in_port = qswitch_port_name(sw, d->in_port),
	    .verdict = d->verdict,
	    .n_egress = portset_count(egress),
	};
	int n = 0;
	portset_foreach (no, egress) {
		if (n == STORY_PORTS)
			break;
		s->egress[n++] = qswitch_port_name(sw, no);
	}
	if (d->fact.known) {
		s->fact_port = qswitch_port_name(sw, d->fact.port);
		s->fact_static = d->fact.is_static;
		s->fact_age_s = d->fact.age_s;
		s->fact_taught = d->fact.taught;
	}
	find_left_out(sw, d->in_port, s);
	find_teacher(sw, s);
	foresee_learning(sw, d, s);
}

/* The other port of the pair, if a flood did not go there. */
static void find_left_out(
    const struct qswitch *sw, int in_port, struct story *s)
{
	int partner = bridge_partner(sw->bridge, in_port);

	if (partner && verdict_is_flood(s->verdict) &&
	    s->verdict != VERDICT_flood_redirected)
		s->left_out = qswitch_port_name(sw, partner);
}

/* The frame from which the entry was learned. */
static void find_teacher(const struct qswitch *sw, struct story *s)
{
	const struct record *teacher =
	    s->fact_taught ? recorder_find(sw->recorder, s->fact_taught) : NULL;

	if (!teacher)
		return;
	s->teacher_known = true;
	s->teacher_ago_ms = qswitch_now_ms(sw) - teacher->time_ms;
	s->teacher_dst = teacher->dst;
}

/* What the learning process (7.8) would do with the source. */
static void foresee_learning(
    const struct qswitch *sw, const struct decision *d, struct story *s)
{
	enum bridge_port_state state =
	    bridge_port_state(sw->bridge, d->in_port);
	struct fdb_fact fact = {0};

	if (state < BRIDGE_LEARNING || mac_is_group(s->src) ||
	    mac_is_zero(s->src))
		return;
	if (!fdb_lookup(bridge_fdb(sw->bridge), d->vid, s->src,
		qswitch_now_ms(sw), &fact)) {
		s->learned = FDB_NEW;
	} else if (fact.port != d->in_port) {
		s->learned = fact.is_static ? FDB_CLAIMED : FDB_MOVED;
		s->moved_from = qswitch_port_name(sw, fact.port);
	}
}

/* All that `explain` and `why` have in common. */
static void put_story(struct json_object *to, const struct story *s)
{
	struct explanation explanation;

	json_put_text(to, "in_port", s->in_port);
	json_put_mac(to, "src", s->src);
	json_put_mac(to, "dst", s->dst);
	if (s->tpid) {
		json_put_count(to, "tpid", s->tpid);
		json_put_count(to, "tci", s->tci);
	}
	json_put_count(to, "vlan", s->vid);
	json_put_text(to, "verdict", verdict_name(s->verdict));
	json_put_text(to, "text", verdict_text(s->verdict));
	json_put_text(to, "standard", EXPLAIN_STANDARD);
	json_put_text(to, "clause", verdict_clause(s->verdict));
	json_put_count(to, "egress_count", (uint64_t)s->n_egress);
	put_entry_used(to, s);
	json_put_text(to, "learned", learned_name(s->learned));
	if (s->learned == FDB_MOVED || s->learned == FDB_CLAIMED)
		json_put_text(to, "moved_from", s->moved_from);
	explain(s, &explanation);
	struct json_object *list = json_put_array(to, "sentences");
	for (int i = 0; i < explanation.n; i++)
		json_add_text(list, explanation.sentences[i]);
}

static void put_entry_used(struct json_object *to, const struct story *s)
{
	if (!s->fact_port) {
		json_object_object_add(to, "fdb_entry", NULL);
		return;
	}
	struct json_object *entry = json_put_object(to, "fdb_entry");
	json_put_mac(entry, "mac", s->dst);
	json_put_count(entry, "vlan", s->vid);
	json_put_text(entry, "port", s->fact_port);
	json_put_count(entry, "age_s", s->fact_age_s);
	json_put_bool(entry, "static", s->fact_static);
	json_put_count(entry, "frame", s->fact_taught);
	json_put_bool(entry, "frame_recorded", s->teacher_known);
	if (s->teacher_known)
		json_put_count(entry, "frame_ago_ms", s->teacher_ago_ms);
}

static const char *learned_name(enum fdb_learned learned)
{
	static const char *const names[] = {
	    [FDB_SAME] = "same",
	    [FDB_NEW] = "new",
	    [FDB_MOVED] = "moved",
	    [FDB_NOT_LEARNED] = "not_learned",
	    [FDB_CLAIMED] = "claimed",
	};

	return names[learned];
}

static void put_all_ports(struct json_object *to, const struct qswitch *sw,
    const struct portset *ports)
{
	struct json_object *list = json_put_array(to, "egress");

	portset_foreach (no, ports)
		json_add_text(list, qswitch_port_name(sw, no));
}

static void story_of_record(
    const struct qswitch *sw, const struct record *rec, struct story *s)
{
	*s = (struct story){
	    .happened = true,
	    .frame = rec->frame,
	    .len = rec->len,
	    .src = rec->src,
	    .dst = rec->dst,
	    .tpid = rec->tpid,
	    .tci = rec->tci,
	    .vid = rec->vid,
	    .in_port = qswitch_port_name(sw, rec->in_port),
	    .verdict = (enum verdict)rec->verdict,
	    .n_egress = rec->egress_count,
	    .learned = (enum fdb_learned)rec->learned,
	    .moved_from = qswitch_port_name(sw, rec->moved_from),
	};
	for (int i = 0; i < RECORD_PORTS && rec->egress[i]; i++)
		s->egress[i] = qswitch_port_name(sw, rec->egress[i]);
	if (rec->fact_port) {
		s->fact_port = qswitch_port_name(sw, rec->fact_port);
		s->fact_static = !rec->fact_taught;
		s->fact_age_s = rec->fact_age_s;
		s->fact_taught = rec->fact_taught;
	}
	find_left_out(sw, rec->in_port, s);
	find_teacher(sw, s);
}

static bool matches(const struct record *rec, const struct wanted *want)
{
	bool at_port = !want->port || rec->in_port == want->port;

	for (int i = 0; i < RECORD_PORTS; i++)
		at_port |= rec->egress[i] && rec->egress[i] == want->port;
	return at_port &&
	       (!want->mac || memcmp(rec->src, want->mac, ETH_ADDR) == 0 ||
		   memcmp(rec->dst, want->mac, ETH_ADDR) == 0);
}
