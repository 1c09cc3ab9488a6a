/* SPDX-License-Identifier: BSD-2-Clause */
/* kernel.c - the kernel bridge, with veth pairs or with TAPs that the bench
 * holds as a virtual machine monitor would. */
#include "candidate.h"

#include <stdio.h>
#include <string.h>

#include "subject.h"
#include "vmm.h"

static const char *bridge_name(const struct subject *subject);
static int add_port(struct subject *subject, int i);
static int steer(struct subject *subject, int i);

int kernel_start(struct subject *subject)
{
	bool host = subject_side(subject, 0) == SIDE_HOST;
	int result = testbed_ip(&subject->testbed, subject->testbed.sw,
	    "link add %s up type bridge stp_state 0 forward_delay 0 "
	    "mcast_snooping 0\n",
	    bridge_name(subject));

	if (host && !result)
		result = testbed_take_host(&subject->testbed, 0);
	if (host && !result)
		result = testbed_host_up(&subject->testbed, 0);
	for (int i = host; i < subject->testbed.nhosts && !result; i++)
		result = add_port(subject, i);
	return result;
}

/* The device of a host is eth0. */
static const char *bridge_name(const struct subject *subject)
{
	return subject_side(subject, 0) == SIDE_HOST ? "eth0" : "br0";
}

static int add_port(struct subject *subject, int i)
{
	struct testbed *testbed = &subject->testbed;
	bool held = subject_side(subject, i) == SIDE_HELD;
	int result = held ? vmm_prepare(subject, i) : testbed_veth(testbed, i);

	if (!result)
		result = testbed_ip(testbed, testbed->sw,
		    "link set p%d up master %s\n", i + 1, bridge_name(subject));
	if (!result &&
	    strcmp(subject->contender->candidate->driver, "rps") == 0)
		result = steer(subject, i);
	return result;
}

/* Receive packet steering lets the processor that receives a frame pass it to
 * another, here to any that the switch may use. */
static int steer(struct subject *subject, int i)
{
	char file[64], mask[32];
	uint64_t bits = 0;

	for (int cpu = 0; cpu < 63; cpu++)
		if (CPU_ISSET(cpu, &subject->placement.device))
			bits |= 1ULL << cpu;
	snprintf(
	    file, sizeof(file), "class/net/p%d/queues/rx-0/rps_cpus", i + 1);
	/* Groups of 32 bits; a kernel for few processors accepts only one. */
	if (bits >> 32)
		snprintf(mask, sizeof(mask), "%x,%08x", (uint32_t)(bits >> 32),
		    (uint32_t)bits);
	else
		snprintf(mask, sizeof(mask), "%x", (uint32_t)bits);
	return testbed_write_sys(
	    &subject->testbed, subject->testbed.sw, file, mask);
}
