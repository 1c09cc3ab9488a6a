/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * datapath.h - carries one batch from one port to the others.
 */
#ifndef SWITCH_DATAPATH_H
#define SWITCH_DATAPATH_H

struct frame;
struct switch_port;

/**
 * datapath_ready() - @p has frames: carry one batch through the switch
 *
 * At most BATCH_MAX frames, so that busy ports take turns: the loop calls
 * again while there are more.
 */
void datapath_ready(struct switch_port *p);

/**
 * datapath_forward() - carry sw->batch, received by @p, to the other ports
 *
 * For hooks that kept a batch and let it go later.
 */
void datapath_forward(struct switch_port *p);

/**
 * datapath_send() - send one of the switch's own frames (a BPDU) out of @p
 *
 * Shown to hooks and counted like any other. May be called from a callback of
 * the spanning tree.
 */
void datapath_send(struct switch_port *p, const struct frame *frame);

#endif
