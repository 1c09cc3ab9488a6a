/* SPDX-License-Identifier: BSD-2-Clause */
/* verdict.c - names, sentences and clauses of the verdicts: the X-macro of
 * verdict.h as a table. */
#include "verdict.h"

#include <assert.h>

static const struct {
	const char *name, *text, *clause;
} verdicts[] = {
#define X(name, text, clause) [VERDICT_##name] = {#name, text, clause},
    VERDICTS(X)
#undef X
};
static_assert(sizeof(verdicts) / sizeof(*verdicts) == VERDICT_COUNT,
    "a row for each verdict");

const char *verdict_name(enum verdict v)
{
	assert(v < VERDICT_COUNT);
	return verdicts[v].name;
}

const char *verdict_text(enum verdict v)
{
	assert(v < VERDICT_COUNT);
	return verdicts[v].text;
}

const char *verdict_clause(enum verdict v)
{
	assert(v < VERDICT_COUNT);
	return verdicts[v].clause;
}
