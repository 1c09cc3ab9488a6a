/* SPDX-License-Identifier: BSD-2-Clause */
/* vmm.h - plugs endpoints in as a virtual machine monitor plugs in its guests:
 * it opens what the switch offers, and each guest has its place.
 *
 *     side          the switch has             the endpoint
 *     SIDE_HELD     TAP p<i> (network side)    holds its descriptor
 *     SIDE_STREAM   DIR/vm.sock, listening     connects
 *     SIDE_TCP      127.0.0.1, one port        connects
 *     SIDE_DGRAM    DIR/s<i>                   binds DIR/c<i>, sends there
 *     SIDE_UDP      127.0.0.1, port by i       the same, with ports
 *     SIDE_VDE      DIR/vde/ctl                asks there for a socket
 *
 * DIR belongs to the cell; addresses and TAPs are in the switch's namespace.
 * For any other side there is nothing to plug, and the functions do nothing.
 */
#ifndef BENCH_VMM_H
#define BENCH_VMM_H

#include "subject.h"

enum { VMM_PATH_MAX = 96, VMM_TCP_PORT = 7100, VMM_READY_MS = 5000 };

/**
 * vmm_prepare() - make what endpoint @i needs before the switch starts
 *
 * This is a TAP or a datagram socket: the switch looks for it when it starts.
 *
 * Return: 0, or -errno with testbed.why set.
 */
int vmm_prepare(struct subject *subject, int i);

/**
 * vmm_plug() - plug endpoint @i in
 *
 * Call it in order of @i, as the switch may number its ports in that order.
 * Waits up to VMM_READY_MS for a switch that does not listen yet.
 *
 * Return: 0, or -errno with testbed.why set.
 */
int vmm_plug(struct subject *subject, int i);

/** vmm_path() - "DIR/@name", with @number appended unless it is 0 */
void vmm_path(const struct subject *subject, const char *name, int number,
    char path[VMM_PATH_MAX]);

/** vmm_udp_port() - UDP port of endpoint @i, or of the switch for it */
int vmm_udp_port(int i, bool of_switch);

#endif
