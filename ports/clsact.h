/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * clsact.h - BPF programs on a device's traffic for kernels before 6.6: as
 * filters of a clsact qdisc, through rtnetlink.
 *
 * Nothing of this ends with the process. Each filter has a name that says who
 * attached it and whether he made the qdisc, so that the next switch can tidy
 * up after one that was killed.
 */
#ifndef PORTS_CLSACT_H
#define PORTS_CLSACT_H

#include <stdbool.h>

struct clsact_program {
	int ifindex;
	bool egress;
	int fd;
};

/**
 * clsact_attach() - make the qdisc if there is none, and add the filter
 *
 * Return: 0 or -errno.
 * #syscalls socket bind getsockname sendto recvmsg close
 */
int clsact_attach(const struct clsact_program *program);

/**
 * clsact_sweep() - remove our filters from @ifindex, and those of switches that
 * have ended; and the qdisc, if a switch made it and nobody else uses it
 */
void clsact_sweep(int ifindex);

#endif
