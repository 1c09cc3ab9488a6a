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
	SIDE_TAP, /* the switch holds the TAP, the host has its network side */
	SIDE_NIC, /* a veth in place of a NIC, the host has its peer */
	/* The rest have no host: a descriptor is the endpoint (see vmm.h). */
	SIDE_HELD,   /* it is of a TAP, the switch has the network side */
	SIDE_STREAM, /* a unix socket, QEMU's -netdev stream */
	SIDE_TCP,    /* the same by TCP */
	SIDE_DGRAM,  /* a unix socket, QEMU's -netdev dgram */
	SIDE_UDP,    /* the same by UDP */
	SIDE_VDE,    /* a client of VDE */
};

struct candidate {
	const char *name;
	const char *title;
	const char *program; /* NULL: the kernel */
	enum side sides[2];  /* of ports 1, 3, 5, ... and 2, 4, 6, ... */
	const char *driver;  /* what the product calls its kind of port */

	/* Make ports p1..pn in subject->testbed.sw, start the switch and link the
	 * hosts. 0, or -errno with subject->testbed.why set. */
	int (*start)(struct subject *subject);

	/* There is not the time to measure all in one run. */
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
 * @qswitchd: where qswitchd is, unless said
 *
 * Finds the program and asks for its version. That it is not installed is
 * no error: it is said in contender->missing.
 *
 * Return: 0, or -ENOENT when there is no such candidate.
 */
int contender_parse(
    struct contender *contender, const char *text, const char *qswitchd);

/**
 * contender_find_qswitchd() - the program to use unless a contender names one
 * @given: from the command line; empty: beside this program, else in PATH
 */
void contender_find_qswitchd(char *path, size_t size, const char *given);

int qswitchd_start(struct subject *subject);
int kernel_start(struct subject *subject);
int vde_start(struct subject *subject);
int ovs_start(struct subject *subject);

#endif
