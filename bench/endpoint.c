/* SPDX-License-Identifier: BSD-2-Clause */
/* endpoint.c - packet sockets and held TAPs (see endpoint.h). */
#include "endpoint.h"
#include "lab.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
	AT_TYPE = 12,
	AT_MAGIC = 14,
	AT_TAG = 16,
	AT_RUN = 18,
	AT_SEQUENCE = 22,
	AT_TIME = 30,
	ETHERTYPE_BENCH = 0x88b5, /* IEEE 802, local experimental 1 */
	MAGIC = 0x7173,
};

static void put16(uint8_t *at, uint16_t value)
{
	value = htons(value);
	memcpy(at, &value, sizeof(value));
}

static uint16_t get16(const uint8_t *at)
{
	uint16_t value;

	memcpy(&value, at, sizeof(value));
	return ntohs(value);
}

static void put32(uint8_t *at, uint32_t value)
{
	value = htonl(value);
	memcpy(at, &value, sizeof(value));
}

static uint32_t get32(const uint8_t *at)
{
	uint32_t value;

	memcpy(&value, at, sizeof(value));
	return ntohl(value);
}

void frame_write(uint8_t *frame, size_t len, const uint8_t dst[6],
    const uint8_t src[6], uint16_t tag, uint32_t run_id)
{
	memset(frame, 0, len);
	memcpy(frame, dst, 6);
	memcpy(frame + 6, src, 6);
	put16(frame + AT_TYPE, ETHERTYPE_BENCH);
	put16(frame + AT_MAGIC, MAGIC);
	put16(frame + AT_TAG, tag);
	put32(frame + AT_RUN, run_id);
}

void frame_set_tag(uint8_t *frame, uint16_t tag)
{
	put16(frame + AT_TAG, tag);
}

void frame_set_sequence(uint8_t *frame, uint64_t sequence)
{
	memcpy(frame + AT_SEQUENCE, &sequence, sizeof(sequence));
}

void frame_set_time(uint8_t *frame, uint64_t sent_ns)
{
	memcpy(frame + AT_TIME, &sent_ns, sizeof(sent_ns));
}

uint64_t frame_sequence(const uint8_t *frame)
{
	uint64_t sequence;

	memcpy(&sequence, frame + AT_SEQUENCE, sizeof(sequence));
	return sequence;
}

uint64_t frame_time(const uint8_t *frame)
{
	uint64_t sent_ns;

	memcpy(&sent_ns, frame + AT_TIME, sizeof(sent_ns));
	return sent_ns;
}

int frame_fits(const uint8_t *frame, size_t len, const struct match *match)
{
	return len >= AT_TIME + sizeof(uint64_t) &&
	       get16(frame + AT_TYPE) == ETHERTYPE_BENCH &&
	       get16(frame + AT_MAGIC) == MAGIC &&
	       (!match->tag || get16(frame + AT_TAG) == match->tag) &&
	       (!match->run_id || get32(frame + AT_RUN) == match->run_id) &&
	       (!match->dst || memcmp(frame, match->dst, 6) == 0);
}

static int packet_socket(int home, int ns)
{
	int error = lab_enter(ns);

	if (error)
		return error;
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);

	error = fd < 0 ? -errno : 0;
	lab_enter(home);
	return error ? error : fd;
}

/* The socket keeps its namespace, but a name is looked up in the caller's. */
static int device_index(int home, int ns, const char *ifname)
{
	int error = lab_enter(ns);

	if (error)
		return error;
	unsigned int index = if_nametoindex(ifname);

	error = errno;
	lab_enter(home);
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

int endpoint_open(struct endpoint *endpoint, int home, int ns,
    const char *ifname, const uint8_t mac[6])
{
	const int on = 1, send_buffer = 8 << 20;

	*endpoint = (struct endpoint){.ns = ns, .held = -1};
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

void endpoint_hold(struct endpoint *endpoint, int held, const uint8_t mac[6])
{
	*endpoint = (struct endpoint){.ns = -1, .held = held, .tx = held};
	memcpy(endpoint->mac, mac, 6);
	fcntl(held, F_SETFL, fcntl(held, F_GETFL) | O_NONBLOCK);
}

void endpoint_close(struct endpoint *endpoint)
{
	if (endpoint->tx > 0)
		close(endpoint->tx);
	endpoint->tx = -1;
}

static int write_each(int fd, struct mmsghdr *frames, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++) {
		const struct iovec *frame = frames[i].msg_hdr.msg_iov;

		if (write(fd, frame->iov_base, frame->iov_len) < 0)
			return i ? (int)i : -errno;
	}
	return (int)n;
}

int endpoint_send(
    const struct endpoint *endpoint, struct mmsghdr *frames, unsigned int n)
{
	if (endpoint->held >= 0)
		return write_each(endpoint->held, frames, n);
	int sent = sendmmsg(endpoint->tx, frames, n, MSG_DONTWAIT);

	return sent < 0 ? -errno : sent;
}

/* Tests that @match leaves open load and compare the same constant, so that
 * the program keeps its length and the jumps their distance. */
static int attach_filter(int fd, const struct match *match)
{
	const uint8_t *dst = match->dst;
	uint32_t high = dst ? get32(dst) : 0, low = dst ? get16(dst + 4) : 0;
	struct sock_filter code[] = {
	    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, AT_TYPE),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
		(uint32_t)ETHERTYPE_BENCH << 16 | MAGIC, 0, 9),
	    BPF_STMT(BPF_LD | BPF_H | BPF_ABS, AT_TAG),
	    BPF_JUMP(
		BPF_JMP | BPF_JEQ | BPF_K, match->tag, 0, match->tag ? 7 : 0),
	    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, AT_RUN),
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

int endpoint_listen(const struct endpoint *endpoint, int home,
    const struct match *match, int buffer)
{
	const int on = 1;

	if (endpoint->held >= 0) {
		int copy = fcntl(endpoint->held, F_DUPFD_CLOEXEC, 0);

		return copy < 0 ? -errno : copy;
	}
	int fd = packet_socket(home, endpoint->ns);

	if (fd < 0)
		return fd;
	setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof(on));
	if (buffer)
		setsockopt(
		    fd, SOL_SOCKET, SO_RCVBUFFORCE, &buffer, sizeof(buffer));
	int error = attach_filter(fd, match);

	if (!error)
		error = device_index(home, endpoint->ns, endpoint->ifname);
	if (error > 0)
		error = bind_to(fd, error, ETH_P_ALL);
	if (!error)
		return fd;
	close(fd);
	return error;
}
