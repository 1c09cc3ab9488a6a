/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * explain.h - a decision in sentences, each with the clause of the standard
 * behind it. `explain` is about a frame that might come, `why` about one that
 * came; both fill in a struct story and get the same sentences.
 *
 * Pure: names and numbers in, text out.
 */
#ifndef SWITCH_CONTROL_EXPLAIN_H
#define SWITCH_CONTROL_EXPLAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "forwarding/fdb.h"
#include "forwarding/verdict.h"

#define EXPLAIN_STANDARD "IEEE 802.1D-1998"

enum {
	STORY_PORTS = 8,     /* egress ports that a sentence names */
	STORY_SENTENCES = 7, /* at most */
	STORY_SENTENCE = 512,
};

/* Names must live as long as the story; "-" for a port that is gone. */
struct story {
	bool happened;	/* false: it only might */
	uint64_t frame; /* its number, if it happened */
	uint32_t len;	/* bytes, if it happened */
	const uint8_t *src, *dst;
	uint16_t tpid, tci; /* outer tag, tpid 0: none */
	uint16_t vid;
	const char *in_port;
	enum verdict verdict;
	const char *left_out; /* beyond the split horizon; NULL: none */
	int n_egress;	      /* ports it goes to, */
	const char *egress[STORY_PORTS]; /* the first of them */

	/* the entry of the filtering database that was used */
	const char *fact_port; /* NULL: none */
	bool fact_static;
	uint32_t fact_age_s;
	uint64_t fact_taught;	 /* number of the frame it was learned from */
	bool teacher_known;	 /* that frame is in the flight recorder */
	uint64_t teacher_ago_ms; /* when it came, */
	const uint8_t *teacher_dst; /* and its destination */

	/* what becomes of its own source */
	enum fdb_learned learned;
	const char *moved_from; /* FDB_MOVED, FDB_CLAIMED */
};

struct explanation {
	int n;
	char sentences[STORY_SENTENCES][STORY_SENTENCE];
};

/**
 * explain() - tell @story in sentences
 *
 * One each about: the frame, the verdict with its clause, the egress ports, the
 * one that is left out of a flood, the entry used, the frame it was learned from, and what was learned now. One with
 * nothing to say is left out.
 */
void explain(const struct story *story, struct explanation *out);

#endif
