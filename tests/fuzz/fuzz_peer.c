/* SPDX-License-Identifier: BSD-2-Clause */
/* fuzz_peer.c - the command line of a peer, which chose it itself. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "ports/peer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const char *text, size_t size)
{
	if (strnlen(text, size) == size)
		abort();
	for (; *text; text++)
		if (*text < ' ' || *text > '~')
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *copy = malloc(size ? size : 1);
	struct peer peer = {0};

	memcpy(copy, data, size);
	peer_parse_cmdline(copy, size, &peer);
	check(peer.program, sizeof(peer.program));
	check(peer.vm, sizeof(peer.vm));
	free(copy);
	return 0;
}
