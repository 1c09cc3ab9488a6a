/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * notice.h - what the frames of a batch show the operator: addresses that were
 * learned or moved (events), and the IP addresses behind each port.
 */
#ifndef SWITCH_NOTICE_H
#define SWITCH_NOTICE_H

struct switch_port;

/** notice_batch() - look at sw->batch, received by @p and just decided on */
void notice_batch(struct switch_port *p);

#endif
