/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * wire.h - a packet socket on an interface, here or in another namespace
 */
#ifndef TESTS_TOOLS_WIRE_H
#define TESTS_TOOLS_WIRE_H

#include <arpa/inet.h>
#include <err.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

/**
 * wire_enter() - enter the network namespace @ns of ip netns
 *
 * Return: a descriptor of the namespace that was left, for setns(). Ends the
 * program with a message when it cannot enter.
 */
static inline int wire_enter(const char *ns)
{
	char path[256];
	int home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);

	snprintf(path, sizeof(path), "/run/netns/%s", ns);
	int there = open(path, O_RDONLY | O_CLOEXEC);
	if (home < 0 || there < 0 || setns(there, CLONE_NEWNET) < 0)
		err(1, "enter the namespace %s", path);
	close(there);
	return home;
}

/**
 * wire_tap() - be the program behind the TAP @ifname, as a virtual machine is
 *
 * Return: a descriptor, owned by the caller. Ends the program with a message
 * when it cannot open it.
 */
static inline int wire_tap(const char *ifname)
{
	struct ifreq ifr = {.ifr_flags = IFF_TAP | IFF_NO_PI};
	int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);

	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", ifname);
	if (fd < 0 || ioctl(fd, TUNSETIFF, &ifr) < 0)
		err(1, "open the TAP %s", ifname);
	return fd;
}

/**
 * wire_open() - a packet socket that receives and sends on @place, [NS/]IF; or
 * wire_tap() for tap:IF
 *
 * It does not receive what this host sends there; tags are in the auxiliary
 * data.
 *
 * Return: a descriptor, owned by the caller. Ends the program with a message
 * when it cannot open one.
 */
static inline int wire_open(const char *place)
{
	const char *slash = strchr(place, '/');
	const char *ifname = slash ? slash + 1 : place;
	char ns[128];
	int home = -1, on = 1, size = 16 << 20;

	if (strncmp(place, "tap:", 4) == 0)
		return wire_tap(place + 4);
	if (slash) {
		snprintf(ns, sizeof(ns), "%.*s", (int)(slash - place), place);
		home = wire_enter(ns);
	}
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (fd < 0)
		err(1, "%s: open a packet socket", place);
	struct sockaddr_ll addr = {.sll_family = AF_PACKET,
	    .sll_protocol = htons(ETH_P_ALL),
	    .sll_ifindex = (int)if_nametoindex(ifname)};
	if (!addr.sll_ifindex)
		errx(1, "%s: there is no such interface", place);
	setsockopt(fd, SOL_PACKET, PACKET_AUXDATA, &on, sizeof(on));
	setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof(on));
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) < 0)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	if (bind(fd, (struct sockaddr *)&addr, sizeof(addr)) < 0)
		err(1, "bind a packet socket to %s", place);
	if (slash && setns(home, CLONE_NEWNET) < 0)
		err(1, "leave the namespace %s", ns);
	if (home >= 0)
		close(home);
	return fd;
}

#endif
