/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * reception.h - what becomes of a frame that the relay leaves to the spanning
 * tree: a BPDU, a BPDU of PVST+, a loop probe, or something that looks so.
 */
#ifndef SWITCH_RECEPTION_H
#define SWITCH_RECEPTION_H

#include "forwarding/verdict.h"

struct frame;
struct probes;
struct qswitch;
struct stp;
struct switch_port;

/**
 * reception() - tell the spanning tree of @f, which @p received
 * @probes: of all ports
 *
 * BPDUs of PVST+ are passed on here, between ports that send BPDUs themselves.
 *
 * Return: what became of it; VERDICT_to_stp if the spanning tree took it.
 */
enum verdict reception(struct qswitch *sw, struct stp *stp,
    const struct probes *probes, struct switch_port *p, const struct frame *f);

#endif
