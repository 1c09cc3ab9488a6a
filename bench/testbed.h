/* SPDX-License-Identifier: BSD-2-Clause */
/* testbed.h - network namespaces and the links between them.
 *
 *     h1: eth0 ---- p1 :sw: p2 ---- eth0 :h2        10.9.0.N/24
 *
 * A testbed has one namespace for the switch and one for each host. A link is
 * a veth pair, or a TAP that the switch opened and whose network side is moved
 * into the host's namespace afterwards, as containers do. Host N has address
 * 10.9.0.N and hardware address 02:71:73:00:00:N.
 */
#ifndef BENCH_TESTBED_H
#define BENCH_TESTBED_H

#include <stddef.h>
#include <stdint.h>

#include "cell.h"

enum { TESTBED_HOSTS_MAX = 8, TESTBED_WHY_MAX = 256 };

struct testbed {
	const struct cell *cell;
	int nhosts;
	int sw;			      /* namespace of the switch */
	int hosts[TESTBED_HOSTS_MAX]; /* namespaces of the hosts */
	char why[TESTBED_WHY_MAX];    /* after a failure: the reason */
};

/**
 * testbed_open() - make the namespaces
 * @nhosts: 1..TESTBED_HOSTS_MAX
 *
 * Return: 0 or -errno; testbed_close() is right in both cases.
 */
int testbed_open(struct testbed *testbed, const struct cell *cell, int nhosts);

/** testbed_close() - release the namespaces; their devices vanish with them */
void testbed_close(struct testbed *testbed);

/**
 * testbed_ip() - run lines of ip(8) commands in a namespace
 * @ns:     testbed->sw, testbed->hosts[n] or cell->home
 * @format: lines as for ip -batch, each ended by a newline
 *
 * Return: 0, or -errno with testbed->why set.
 */
int testbed_ip(struct testbed *testbed, int ns, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/**
 * testbed_veth() - link host @i (from 0) to port p<i+1> with a veth pair
 *
 * Return: 0, or -errno with testbed->why set.
 */
int testbed_veth(struct testbed *testbed, int i);

/**
 * testbed_move() - move device p<i+1> of the switch's namespace to host @i
 *
 * It becomes the host's eth0.
 *
 * Return: 0, or -errno with testbed->why set.
 */
int testbed_move(struct testbed *testbed, int i);

/**
 * testbed_take_host() - let the switch's own namespace be host @i
 *
 * Return: 0, or -errno with testbed->why set.
 */
int testbed_take_host(struct testbed *testbed, int i);

/**
 * testbed_host_up() - give eth0 of host @i its addresses and set it up
 *
 * Return: 0, or -errno with testbed->why set.
 */
int testbed_host_up(struct testbed *testbed, int i);

/**
 * testbed_finish_checksums() - let host @i fill in checksums itself
 *
 * For switches that forward a frame unchanged although its sender left the
 * checksum to the hardware. Turning transmit checksums off turns segmentation
 * offload off, too.
 *
 * Return: 0, or -errno.
 */
int testbed_finish_checksums(struct testbed *testbed, int i);

/**
 * testbed_write_sys() - write @text to a file of sysfs as seen in @ns
 * @file: path below /sys
 *
 * Return: 0, or -errno with testbed->why set.
 */
int testbed_write_sys(
    struct testbed *testbed, int ns, const char *file, const char *text);

/** testbed_mac() - the hardware address of host @i (from 0) */
void testbed_mac(int i, uint8_t mac[6]);

#endif
