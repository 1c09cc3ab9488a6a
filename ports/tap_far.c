/* SPDX-License-Identifier: BSD-2-Clause */
/* tap_far.c - a TAP's network side in another namespace: see tap_far.h. */
#include "tap_far.h"

#include <errno.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef TUNGETDEVNETNS
#define TUNGETDEVNETNS _IO('T', 227)
#endif

bool tap_far_exists(int fd)
{
	struct ifreq req = {.ifr_name = ""};

	return ioctl(fd, TUNGETIFF, &req) == 0;
}

bool tap_far_home(int fd)
{
	int netns = ioctl(fd, TUNGETDEVNETNS);
	struct stat ours, its;
	bool same;

	if (netns < 0)
		return false;
	same = fstat(netns, &its) == 0 &&
	       stat("/proc/self/ns/net", &ours) == 0 &&
	       its.st_dev == ours.st_dev && its.st_ino == ours.st_ino;
	close(netns);
	return same;
}

bool tap_far_up(int fd)
{
	struct pollfd pfd = {.fd = fd, .events = POLLOUT};

	return poll(&pfd, 1, 0) == 1 && pfd.revents & POLLOUT;
}

int tap_far_look(int fd, struct link *link)
{
	struct ifreq req = {.ifr_name = ""};
	int netns, result;

	if (ioctl(fd, TUNGETIFF, &req) < 0)
		return -errno;
	netns = ioctl(fd, TUNGETDEVNETNS);
	if (netns < 0)
		return -errno;
	result = link_find_in(netns, req.ifr_name, link);
	close(netns);
	return result;
}
