/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * delay.h - makes the switch slow on purpose (--debug-delay-us), so that a
 * benchmark can prove that it would notice.
 */
#ifndef SWITCH_DELAY_H
#define SWITCH_DELAY_H

#include <stdint.h>

#include "hook.h"

struct delay {
	struct hook hook;
	uint32_t us; /* per received frame */
};

/**
 * delay_start() - busy-wait @us microseconds per received frame from now on
 * @delay: must live as long as @sw
 *
 * Reads the system's clock by itself: real time must pass, not the switch's.
 * #syscalls clock_gettime (vDSO)
 */
void delay_start(struct delay *delay, struct qswitch *sw, uint32_t us);

#endif
