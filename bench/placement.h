/* SPDX-License-Identifier: BSD-2-Clause */
/* placement.h - which processors the switch and the endpoints may use. */
#ifndef BENCH_PLACEMENT_H
#define BENCH_PLACEMENT_H

#include <sched.h>

enum pin {
	PIN_FREE,  /* the kernel decides; the generator keeps to the last */
	PIN_ONE,   /* everything on the first processor */
	PIN_SPLIT, /* the switch on the first, the endpoints on the last */
};

struct placement {
	enum pin pin;
	cpu_set_t device;    /* the switch under test */
	cpu_set_t ends;	     /* iperf3, ping and pong, readers */
	cpu_set_t generator; /* one processor */
};

void placement_make(struct placement *placement, enum pin pin);

/** pin_name(), pin_parse() - "free", "one", "split"; -EINVAL */
const char *pin_name(enum pin pin);
int pin_parse(const char *name);

#endif
