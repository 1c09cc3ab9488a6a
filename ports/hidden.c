/* SPDX-License-Identifier: BSD-2-Clause */
/* hidden.c - keeps the host's own stack away from a TAP: see hidden.h. */
#include "hidden.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* One family, key and value a row. */
static const char *const deaf[][3] = {
    {"ipv6", "disable_ipv6", "1"},
    {"ipv6", "accept_ra", "0"},
    {"ipv6", "autoconf", "0"},
    {"ipv6", "forwarding", "0"},
    {"ipv6", "accept_redirects", "0"},
    {"ipv6", "addr_gen_mode", "1"},
    {"ipv4", "arp_ignore", "8"},
    {"ipv4", "drop_gratuitous_arp", "1"},
    {"ipv4", "proxy_arp", "0"},
    {"ipv4", "rp_filter", "1"}, /* no sender is right: there is no address */
    {"ipv4", "log_martians", "0"},
    {"ipv4", "drop_unicast_in_l2_multicast", "1"},
    {"ipv4", "forwarding", "0"},
    {"ipv4", "route_localnet", "0"},
    {"ipv4", "accept_local", "0"},
    {"ipv4", "accept_source_route", "0"},
    {"ipv4", "accept_redirects", "0"},
    {"ipv4", "send_redirects", "0"},
};

static void set_sysctl(
    const char *family, const char *name, const char *key, const char *value);

void hidden_from_host(const char *name)
{
	for (size_t i = 0; i < sizeof(deaf) / sizeof(*deaf); i++)
		set_sysctl(deaf[i][0], name, deaf[i][1], deaf[i][2]);
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
