/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * log_limit.h - how often a kind of line may come in the log.
 *
 * A guest, or whoever can connect, causes lines at will: ports that go up and
 * down, new roots, peers turned away. Of each kind of line LOG_BURST are let
 * through within LOG_WINDOW_MS, and LOG_BURST_ALL of all kinds together. Of the
 * others the last one is kept, and told with their number when the window is
 * over. Pure: gets the time, keeps a fixed amount of memory.
 */
#ifndef SWITCH_LOG_LIMIT_H
#define SWITCH_LOG_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

enum {
	LOG_LINE = 1024, /* bytes of a line, NUL counted */
	LOG_KINDS = 128, /* kinds of line that are told apart at a time */
	LOG_WINDOW_MS = 10000,
	LOG_BURST = 10,
	LOG_BURST_ALL = 2000,
};

/* Lines of one kind in the present window. */
struct log_kind {
	uint64_t key;
	uint64_t since_ms;
	uint32_t passed;
	uint32_t held;
	int level; /* of the last that was held */
	char last[LOG_LINE];
};

/* Begins as zeros. kinds[LOG_KINDS] has those that found no place. */
struct log_limit {
	struct log_kind kinds[LOG_KINDS + 1];
	uint64_t since_ms; /* the window of all kinds together */
	uint32_t passed;
	uint32_t holding; /* kinds that hold a line */
};

/* Lines that were held: the last of them, and how many they were. */
struct log_held {
	int level;
	uint32_t n;
	const char *last;
};

/**
 * log_limit_pass() - may @line be written? If not, it is held
 * @key:    the kind of line, such as a hash of its format and its port
 * @now_ms: monotonic ms, never smaller than in the last call of any function
 */
bool log_limit_pass(struct log_limit *limit, uint64_t key, int level,
    const char *line, uint64_t now_ms);

/**
 * log_limit_take() - a kind of line whose window is over, to be told
 * @held: written whole; its line is valid until the next call of any function
 *
 * Return: false if there is none.
 */
bool log_limit_take(
    struct log_limit *limit, uint64_t now_ms, struct log_held *held);

#endif
