/* SPDX-License-Identifier: BSD-2-Clause */
/* test_offload_small.c - super-frames that ask for small segments. */
#include "forwarding/offload.h"

#include "tests/packet.h"

#include "cm.h"

static struct packet packet;
static uint8_t scratch[OFFLOAD_SCRATCH];

static int check(const struct frame *const *done, int n, void *arg)
{
	(void)arg;
	for (int i = 0; i < n; i++)
		assert_true(packet_is_right(done[i]->addrs, packet.ip,
		    packet.l4, frame_len(done[i]), true));
	return n;
}

static struct frame make(const struct packet_spec *s, uint16_t gso_size)
{
	packet_make(&packet, s, false);
	return (struct frame){
	    .addrs = packet.bytes,
	    .body = packet.bytes + ETH_ADDRS,
	    .body_len = (uint32_t)(packet.len - ETH_ADDRS),
	    .off = packet_request(&packet, s, gso_size),
	};
}

/* A few segments may be small, as UDP's and those that a receiver has joined;
 * many may not: who asks for that wants to keep us busy. */
static void tiny_segments_are_few(void **state)
{
	(void)state;
	for (int kind = 0; kind < 4; kind++) {
		const struct packet_spec spec = {
		    .ipv6 = kind & 1, .udp = kind & 2, .payload = 128 * 35};
		struct frame f = make(&spec, 35);

		assert_true(offload_valid(&f));
		f.off.gso_size = 34;
		assert_false(offload_valid(&f));
		f.off.gso_size = 36;
		f.off.hdr_len = 0;
		assert_true(offload_valid(&f));
	}
	for (uint16_t size = 1; size < 8; size++) {
		const struct packet_spec spec = {.udp = true, .payload = 60};
		struct frame f = make(&spec, size);

		assert_true(offload_valid(&f));
		assert_int_equal(offload_finish(&f, scratch, check, NULL),
		    (60 + size - 1) / size);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(tiny_segments_are_few),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
