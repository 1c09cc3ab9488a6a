/* SPDX-License-Identifier: BSD-2-Clause */
/* qswitchd.c - this project's switch as a candidate. The spanning tree is off,
 * as in the other candidates. */
#include "candidate.h"

#include <stdio.h>
#include <string.h>

#include "subject.h"
#include "vmm.h"

enum { READY_MS = 10000, SPEC_MAX = 256 };

static int prepare_port(struct subject *subject, int i);
static int make_uplink(struct testbed *testbed, int i);
static int launch(struct subject *subject);
static bool knows_spanning_tree(const char *binary);
static bool is_shared(const struct subject *subject, int i);
static void port_spec(const struct subject *subject, int i, char *spec);
static void datagram_spec(const struct subject *subject, int i, char *spec);
static int finish_port(struct subject *subject, int i);

int qswitchd_start(struct subject *subject)
{
	struct testbed *testbed = &subject->testbed;
	int result = 0;

	for (int i = 0; i < testbed->nhosts && !result; i++)
		result = prepare_port(subject, i);
	if (!result)
		result = launch(subject);
	for (int i = 0; i < testbed->nhosts && !result; i++)
		result = finish_port(subject, i);
	return result;
}

/* Make what the switch needs at its start. A held TAP must be up like a NIC:
 * the switch uses its network side. */
static int prepare_port(struct subject *subject, int i)
{
	struct testbed *testbed = &subject->testbed;

	if (subject_side(subject, i) == SIDE_NIC)
		return testbed_veth(testbed, i);
	if (subject_side(subject, i) == SIDE_HOST)
		return make_uplink(testbed, i);
	int result = vmm_prepare(subject, i);

	if (result || subject_side(subject, i) != SIDE_HELD)
		return result;
	return testbed_ip(testbed, testbed->sw, "link set p%d up\n", i + 1);
}

/* An uplink with the host's address, and a LAN behind it where nobody is. */
static int make_uplink(struct testbed *testbed, int i)
{
	int result = testbed_ip(testbed, testbed->sw,
	    "link add eth0 type veth peer name lan0\n"
	    "link set lan0 addrgenmode none\nlink set lan0 arp off up\n");

	if (!result)
		result = testbed_take_host(testbed, i);
	return result ? result : testbed_host_up(testbed, i);
}

static int launch(struct subject *subject)
{
	char specs[TESTBED_HOSTS_MAX][SPEC_MAX], control[96], extra[160];
	const char *argv[64] = {
	    subject->contender->binary, "--control", control};
	int argc = 3;

	if (knows_spanning_tree(subject->contender->binary)) {
		argv[argc++] = "--stp";
		argv[argc++] = "off";
	}

	snprintf(control, sizeof(control), "%s/qswitchd.sock",
	    subject->testbed.cell->dir);
	for (int i = 0; i < subject->testbed.nhosts; i++) {
		if (is_shared(subject, i))
			continue;
		port_spec(subject, i, specs[i]);
		argv[argc++] = "--port";
		argv[argc++] = specs[i];
	}
	memcpy(extra, subject->contender->arguments, sizeof(extra));
	process_split(extra, argv, argc, 64);
	int result = subject_run(subject, "qswitchd", argv);

	if (result)
		return result;
	return process_ready(&subject->processes[0], "qswitchd: ready",
	    READY_MS, subject->testbed.why, sizeof(subject->testbed.why));
}

/* An older build, compared with a new one, may have no spanning tree. */
static bool knows_spanning_tree(const char *binary)
{
	const char *const argv[] = {binary, "--help", NULL};
	char output[16384];

	process_filter(-1, argv, NULL, output, sizeof(output));
	return strstr(output, "--stp ") != NULL;
}

/* A listening port serves all endpoints that connect to it. */
static bool is_shared(const struct subject *subject, int i)
{
	enum side side = subject_side(subject, i);
	bool listens =
	    side == SIDE_STREAM || side == SIDE_TCP || side == SIDE_VDE;

	for (int other = 0; other < i && listens; other++)
		if (subject_side(subject, other) == side)
			return true;
	return false;
}

static void port_spec(const struct subject *subject, int i, char *spec)
{
	const char *driver = subject->contender->candidate->driver;
	char path[VMM_PATH_MAX];

	switch (subject_side(subject, i)) {
	case SIDE_TAP:
		snprintf(spec, SPEC_MAX, "tap:p%d", i + 1);
		break;
	case SIDE_NIC:
		snprintf(spec, SPEC_MAX, "nic:p%d,driver=%s", i + 1, driver);
		break;
	case SIDE_HOST:
		snprintf(spec, SPEC_MAX, "nic:eth0,driver=%s,uplink,host=yes",
		    driver);
		break;
	case SIDE_HELD:
		snprintf(spec, SPEC_MAX, "vmtap:p%d", i + 1);
		break;
	case SIDE_STREAM:
		vmm_path(subject, "vm.sock", 0, path);
		snprintf(spec, SPEC_MAX, "qemu:%s", path);
		break;
	case SIDE_TCP:
		snprintf(spec, SPEC_MAX, "qemu:tcp:127.0.0.1:%d", VMM_TCP_PORT);
		break;
	case SIDE_DGRAM:
		datagram_spec(subject, i, spec);
		break;
	case SIDE_UDP:
		snprintf(spec, SPEC_MAX,
		    "dgram:udp:127.0.0.1:%d,remote=127.0.0.1:%d",
		    vmm_udp_port(i, true), vmm_udp_port(i, false));
		break;
	case SIDE_VDE:
		vmm_path(subject, "vde", 0, path);
		snprintf(spec, SPEC_MAX, "vde:%s", path);
		break;
	}
}

static void datagram_spec(const struct subject *subject, int i, char *spec)
{
	char own[VMM_PATH_MAX], remote[VMM_PATH_MAX];

	vmm_path(subject, "s", i + 1, own);
	vmm_path(subject, "c", i + 1, remote);
	snprintf(spec, SPEC_MAX, "dgram:%s,remote=%s", own, remote);
}

static int finish_port(struct subject *subject, int i)
{
	return subject_side(subject, i) == SIDE_TAP
		   ? testbed_move(&subject->testbed, i)
		   : vmm_plug(subject, i);
}
