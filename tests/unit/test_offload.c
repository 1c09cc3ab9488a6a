/* SPDX-License-Identifier: BSD-2-Clause */
/* test_offload.c - checksums and segmentation, compared with sums calculated
 * byte by byte. */
#include "forwarding/offload.h"

#include <stdlib.h>
#include <string.h>

#include "tests/packet.h"

#include "cm.h"

enum { FIN = 0x01, PSH = 0x08, ACK = 0x10, CWR = 0x80 };

/* The finished frames, in order. */
struct got {
	int n, stop_at;
	size_t len[64];
	uint8_t bytes[64][2048];
};

static struct packet packet;
static struct got got;
static uint8_t scratch[OFFLOAD_SCRATCH];

static void keep_one(const struct frame *done)
{
	assert_true(got.n < 64);
	assert_false(done->off.needs_csum);
	assert_int_equal(done->off.gso_type, GSO_NONE);
	assert_true(done->addrs >= scratch &&
		    done->body + done->body_len <= scratch + sizeof(scratch));
	got.len[got.n] =
	    frame_copy(done, got.bytes[got.n], sizeof(got.bytes[got.n]));
	got.n++;
}

static int keep(const struct frame *const *done, int n, void *arg)
{
	int i = 0;

	(void)arg;
	assert_in_range(n, 1, BATCH_MAX);
	for (; i < n && got.n != got.stop_at; i++)
		keep_one(done[i]);
	return i;
}

static int finish(const struct frame *f)
{
	got.n = 0;
	got.stop_at = -1;
	assert_true(offload_valid(f));
	return offload_finish(f, scratch, keep, NULL);
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

/* A frame without a request does not change. */
static void nothing_asked_nothing_done(void **state)
{
	struct frame f;

	(void)state;
	packet_make(&packet, &(struct packet_spec){.payload = 9}, true);
	frame_parse(&f, packet.bytes, packet.len);
	assert_true(offload_fits(&f.off, 0));
	assert_int_equal(offload_segments(&f), 1);
	assert_int_equal(finish(&f), 1);
	assert_int_equal(got.len[0], packet.len);
	assert_memory_equal(got.bytes[0], packet.bytes, packet.len);
}

/* RFC 1071 section 3: 0001 f203 f4f5 f6f7 sum up to ddf2. */
static void the_example_of_rfc_1071(void **state)
{
	uint8_t bytes[ETH_HEAD + 10] = {
	    [14] = 0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7, 0, 0};
	struct frame f;

	(void)state;
	frame_parse(&f, bytes, sizeof(bytes));
	f.off = (struct offload){
	    .needs_csum = true, .csum_start = 14, .csum_offset = 8};
	assert_int_equal(finish(&f), 1);
	assert_int_equal(packet_get(got.bytes[0] + 22, 2), 0xffff ^ 0xddf2);
	assert_memory_equal(got.bytes[0], bytes, 22);
}

static void checksums_are_finished(void **state)
{
	const struct packet_spec specs[] = {
	    {.payload = 0},
	    {.payload = 1, .udp = true},
	    {.payload = 1460, .ip_options = 10, .tcp_options = 10},
	    {.payload = 77, .ipv6 = true},
	    {.payload = 78, .ipv6 = true, .udp = true, .extensions = 3},
	    {.payload = 79, .inner_tags = 1, .udp = true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(specs) / sizeof(*specs); i++) {
		struct frame f = make(&specs[i], 0);
		struct packet whole;

		assert_int_equal(finish(&f), 1);
		packet_make(&whole, &specs[i], true);
		assert_int_equal(got.len[0], whole.len);
		assert_memory_equal(got.bytes[0], whole.bytes, whole.len);
	}
}

/* In a copy with its tag in band, and in one without a tag. */
static void a_copy_is_finished_in_place(void **state)
{
	const struct packet_spec spec = {.payload = 77, .ipv6 = true};
	struct frame f = make(&spec, 0);
	uint8_t copy[sizeof(packet.bytes)];
	struct packet whole;

	(void)state;
	packet_make(&whole, &spec, true);
	assert_int_equal(frame_copy(&f, copy, sizeof(copy)), whole.len);
	offload_csum(&f, copy);
	assert_memory_equal(copy, whole.bytes, whole.len);

	f.tpid = TPID_8021Q;
	f.tci = 5;
	assert_int_equal(
	    frame_copy(&f, copy, sizeof(copy)), whole.len + VLAN_TAG);
	offload_csum(&f, copy);
	assert_memory_equal(copy + ETH_ADDRS + VLAN_TAG,
	    whole.bytes + ETH_ADDRS, whole.len - ETH_ADDRS);

	f.off.needs_csum = false;
	memset(copy, 0x5a, sizeof(copy));
	offload_csum(&f, copy);
	for (size_t i = 0; i < sizeof(copy); i++)
		assert_int_equal(copy[i], 0x5a);
}

/* In UDP a checksum of 0 means that there is none. */
static void a_sum_of_zero_is_sent_as_ffff(void **state)
{
	struct packet_spec spec = {.udp = true, .payload = 2};
	struct frame f = make(&spec, 0);
	unsigned sum = packet_sum(0, packet.bytes + packet.l4, 10);

	(void)state;
	sum = packet_sum(0xffff ^ sum, packet.bytes + packet.payload, 2);
	packet.bytes[packet.payload] = (uint8_t)(sum >> 8);
	packet.bytes[packet.payload + 1] = (uint8_t)sum;
	assert_int_equal(packet_sum(0, packet.bytes + packet.l4, 10), 0xffff);
	assert_int_equal(finish(&f), 1);
	assert_int_equal(packet_get(got.bytes[0] + packet.l4 + 6, 2), 0xffff);
}

static void tcp_is_cut(void **state)
{
	const struct packet_spec spec = {.payload = 2500,
	    .seq = 0xfffffc00,
	    .id = 0xffff,
	    .tcp_options = 3,
	    .flags = FIN | PSH | ACK | CWR};
	struct frame f = make(&spec, 1000);

	(void)state;
	assert_int_equal(offload_segments(&f), 3);
	assert_int_equal(finish(&f), 3);
	for (int i = 0; i < 3; i++) {
		const uint8_t *bytes = got.bytes[i];
		size_t slice = i < 2 ? 1000 : 500;

		assert_int_equal(got.len[i], packet.payload + slice);
		assert_true(packet_is_right(
		    bytes, packet.ip, packet.l4, got.len[i], false));
		assert_memory_equal(bytes + packet.payload,
		    packet.bytes + packet.payload + i * 1000, slice);
		assert_int_equal(packet_get(bytes + packet.ip + 4, 2),
		    (0xffff + i) & 0xffff);
		assert_int_equal((uint32_t)packet_get(bytes + packet.l4 + 4, 4),
		    0xfffffc00 + (uint32_t)i * 1000);
		assert_int_equal(bytes[packet.l4 + 13],
		    ACK | (i == 0 ? CWR : 0) | (i == 2 ? FIN | PSH : 0));
	}
}

static void udp_is_cut_inside_tags(void **state)
{
	const struct packet_spec spec = {.udp = true,
	    .ipv6 = true,
	    .extensions = 2,
	    .inner_tags = 1,
	    .payload = 96};
	struct frame f = make(&spec, 32);

	(void)state;
	f.tpid = TPID_8021AD;
	f.tci = 100;
	assert_int_equal(offload_segments(&f), 3);
	assert_int_equal(finish(&f), 3);
	for (int i = 0; i < 3; i++) {
		const uint8_t *bytes = got.bytes[i];

		assert_int_equal(got.len[i], packet.payload + 32 + VLAN_TAG);
		assert_int_equal(packet_get(bytes + 12, 4), 0x88a80064);
		assert_true(packet_is_right(bytes, packet.ip + VLAN_TAG,
		    packet.l4 + VLAN_TAG, got.len[i], true));
		assert_memory_equal(bytes + packet.payload + VLAN_TAG,
		    packet.bytes + packet.payload + i * 32, 32);
	}
}

/* A request without needs_csum: the field already holds a complete checksum. */
static void a_whole_checksum_is_taken_again(void **state)
{
	for (int ipv6 = 0; ipv6 <= 1; ipv6++) {
		const struct packet_spec spec = {.ipv6 = ipv6, .payload = 300};
		struct frame f = make(&spec, 200);

		(void)state;
		packet_make(&packet, &spec, true);
		f.off.needs_csum = false;
		assert_int_equal(finish(&f), 2);
		for (int i = 0; i < 2; i++)
			assert_true(packet_is_right(got.bytes[i], packet.ip,
			    packet.l4, got.len[i], false));
	}
}

/* Some hosts leave the total length to the one that segments the frame. */
static void a_length_of_zero_is_filled_in(void **state)
{
	for (int ipv6 = 0; ipv6 <= 1; ipv6++) {
		const struct packet_spec spec = {.ipv6 = ipv6, .payload = 300};
		struct frame f = make(&spec, 200);

		(void)state;
		memset(packet.bytes + packet.ip + (ipv6 ? 4 : 2), 0, 2);
		assert_int_equal(finish(&f), 2);
		for (int i = 0; i < 2; i++)
			assert_true(packet_is_right(got.bytes[i], packet.ip,
			    packet.l4, got.len[i], false));
	}
}

static void padding_is_not_payload(void **state)
{
	const struct packet_spec spec = {.payload = 10};
	struct frame f = make(&spec, 8);

	(void)state;
	f.body_len += 7;
	assert_int_equal(finish(&f), 2);
	assert_int_equal(got.len[1], packet.payload + 2);
}

static void no_payload_is_one_segment(void **state)
{
	const struct packet_spec spec = {.flags = FIN | ACK};
	struct frame f = make(&spec, 1000);

	(void)state;
	assert_int_equal(offload_segments(&f), 1);
	assert_int_equal(finish(&f), 1);
	assert_int_equal(got.len[0], packet.payload);
	assert_int_equal(got.bytes[0][packet.l4 + 13], FIN | ACK);
}

static void the_taker_may_stop(void **state)
{
	const struct packet_spec spec = {.payload = 500};
	struct frame f = make(&spec, 100);

	(void)state;
	got.n = 0;
	got.stop_at = 2;
	assert_int_equal(offload_finish(&f, scratch, keep, NULL), 2);
	got.n = 0;
	got.stop_at = 0;
	assert_int_equal(offload_finish(&f, scratch, keep, NULL), 0);
	f = make(&spec, 0);
	assert_int_equal(offload_finish(&f, scratch, keep, NULL), 0);
}

static void borrowed_bytes_are_not_written(void **state)
{
	const struct packet_spec spec = {.payload = 500};
	struct frame f = make(&spec, 100);
	struct packet before = packet;

	(void)state;
	finish(&f);
	f.off.gso_type = GSO_NONE;
	finish(&f);
	assert_memory_equal(packet.bytes, before.bytes, packet.len);
}

static void what_a_port_takes(void **state)
{
	const struct {
		struct offload off;
		unsigned needs;
	} rows[] = {
	    {{0}, 0},
	    {{.needs_csum = true}, CAN_CSUM},
	    {{.needs_csum = true, .gso_type = GSO_TCPV4}, CAN_CSUM | CAN_TSO4},
	    {{.needs_csum = true, .gso_type = GSO_TCPV6}, CAN_CSUM | CAN_TSO6},
	    {{.needs_csum = true, .gso_type = GSO_TCPV6, .ecn = true},
		CAN_CSUM | CAN_TSO6 | CAN_ECN},
	    {{.needs_csum = true, .gso_type = GSO_UDP_L4}, CAN_CSUM | CAN_USO},
	    {{.needs_csum = true, .gso_type = GSO_TCPV4, .tunnel = true},
		CAN_CSUM | CAN_TSO4 | CAN_TUNNEL},
	    {{.needs_csum = true, .crc32c = true}, CAN_CSUM | CAN_CRC32C},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		for (unsigned can = 0; can <= CAN_ALL; can++)
			assert_int_equal(offload_fits(&rows[i].off, can),
			    (rows[i].needs & ~can) == 0);
}

static void checksum_requests_are_checked(void **state)
{
	const struct packet_spec spec = {.payload = 10};
	struct frame f = make(&spec, 0);

	(void)state;
	f.off.csum_start = (uint16_t)(packet.len - 2);
	f.off.csum_offset = 0;
	assert_true(offload_valid(&f));
	f.off.csum_offset = 1;
	assert_false(offload_valid(&f));
	f.off.csum_start = UINT16_MAX;
	f.off.csum_offset = UINT16_MAX;
	assert_false(offload_valid(&f));
	f.off.csum_start = ETH_HEAD;
	f.off.csum_offset = 0;
	assert_true(offload_valid(&f));
	f.off.csum_start = ETH_HEAD - 1;
	assert_false(offload_valid(&f));
}

static void segmentation_requests_are_checked(void **state)
{
	(void)state;
	for (int kind = 0; kind < 4; kind++) {
		const struct packet_spec spec = {
		    .ipv6 = kind & 1, .udp = kind & 2, .payload = 100};
		struct frame f = make(&spec, 50), g = f;

		assert_true(offload_valid(&f));
		g.off.gso_size = 0;
		assert_false(offload_valid(&g));
		g.off.gso_size = 1; /* 100 segments */
		assert_true(offload_valid(&g));
		g = f;
		g.off.csum_start--;
		assert_false(offload_valid(&g));
		g = f;
		g.off.csum_offset ^= 2;
		assert_false(offload_valid(&g));
		for (uint8_t type = 1; type != 0; type++) {
			g = f;
			g.off.gso_type = type;
			assert_int_equal(
			    offload_valid(&g), type == f.off.gso_type);
		}
	}
}

/* Headers that contradict the request, each by one byte. */
static void broken_headers_are_refused(void **state)
{
	const struct packet_spec v4 = {.payload = 100};
	const struct packet_spec v6 = {
	    .ipv6 = true, .extensions = 1, .payload = 100};
	const struct {
		const struct packet_spec *spec;
		size_t offset;
		uint8_t value;
	} rows[] = {
	    {&v4, 12, 0x09},	  /* not IP */
	    {&v4, 14, 0x65},	  /* not version 4 */
	    {&v4, 14, 0x44},	  /* header shorter than 20 */
	    {&v4, 14, 0x4f},	  /* longer than it is: no TCP there */
	    {&v4, 16, 0xff},	  /* packet longer than the frame */
	    {&v4, 20, 0x20},	  /* more fragments */
	    {&v4, 21, 0x01},	  /* a later fragment */
	    {&v4, 23, 1},	  /* ICMP */
	    {&v4, 34 + 12, 0x40}, /* TCP header shorter than 20 */
	    {&v6, 14, 0x45},	  /* not version 6 */
	    {&v6, 18, 0xff},	  /* packet longer than the frame */
	    {&v6, 20, 44},	  /* a fragment header */
	    {&v6, 20, 59},	  /* no next header */
	    {&v6, 54, 44},	  /* a fragment header behind another */
	    {&v6, 55, 0xff},	  /* extension longer than the frame */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct frame f = make(rows[i].spec, 50);

		assert_true(offload_valid(&f));
		packet.bytes[rows[i].offset] = rows[i].value;
		assert_false(offload_valid(&f));
	}
}

/* No header is read past the end, wherever that is: the sanitizer checks. */
static void every_truncation_is_refused(void **state)
{
	(void)state;
	for (int kind = 0; kind < 4; kind++) {
		const struct packet_spec spec = {.ipv6 = kind & 1,
		    .udp = kind & 2,
		    .inner_tags = 1,
		    .ip_options = 2,
		    .extensions = 2,
		    .tcp_options = 2,
		    .payload = 10};
		struct frame f = make(&spec, 50);

		for (size_t len = ETH_ADDRS; len < packet.len; len++) {
			size_t body_len = len - ETH_ADDRS;
			uint8_t *memory = malloc(1 + body_len);

			f.body = memory + 1;
			f.body_len = (uint32_t)body_len;
			memcpy(memory + 1, packet.bytes + ETH_ADDRS, body_len);
			assert_false(offload_valid(&f));
			free(memory);
		}
	}
}

static void what_is_needed_of_an_mtu(void **state)
{
	struct packet_spec spec = {.payload = 3000};
	struct frame f = make(&spec, 0);

	(void)state;
	assert_int_equal(offload_mtu_len(&f), 3036);
	f.tpid = TPID_8021Q;
	assert_int_equal(offload_mtu_len(&f), 3036);
	f = make(&spec, 1460);
	assert_int_equal(offload_mtu_len(&f), 1496);
	f = make(&spec, 4000);
	assert_int_equal(offload_mtu_len(&f), 3036);
	spec.inner_tags = 1;
	f = make(&spec, 1460);
	assert_int_equal(offload_mtu_len(&f), 1500);
	f = make(&spec, 0);
	assert_int_equal(offload_mtu_len(&f), 3040);
	spec.ipv6 = true;
	f = make(&spec, 1440);
	assert_int_equal(offload_mtu_len(&f), 1500);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_example_of_rfc_1071),
	    cmocka_unit_test(nothing_asked_nothing_done),
	    cmocka_unit_test(checksums_are_finished),
	    cmocka_unit_test(a_copy_is_finished_in_place),
	    cmocka_unit_test(a_sum_of_zero_is_sent_as_ffff),
	    cmocka_unit_test(tcp_is_cut),
	    cmocka_unit_test(udp_is_cut_inside_tags),
	    cmocka_unit_test(a_whole_checksum_is_taken_again),
	    cmocka_unit_test(a_length_of_zero_is_filled_in),
	    cmocka_unit_test(padding_is_not_payload),
	    cmocka_unit_test(no_payload_is_one_segment),
	    cmocka_unit_test(the_taker_may_stop),
	    cmocka_unit_test(borrowed_bytes_are_not_written),
	    cmocka_unit_test(what_a_port_takes),
	    cmocka_unit_test(checksum_requests_are_checked),
	    cmocka_unit_test(segmentation_requests_are_checked),
	    cmocka_unit_test(broken_headers_are_refused),
	    cmocka_unit_test(every_truncation_is_refused),
	    cmocka_unit_test(what_is_needed_of_an_mtu),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
