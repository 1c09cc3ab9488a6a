/* SPDX-License-Identifier: BSD-2-Clause */
/* candidates.c - the table of switches (see candidate.h). */
#include "candidate.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "process.h"

/* clang-format off */
const struct candidate candidates[] = {
	{"kernel-bridge", "kernel bridge, veth to veth", NULL,
	    {SIDE_NIC, SIDE_NIC}, "", kernel_start},
	{"kernel-bridge-rps", "kernel bridge, veth to veth, RPS on all processors",
	    NULL, {SIDE_NIC, SIDE_NIC}, "rps", kernel_start},
	{"kernel-bridge-held", "kernel bridge, TAPs opened as QEMU opens them",
	    NULL, {SIDE_HELD, SIDE_HELD}, "", kernel_start},
	{"kernel-bridge-host-guest",
	    "kernel bridge, host to guest, host's address on the bridge", NULL,
	    {SIDE_HOST, SIDE_NIC}, "", kernel_start, true},
	{"qswitchd-tap-tap", "qswitchd, TAP to TAP", "qswitchd",
	    {SIDE_TAP, SIDE_TAP}, "packet", qswitchd_start},
	{"qswitchd-tap-nic", "qswitchd, TAP to NIC", "qswitchd",
	    {SIDE_TAP, SIDE_NIC}, "packet", qswitchd_start},
	{"qswitchd-nic-tap", "qswitchd, NIC to TAP", "qswitchd",
	    {SIDE_NIC, SIDE_TAP}, "packet", qswitchd_start},
	{"qswitchd-nic-nic", "qswitchd, NIC to NIC", "qswitchd",
	    {SIDE_NIC, SIDE_NIC}, "packet", qswitchd_start},
	{"qswitchd-nic-nic-pcap", "qswitchd, NIC to NIC, driver=pcap", "qswitchd",
	    {SIDE_NIC, SIDE_NIC}, "pcap", qswitchd_start},
	{"qswitchd-held", "qswitchd, TAPs opened as QEMU opens them", "qswitchd",
	    {SIDE_HELD, SIDE_HELD}, "vmtap", qswitchd_start},
	{"qswitchd-host-guest",
	    "qswitchd, host to guest, host's address on the uplink", "qswitchd",
	    {SIDE_HOST, SIDE_TAP}, "packet", qswitchd_start, true},
	{"qswitchd-stream", "qswitchd, stream sockets", "qswitchd",
	    {SIDE_STREAM, SIDE_STREAM}, "qemu", qswitchd_start, true},
	{"qswitchd-stream-tcp", "qswitchd, stream sockets over TCP", "qswitchd",
	    {SIDE_TCP, SIDE_TCP}, "qemu", qswitchd_start, true},
	{"qswitchd-dgram", "qswitchd, datagram sockets", "qswitchd",
	    {SIDE_DGRAM, SIDE_DGRAM}, "dgram", qswitchd_start, true},
	{"qswitchd-dgram-udp", "qswitchd, datagram sockets over UDP", "qswitchd",
	    {SIDE_UDP, SIDE_UDP}, "dgram", qswitchd_start, true},
	{"qswitchd-vde", "qswitchd, VDE clients", "qswitchd",
	    {SIDE_VDE, SIDE_VDE}, "vde", qswitchd_start, true},
	{"vde-switch", "vde_switch, TAP to TAP", "vde_switch",
	    {SIDE_TAP, SIDE_TAP}, "", vde_start},
	{"vde-switch-vde", "vde_switch, VDE clients", "vde_switch",
	    {SIDE_VDE, SIDE_VDE}, "", vde_start, true},
	{"ovs-tap", "Open vSwitch in user space, TAP to TAP", "ovs-vswitchd",
	    {SIDE_TAP, SIDE_TAP}, "tap", ovs_start},
	{"ovs-packet", "Open vSwitch in user space, AF_PACKET, host offloads off", "ovs-vswitchd",
	    {SIDE_NIC, SIDE_NIC}, "system", ovs_start},
};
/* clang-format on */

const int candidates_count = sizeof(candidates) / sizeof(candidates[0]);

static void find_program(char *path, size_t size, const char *program);
static const struct candidate *find(const char *name);
static void find_binary(
    struct contender *contender, const char *given, const char *qswitchd);
static void ask_version(struct contender *contender);
static void kernel_version(struct contender *contender);

void contender_find_qswitchd(char *path, size_t size, const char *given)
{
	char self[200];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char *slash = n > 0 ? memrchr(self, '/', (size_t)n) : NULL;

	if (given[0]) {
		snprintf(path, size, "%s", given);
		return;
	}
	if (slash) {
		*slash = '\0';
		snprintf(path, size, "%s/qswitchd", self);
	}
	if (!slash || access(path, X_OK) != 0)
		find_program(path, size, "qswitchd");
}

int contender_parse(
    struct contender *contender, const char *text, const char *qswitchd)
{
	char copy[512];

	*contender = (struct contender){0};
	snprintf(contender->label, sizeof(contender->label), "%s", text);
	snprintf(copy, sizeof(copy), "%s", text);
	char *arguments = copy;
	char *binary = strsep(&arguments, ":");
	char *name = strsep(&binary, "@");

	contender->candidate = find(name);
	if (!contender->candidate)
		return -ENOENT;
	snprintf(contender->arguments, sizeof(contender->arguments), "%s",
	    arguments ? arguments : "");
	if (contender->candidate->program)
		find_binary(contender, binary, qswitchd);
	else
		kernel_version(contender);
	return 0;
}

/* Daemons are in sbin, which an ordinary user's PATH lacks. */
static void find_program(char *path, size_t size, const char *program)
{
	const char *places = getenv("PATH");
	char all[4096], *rest = all;

	snprintf(all, sizeof(all), "%s:/usr/local/sbin:/usr/sbin:/sbin",
	    places ? places : "/usr/bin:/bin");
	for (char *dir; (dir = strsep(&rest, ":")) != NULL;) {
		snprintf(path, size, "%s/%s", dir, program);
		if (access(path, X_OK) == 0)
			return;
	}
	path[0] = '\0';
}

static const struct candidate *find(const char *name)
{
	for (int i = 0; i < candidates_count; i++)
		if (strcmp(candidates[i].name, name) == 0)
			return &candidates[i];
	return NULL;
}

static void find_binary(
    struct contender *contender, const char *given, const char *qswitchd)
{
	const char *program = contender->candidate->program;
	size_t size = sizeof(contender->binary);

	if (given)
		snprintf(contender->binary, size, "%s", given);
	else if (strcmp(program, "qswitchd") == 0 && qswitchd[0])
		snprintf(contender->binary, size, "%s", qswitchd);
	else
		find_program(contender->binary, size, program);
	if (access(contender->binary, X_OK) != 0)
		snprintf(contender->missing, sizeof(contender->missing),
		    "%s is not installed", given ? given : program);
	else
		ask_version(contender);
}

static void ask_version(struct contender *contender)
{
	const char *argv[] = {contender->binary, "--version", NULL};
	char output[1024];

	if (process_filter(-1, argv, NULL, output, sizeof(output)) < 0)
		return;
	output[strcspn(output, "\n")] = '\0';
	snprintf(
	    contender->version, sizeof(contender->version), "%.95s", output);
}

static void kernel_version(struct contender *contender)
{
	struct utsname name;

	uname(&name);
	snprintf(contender->version, sizeof(contender->version), "Linux %.80s",
	    name.release);
}
