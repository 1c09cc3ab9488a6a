/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * datapath.h - carries one batch from one port to the others.
 */
#ifndef SWITCH_DATAPATH_H
#define SWITCH_DATAPATH_H

struct frame;
struct switch_port;

/**
 * datapath_ready() - a port's fd is readable: one batch through the switch
 *
 * At most BATCH_MAX frames, so that busy ports take turns: the loop calls
 * again while there is more.
 */
void datapath_ready(struct switch_port *p);

/* Carries sw->batch, come in by @p, to the other ports: for lab.c, which lets
 * frames wait. */
void datapath_forward(struct switch_port *p);

/**
 * datapath_send() - send one frame of the switch's own (a BPDU) by @p
 *
 * Captured and counted like any other.
 */
void datapath_send(struct switch_port *p, const struct frame *frame);

#endif
