/* SPDX-License-Identifier: BSD-2-Clause */
/* log_limit.c - how often a kind of line may come: see log_limit.h. */
#include "log_limit.h"

#include <bsd/string.h>

static struct log_kind *find_kind(
    struct log_limit *limit, uint64_t key, uint64_t now_ms);
static bool is_over(uint64_t since_ms, uint64_t now_ms);
static bool pass_all(struct log_limit *limit, uint64_t now_ms);
static void hold(struct log_limit *limit, struct log_kind *kind, int level,
    const char *line);

bool log_limit_pass(struct log_limit *limit, uint64_t key, int level,
    const char *line, uint64_t now_ms)
{
	struct log_kind *kind = find_kind(limit, key, now_ms);

	/* What is held is told first: order within a kind is kept. */
	if (!kind->held && is_over(kind->since_ms, now_ms)) {
		kind->since_ms = now_ms;
		kind->passed = 0;
	}
	if (!kind->held && kind->passed < LOG_BURST &&
	    pass_all(limit, now_ms)) {
		kind->passed++;
		return true;
	}
	hold(limit, kind, level, line);
	return false;
}

bool log_limit_take(
    struct log_limit *limit, uint64_t now_ms, struct log_held *held)
{
	for (int i = 0; limit->holding && i <= LOG_KINDS; i++) {
		struct log_kind *kind = &limit->kinds[i];

		if (!kind->held || !is_over(kind->since_ms, now_ms))
			continue;
		*held = (struct log_held){kind->level, kind->held, kind->last};
		limit->holding--;
		kind->held = 0;
		kind->passed = 1; /* the line that tells of them */
		kind->since_ms = now_ms;
		return true;
	}
	return false;
}

/* The kind of @key, else one that has nothing to tell any more, else the one
 * that all others share: whoever makes up kinds fills the table and gains
 * nothing. */
static struct log_kind *find_kind(
    struct log_limit *limit, uint64_t key, uint64_t now_ms)
{
	struct log_kind *unused = NULL;

	for (int i = 0; i < LOG_KINDS; i++) {
		struct log_kind *kind = &limit->kinds[i];

		if (kind->key == key && (kind->passed || kind->held))
			return kind;
		if (!unused && !kind->held &&
		    (!kind->passed || is_over(kind->since_ms, now_ms)))
			unused = kind;
	}
	if (!unused)
		return &limit->kinds[LOG_KINDS];
	unused->key = key;
	unused->passed = 0;
	unused->since_ms = now_ms;
	return unused;
}

static bool is_over(uint64_t since_ms, uint64_t now_ms)
{
	return now_ms - since_ms >= LOG_WINDOW_MS;
}

static bool pass_all(struct log_limit *limit, uint64_t now_ms)
{
	if (is_over(limit->since_ms, now_ms)) {
		limit->since_ms = now_ms;
		limit->passed = 0;
	}
	return limit->passed++ < LOG_BURST_ALL;
}

static void hold(
    struct log_limit *limit, struct log_kind *kind, int level, const char *line)
{
	limit->holding += !kind->held;
	kind->held++;
	kind->level = level;
	strlcpy(kind->last, line, sizeof(kind->last));
}
