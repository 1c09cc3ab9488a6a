/* SPDX-License-Identifier: BSD-2-Clause */
/* test_offload_tunnel.c - super-frames in tunnels, and SCTP: each header around
 * the packet is checked in each segment, with sums calculated byte by byte. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "forwarding/crc32c.h"
#include "forwarding/offload.h"
#include "ports/unfinished.h"

#include "tunnel_fixture.h"

static int n_done;
static uint8_t scratch[OFFLOAD_SCRATCH], segments[64][2048];
static size_t lengths[64];

static int keep(const struct frame *const *done, int n, void *arg)
{
	(void)arg;
	for (int i = 0; i < n; i++, n_done++)
		lengths[n_done] = frame_copy(
		    done[i], segments[n_done], sizeof(segments[n_done]));
	return n;
}

static void check_udp(const uint8_t *bytes, size_t ip, size_t at, size_t len)
{
	assert_int_equal(packet_get(bytes + at + 4, 2), len - at);
	if (packet_get(p.bytes + at + 6, 2) == 0)
		assert_int_equal(packet_get(bytes + at + 6, 2), 0);
	else
		assert_true(packet_is_right(bytes, ip, at, len, true));
}

static void check_gre(const uint8_t *bytes, size_t at, size_t len, int n)
{
	assert_int_equal(packet_sum(0, bytes + at, len - at), 0xffff);
	assert_int_equal(packet_get(bytes + at + 8, 4), 77);
	assert_int_equal(packet_get(bytes + at + 12, 4), SEQ + (unsigned)n);
}

/* Each header of segment @n is what it must be. */
static void check_layers(int n)
{
	const uint8_t *bytes = segments[n];
	size_t len = lengths[n], ip = 0;

	for (int i = 0; i < n_marks; i++) {
		size_t at = marks[i].at;

		if (is_ip(marks[i].letter))
			ip = at;
		switch (marks[i].letter) {
		case '4':
			assert_int_equal(
			    packet_get(bytes + at + 2, 2), len - at);
			assert_int_equal(
			    packet_get(bytes + at + 4, 2), (ID + n) & 0xffff);
			assert_int_equal(packet_sum(0, bytes + at, 20), 0xffff);
			break;
		case '6':
			assert_int_equal(
			    packet_get(bytes + at + 4, 2), len - at - 40);
			break;
		case 'G':
			check_gre(bytes, at, len, n);
			break;
		case 'p':
			assert_int_equal(
			    packet_get(bytes + at + 4, 2), len - at - 6);
			break;
		case 'E':
		case 'm':
		case 'g':
			assert_memory_equal(bytes + at, p.bytes + at, 4);
			break;
		default:
			check_udp(bytes, ip, at, len);
		}
	}
}

static const char *const stacks[] = {"4vE4t", "6vE4t", "4VE6t", "6VE6t",
    "4VE4u", "44t", "46t", "64t", "66t", "4g4t", "4gE4t", "6gE6t", "4GE4t",
    "4G6t", "6G4t", "4nE4t", "4n4t", "6n6t", "4f4t", "4f6t", "4U4t", "4U6t",
    "4VE4VE4t", "4VE44t", "4VE4GE4t", "4446t", "m4t", "m6t", "p4t", "p6t",
    "4VEm4t", "p4VE4t", "4gm4t", "4VEp4u"};

static void each_header_follows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(stacks) / sizeof(*stacks); i++) {
		bool udp = stacks[i][strlen(stacks[i]) - 1] == 'u';
		struct frame f = make(stacks[i], PAYLOAD, SLICE);

		printf("%s\n", stacks[i]);
		assert_true(offload_accept(&f));
		assert_true(f.off.tunnel);
		assert_false(offload_fits(&f.off, CAN_VNET));
		assert_true(offload_fits(&f.off, CAN_ALL));
		assert_int_equal(offload_mtu_len(&f),
		    p.payload + SLICE - ETH_HEAD - VLAN_TAG);
		n_done = 0;
		assert_int_equal(
		    offload_finish(&f, scratch, keep, NULL), PAYLOAD / SLICE);
		for (int n = 0; n < n_done; n++) {
			check_layers(n);
			assert_int_equal(lengths[n], p.payload + SLICE);
			assert_true(packet_is_right(
			    segments[n], p.ip, l4_at, lengths[n], udp));
			assert_memory_equal(segments[n] + p.payload,
			    p.bytes + p.payload + n * SLICE, SLICE);
		}
	}
}

/* A checksum alone is none of the tunnel's business: it passes. */
static void a_checksum_in_a_tunnel_passes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(stacks) / sizeof(*stacks); i++) {
		bool udp = stacks[i][strlen(stacks[i]) - 1] == 'u';
		struct frame f = make(stacks[i], 100, 0);

		assert_true(offload_accept(&f));
		assert_true(offload_fits(&f.off, CAN_VNET));
		n_done = 0;
		assert_int_equal(offload_finish(&f, scratch, keep, NULL), 1);
		if (!udp)
			assert_true(packet_is_right(
			    segments[0], p.ip, l4_at, lengths[0], false));
	}
}

/* Where the checksum starts nobody has a transport header, or the headers
 * around do not fit: refused. */
static void a_wrong_place_is_refused(void **state)
{
	struct frame f;

	(void)state;
	for (size_t i = 0; i < sizeof(stacks) / sizeof(*stacks); i++) {
		f = make(stacks[i], PAYLOAD, SLICE);
		f.off.csum_start += 2;
		assert_false(offload_accept(&f));
		f.off.csum_start -= 4;
		assert_false(offload_accept(&f));
	}
	f = make("4vE4t", PAYLOAD, SLICE);
	put_be16(p.bytes + p.ip + 2, PAYLOAD); /* shorter than the outer one */
	assert_false(offload_accept(&f));
	f = make("4gE4t", PAYLOAD, SLICE);
	p.bytes[marks[1].at] |= 0x40; /* routing */
	assert_false(offload_accept(&f));
	f = make("4gE4t", PAYLOAD, SLICE);
	p.bytes[marks[1].at + 1] |= 1; /* version 1: PPTP */
	assert_false(offload_accept(&f));
	f = make("4444444t", PAYLOAD, SLICE);
	assert_true(offload_accept(&f));
	f = make("444444444t", PAYLOAD, SLICE); /* deeper than anybody goes */
	assert_false(offload_accept(&f));
}

/* A header is never read past the end: the sanitizer checks. */
static void every_truncation_is_survived(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(stacks) / sizeof(*stacks); i++) {
		struct frame f = make(stacks[i], 200, 100);

		for (size_t len = ETH_HEAD; len < p.payload; len++) {
			struct frame cut = f;
			uint8_t *body = malloc(len - ETH_ADDRS);

			memcpy(body, f.body, len - ETH_ADDRS);
			cut.body = body;
			cut.body_len = (uint32_t)(len - ETH_ADDRS);
			assert_false(offload_accept(&cut));
			free(body);
		}
	}
}

/* RFC 3720 B.4: 32 bytes of 0, of ff, and counting up. */
static void the_examples_of_crc32c(void **state)
{
	uint8_t bytes[32] = {0};

	(void)state;
	assert_int_equal(~crc32c(UINT32_MAX, bytes, 32), 0x8a9136aa);
	memset(bytes, 0xff, 32);
	assert_int_equal(~crc32c(UINT32_MAX, bytes, 32), 0x62a8ab43);
	for (int i = 0; i < 32; i++)
		bytes[i] = (uint8_t)i;
	assert_int_equal(~crc32c(UINT32_MAX, bytes, 32), 0x46dd794e);
}

/* The packet's checksum is right if the sum over all, with the field 0, is what
 * the field says, least significant byte first (RFC 9260 6.8). */
static void check_sctp(uint8_t *bytes, size_t len)
{
	uint8_t field[4];
	uint32_t crc;

	memcpy(field, bytes + l4_at + 8, 4);
	memset(bytes + l4_at + 8, 0, 4);
	crc = ~crc32c(UINT32_MAX, bytes + l4_at, len - l4_at);
	for (int i = 0; i < 4; i++)
		assert_int_equal(field[i], crc >> 8 * i & 0xff);
	assert_true(crc != 0);
}

static void sctp_gets_a_crc(void **state)
{
	static const char *const sctp[] = {"4s", "6s", "4VE4s", "46s"};
	static uint8_t copy[2048];

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct frame f = make(sctp[i], 100, 0);

		assert_true(offload_accept(&f));
		assert_true(f.off.crc32c);
		assert_false(offload_fits(&f.off, CAN_VNET));
		frame_copy(&f, copy, sizeof(copy));
		offload_csum(&f, copy);
		check_sctp(copy, p.len);
		n_done = 0;
		assert_int_equal(offload_finish(&f, scratch, keep, NULL), 1);
		assert_int_equal(lengths[0], p.len);
		check_sctp(segments[0], p.len);
		p.len += 6; /* padding is not summed up */
		f.body_len += 6;
		memset(p.bytes + p.len - 6, 0x55, 6);
		frame_copy(&f, copy, sizeof(copy));
		offload_csum(&f, copy);
		check_sctp(copy, p.len - 6);
	}
}

/* Offset 8 of another protocol is an Internet checksum as ever. */
static void offset_8_alone_is_not_sctp(void **state)
{
	struct frame f = make("4s", 100, 0);

	(void)state;
	p.bytes[p.ip + 9] = 17;
	assert_true(offload_accept(&f));
	assert_false(f.off.crc32c);
	p.bytes[p.ip + 9] = 132;
	f.off.csum_start++;
	assert_true(offload_accept(&f));
	assert_false(f.off.crc32c);
	f.off.crc32c = true;
	assert_false(offload_valid(&f));
}

/* What libpcap delivers is recognized without a request. */
static void the_bytes_alone_tell(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(stacks) / sizeof(*stacks); i++) {
		bool udp = stacks[i][strlen(stacks[i]) - 1] == 'u';
		struct frame f = make(stacks[i], PAYLOAD, SLICE);
		struct offload want = f.off;

		f.off = (struct offload){0};
		p.bytes[l4_at + 16] ^= 1;
		assert_int_equal(unfinished_recognize(&f, p.bytes, 1500), !udp);
		if (!udp) {
			assert_int_equal(f.off.gso_type, want.gso_type);
			assert_int_equal(f.off.csum_start, l4_at);
			assert_true(offload_accept(&f));
			assert_int_equal(offload_mtu_len(&f), 1500 - VLAN_TAG);
		}
		f = make(stacks[i], 100, 0);
		want = f.off;
		f.off = (struct offload){0};
		assert_true(unfinished_recognize(&f, p.bytes, 1500));
		assert_true(f.off.needs_csum);
		assert_int_equal(f.off.gso_type, GSO_NONE);
		assert_int_equal(f.off.csum_start, l4_at);
		assert_int_equal(f.off.csum_offset, want.csum_offset);
	}
}

static void unfinished_sctp_is_known_by_its_0(void **state)
{
	struct frame f = make("4VE4s", 100, 0);

	(void)state;
	f.off = (struct offload){0};
	assert_true(unfinished_recognize(&f, p.bytes, 1500));
	assert_int_equal(f.off.csum_start, l4_at);
	assert_true(offload_accept(&f));
	assert_true(f.off.crc32c);
	f.off = (struct offload){0};
	p.bytes[l4_at + 9] = 1;
	assert_true(unfinished_recognize(&f, p.bytes, 1500));
	assert_false(f.off.needs_csum);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_header_follows),
	    cmocka_unit_test(a_checksum_in_a_tunnel_passes),
	    cmocka_unit_test(a_wrong_place_is_refused),
	    cmocka_unit_test(every_truncation_is_survived),
	    cmocka_unit_test(the_examples_of_crc32c),
	    cmocka_unit_test(sctp_gets_a_crc),
	    cmocka_unit_test(offset_8_alone_is_not_sctp),
	    cmocka_unit_test(the_bytes_alone_tell),
	    cmocka_unit_test(unfinished_sctp_is_known_by_its_0),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
