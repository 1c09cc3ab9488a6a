/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * spin.h - whether to keep polling for a moment before the loop blocks.
 *
 * Waking a sleeping process costs more than forwarding a frame, most of all on
 * a virtual machine whose idle processor must be woken too. After traffic the
 * loop therefore polls for up to limit_us if this has paid off lately: a poll
 * that meets the next frame earns a point, one that ends in blocking loses
 * some. Without points it is tried only now and then. An idle switch blocks.
 *
 * Polling takes a processor away from others: it is off by default where this
 * process may use only one.
 */
#ifndef SWITCH_SPIN_H
#define SWITCH_SPIN_H

#include <stdbool.h>
#include <stdint.h>

enum {
	SPIN_DEFAULT_US = 50,
	SPIN_MAX_US = 1000,
	SPIN_ALWAYS_US = UINT16_MAX, /* --busy-poll: never block */
};

struct spin {
	uint32_t limit_us; /* 0: never */
	int points;
	int wait;	      /* wake-ups until the next try without points */
	bool polling;	      /* since the last traffic */
	uint64_t block_at_ns; /* polling ends then */
};

/**
 * spin_init() - start with half of the points
 * @limit_us: 0..SPIN_MAX_US, or SPIN_ALWAYS_US
 */
void spin_init(struct spin *spin, uint32_t limit_us);

/**
 * spin_auto_us() - SPIN_DEFAULT_US, or 0 if this process may use one processor
 *
 * #syscalls sched_getaffinity
 */
uint32_t spin_auto_us(void);

/**
 * spin_poll() - the loop has been round once: poll, or block?
 * @traffic: frames were received in that round
 *
 * Return: true to poll without blocking.
 */
bool spin_poll(struct spin *spin, bool traffic, uint64_t now_ns);

#endif
