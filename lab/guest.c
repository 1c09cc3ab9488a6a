/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * guest.c - the smallest virtual machine: opens a TAP device as QEMU does, and
 * answers ARP and ping for one address. Lesson 11 asks who holds the TAP.
 *
 *     guest TAP MAC ADDRESS
 */
#include <arpa/inet.h>
#include <err.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <netinet/ether.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "switch/protocol/standard_fds.h"

enum {
	FRAME = 2048,
	ARP_LEN = 42,
	ARP_REQUEST = 1,
	ARP_REPLY = 2,
	IP_HEAD = 14,
	IP_PROTO = 23,
	IP_SRC = 26,
	IP_DST = 30,
	ICMP = 34,
	ICMP_SUM = 36,
	ECHO_LEN = 42,
	ECHO_REQUEST = 8,
};

static struct ether_addr mac;
static struct in_addr ip;

static int open_tap(const char *name);
static int answer(uint8_t *frame, ssize_t len);
static int answer_arp(uint8_t *frame, ssize_t len);
static int answer_ping(uint8_t *frame, ssize_t len);
static void turn_around(uint8_t *frame);
static void swap(uint8_t *a, uint8_t *b, size_t len);

int main(int argc, char *argv[])
{
	uint8_t frame[FRAME];
	ssize_t len;

	if (!standard_fds_open())
		return EXIT_FAILURE;
	if (argc != 4 || !ether_aton_r(argv[2], &mac) ||
	    !inet_aton(argv[3], &ip))
		errx(2, "usage: guest TAP MAC ADDRESS");
	int fd = open_tap(argv[1]);
	fprintf(stderr, "guest: ready\n");
	while ((len = read(fd, frame, sizeof(frame))) >= 0)
		if (answer(frame, len) && write(fd, frame, (size_t)len) < 0)
			warn("cannot send an answer");
	err(1, "%s", argv[1]);
}

/* /dev/net/tun delivers the frames of the device to the one process that holds
 * this descriptor. */
static int open_tap(const char *name)
{
	struct ifreq ifr = {.ifr_flags = IFF_TAP | IFF_NO_PI};
	int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);

	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", name);
	if (fd < 0 || ioctl(fd, TUNSETIFF, &ifr) < 0)
		err(1, "%s", name);
	return fd;
}

static int answer(uint8_t *frame, ssize_t len)
{
	if (len < IP_HEAD)
		return 0;
	int type = frame[12] << 8 | frame[13];
	if (type == 0x0806)
		return answer_arp(frame, len);
	return type == 0x0800 && answer_ping(frame, len);
}

static int answer_arp(uint8_t *frame, ssize_t len)
{
	uint8_t *arp = frame + IP_HEAD;

	if (len < ARP_LEN || arp[7] != ARP_REQUEST ||
	    memcmp(arp + 24, &ip, 4) != 0)
		return 0;
	turn_around(frame);
	arp[7] = ARP_REPLY;
	swap(arp + 8, arp + 18, 10);
	memcpy(arp + 8, &mac, 6);
	return 1;
}

/* Turns a request into its reply. The type falls by 8, so the checksum is
 * updated instead of computed again (RFC 1624). */
static int answer_ping(uint8_t *frame, ssize_t len)
{
	uint8_t *sum = frame + ICMP_SUM;

	if (len < ECHO_LEN || frame[IP_PROTO] != 1 ||
	    frame[ICMP] != ECHO_REQUEST || memcmp(frame + IP_DST, &ip, 4) != 0)
		return 0;
	turn_around(frame);
	swap(frame + IP_SRC, frame + IP_DST, 4);
	frame[ICMP] = 0;
	uint32_t value = (uint32_t)(sum[0] << 8 | sum[1]) + 0x0800;
	value += value >> 16;
	sum[0] = (uint8_t)(value >> 8);
	sum[1] = (uint8_t)value;
	return 1;
}

/* Sends the frame back to where it came from. */
static void turn_around(uint8_t *frame)
{
	memcpy(frame, frame + 6, 6);
	memcpy(frame + 6, &mac, 6);
}

static void swap(uint8_t *a, uint8_t *b, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		uint8_t c = a[i];

		a[i] = b[i];
		b[i] = c;
	}
}
