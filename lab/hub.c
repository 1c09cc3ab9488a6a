/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hub.c - a hub: sends every frame that arrives on one port out of all others.
 * It is this short because it has no table, no addresses and no decision.
 * Lesson 1 compares it with a switch.
 *
 *     hub IF IF...
 */
#include <arpa/inet.h>
#include <err.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "switch/protocol/standard_fds.h"

enum { PORTS = 16, FRAME = 65536 };

static int open_port(const char *name);
static void repeat(const struct pollfd *ports, int n, int in);

int main(int argc, char *argv[])
{
	struct pollfd ports[PORTS];
	int n = argc - 1;

	if (!standard_fds_open())
		return EXIT_FAILURE;
	if (n < 2 || n > PORTS)
		errx(2, "usage: hub IF IF... (2 to %d)", PORTS);
	for (int i = 0; i < n; i++)
		ports[i] = (struct pollfd){
		    .fd = open_port(argv[i + 1]), .events = POLLIN};
	fprintf(stderr, "hub: ready\n");
	while (poll(ports, (nfds_t)n, -1) >= 0)
		for (int i = 0; i < n; i++)
			if (ports[i].revents & POLLIN)
				repeat(ports, n, i);
	err(1, "poll");
}

static int open_port(const char *name)
{
	struct sockaddr_ll at = {
	    .sll_family = AF_PACKET,
	    .sll_protocol = htons(ETH_P_ALL),
	    .sll_ifindex = (int)if_nametoindex(name),
	};
	struct packet_mreq all = {
	    .mr_ifindex = at.sll_ifindex,
	    .mr_type = PACKET_MR_PROMISC,
	};
	int one = 1;
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);

	if (fd < 0 ||
	    setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &one,
		sizeof(one)) < 0 ||
	    setsockopt(
		fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &all, sizeof(all)) < 0 ||
	    bind(fd, (struct sockaddr *)&at, sizeof(at)) < 0)
		err(1, "%s", name);
	return fd;
}

/* Sends one frame that waits on port @in out of all other ports. */
static void repeat(const struct pollfd *ports, int n, int in)
{
	static unsigned char frame[FRAME];
	ssize_t len = recv(ports[in].fd, frame, sizeof(frame), MSG_DONTWAIT);

	for (int out = 0; len > 0 && out < n; out++)
		if (out != in && send(ports[out].fd, frame, (size_t)len, 0) < 0)
			warn("cannot send a frame");
}
