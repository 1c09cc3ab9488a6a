/* SPDX-License-Identifier: BSD-2-Clause */
/* fuzz_stream.c - QEMU's stream framing: however the bytes are cut into reads,
 * the same frames come out, and every byte is accounted for. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "ports/framing.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct sum {
	uint64_t frames, hash;
	int end;
};

/* Up to @len bytes are there; more would be read beyond them. */
static size_t take(
    const uint8_t *data, size_t len, size_t start, struct sum *sum)
{
	uint8_t *copy = malloc(len - start + 1);
	size_t at = 0, used, n;
	const uint8_t *frame;

	memcpy(copy, data + start, len - start);
	for (;;) {
		sum->end = framing_next(
		    copy + at, len - start - at, &frame, &n, &used);
		if (used > len - start - at)
			abort();
		at += used;
		if (sum->end <= 0)
			break;
		if (!n || n > FRAMING_FRAME_MAX)
			abort();
		sum->frames++;
		for (size_t i = 0; i < n; i++)
			sum->hash = sum->hash * 31 + frame[i] + n;
	}
	free(copy);
	return start + at;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sum whole = {0}, cut = {0};
	size_t step = size ? data[0] % 7 + 1 : 1, start = 0;

	take(data, size, 0, &whole);
	for (size_t len = 0; cut.end >= 0; len += step) {
		start = take(data, len < size ? len : size, start, &cut);
		if (len >= size)
			break;
	}
	if (whole.frames != cut.frames || whole.hash != cut.hash ||
	    whole.end != cut.end)
		abort();
	return 0;
}
