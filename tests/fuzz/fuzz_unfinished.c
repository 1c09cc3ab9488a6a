/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_unfinished.c - any bytes, as libpcap delivers them: what is recognized
 * is a request that offload_accept() takes or refuses without harm, and of the
 * bytes only a checksum field is written.
 *
 * The input is two bytes of MTU and the frame, which lies in memory of exactly
 * its size.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "forwarding/offload.h"
#include "ports/unfinished.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t scratch[OFFLOAD_SCRATCH];

static void check(bool so)
{
	if (!so)
		abort();
}

static int take(const struct frame *const *done, int n, void *arg)
{
	(void)done, (void)arg;
	return n;
}

static size_t differing(const uint8_t *a, const uint8_t *b, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
		n += a[i] != b[i];
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct frame f;

	if (size < 2 + ETH_HEAD || size > FRAME_MAX)
		return 0;
	uint32_t mtu = 68u + (uint32_t)(data[0] << 8 | data[1]) % 9000;
	uint8_t *bytes = malloc(size - 2);
	check(bytes);
	memcpy(bytes, data + 2, size - 2);
	if (frame_parse(&f, bytes, size - 2) &&
	    unfinished_recognize(&f, bytes, mtu) && offload_accept(&f))
		check(offload_finish(&f, scratch, take, NULL) ==
		      offload_segments(&f));
	check(differing(bytes, data + 2, size - 2) <= (f.off.gso_type ? 2 : 0));
	free(bytes);
	return 0;
}
