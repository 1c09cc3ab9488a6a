/* SPDX-License-Identifier: BSD-2-Clause */
/* test_unfinished.c - what is left to be done, seen from the bytes alone. */
#include "netns.h"

#include "forwarding/byte_order.h"
#include "ports/unfinished.h"

enum { MTU = 1500 };

static uint8_t bytes[FRAME_MAX];

static size_t sum16(const uint8_t *p, size_t len, size_t sum)
{
	for (size_t i = 0; i < len; i += 2)
		sum += (size_t)(p[i] << 8 | p[i + 1]);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

/* IPv4 with @len bytes of TCP or UDP; the field holds the pseudo-header's
 * sum. @ip: where the IP header goes, an inner tag before it. */
static struct frame make_ipv4(size_t ip, uint8_t proto, size_t len)
{
	uint8_t *p = bytes + ip;
	struct frame f;

	memset(bytes, 0, sizeof(bytes));
	if (ip == ETH_HEAD + 2 * VLAN_TAG) {
		put_be16(bytes + 12, TPID_8021AD);
		put_be16(bytes + 16, TPID_8021Q);
	}
	put_be16(p - 2, 0x0800);
	p[0] = 0x45;
	put_be16(p + 2, 20 + len);
	p[9] = proto;
	memcpy(p + 12, "\x0a\0\0\1\xc0\xa8\1\2", 8);
	p[20 + 12] = 0x50;
	put_be16(p + 20 + (proto == 6 ? 16 : 6), sum16(p + 12, 8, proto + len));
	assert_true(frame_parse(&f, bytes, ip + 20 + len));
	return f;
}

static struct frame make_ipv6(uint8_t proto, size_t options, size_t len)
{
	uint8_t *p = bytes + ETH_HEAD, *l4 = p + 40 + options;
	struct frame f;

	memset(bytes, 0, sizeof(bytes));
	put_be16(p - 2, 0x86dd);
	p[0] = 0x60;
	put_be16(p + 4, options + len);
	p[6] = options ? 0 : proto;
	memset(p + 8, 0xfe, 32);
	if (options) {
		p[40] = proto;
		p[41] = (uint8_t)(options / 8 - 1);
	}
	l4[12] = 0x50;
	put_be16(l4 + (proto == 6 ? 16 : 6), sum16(p + 8, 32, proto + len));
	assert_true(frame_parse(&f, bytes, ETH_HEAD + 40 + options + len));
	return f;
}

static void check_csum(struct frame *f, size_t start, size_t offset)
{
	assert_true(unfinished_recognize(f, bytes, MTU));
	assert_true(f->off.needs_csum);
	assert_int_equal(f->off.csum_start, start);
	assert_int_equal(f->off.csum_offset, offset);
	assert_int_equal(f->off.gso_type, GSO_NONE);
	assert_true(offload_valid(f));
}

static void check_nothing(struct frame *f)
{
	struct offload none = {0};

	assert_true(unfinished_recognize(f, bytes, MTU));
	assert_memory_equal(&f->off, &none, sizeof(none));
}

static void test_partial(void **state)
{
	struct frame f = make_ipv4(ETH_HEAD, 6, 100);

	(void)state;
	check_csum(&f, 34, 16);
	f = make_ipv4(ETH_HEAD, 17, 8);
	check_csum(&f, 34, 6);
	f = make_ipv4(ETH_HEAD + 2 * VLAN_TAG, 17, 300);
	assert_int_equal(f.tpid, TPID_8021AD);
	check_csum(
	    &f, 38, 6); /* the outer tag does not count, the inner does */
	f = make_ipv6(6, 0, 20);
	check_csum(&f, 54, 16);
	f = make_ipv6(17, 16, 20);
	check_csum(&f, 70, 6);
	f = make_ipv4(ETH_HEAD, 6, 1480); /* exactly the MTU */
	check_csum(&f, 34, 16);
}

/* Padding behind a short packet is not part of it. */
static void test_padded(void **state)
{
	struct frame f = make_ipv4(ETH_HEAD, 17, 10);

	(void)state;
	assert_true(frame_parse(&f, bytes, 60));
	check_csum(&f, 34, 6);
}

static void test_nothing_to_do(void **state)
{
	struct frame f = make_ipv4(ETH_HEAD, 6, 100);

	(void)state;
	bytes[34 + 16] ^= 1; /* some other sum: finished, or plain wrong */
	check_nothing(&f);
	f = make_ipv4(ETH_HEAD, 1, 100); /* ICMP has no pseudo-header */
	check_nothing(&f);
	f = make_ipv4(ETH_HEAD, 17, 100);
	bytes[ETH_HEAD + 6] = 0x20; /* a fragment */
	check_nothing(&f);
	f = make_ipv4(ETH_HEAD, 17, 100);
	bytes[12] = 9; /* not IP */
	check_nothing(&f);
}

static void test_super(void **state)
{
	struct frame f = make_ipv4(ETH_HEAD, 6, 20000);

	(void)state;
	bytes[34 + 16] ^= 1; /* as hardware that merges segments leaves it */
	assert_true(unfinished_recognize(&f, bytes, MTU));
	assert_int_equal(f.off.gso_type, GSO_TCPV4);
	assert_int_equal(f.off.gso_size, 1460);
	assert_int_equal(f.off.hdr_len, 54);
	assert_false(f.off.ecn);
	assert_true(f.off.needs_csum);
	assert_true(offload_valid(&f));
	assert_int_equal(
	    bytes[50] << 8 | bytes[51], sum16(bytes + 26, 8, 6 + 20000));
	assert_int_equal(offload_mtu_len(&f), MTU - VLAN_TAG);

	f = make_ipv6(6, 0, 20000);
	bytes[54 + 13] = 0x80;
	assert_true(unfinished_recognize(&f, bytes, MTU));
	assert_int_equal(f.off.gso_type, GSO_TCPV6);
	assert_int_equal(f.off.gso_size, 1440);
	assert_true(f.off.ecn);
	assert_true(offload_valid(&f));
}

static void test_not_to_be_cut(void **state)
{
	struct frame f = make_ipv4(ETH_HEAD, 17, 20000);

	(void)state;
	assert_false(unfinished_recognize(&f, bytes, MTU));
	f = make_ipv4(ETH_HEAD, 6, 20000);
	bytes[34 + 12] = 0x40; /* a TCP header of 16 bytes */
	assert_false(unfinished_recognize(&f, bytes, MTU));
}

/* Every shorter frame and every changed byte of the headers: nothing is read
 * or written outside (the sanitizer looks), and what is asked for can be
 * carried out. */
static void check_torn(const struct frame *whole)
{
	size_t len = frame_len(whole);

	for (size_t i = 0; i < 90 && i < len; i++) {
		for (int value = 0; value < 256; value += 15) {
			uint8_t *copy = malloc(len - i);
			struct frame f;

			memcpy(copy, bytes, len - i);
			if (i < len - i)
				copy[i] = (uint8_t)value;
			if (frame_parse(&f, copy, len - i) &&
			    unfinished_recognize(&f, copy, 576))
				assert_true(offload_valid(&f));
			free(copy);
		}
	}
}

static void test_torn(void **state)
{
	struct frame f = make_ipv4(ETH_HEAD + 2 * VLAN_TAG, 6, 40);

	(void)state;
	check_torn(&f);
	f = make_ipv6(17, 24, 30);
	check_torn(&f);
	f = make_ipv4(ETH_HEAD, 6, 700);
	check_torn(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_partial),
	    cmocka_unit_test(test_padded),
	    cmocka_unit_test(test_nothing_to_do),
	    cmocka_unit_test(test_super),
	    cmocka_unit_test(test_not_to_be_cut),
	    cmocka_unit_test(test_torn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
