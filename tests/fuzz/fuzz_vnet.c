/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_vnet.c - what a guest writes to its TAP: a hostile virtio_net_hdr and
 * any frame, tag in band or stripped. What vnet_receive() accepts can be written
 * again with its header, and finished in the announced number of frames.
 *
 * The input is one byte of choices, four of a stripped tag, the header, and the
 * frame, which lies in memory of exactly its size.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "forwarding/offload.h"
#include "ports/vnet.h"

enum { CHOICES = 5, STRIPPED = 1, INPUT_MAX = 70000 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t scratch[OFFLOAD_SCRATCH];

static void check(bool so)
{
	if (!so)
		abort();
}

static int take(const struct frame *const *done, int n, void *arg)
{
	const struct frame *f = arg;

	check(n >= 1 && n <= BATCH_MAX);
	for (int i = 0; i < n; i++) {
		check(done[i]->addrs >= scratch);
		check(done[i]->body + done[i]->body_len <=
		      scratch + sizeof(scratch));
		check(offload_mtu_len(done[i]) <= offload_mtu_len(f));
		check(!done[i]->off.needs_csum && !done[i]->off.gso_type);
	}
	return n;
}

static void use(const struct frame *f)
{
	struct virtio_net_hdr hdr;
	size_t len;

	check(offload_valid(f));
	vnet_header(f, &hdr);
	check(hdr.hdr_len <= frame_len(f));
	if (hdr.flags & VIRTIO_NET_HDR_F_NEEDS_CSUM)
		check(hdr.csum_start + hdr.csum_offset + 2u <= frame_len(f));
	if (vnet_whole(f, &len))
		check(len == VNET_HDR + frame_len(f));
	if (ETH_ADDRS + f->body_len > FRAME_MAX)
		return;
	check(
	    offload_finish(f, scratch, take, (void *)f) == offload_segments(f));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vnet_tag tag;
	struct port port = {0};
	struct frame f;

	if (size < CHOICES + VNET_HDR || size > INPUT_MAX)
		return 0;
	bool stripped = data[0] & STRIPPED;
	memcpy(&tag, data + 1, sizeof(tag));
	uint8_t *slot = malloc(size - CHOICES);
	check(slot);
	memcpy(slot, data + CHOICES, size - CHOICES);
	size_t len = size - CHOICES - VNET_HDR;
	if (vnet_receive(
		&port, &f, slot + VNET_HDR, len, stripped ? &tag : NULL)) {
		check(port.counters.rx_invalid == 0);
		if (len >= ETH_HEAD && !frame_is_runt(&f) && len < ARENA_SLOT)
			use(&f);
	} else {
		check(port.counters.rx_invalid == 1);
	}
	free(slot);
	return 0;
}
