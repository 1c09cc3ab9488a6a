/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * unfinished.h - recognize frames that their sender left unfinished where
 * nobody says so: libpcap delivers neither virtio_net_hdr nor checksum state.
 *
 * The bytes themselves show it in two ways. A sender that leaves a checksum to
 * the device puts the sum of the pseudo-header into the field, or 0 if it is
 * SCTP; if a finished checksum has that value by chance, computing it again
 * gives the same. And an IP packet longer than the MTU of the interface where
 * it arrived is a super-frame. Its segment size cannot be seen: for TCP the
 * largest that the MTU allows will do, as the bytes are a stream; where UDP was
 * cut cannot be guessed. Tunnels are looked into.
 */
#ifndef PORTS_UNFINISHED_H
#define PORTS_UNFINISHED_H

#include <stdbool.h>
#include <stdint.h>

#include "forwarding/frame.h"

/**
 * unfinished_recognize() - write into @f->off what is still to be done
 * @bytes: the frame's bytes, writable: in a super-frame the checksum field is
 *         set to what a request for a checksum demands
 * @mtu:   of the interface where it arrived
 *
 * Return: false if the frame is a super-frame that nobody can cut rightly.
 */
bool unfinished_recognize(struct frame *f, uint8_t *bytes, uint32_t mtu);

#endif
