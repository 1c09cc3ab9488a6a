/* SPDX-License-Identifier: BSD-2-Clause */
/* delay.c - makes the switch slow on purpose: see delay.h. */
#include "delay.h"

#include <time.h>

#include "forwarding/frame.h"

static bool on_batch(
    void *arg, struct switch_port *p, const struct batch *batch);
static uint64_t monotonic_ns(void);

void delay_start(struct delay *delay, struct qswitch *sw, uint32_t us)
{
	*delay = (struct delay){
	    .hook = {.arg = delay, .on_batch = on_batch}, .us = us};
	hook_register(sw, &delay->hook);
}

static bool on_batch(
    void *arg, struct switch_port *p, const struct batch *batch)
{
	const struct delay *delay = arg;
	uint64_t end_at_ns =
	    monotonic_ns() + (uint64_t)batch->n * delay->us * 1000;

	(void)p;
	while (monotonic_ns() < end_at_ns)
		;
	return false;
}

static uint64_t monotonic_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}
