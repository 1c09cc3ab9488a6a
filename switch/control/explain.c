/* SPDX-License-Identifier: BSD-2-Clause */
/* explain.c - a decision in sentences: see explain.h. */
#include "explain.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <bsd/string.h>

#include "forwarding/frame.h"
#include "switch/protocol/duration.h"

static void say_frame(const struct story *s, struct explanation *out);
static void tag_text(const struct story *s, char *text, size_t size);
static void say(struct explanation *out, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
static void say_verdict(const struct story *s, struct explanation *out);
static void say_ports(const struct story *s, struct explanation *out);
static void list_ports(const struct story *s, char *text, size_t size);
static void say_left_out(const struct story *s, struct explanation *out);
static void say_fact(const struct story *s, struct explanation *out);
static void say_teacher(const struct story *s, struct explanation *out);
static void say_learned(const struct story *s, struct explanation *out);

void explain(const struct story *story, struct explanation *out)
{
	out->n = 0;
	say_frame(story, out);
	say_verdict(story, out);
	say_ports(story, out);
	say_left_out(story, out);
	say_fact(story, out);
	say_teacher(story, out);
	say_learned(story, out);
}

static void say_frame(const struct story *s, struct explanation *out)
{
	char src[MAC_TEXT], dst[MAC_TEXT], tag[64];

	mac_format(s->src, src);
	mac_format(s->dst, dst);
	tag_text(s, tag, sizeof(tag));
	if (s->happened)
		say(out,
		    "Frame %" PRIu64 " of %u bytes arrived on %s, %s, from %s "
		    "to %s; it was classified to VLAN %u.",
		    s->frame, s->len, s->in_port, tag, src, dst, s->vid);
	else
		say(out,
		    "A frame that arrives on %s, %s, from %s to %s is "
		    "classified to VLAN %u.",
		    s->in_port, tag, src, dst, s->vid);
}

/* "untagged", "with priority tag (PCP 5)", "with 802.1Q tag VLAN 7, PCP 0" */
static void tag_text(const struct story *s, char *text, size_t size)
{
	const char *kind = s->tpid == TPID_8021AD ? "802.1ad" : "802.1Q";

	if (!s->tpid)
		strlcpy(text, "untagged", size);
	else if (!(s->tci & 0xfff))
		snprintf(
		    text, size, "with a priority tag (PCP %d)", s->tci >> 13);
	else
		snprintf(text, size, "with an %s tag (VLAN %d, PCP %d)", kind,
		    s->tci & 0xfff, s->tci >> 13);
}

static void say(struct explanation *out, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(out->sentences[out->n++], STORY_SENTENCE, fmt, args);
	va_end(args);
}

static void say_verdict(const struct story *s, struct explanation *out)
{
	say(out, "It %s %s (" EXPLAIN_STANDARD " %s).",
	    s->happened ? "was" : "would be", verdict_text(s->verdict),
	    verdict_clause(s->verdict));
}

static void say_ports(const struct story *s, struct explanation *out)
{
	char ports[STORY_SENTENCE / 2];

	if (!s->n_egress)
		return;
	list_ports(s, ports, sizeof(ports));
	say(out, "It %s sent to %s.", s->happened ? "was" : "would be", ports);
}

/* "a", "a and b", "a, b, c and 4 more" */
static void list_ports(const struct story *s, char *text, size_t size)
{
	int named = s->n_egress < STORY_PORTS ? s->n_egress : STORY_PORTS;

	while (named > 0 && !s->egress[named - 1])
		named--;
	int more = s->n_egress - named;
	*text = 0;
	for (int i = 0; i < named; i++) {
		bool last = i == named - 1 && !more;

		if (i)
			strlcat(text, last ? " and " : ", ", size);
		strlcat(text, s->egress[i], size);
	}
	if (more)
		snprintf(text + strlen(text), size - strlen(text),
		    " and %d more", more);
}

static void say_left_out(const struct story *s, struct explanation *out)
{
	if (!s->left_out)
		return;
	say(out,
	    "It %s not sent to %s: the uplink and the host behind it are one "
	    "LAN, which has it already.",
	    s->happened ? "was" : "would be", s->left_out);
}

static void say_fact(const struct story *s, struct explanation *out)
{
	const char *has = s->happened ? "had" : "has";
	char dst[MAC_TEXT];

	if (!s->fact_port)
		return;
	mac_format(s->dst, dst);
	if (s->fact_static)
		say(out,
		    "The filtering database %s a static entry for %s in VLAN "
		    "%u, on %s (" EXPLAIN_STANDARD " 7.9.1).",
		    has, dst, s->vid, s->fact_port);
	else
		say(out,
		    "The filtering database %s %s in VLAN %u on %s, last heard "
		    "there %u s %s (" EXPLAIN_STANDARD " 7.9.2).",
		    has, dst, s->vid, s->fact_port, s->fact_age_s,
		    s->happened ? "before" : "ago");
}

static void say_teacher(const struct story *s, struct explanation *out)
{
	char dst[MAC_TEXT], ago[DURATION_TEXT];

	if (!s->fact_port || s->fact_static || !s->fact_taught)
		return;
	if (!s->teacher_known) {
		say(out,
		    "Learned from frame %" PRIu64 ", which is no longer in the "
		    "flight recorder.",
		    s->fact_taught);
		return;
	}
	mac_format(s->teacher_dst, dst);
	duration_text(s->teacher_ago_ms, ago);
	say(out, "Learned from frame %" PRIu64 ", sent to %s %s ago.",
	    s->fact_taught, dst, ago);
}

static void say_learned(const struct story *s, struct explanation *out)
{
	const char *be = s->happened ? "was" : "would be";
	const char *is = s->happened ? "was" : "is";
	char src[MAC_TEXT];

	mac_format(s->src, src);
	if (s->learned == FDB_NEW)
		say(out,
		    "Its source %s %s unknown and %s learned on %s "
		    "(" EXPLAIN_STANDARD " 7.8).",
		    src, is, be, s->in_port);
	else if (s->learned == FDB_MOVED)
		say(out,
		    "Its source %s %s known on %s and %s moved to %s "
		    "(" EXPLAIN_STANDARD " 7.8).",
		    src, is, s->moved_from, be, s->in_port);
	else if (s->learned == FDB_CLAIMED)
		say(out,
		    "Its source %s has a static entry on %s and %s not learned "
		    "on %s (" EXPLAIN_STANDARD " 7.9.1).",
		    src, s->moved_from, be, s->in_port);
	else if (s->learned == FDB_NOT_LEARNED)
		say(out,
		    "Its source %s %s not learned: all entries are static "
		    "(" EXPLAIN_STANDARD " 7.8).",
		    src, be);
}
