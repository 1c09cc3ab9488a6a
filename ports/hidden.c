/* SPDX-License-Identifier: BSD-2-Clause */
/* hidden.c - keeps the host's own stack away from a TAP: see hidden.h. */
#include "hidden.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void set_sysctl(
    const char *family, const char *name, const char *key, const char *value);

void hidden_from_host(const char *name)
{
	set_sysctl("ipv6", name, "disable_ipv6", "1");
	set_sysctl("ipv4", name, "arp_ignore", "8");
}

static void set_sysctl(
    const char *family, const char *name, const char *key, const char *value)
{
	char path[128];

	snprintf(path, sizeof(path), "/proc/sys/net/%s/conf/%s/%s", family,
	    name, key);
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	/* the TAP works without it, too */
	(void)!write(fd, value, strlen(value));
	close(fd);
}
