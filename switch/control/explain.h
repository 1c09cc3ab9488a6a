/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * explain.h - a decision in sentences, with the clause of the standard it
 * follows from. `explain` tells of a frame that might come, `why` of one that
 * came; both fill a struct story and read the same sentences.
 *
 * Pure: names and numbers in, text out.
 */
#ifndef SWITCH_EXPLAIN_H
#define SWITCH_EXPLAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "forwarding/fdb.h"
#include "forwarding/verdict.h"

#define EXPLAIN_STANDARD "IEEE 802.1D-1998"

enum {
	STORY_PORTS = 8,     /* egress ports that a sentence names */
	STORY_SENTENCES = 6, /* at most */
	STORY_SENTENCE = 512,
};

/* Names live as long as the story; "-" for a port that has gone. */
struct story {
	bool happened;	/* else it only might */
	uint64_t frame; /* its number, if it happened */
	uint32_t len;	/* bytes, if it happened */
	const uint8_t *src, *dst;
	uint16_t tpid, tci; /* outer tag, tpid 0: none */
	uint16_t vid;
	const char *in_port;
	enum verdict verdict;
	int n_egress;			 /* ports it goes to, */
	const char *egress[STORY_PORTS]; /* the first of them */

	/* the entry of the filtering database that was used */
	const char *fact_port; /* NULL: none was */
	bool fact_static;
	uint32_t fact_age_s;
	uint64_t fact_taught;	    /* number of the frame that taught it */
	bool teacher_known;	    /* is it still in the flight recorder? */
	uint64_t teacher_ago_ms;    /* when it came, */
	const uint8_t *teacher_dst; /* and for whom it was */

	/* what becomes of its own source */
	enum fdb_learned learned;
	const char *moved_from; /* FDB_MOVED */
};

struct explanation {
	int n;
	char sentences[STORY_SENTENCES][STORY_SENTENCE];
};

/* One sentence each: the frame, the verdict with its clause, the ports, the
 * entry that was used, the frame that taught it, what was learned. Those with
 * nothing to say are left out. */
void explain(const struct story *story, struct explanation *out);

/* "850 ms", "12.3 s", "5 min", "3 h" */
void explain_duration(uint64_t ms, char text[16]);

#endif
