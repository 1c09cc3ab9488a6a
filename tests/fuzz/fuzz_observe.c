/* SPDX-License-Identifier: BSD-2-Clause */
/* fuzz_observe.c - ARP, neighbour discovery and DHCP of a guest. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "switch/observe.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size ? size : 1); /* so that its end is one */
	char text[OBSERVE_TEXT];
	struct sighting s;
	struct frame f;

	memcpy(copy, data, size);
	if (frame_parse(&f, copy, size) && observe_frame(&f, &s)) {
		if (mac_is_group(s.mac) || mac_is_zero(s.mac))
			abort();
		if (!*observe_text(&s, text))
			abort();
	}
	free(copy);
	return 0;
}
