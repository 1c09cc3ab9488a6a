/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stp_foreign.h - inputs of the spanning tree beside the BPDUs of 802.1D: those
 * of other protocols, and probes for loops through guests (loop.c).
 */
#ifndef STP_STP_FOREIGN_H
#define STP_STP_FOREIGN_H

#include <stdint.h>

#include "stp.h"

/**
 * stp_receive_foreign() - a BPDU of another protocol (PVST+) arrived on @port
 *
 * It means what a BPDU of the rapid spanning tree means: a bridge is there.
 *
 * Return: STP_RX_RST where it is ignored, else as stp_receive(); counted.
 */
enum stp_verdict stp_receive_foreign(
    struct stp *stp, int port, uint64_t now_ms);

/**
 * stp_probe_heard() - a probe of this entity came in on @port
 * @of:  the port through which it was sent. The caller knows that for sure:
 *       it must not be what a guest can make up
 *
 * Blocks one of the two, never one that takes part in the tree, until no sign
 * of the loop has been seen for some time (10 to 17 s).
 *
 * Return: STP_RX_LOOP; STP_RX_OWN, and nothing has changed, where @of is @port
 * or does not filter; or STP_RX_DOWN. It is counted at @port.
 */
enum stp_verdict stp_probe_heard(
    struct stp *stp, int port, int of, uint64_t now_ms);

#endif
