/* SPDX-License-Identifier: BSD-2-Clause */
/* vde.c - vde_switch as a candidate, with TAPs or with clients. */
#include "candidate.h"

#include <errno.h>
#include <stdio.h>

#include "clock.h"
#include "subject.h"
#include "vmm.h"

enum { READY_MS = 5000, NAME_MAX_LEN = 16 };

static int launch(
    struct subject *subject, char (*names)[NAME_MAX_LEN], int ntaps);
static int finish_port(struct subject *subject, int i, const char *ifname);
static int wait_for_device(struct subject *subject, const char *ifname);

int vde_start(struct subject *subject)
{
	char names[TESTBED_HOSTS_MAX][NAME_MAX_LEN];
	bool taps = subject_side(subject, 0) == SIDE_TAP;
	int n = subject->testbed.nhosts, result = 0;

	for (int i = 0; i < n && !result; i++) {
		snprintf(names[i], NAME_MAX_LEN, "p%d", i + 1);
		result = vmm_prepare(subject, i);
	}
	if (!result)
		result = launch(subject, names, taps ? n : 0);
	for (int i = 0; i < n && !result; i++)
		result = finish_port(subject, i, names[i]);
	return result;
}

static int launch(
    struct subject *subject, char (*names)[NAME_MAX_LEN], int ntaps)
{
	char dir[VMM_PATH_MAX], extra[160];
	const char *argv[64] = {subject->contender->binary, "-s", dir};
	int argc = 3;

	vmm_path(subject, "vde", 0, dir);
	for (int i = 0; i < ntaps; i++) {
		argv[argc++] = "-t";
		argv[argc++] = names[i];
	}
	snprintf(extra, sizeof(extra), "%s", subject->contender->arguments);
	process_split(extra, argv, argc, 64);
	return subject_run(subject, "vde_switch", argv);
}

/* A client retries until it can connect; a TAP must exist first. */
static int finish_port(struct subject *subject, int i, const char *ifname)
{
	if (subject_side(subject, i) == SIDE_VDE)
		return vmm_plug(subject, i);
	int result = wait_for_device(subject, ifname);

	return result ? result : testbed_move(&subject->testbed, i);
}

/* vde_switch does not report when it is ready, but opens its TAPs in order. */
static int wait_for_device(struct subject *subject, const char *ifname)
{
	uint64_t end_at_ns = clock_ns() + READY_MS * 1000000ULL;
	struct testbed *testbed = &subject->testbed;

	while (clock_ns() < end_at_ns && subject_alive(subject)) {
		if (testbed_ip(
			testbed, testbed->sw, "link show %s\n", ifname) == 0) {
			testbed->why[0] = '\0';
			return 0;
		}
		clock_sleep_ns(5000000);
	}
	return -ETIMEDOUT;
}
