/* SPDX-License-Identifier: BSD-2-Clause */
/* netns.c - make and enter network namespaces (see netns.h). */
#include "netns.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void settle(void);
static bool set_sysctl(const char *path, const char *value);

int netns_new(int home)
{
	if (unshare(CLONE_NEWNET))
		return -errno;
	settle();
	int ns = open("/proc/thread-self/ns/net", O_RDONLY);
	int error = errno;

	netns_enter(home);
	return ns < 0 ? -error : ns;
}

int netns_enter(int ns)
{
	return setns(ns, CLONE_NEWNET) ? -errno : 0;
}

/* Neighbor discovery and router solicitations would be unwanted traffic, so
 * IPv6 is off. A unix socket queues 512 datagrams instead of 10, as many as
 * systemd sets at boot; an ordinary user's namespace does not permit that. */
static void settle(void)
{
	if (!set_sysctl("/proc/sys/net/ipv6/conf/default/disable_ipv6", "1"))
		fprintf(stderr, "qswitch-bench: cannot turn IPv6 off in the "
				"test namespaces: stray frames are possible\n");
	(void)set_sysctl("/proc/sys/net/unix/max_dgram_qlen", "512");
}

static bool set_sysctl(const char *path, const char *value)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return errno == ENOENT;
	bool done = write(fd, value, strlen(value)) >= 0;

	close(fd);
	return done;
}
