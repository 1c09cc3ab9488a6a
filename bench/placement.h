/* SPDX-License-Identifier: BSD-2-Clause */
/* placement.h - which processors the switch and the endpoints may use. */
#ifndef BENCH_PLACEMENT_H
#define BENCH_PLACEMENT_H

#include <sched.h>

enum pin {
	PIN_FREE,  /* the kernel decides; the generator stays on the last */
	PIN_ONE,   /* everything on the first processor */
	PIN_SPLIT, /* the switch on the first, the endpoints on the last */
};

struct placement {
	enum pin pin;
	cpu_set_t device;    /* the switch under test */
	cpu_set_t ends;	     /* iperf3, ping and pong, readers */
	cpu_set_t generator; /* one processor */
};

/** placement_make() - choose from the processors that we may use */
void placement_make(struct placement *placement, enum pin pin);

/** pin_name() - "free", "one" or "split" */
const char *pin_name(enum pin pin);

/** pin_parse() - the enum pin called @name, or -EINVAL */
int pin_parse(const char *name);

#endif
