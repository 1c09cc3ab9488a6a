/* SPDX-License-Identifier: BSD-2-Clause */
/* ovs.c - Open vSwitch's user-space datapath (netdev) as a candidate, with a
 * private database and daemons; it leaves a running Open vSwitch alone. */
#include "candidate.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "subject.h"

enum { READY_MS = 10000 };

static const char schema[] = "/usr/share/openvswitch/vswitch.ovsschema";

struct paths {
	char database[112], remote[128], listen[128];
};

static int start_database(struct subject *subject, const struct paths *paths);
static int run(struct testbed *testbed, const char *const argv[]);
static int start_switch(struct subject *subject, const struct paths *paths);
static int add_port(struct subject *subject, const struct paths *paths, int i);

int ovs_start(struct subject *subject)
{
	const char *dir = subject->testbed.cell->dir;
	struct paths paths;
	int result;

	snprintf(paths.database, sizeof(paths.database), "%s/ovs.db", dir);
	snprintf(
	    paths.remote, sizeof(paths.remote), "--db=unix:%s/ovs.sock", dir);
	snprintf(paths.listen, sizeof(paths.listen),
	    "--remote=punix:%s/ovs.sock", dir);
	setenv("OVS_RUNDIR", dir, 1);
	setenv("OVS_LOGDIR", dir, 1);
	result = start_database(subject, &paths);
	if (!result)
		result = start_switch(subject, &paths);
	for (int i = 0; i < subject->testbed.nhosts && !result; i++)
		result = add_port(subject, &paths, i);
	return result;
}

static int start_database(struct subject *subject, const struct paths *paths)
{
	const char *const create[] = {
	    "ovsdb-tool", "create", paths->database, schema, NULL};
	const char *const serve[] = {"ovsdb-server", paths->listen,
	    "--no-chdir", "-vconsole:info", paths->database, NULL};
	const char *const init[] = {"ovs-vsctl", paths->remote, "--timeout=10",
	    "--no-wait", "init", NULL};

	unlink(paths->database);
	int result = run(&subject->testbed, create);

	if (!result)
		result = subject_run(subject, "ovsdb-server", serve);
	if (!result)
		result = process_ready(&subject->processes[0], "ovsdb-server (",
		    READY_MS, subject->testbed.why,
		    sizeof(subject->testbed.why));
	return result ? result : run(&subject->testbed, init);
}

static int run(struct testbed *testbed, const char *const argv[])
{
	char output[160];
	int status =
	    process_filter(testbed->sw, argv, NULL, output, sizeof(output));

	if (status == 0)
		return 0;
	snprintf(testbed->why, sizeof(testbed->why), "%s %s: %s", argv[0],
	    argv[1], output);
	return -EIO;
}

static int start_switch(struct subject *subject, const struct paths *paths)
{
	const char *const argv[] = {subject->contender->binary,
	    paths->remote + strlen("--db="), "--no-chdir", "-vconsole:info",
	    NULL};
	const char *const bridge[] = {"ovs-vsctl", paths->remote,
	    "--timeout=10", "add-br", "br0", "--", "set", "bridge", "br0",
	    "datapath_type=netdev", NULL};
	int result = subject_run(subject, "ovs-vswitchd", argv);

	return result ? result : run(&subject->testbed, bridge);
}

static int add_port(struct subject *subject, const struct paths *paths, int i)
{
	bool tap = subject_side(subject, i) == SIDE_TAP;
	char name[16], type[32];
	const char *const argv[] = {"ovs-vsctl", paths->remote, "--timeout=10",
	    "add-port", "br0", name, "--", "set", "interface", name, type,
	    NULL};

	snprintf(name, sizeof(name), "p%d", i + 1);
	snprintf(type, sizeof(type), "type=%s",
	    subject->contender->candidate->driver);
	int result = tap ? 0 : testbed_veth(&subject->testbed, i);

	if (!result && !tap)
		result = testbed_finish_checksums(&subject->testbed, i);
	if (!result)
		result = run(&subject->testbed, argv);
	return result || !tap ? result : testbed_move(&subject->testbed, i);
}
