/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * framing.c - frames in a byte stream: see framing.h. Pure.
 */
#include "framing.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

static uint32_t length_at(const uint8_t *data);

int framing_next(const uint8_t *data, size_t len, const uint8_t **frame,
    size_t *frame_len, size_t *used)
{
	*used = 0;
	while (len - *used >= FRAMING_HEAD) {
		uint32_t length = length_at(data + *used);

		*frame_len = length;
		if (length > FRAMING_FRAME_MAX)
			return -EBADMSG;
		if (length > len - *used - FRAMING_HEAD)
			return 0;
		*frame = data + *used + FRAMING_HEAD;
		*used += FRAMING_HEAD + length;
		if (length)
			return 1;
	}
	return 0;
}

int framing_iov(const struct frame *f, struct iovec iov[FRAMING_IOV],
    struct framing_head *head)
{
	uint32_t length = htonl((uint32_t)frame_len(f));

	memcpy(head->length, &length, sizeof(length));
	iov[0] = (struct iovec){head->length, FRAMING_HEAD};
	return 1 + frame_iov(f, iov + 1, head->tag);
}

int framing_taken(
    const struct frame *const *frames, int n, size_t sent, size_t *part)
{
	*part = 0;
	for (int i = 0; i < n; i++) {
		size_t record = FRAMING_HEAD + frame_len(frames[i]);

		if (!sent)
			return i;
		if (sent < record) {
			*part = sent;
			return i + 1;
		}
		sent -= record;
	}
	return n;
}

size_t framing_copy(const struct frame *f, uint8_t *buf)
{
	uint32_t length = htonl((uint32_t)frame_len(f));

	memcpy(buf, &length, sizeof(length));
	return FRAMING_HEAD +
	       frame_copy(f, buf + FRAMING_HEAD, FRAMING_FRAME_MAX);
}

static uint32_t length_at(const uint8_t *data)
{
	uint32_t length;

	memcpy(&length, data, sizeof(length));
	return ntohl(length);
}
