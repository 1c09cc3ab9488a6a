/* SPDX-License-Identifier: BSD-2-Clause */
/* ctl_dissect.h - a frame in one line. Pure. */
#ifndef SWITCH_CLIENT_CTL_DISSECT_H
#define SWITCH_CLIENT_CTL_DISSECT_H

#include <stddef.h>
#include <stdint.h>

/**
 * dissect() - a frame in one line, in the manner of tcpdump
 * @frame: @caplen bytes of the frame, outer tag in band; any bytes at all
 * @text:  @size bytes; cut off where it does not fit
 */
void dissect(const uint8_t *frame, size_t caplen, char *text, size_t size);

#endif
