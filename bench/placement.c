/* SPDX-License-Identifier: BSD-2-Clause */
/* placement.c - processors for switch and endpoints (see placement.h). */
#include "placement.h"

#include <errno.h>
#include <string.h>

static const char *const names[] = {
    [PIN_FREE] = "free",
    [PIN_ONE] = "one",
    [PIN_SPLIT] = "split",
};

static void only(cpu_set_t *set, int cpu);

void placement_make(struct placement *placement, enum pin pin)
{
	cpu_set_t usable;
	int first = -1, last = 0;

	sched_getaffinity(0, sizeof(usable), &usable);
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		if (!CPU_ISSET(cpu, &usable))
			continue;
		first = first < 0 ? cpu : first;
		last = cpu;
	}
	*placement =
	    (struct placement){.pin = pin, .device = usable, .ends = usable};
	only(&placement->generator, pin == PIN_ONE ? first : last);
	if (pin == PIN_FREE)
		return;
	only(&placement->device, first);
	only(&placement->ends, pin == PIN_ONE ? first : last);
}

const char *pin_name(enum pin pin)
{
	return names[pin];
}

int pin_parse(const char *name)
{
	for (int i = 0; i <= PIN_SPLIT; i++)
		if (strcmp(name, names[i]) == 0)
			return i;
	return -EINVAL;
}

static void only(cpu_set_t *set, int cpu)
{
	CPU_ZERO(set);
	CPU_SET(cpu, set);
}
