/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * framing.h - frames in a byte stream, as QEMU's -netdev stream and -netdev
 * socket, passt and gvproxy write them:
 *
 *     | length 4, big-endian | frame, length bytes | length 4 | frame ...
 *
 * Pure. A length of 0 means nothing and is skipped. A record is never left half
 * written: a sender that could write only a part keeps the rest and sends that
 * first.
 */
#ifndef PORTS_FRAMING_H
#define PORTS_FRAMING_H

#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#include "forwarding/frame.h"

enum {
	FRAMING_HEAD = 4, /* bytes of the length field */
	/* Nobody has longer frames to send; QEMU itself gives up at 69 632. */
	FRAMING_FRAME_MAX = FRAME_MAX + 2 * VLAN_TAG,
	FRAMING_RECORD_MAX = FRAMING_HEAD + FRAMING_FRAME_MAX,
	FRAMING_IOV = 1 + FRAME_IOV, /* parts of a record */
};

/**
 * framing_next() - find the record that starts at @data
 * @frame: set to the frame inside @data, @frame_len bytes, when 1 is returned
 * @used:  bytes of the record, and of the empty ones before it, that the
 *         caller is done with when it is done with @frame; 0 is possible
 *
 * Return: 1 for a frame, 0 when more bytes are needed, -EBADMSG when the
 * length is beyond FRAMING_FRAME_MAX: @frame_len then holds it.
 */
int framing_next(const uint8_t *data, size_t len, const uint8_t **frame,
    size_t *frame_len, size_t *used);

/* What framing_iov() points to besides the frame. */
struct framing_head {
	uint8_t length[FRAMING_HEAD];
	uint8_t tag[VLAN_TAG];
};

/**
 * framing_iov() - the record of @f, outer tag in band, as an iovec
 * @head: lives as long as @iov; so do the frame's bytes
 *
 * Return: parts of @iov that are used.
 */
int framing_iov(const struct frame *f, struct iovec iov[FRAMING_IOV],
    struct framing_head *head);

/**
 * framing_taken() - which records did a short write take?
 * @sent: bytes that were written of the records of @frames, back to back
 * @part: bytes written of the last record counted, 0: all of it
 *
 * Return: records of which at least one byte was written.
 */
int framing_taken(
    const struct frame *const *frames, int n, size_t sent, size_t *part);

/** framing_copy() - write the record of @f into @buf, FRAMING_RECORD_MAX bytes.
 * Return: its length */
size_t framing_copy(const struct frame *f, uint8_t *buf);

#endif
