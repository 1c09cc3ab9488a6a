/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * config_network.c - the three networks that people know: bridged, NAT and
 * host-only (docs/networks.md). Each stands for one port.
 */
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include "config_read.h"

#define HOST_ONLY_DEFAULT "192.168.57.1/24"

static int known_network(const char *name, char *text, char *err);
static bool default_interface(char name[IFNAMSIZ]);

int config_network_spec(
    const char *option, const char *value, char *text, char *err)
{
	int len;

	if (strcmp(option, "network") == 0)
		return known_network(value, text, err);
	if (strcmp(option, "nat") == 0)
		len = snprintf(text, CONFIG_SPEC, "nat:%s", value ? value : "");
	else
		len = snprintf(text, CONFIG_SPEC, "host:%s%s", value,
		    strstr(value, ",dhcp=") ? "" : ",dhcp=yes");
	return len < CONFIG_SPEC
		   ? 0
		   : config_fail(err, "--%s: longer than %d characters", option,
			 CONFIG_SPEC - 1);
}

static int known_network(const char *name, char *text, char *err)
{
	char interface[IFNAMSIZ];

	if (strcmp(name, "nat") == 0 || strcmp(name, "vmnet8") == 0) {
		snprintf(text, CONFIG_SPEC, "nat:");
	} else if (strcmp(name, "host-only") == 0 ||
		   strcmp(name, "vmnet1") == 0) {
		snprintf(
		    text, CONFIG_SPEC, "host:%s,dhcp=yes", HOST_ONLY_DEFAULT);
	} else if (strcmp(name, "bridged") != 0 &&
		   strcmp(name, "vmnet0") != 0) {
		return config_fail(err,
		    "--network %.64s: give bridged, nat or host-only", name);
	} else if (!default_interface(interface)) {
		return config_fail(err,
		    "--network bridged: no interface has a default route: "
		    "name the interface with --uplink");
	} else {
		snprintf(text, CONFIG_SPEC, "nic:%s,uplink", interface);
	}
	return 0;
}

/* The interface of the default route of IPv4. */
static bool default_interface(char name[IFNAMSIZ])
{
	FILE *file = fopen("/proc/net/route", "re");
	unsigned long to, mask;
	char line[256];
	bool found = false;

	while (file && !found && fgets(line, sizeof(line), file))
		found = sscanf(line, "%15s %lx %*x %*x %*d %*d %*d %lx", name,
			    &to, &mask) == 3 &&
			to == 0 && mask == 0;
	if (file)
		fclose(file);
	return found;
}
