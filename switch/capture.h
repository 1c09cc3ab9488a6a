/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * capture.h - frames of a port, as pcap, for who asked on the control socket.
 *
 * Costs one test of an integer a batch while nobody captures. The wire's view:
 * each frame once when it comes in and once when it is queued to leave.
 */
#ifndef SWITCH_CAPTURE_H
#define SWITCH_CAPTURE_H

#include <stdint.h>

struct frame;
struct switch_port;

enum capture_direction { CAPTURE_IN, CAPTURE_OUT };

/* Frame @f passes @p. Called only while p->captures is not 0. */
void capture_frame(struct switch_port *p, enum capture_direction direction,
    const struct frame *f, uint64_t now_ms);

#endif
