/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_frame.c - frames of any bytes through parser, relay and recorder.
 *
 * The input is a sequence of frames. Two bytes precede each: the ingress port
 * with bits for the settings of the bridge, and the length. Each frame lies in
 * memory of exactly its size, so that a read past its end is noticed.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "forwarding/recorder.h"

enum { N_PORTS = 4 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool so)
{
	if (!so)
		abort();
}

/* The parsed frame turns back into the same bytes. */
static void check_parsed(
    const struct frame *f, bool parsed, const uint8_t *bytes, size_t len)
{
	uint8_t copy[UINT8_MAX + VLAN_TAG];
	struct iovec iov[FRAME_IOV];
	uint8_t tag[VLAN_TAG];
	size_t sum = 0;
	int n = frame_iov(f, iov, tag);

	check(parsed == !frame_is_runt(f));
	for (int i = 0; i < n; i++)
		sum += iov[i].iov_len;
	check(sum == frame_len(f));
	check(frame_copy(f, copy, sizeof(copy)) == frame_len(f));
	if (len >= ETH_ADDRS)
		check(frame_len(f) == len && memcmp(copy, bytes, len) == 0);
}

static void check_books(const struct bridge *br, uint64_t frames)
{
	const struct bridge_counters *c = bridge_counters(br);
	uint64_t sum = 0;

	for (int v = 0; v < VERDICT_COUNT; v++)
		sum += c->verdicts[v];
	check(sum == frames && c->rx_frames == frames);
}

/* One frame, in a batch by itself. */
static void carry(struct bridge *br, struct recorder *rec, struct egress *out,
    uint8_t control, const uint8_t *bytes, size_t len, uint64_t number)
{
	static struct batch batch = {.n = 1};
	struct frame *f = &batch.frames[0];
	int port = 1 + control % N_PORTS;

	bridge_set_stp(br, control & 0x10);
	bridge_set_forward_reserved(br, control & 0x20);
	bridge_port_set_state(
	    br, port, control >> 6 ? BRIDGE_FORWARDING : BRIDGE_LEARNING);
	check_parsed(f, frame_parse(f, bytes, len), bytes, len);
	bridge_forward(br, port, &batch, number * 700, out);
	recorder_note(rec, &batch, out, number * 700);
	check(recorder_find(rec, number)->verdict == out->decisions[0].verdict);
	check(out->n[port] == 0);
	check_books(br, number);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct egress out;
	struct bridge *br =
	    bridge_new(&(struct bridge_config){.fdb_size = FDB_SIZE_MIN});
	struct recorder *rec = recorder_new(3);
	uint64_t number = 0;

	check(br && rec);
	for (int port = 1; port <= N_PORTS; port++) {
		bridge_port_add(br, port, 3);
		bridge_port_set_state(br, port, BRIDGE_FORWARDING);
	}
	while (size > 2) {
		size_t len = data[1] < size - 2 ? data[1] : size - 2;
		uint8_t *bytes = malloc(len);

		check(bytes || !len);
		if (len)
			memcpy(bytes, data + 2, len);
		carry(br, rec, &out, data[0], bytes, len, ++number);
		free(bytes);
		data += 2 + len;
		size -= 2 + len;
	}
	recorder_free(rec);
	bridge_free(br);
	return 0;
}
