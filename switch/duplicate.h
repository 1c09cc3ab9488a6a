/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * duplicate.h - addresses that are heard on two ports in turn: two stations
 * use the same one, or there is a loop.
 *
 * An address that moves once has moved; one that comes back to where it was
 * within DUPLICATE_MS is in two places. Only the last moves are remembered, in
 * a fixed amount of memory: a flood of moving addresses may push one out, and
 * is seen by itself. Pure.
 */
#ifndef SWITCH_DUPLICATE_H
#define SWITCH_DUPLICATE_H

#include <stdbool.h>
#include <stdint.h>

#include "forwarding/frame.h"

enum { DUPLICATE_MOVES = 64, DUPLICATE_MS = 10000 };

/* The last move of an address. */
struct duplicate_move {
	uint8_t mac[ETH_ADDR];
	uint16_t vid;
	uint16_t from, to; /* ports; 0: no move */
	uint64_t at_ms;
};

/* Begins as zeros. */
struct duplicate {
	struct duplicate_move moves[DUPLICATE_MOVES];
};

/**
 * duplicate_note() - @mac has moved; has it only just moved the other way?
 * @now_ms: never smaller than in the last call
 */
bool duplicate_note(struct duplicate *d, const uint8_t mac[ETH_ADDR],
    uint16_t vid, int from, int to, uint64_t now_ms);

#endif
