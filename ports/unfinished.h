/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * unfinished.h - recognise frames that their sender left unfinished where
 * nobody tells: libpcap hands out neither virtio_net_hdr nor checksum state.
 *
 * Two marks are in the bytes themselves. Who leaves a checksum to the device
 * has put the sum of the pseudo-header into its field; if a finished checksum
 * has that value by chance, doing it again gives the same. And an IP packet
 * that is longer than the MTU of the interface that it came by is a
 * super-frame. Its segment size is not to be seen: for TCP the largest that
 * the MTU allows will do, as the bytes are a stream; where UDP was cut cannot
 * be guessed.
 */
#ifndef PORTS_UNFINISHED_H
#define PORTS_UNFINISHED_H

#include <stdbool.h>
#include <stdint.h>

#include "forwarding/frame.h"

/**
 * unfinished_recognise() - write into @f->off what is still to be done
 * @bytes: the frame's own, writable: the checksum field of a super-frame is
 *         made what a request for a checksum demands
 * @mtu:   of the interface that it came by
 *
 * Return: false if the frame is a super-frame that nobody can cut rightly.
 */
bool unfinished_recognise(struct frame *f, uint8_t *bytes, uint32_t mtu);

#endif
