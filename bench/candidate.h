/* SPDX-License-Identifier: BSD-2-Clause */
/* candidate.h - the switches that can be measured, one line each.
 *
 * A contender is a candidate as the user asked for it:
 *
 *     NAME[@BINARY][:ARGUMENTS]
 *
 * so that two builds of qswitchd, or two settings, run against each other:
 * "qswitchd-tap-tap@old/qswitchd", "qswitchd-tap-tap:--spin off".
 */
#ifndef BENCH_CANDIDATE_H
#define BENCH_CANDIDATE_H

#include <stdbool.h>
#include <stddef.h>

struct subject;

enum side {
	SIDE_TAP,  /* the switch holds the TAP, the host has its network side */
	SIDE_NIC,  /* a veth in place of a NIC, the host has its peer */
	SIDE_HOST, /* port 1 is the host of the switch; others: the other side */
	/* The rest have no host: a descriptor is the endpoint (see vmm.h). */
	SIDE_HELD,   /* of a TAP whose network side the switch has */
	SIDE_STREAM, /* a unix socket, QEMU's -netdev stream */
	SIDE_TCP,    /* the same over TCP */
	SIDE_DGRAM,  /* a unix socket, QEMU's -netdev dgram */
	SIDE_UDP,    /* the same over UDP */
	SIDE_VDE,    /* a VDE client */
};

struct candidate {
	const char *name;
	const char *title;
	const char *program; /* NULL: the kernel */
	enum side sides[2];  /* of ports 1, 3, 5, ... and 2, 4, 6, ... */
	const char *driver;  /* the product's name for its kind of port */

	/* Make ports p1..pn in subject->testbed.sw, start the switch and link
	 * the hosts. Return 0, or -errno with subject->testbed.why set. */
	int (*start)(struct subject *subject);

	/* One run has no time to measure them all. */
	bool when_named_only;
};

extern const struct candidate candidates[];
extern const int candidates_count;

enum { CONTENDERS_MAX = 24 };

struct contender {
	const struct candidate *candidate;
	char label[96];	  /* as given */
	char binary[256]; /* path of the program; empty: the kernel */
	char arguments[160];
	char version[96];
	char missing[128]; /* why it cannot run; empty: it can */
};

/**
 * contender_parse() - read NAME[@BINARY][:ARGUMENTS]
 * @qswitchd: path of qswitchd unless @text names a BINARY
 *
 * Finds the program and asks for its version. A program that is not installed
 * is not an error: contender->missing says so.
 *
 * Return: 0, or -ENOENT when there is no such candidate.
 */
int contender_parse(
    struct contender *contender, const char *text, const char *qswitchd);

/**
 * contender_find_qswitchd() - the program to use unless a contender names one
 * @given: from the command line; empty: beside this program, else in PATH
 *
 * @path is empty when there is none.
 */
void contender_find_qswitchd(char *path, size_t size, const char *given);

/** qswitchd_start() - start of struct candidate, for qswitchd */
int qswitchd_start(struct subject *subject);

/** kernel_start() - start of struct candidate, for the kernel bridge */
int kernel_start(struct subject *subject);

/** vde_start() - start of struct candidate, for vde_switch */
int vde_start(struct subject *subject);

/** ovs_start() - start of struct candidate, for Open vSwitch in user space */
int ovs_start(struct subject *subject);

#endif
