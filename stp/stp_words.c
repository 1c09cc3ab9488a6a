/* SPDX-License-Identifier: BSD-2-Clause */
/* stp_words.c - see stp_words.h */
#include "stp_words.h"

#include <errno.h>
#include <string.h>

#define NAME_OF(name, text, ...)      [name] = text,
#define TEXT_OF(name, text, sentence) [name] = sentence,
static const char *const state_names[] = {STP_STATES(NAME_OF)};
static const char *const role_names[] = {STP_ROLES(NAME_OF)};
static const char *const bpdu_names[] = {STP_POLICIES(NAME_OF)};
static const char *const edge_names[] = {STP_EDGES(NAME_OF)};
static const char *const verdict_names[] = {STP_VERDICTS(NAME_OF)};
static const char *const verdict_texts[] = {STP_VERDICTS(TEXT_OF)};
#undef NAME_OF
#undef TEXT_OF

const char *stp_state_name(enum stp_state state)
{
	return state_names[state];
}

const char *stp_role_name(enum stp_role role)
{
	return role_names[role];
}

const char *stp_bpdu_name(enum stp_bpdu bpdu)
{
	return bpdu_names[bpdu];
}

const char *stp_edge_name(enum stp_edge edge)
{
	return edge_names[edge];
}

const char *stp_verdict_name(enum stp_verdict verdict)
{
	return verdict_names[verdict];
}

const char *stp_verdict_text(enum stp_verdict verdict)
{
	return verdict_texts[verdict];
}

int stp_bpdu_parse(const char *word, enum stp_bpdu *bpdu)
{
	for (int i = 0; i < STP_BPDU_COUNT; i++) {
		if (strcmp(word, bpdu_names[i]) == 0) {
			*bpdu = i;
			return 0;
		}
	}
	return -EINVAL;
}

int stp_edge_parse(const char *word, enum stp_edge *edge)
{
	for (int i = 0; i < STP_EDGE_COUNT; i++) {
		if (strcmp(word, edge_names[i]) == 0) {
			*edge = i;
			return 0;
		}
	}
	return -EINVAL;
}
