/* SPDX-License-Identifier: BSD-2-Clause */
/* lab.h - network namespaces and the links between them.
 *
 *     h1: eth0 ---- p1 :sw: p2 ---- eth0 :h2        10.9.0.N/24
 *
 * A lab has one namespace for the switch and one for each host. A link is a
 * veth pair, or a TAP that the switch opened and whose network side is moved
 * into the host's namespace afterwards, as containers do. Host N has address
 * 10.9.0.N and hardware address 02:71:73:00:00:N.
 */
#ifndef BENCH_LAB_H
#define BENCH_LAB_H

#include "cell.h"

#include <stddef.h>
#include <stdint.h>

enum { LAB_HOSTS_MAX = 8, LAB_WHY_MAX = 256 };

struct lab {
	const struct cell *cell;
	int nhosts;
	int sw;			  /* namespace of the switch */
	int hosts[LAB_HOSTS_MAX]; /* namespaces of the hosts */
	char why[LAB_WHY_MAX];	  /* after a failure: what failed */
};

/**
 * lab_open() - make the namespaces
 * @nhosts: 1..LAB_HOSTS_MAX
 *
 * Return: 0 or -errno; lab_close() is right in both cases.
 */
int lab_open(struct lab *lab, const struct cell *cell, int nhosts);
void lab_close(struct lab *lab);

/**
 * lab_ip() - run lines of ip(8) commands in a namespace
 * @ns: lab->sw, lab->hosts[n] or cell->home
 *
 * Return: 0, or -errno with lab->why set.
 */
int lab_ip(struct lab *lab, int ns, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/** lab_veth() - link host @i (from 0) by a veth pair to port p<i+1> */
int lab_veth(struct lab *lab, int i);

/** lab_move() - give device p<i+1> of the switch's namespace to host @i */
int lab_move(struct lab *lab, int i);

/** lab_host_up() - address and raise eth0 of host @i */
int lab_host_up(struct lab *lab, int i);

/**
 * lab_finish_checksums() - let host @i fill in checksums itself
 *
 * For switches that forward a frame whose checksum the sender has left to
 * the hardware as it is. Turning transmit checksums off turns segmentation
 * offload off with them.
 */
int lab_finish_checksums(struct lab *lab, int i);

/** lab_enter() - make @ns the calling thread's network namespace */
int lab_enter(int ns);

/** lab_write_sys() - write @text to a file of sysfs as seen in @ns */
int lab_write_sys(struct lab *lab, int ns, const char *file, const char *text);

void lab_mac(int i, uint8_t mac[6]);

#endif
