/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_offload.c - any request about any bytes: a valid one can be carried out,
 * within scratch memory and in the announced number of frames.
 *
 * The input is eight bytes of request and then the frame. The frame's body lies
 * in memory of exactly its size.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "forwarding/offload.h"

enum { REQUEST = 8, INPUT_MAX = 20000 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t scratch[OFFLOAD_SCRATCH];

static void check(bool so)
{
	if (!so)
		abort();
}

static struct offload request(const uint8_t *data)
{
	return (struct offload){
	    .needs_csum = data[0] & 1,
	    .ecn = data[0] & 2,
	    .gso_type = data[1],
	    .gso_size = (uint16_t)(data[2] << 8 | data[3]),
	    .csum_start = (uint16_t)(data[4] << 8 | data[5]),
	    .csum_offset = data[6],
	    .hdr_len = data[7],
	};
}

static void take_one(const struct frame *done, const struct frame *f)
{
	check(done->addrs >= scratch);
	check(done->body + done->body_len <= scratch + sizeof(scratch));
	check(done->body_len <= f->body_len);
	check(!done->off.needs_csum && !done->off.gso_type);
	check(done->tpid == f->tpid && done->tci == f->tci);
	check(offload_mtu_len(done) <= offload_mtu_len(f));
}

static int take(const struct frame *const *done, int n, void *arg)
{
	for (int i = 0; i < n; i++)
		take_one(done[i], arg);
	return n;
}

/* The same, of a frame that is not cut, in a copy of exactly its length. */
static void finish_copy(const struct frame *f)
{
	uint8_t *copy = malloc(frame_len(f));

	check(copy);
	frame_copy(f, copy, frame_len(f));
	offload_csum(f, copy);
	free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct frame f;

	if (size < REQUEST || size > INPUT_MAX ||
	    !frame_parse(&f, data + REQUEST, size - REQUEST))
		return 0;
	uint8_t *body = malloc(f.body_len);
	check(body);
	memcpy(body, f.body, f.body_len);
	f.body = body;
	f.off = request(data);
	if (offload_accept(&f)) {
		check(offload_valid(&f));
		int n = offload_finish(&f, scratch, take, &f);

		check(n == offload_segments(&f));
		if (f.off.gso_type == GSO_NONE)
			finish_copy(&f);
	}
	free(body);
	return 0;
}
