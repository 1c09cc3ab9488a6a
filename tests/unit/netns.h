/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * netns.h - a network namespace for a unit test of the ports, its interfaces,
 * and packet sockets that show what passes on the wire.
 *
 * main() calls netns_enter() first. It leaves the machine's own namespaces for
 * new ones, which end with the process, or skips the program.
 */
#ifndef TESTS_UNIT_NETNS_H
#define TESTS_UNIT_NETNS_H

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/virtio_net.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "ports/kind.h"

enum { NETNS_WAIT_MS = 5000, NETNS_SKIP = 77 };

/** netns_run() - run a command of iproute2 or ethtool; the test fails if it
 * does */
__attribute__((format(printf, 1, 2))) static inline void netns_run(
    const char *fmt, ...)
{
	char command[512];
	va_list args;

	va_start(args, fmt);
	vsnprintf(command, sizeof(command), fmt, args);
	va_end(args);
	if (system(command) != 0)
		fail_msg("%s", command);
}

/** netns_skip() - end the program as skipped; errno says the rest */
static inline void netns_skip(const char *why)
{
	printf("skipped: %s: %s\n", why, strerror(errno));
	exit(NETNS_SKIP);
}

/** netns_enter() - enter new namespaces. IPv6 is off there: its neighbor
 * discovery would disturb the tests */
static inline void netns_enter(void)
{
	int flags = CLONE_NEWNET | (geteuid() ? CLONE_NEWUSER : 0);

	if (unshare(flags) < 0)
		netns_skip("no network namespace");
	if (access("/dev/net/tun", R_OK | W_OK) < 0)
		netns_skip("no /dev/net/tun");
	if (system("sysctl -qw net.ipv6.conf.default.disable_ipv6=1 "
		   "net.ipv6.conf.all.disable_ipv6=1 2>/dev/null") != 0)
		printf("IPv6 stays on\n");
}

/** netns_host() - a host for ports: no spawn(), no wake() */
static inline void netns_host(struct port_host *host)
{
	static uint8_t scratch[OFFLOAD_SCRATCH];

	*host = (struct port_host){.arena = arena_new(), .scratch = scratch};
	assert_non_null(host->arena);
}

/** netns_spec() - split "KIND:ARG[,key=value...]", unchecked */
static inline struct port_spec netns_spec(const char *text)
{
	struct port_spec spec = {0};
	char copy[512], *rest = copy, *part;

	snprintf(copy, sizeof(copy), "%s", text);
	snprintf(spec.kind, sizeof(spec.kind), "%s", strsep(&rest, ":"));
	part = strsep(&rest, ",");
	snprintf(spec.arg, sizeof(spec.arg), "%s", part);
	snprintf(spec.name, sizeof(spec.name), "%.31s", part);
	while ((part = strsep(&rest, ","))) {
		struct port_option *opt = &spec.options[spec.n_options++];
		char *value = part;

		snprintf(opt->key, sizeof(opt->key), "%s", strsep(&value, "="));
		snprintf(opt->value, sizeof(opt->value), "%s", value);
	}
	return spec;
}

/** netns_port() - a closed port of the specification @text */
static inline struct port *netns_port(struct port_host *host, const char *text)
{
	struct port_spec spec = netns_spec(text);
	const struct port_kind *kind =
	    port_kind_find(spec.kind, port_spec_get(&spec, "driver"));
	struct port *port;

	assert_non_null(kind);
	port = port_new(kind, &spec, host, 1, NULL);
	assert_non_null(port);
	return port;
}

/** netns_open() - the same, open; the test fails if it cannot be opened */
static inline struct port *netns_open(struct port_host *host, const char *text)
{
	struct port *port = netns_port(host, text);

	if (port_open(port) < 0)
		fail_msg("%s: %s", text, port->reason);
	return port;
}

/** netns_wait() - wait for @events (POLLIN, POLLOUT) on @fd */
static inline void netns_wait(int fd, short events)
{
	struct pollfd pfd = {.fd = fd, .events = events};

	if (poll(&pfd, 1, NETNS_WAIT_MS) != 1)
		fail_msg("nothing happened on fd %d", fd);
}

/** netns_receive() - receive until there is a batch. Return: its frames; 0 if
 * the port has failed */
static inline int netns_receive(struct port *port, struct batch *batch)
{
	while (port->is_open) {
		netns_wait(port->fd, POLLIN);
		if (port_receive(port, batch) > 0)
			break;
	}
	return batch->n;
}

/** netns_wire() - a packet socket at the far end of a veth, or the network side
 * of a TAP. Return: its fd */
static inline int netns_wire(const char *name)
{
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	struct sockaddr_ll addr = {.sll_family = AF_PACKET,
	    .sll_protocol = htons(ETH_P_ALL),
	    .sll_ifindex = (int)if_nametoindex(name)};
	int one = 1;

	assert_true(fd >= 0);
	assert_true(addr.sll_ifindex > 0);
	assert_int_equal(
	    setsockopt(fd, SOL_PACKET, PACKET_AUXDATA, &one, sizeof(one)), 0);
	assert_int_equal(setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING,
			     &one, sizeof(one)),
	    0);
	assert_int_equal(
	    setsockopt(fd, SOL_PACKET, PACKET_VNET_HDR, &one, sizeof(one)), 0);
	/* past the queue, which starts only some time after the link is up */
	assert_int_equal(
	    setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &one, sizeof(one)),
	    0);
	assert_int_equal(bind(fd, (struct sockaddr *)&addr, sizeof(addr)), 0);
	return fd;
}

/* A frame on a wire: its bytes, tag in band, and what is left to do. */
struct netns_frame {
	struct virtio_net_hdr vnet;
	size_t len;
	uint8_t bytes[FRAME_MAX + 2 * VLAN_TAG];
};

/** netns_say() - put @f on a wire */
static inline void netns_say(int fd, const struct netns_frame *f)
{
	struct iovec iov[] = {
	    {(void *)&f->vnet, sizeof(f->vnet)}, {(void *)f->bytes, f->len}};

	assert_int_equal(writev(fd, iov, 2), sizeof(f->vnet) + f->len);
}

/** netns_retag() - put the tag that the kernel stripped back in band */
static inline void netns_retag(
    struct netns_frame *f, const struct tpacket_auxdata *aux)
{
	uint8_t *tag = f->bytes + 12;

	memmove(tag + VLAN_TAG, tag, f->len - 12);
	tag[0] = (uint8_t)(aux->tp_vlan_tpid >> 8);
	tag[1] = (uint8_t)aux->tp_vlan_tpid;
	tag[2] = (uint8_t)(aux->tp_vlan_tci >> 8);
	tag[3] = (uint8_t)aux->tp_vlan_tci;
	f->len += VLAN_TAG;
	if (f->vnet.gso_type)
		f->vnet.hdr_len += VLAN_TAG;
	if (f->vnet.flags & VIRTIO_NET_HDR_F_NEEDS_CSUM)
		f->vnet.csum_start += VLAN_TAG;
}

/** netns_hear() - the next frame from a wire, tag in band */
static inline void netns_hear(int fd, struct netns_frame *f)
{
	char control[CMSG_SPACE(sizeof(struct tpacket_auxdata))];
	struct iovec iov[] = {
	    {&f->vnet, sizeof(f->vnet)}, {f->bytes, FRAME_MAX}};
	struct msghdr msg = {.msg_iov = iov,
	    .msg_iovlen = 2,
	    .msg_control = control,
	    .msg_controllen = sizeof(control)};
	struct tpacket_auxdata aux;
	ssize_t n;

	netns_wait(fd, POLLIN);
	n = recvmsg(fd, &msg, 0);
	assert_true(n > (ssize_t)sizeof(f->vnet));
	f->len = (size_t)n - sizeof(f->vnet);
	assert_non_null(CMSG_FIRSTHDR(&msg));
	memcpy(&aux, CMSG_DATA(CMSG_FIRSTHDR(&msg)), sizeof(aux));
	if (aux.tp_status & TP_STATUS_VLAN_VALID)
		netns_retag(f, &aux);
}

/** netns_silent() - nothing has come from the wire */
static inline void netns_silent(int fd)
{
	struct pollfd pfd = {.fd = fd, .events = POLLIN};

	assert_int_equal(poll(&pfd, 1, 0), 0);
}

#endif
