/* SPDX-License-Identifier: BSD-2-Clause */
/* vde.c - vde_switch with TAPs as a candidate. */
#include "candidate.h"
#include "clock.h"
#include "subject.h"

#include <errno.h>
#include <stdio.h>

enum { READY_MS = 5000, NAME_MAX_LEN = 16 };

/* It says nothing when it is ready, but opens its TAPs in order. */
static int wait_for_device(struct subject *subject, const char *ifname)
{
	uint64_t until = clock_ns() + READY_MS * 1000000ULL;
	struct lab *lab = &subject->lab;

	while (clock_ns() < until && subject_alive(subject)) {
		if (lab_ip(lab, lab->sw, "link show %s\n", ifname) == 0) {
			lab->why[0] = '\0';
			return 0;
		}
		clock_sleep_ns(5000000);
	}
	return -ETIMEDOUT;
}

int vde_start(struct subject *subject)
{
	struct lab *lab = &subject->lab;
	char names[LAB_HOSTS_MAX][NAME_MAX_LEN], dir[96], extra[160];
	const char *argv[64] = {subject->contender->binary, "-s", dir};
	int argc = 3;

	snprintf(dir, sizeof(dir), "%s/vde", lab->cell->dir);
	for (int i = 0; i < lab->nhosts; i++) {
		snprintf(names[i], NAME_MAX_LEN, "p%d", i + 1);
		argv[argc++] = "-t";
		argv[argc++] = names[i];
	}
	snprintf(extra, sizeof(extra), "%s", subject->contender->arguments);
	process_split(extra, argv, argc, 64);
	int error = subject_run(subject, "vde_switch", argv);

	for (int i = 0; i < lab->nhosts && !error; i++)
		error = wait_for_device(subject, names[i]);
	for (int i = 0; i < lab->nhosts && !error; i++)
		error = lab_move(lab, i);
	return error;
}
