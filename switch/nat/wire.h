/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * wire.h - how qswitch-nat's frames come and go: a stream with QEMU's framing
 * (ports/framing.h), whose other end is a port of the switch, or a packet
 * socket on the TAP of a host-only network. Neither blocks.
 */
#ifndef SWITCH_NAT_WIRE_H
#define SWITCH_NAT_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ports/framing.h"

enum { WIRE_IN = 256 << 10, WIRE_OUT = 1 << 20 };

struct wire {
	int fd;
	bool packets;
	size_t start, end; /* of what is not parsed yet in `in` */
	size_t out_start, out_end;
	uint8_t in[WIRE_IN + FRAMING_RECORD_MAX];
	uint8_t out[WIRE_OUT];
};

/** wire_new() - frames over @fd. Return: NULL when out of memory */
struct wire *wire_new(int fd, bool packets);

/**
 * wire_read() - hand each frame that has come to @take
 *
 * The frame is borrowed for the call.
 *
 * Return: false when the other end has gone or does not speak the framing.
 */
bool wire_read(struct wire *wire,
    void (*take)(void *arg, const uint8_t *frame, size_t len), void *arg);

/** wire_send() - queue a frame; lost if the other end does not read */
void wire_send(struct wire *wire, const uint8_t *frame, size_t len);

/** wire_flush() - write what is queued. Return: false when the other end has
 * gone */
bool wire_flush(struct wire *wire);

/** wire_wants_room() - is something queued that the other end has not taken? */
static inline bool wire_wants_room(const struct wire *wire)
{
	return wire->out_start < wire->out_end;
}

#endif
