/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * probe.h - the loop probe: a group frame that the switch sends to a machine,
 * to see where it comes back (stp/loop.c).
 *
 *     03-51-53-57-00-01 | bridge's address | 88b5 | "qswprobe" | port | secret
 *
 * 88b5 is the EtherType that IEEE 802 leaves to local experiments.
 */
#ifndef SWITCH_PROBE_H
#define SWITCH_PROBE_H

#include <stdint.h>

#include "forwarding/frame.h"
#include "forwarding/portset.h"

enum { PROBE_FRAME = 60, PROBE_SECRET = 16 };

/* What only the machine behind each port can know; random, another one for
 * each time that its link comes up. */
struct probes {
	uint8_t secret[PORT_MAX + 1][PROBE_SECRET];
};

/**
 * probe_build() - write the probe of @port
 * @bytes:   PROBE_FRAME bytes
 * @source:  6 bytes
 * @secret:  PROBE_SECRET bytes that only the machine behind @port gets
 */
void probe_build(
    uint8_t *bytes, const uint8_t *source, int port, const uint8_t *secret);

/**
 * probe_port() - the port whose probe @f says to be
 * @secret:  set to its PROBE_SECRET bytes in @f, which the caller compares
 *
 * Tags do not matter.
 *
 * Return: the port's number as it is in the frame, 1 to 65535; 0: no probe.
 */
int probe_port(const struct frame *f, const uint8_t **secret);

#endif
