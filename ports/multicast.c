/* SPDX-License-Identifier: BSD-2-Clause */
/* multicast.c - a UDP group as a shared wire: see multicast.h. */
#include "multicast.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <string.h>
#include <unistd.h>

#include "kind.h"

static int open_tx(
    struct in_addr local, const struct sock_address *group, int *tx);
static int open_rx(
    struct in_addr local, const struct sock_address *group, int tx, int *rx);
static int ignore(int rx, const struct sockaddr_in *source);

bool multicast_is(const struct sock_address *a)
{
	if (a->any.sa_family == AF_INET6)
		return IN6_IS_ADDR_MULTICAST(&a->in6.sin6_addr);
	return a->any.sa_family == AF_INET &&
	       IN_MULTICAST(ntohl(a->in.sin_addr.s_addr));
}

int multicast_open(const struct sock_address *local,
    const struct sock_address *group, int *rx, int *tx, char *err)
{
	struct in_addr interface = {.s_addr = htonl(INADDR_ANY)};
	char text[64];
	int result;

	*rx = *tx = -1;
	sock_text(group, text, sizeof(text));
	if (group->any.sa_family != AF_INET || local->any.sa_family != AF_INET)
		return port_refuse(err, -EAFNOSUPPORT,
		    "cannot join %s: use a group of IPv4", text);
	if (local->in.sin_port != group->in.sin_port)
		return port_refuse(err, -EINVAL,
		    "cannot join %s: give the same port number in the local "
		    "address: members hear what is sent to it",
		    text);
	if (!multicast_is(local))
		interface = local->in.sin_addr;
	result = open_tx(interface, group, tx);
	if (result == 0)
		result = open_rx(interface, group, *tx, rx);
	if (result == 0)
		return 0;
	if (*tx >= 0)
		close(*tx);
	if (*rx >= 0)
		close(*rx);
	*rx = *tx = -1;
	return port_refuse(err, result,
	    "cannot join %s: %s: the local address must be one of this host, "
	    "or the group where a route leads to it",
	    text, strerror(-result));
}

static int open_tx(
    struct in_addr local, const struct sock_address *group, int *tx)
{
	struct sockaddr_in from = {.sin_family = AF_INET, .sin_addr = local};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	*tx = fd;
	if (fd < 0 || bind(fd, (struct sockaddr *)&from, sizeof(from)) < 0)
		return -errno;
	if (local.s_addr != htonl(INADDR_ANY) &&
	    sock_set_bytes(
		fd, IPPROTO_IP, IP_MULTICAST_IF, &local, sizeof(local)) < 0)
		return -errno;
	/* members may be on this host */
	if (sock_set(fd, IPPROTO_IP, IP_MULTICAST_LOOP, 1) < 0)
		return -errno;
	return connect(fd, &group->any, group->len) < 0 ? -errno : 0;
}

static int open_rx(
    struct in_addr local, const struct sock_address *group, int tx, int *rx)
{
	struct ip_mreq mreq = {group->in.sin_addr, local};
	struct sockaddr_in own = {0};
	socklen_t len = sizeof(own);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	*rx = fd;
	if (fd < 0 || getsockname(tx, (struct sockaddr *)&own, &len) < 0)
		return -errno;
	/* every member on this host binds the same address */
	if (sock_set(fd, SOL_SOCKET, SO_REUSEADDR, 1) < 0 ||
	    sock_set(fd, IPPROTO_IP, IP_MULTICAST_ALL, 0) < 0 ||
	    ignore(fd, &own) < 0 || bind(fd, &group->any, group->len) < 0)
		return -errno;
	return sock_set_bytes(
	    fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &mreq, sizeof(mreq));
}

/* Drops what comes from address and port @source: our own frames. */
static int ignore(int rx, const struct sockaddr_in *source)
{
	struct sock_filter code[] = {
	    /* a UDP socket's filter sees the datagram from its UDP header on */
	    BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 0),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ntohs(source->sin_port), 0, 3),
	    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)SKF_NET_OFF + 12),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ntohl(source->sin_addr.s_addr),
		0, 1),
	    BPF_STMT(BPF_RET | BPF_K, 0),
	    BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
	};
	struct sock_fprog program = {
	    .len = sizeof(code) / sizeof(code[0]), .filter = code};

	return sock_set_bytes(
	    rx, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program));
}
