/* SPDX-License-Identifier: BSD-2-Clause */
/* qswitchd.c - this project's switch as a candidate. The spanning tree is
 * off, as it is at the other candidates. */
#include "candidate.h"
#include "subject.h"

#include <stdio.h>
#include <string.h>

enum { READY_MS = 10000, SPEC_MAX = 64 };

static void port_spec(const struct subject *subject, int i, char *spec)
{
	const char *driver = subject->contender->candidate->driver;

	if (subject_side(subject, i) == SIDE_TAP)
		snprintf(spec, SPEC_MAX, "tap:p%d", i + 1);
	else
		snprintf(spec, SPEC_MAX, "nic:p%d,driver=%s", i + 1, driver);
}

/* An older build, measured beside a new one, may have no spanning tree. */
static bool knows_spanning_tree(const char *binary)
{
	const char *const argv[] = {binary, "--help", NULL};
	char output[16384];

	process_filter(-1, argv, NULL, output, sizeof(output));
	return strstr(output, "--stp ") != NULL;
}

static int launch(struct subject *subject)
{
	char specs[LAB_HOSTS_MAX][SPEC_MAX], control[96], extra[160];
	const char *argv[64] = {
	    subject->contender->binary, "--control", control};
	int argc = 3;

	if (knows_spanning_tree(subject->contender->binary)) {
		argv[argc++] = "--stp";
		argv[argc++] = "off";
	}

	snprintf(control, sizeof(control), "%s/qswitchd.sock",
	    subject->lab.cell->dir);
	for (int i = 0; i < subject->lab.nhosts; i++) {
		port_spec(subject, i, specs[i]);
		argv[argc++] = "--port";
		argv[argc++] = specs[i];
	}
	memcpy(extra, subject->contender->arguments, sizeof(extra));
	process_split(extra, argv, argc, 64);
	int error = subject_run(subject, "qswitchd", argv);

	if (error)
		return error;
	return process_ready(
	    &subject->processes[0], &subject->lab, "qswitchd: ready", READY_MS);
}

/* What has to be there before the switch is. A held TAP is up like a NIC: the
 * switch sees its network side. */
static int prepare_port(struct subject *subject, int i)
{
	struct lab *lab = &subject->lab;
	int error;

	switch (subject_side(subject, i)) {
	case SIDE_NIC:
		return lab_veth(lab, i);
	case SIDE_HELD:
		error = subject_hold(subject, i);
		return error ? error
			     : lab_ip(lab, lab->sw, "link set p%d up\n", i + 1);
	case SIDE_TAP:
		break;
	}
	return 0;
}

int qswitchd_start(struct subject *subject)
{
	struct lab *lab = &subject->lab;
	int error = 0;

	for (int i = 0; i < lab->nhosts && !error; i++)
		error = prepare_port(subject, i);
	if (!error)
		error = launch(subject);
	for (int i = 0; i < lab->nhosts && !error; i++)
		if (subject_side(subject, i) == SIDE_TAP)
			error = lab_move(lab, i);
	return error;
}
