/* SPDX-License-Identifier: BSD-2-Clause */
/* endpoint.c - packet sockets and plugs (see endpoint.h). */
#include "endpoint.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "forwarding/byte_order.h"

#include "clock.h"
#include "netns.h"

enum {
	BACK_OFF_NS = 20000, /* a full queue of 1000 lasts 500 us */
	ROOM_MS = 1,
	READ_MS = 10,
};

static int packet_socket(int home, int ns);
static int device_index(int home, int ns, const char *ifname);
static int bind_to(int fd, int index, uint16_t protocol);
static int listen_at_device(const struct endpoint *endpoint, int home,
    const struct match *match, int buffer);
static int attach_filter(int fd, const struct match *match);

int endpoint_open(struct endpoint *endpoint, int home, int ns,
    const char *ifname, const uint8_t mac[6])
{
	const int on = 1, send_buffer = 8 << 20;

	*endpoint = (struct endpoint){.ns = ns};
	snprintf(endpoint->ifname, sizeof(endpoint->ifname), "%s", ifname);
	memcpy(endpoint->mac, mac, 6);
	endpoint->tx = packet_socket(home, ns);
	if (endpoint->tx < 0)
		return endpoint->tx;
	setsockopt(
	    endpoint->tx, SOL_PACKET, PACKET_QDISC_BYPASS, &on, sizeof(on));
	setsockopt(endpoint->tx, SOL_SOCKET, SO_SNDBUFFORCE, &send_buffer,
	    sizeof(send_buffer));
	int index = device_index(home, ns, ifname);

	return index < 0 ? index : bind_to(endpoint->tx, index, 0);
}

void endpoint_as_host(struct endpoint *endpoint)
{
	const int off = 0;

	setsockopt(
	    endpoint->tx, SOL_PACKET, PACKET_QDISC_BYPASS, &off, sizeof(off));
}

void endpoint_plug(
    struct endpoint *endpoint, struct plug *plug, const uint8_t mac[6])
{
	*endpoint = (struct endpoint){.plug = plug, .ns = -1, .tx = -1};
	memcpy(endpoint->mac, mac, 6);
}

void endpoint_close(struct endpoint *endpoint)
{
	plug_free(endpoint->plug);
	endpoint->plug = NULL;
	if (endpoint->tx > 0)
		close(endpoint->tx);
	endpoint->tx = -1;
}

int endpoint_send(
    const struct endpoint *endpoint, struct mmsghdr *frames, unsigned int n)
{
	if (endpoint->plug)
		return plug_send(endpoint->plug, frames, n);
	int sent = sendmmsg(endpoint->tx, frames, n, MSG_DONTWAIT);

	return sent < 0 ? -errno : sent;
}

void endpoint_back_off(const struct endpoint *endpoint)
{
	if (endpoint->plug && plug_is_socket(endpoint->plug))
		plug_wait(endpoint->plug, POLLOUT, ROOM_MS);
	else
		clock_sleep_ns(BACK_OFF_NS);
}

int endpoint_listen(const struct endpoint *endpoint, int home,
    const struct match *match, int buffer)
{
	if (!endpoint->plug)
		return listen_at_device(endpoint, home, match, buffer);
	int copy = fcntl(plug_fd(endpoint->plug), F_DUPFD_CLOEXEC, 0);

	return copy < 0 ? -errno : copy;
}

ssize_t endpoint_read(
    const struct endpoint *endpoint, int fd, uint8_t *frame, size_t size)
{
	if (endpoint->plug)
		return plug_read(endpoint->plug, frame, size);
	ssize_t n = read(fd, frame, size);

	if (n >= 0 || errno == EAGAIN || errno == EINTR)
		return n < 0 ? 0 : n;
	return -errno;
}

void endpoint_wait(const struct endpoint *endpoint)
{
	if (endpoint->plug)
		plug_wait(endpoint->plug, POLLIN, READ_MS);
}

static int packet_socket(int home, int ns)
{
	int result = netns_enter(ns);

	if (result)
		return result;
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);

	result = fd < 0 ? -errno : 0;
	netns_enter(home);
	return result ? result : fd;
}

/* A socket stays in its namespace, but a name is looked up in the caller's. */
static int device_index(int home, int ns, const char *ifname)
{
	int result = netns_enter(ns);

	if (result)
		return result;
	unsigned int index = if_nametoindex(ifname);
	int error = errno;

	netns_enter(home);
	return index ? (int)index : -error;
}

static int bind_to(int fd, int index, uint16_t protocol)
{
	struct sockaddr_ll address = {.sll_family = AF_PACKET,
	    .sll_protocol = htons(protocol),
	    .sll_ifindex = index};

	return bind(fd, (struct sockaddr *)&address, sizeof(address)) ? -errno
								      : 0;
}

static int listen_at_device(const struct endpoint *endpoint, int home,
    const struct match *match, int buffer)
{
	const struct timeval wait = {.tv_usec = READ_MS * 1000};
	const int on = 1;
	int fd = packet_socket(home, endpoint->ns);

	if (fd < 0)
		return fd;
	setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof(on));
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
	if (buffer)
		setsockopt(
		    fd, SOL_SOCKET, SO_RCVBUFFORCE, &buffer, sizeof(buffer));
	int result = attach_filter(fd, match);

	if (!result)
		result = device_index(home, endpoint->ns, endpoint->ifname);
	if (result > 0)
		result = bind_to(fd, result, ETH_P_ALL);
	if (!result)
		return fd;
	close(fd);
	return result;
}

/* Tests that @match leaves open jump to the next instruction either way: the
 * length of the program and its jump distances are constant. */
static int attach_filter(int fd, const struct match *match)
{
	const uint8_t *dst = match->dst;
	uint32_t high = dst ? be32(dst) : 0, low = dst ? be16(dst + 4) : 0;
	struct sock_filter code[] = {
	    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, AT_TYPE),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
		(uint32_t)ETHERTYPE_BENCH << 16 | MARK_MAGIC, 0, 9),
	    BPF_STMT(BPF_LD | BPF_H | BPF_ABS, AT_MARK + MARK_TAG),
	    BPF_JUMP(
		BPF_JMP | BPF_JEQ | BPF_K, match->tag, 0, match->tag ? 7 : 0),
	    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, AT_MARK + MARK_RUN),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, match->run_id, 0,
		match->run_id ? 5 : 0),
	    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, high, 0, dst ? 3 : 0),
	    BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 4),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, low, 0, dst ? 1 : 0),
	    BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
	    BPF_STMT(BPF_RET | BPF_K, 0),
	};
	struct sock_fprog program = {
	    .len = sizeof(code) / sizeof(code[0]), .filter = code};

	return setsockopt(
		   fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program))
		   ? -errno
		   : 0;
}
