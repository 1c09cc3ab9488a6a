/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_ctl_dissect.c - a hostile frame on the terminal of the operator. The
 * first byte of the input is the room that its line has.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "switch/client/ctl_dissect.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size)
		return 0;
	size_t caplen = size - 1, room = 1 + (size_t)*data * 2;
	uint8_t *frame = malloc(caplen ? caplen : 1);
	char *text = malloc(room);

	memcpy(frame, data + 1, caplen);
	dissect(frame, caplen, text, room);
	if (!memchr(text, 0, room) || (room > 1 && !*text))
		abort();
	for (const char *c = text; *c; c++)
		if (*c < ' ' || *c > '~')
			abort(); /* the terminal would obey it */
	free(text);
	free(frame);
	return 0;
}
