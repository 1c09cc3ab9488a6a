/* SPDX-License-Identifier: BSD-2-Clause */
/* test_probe.c - the bytes of a loop probe, and what is none */
#include "switch/probe.h"

#include <string.h>

#include "cm.h"

static const uint8_t source[ETH_ADDR] = {2, 0, 0, 0, 0, 9};
static const uint8_t secret[PROBE_SECRET] = "0123456789abcde";

static int parse(const uint8_t *bytes, size_t len, const uint8_t **found)
{
	struct frame f;

	frame_parse(&f, bytes, len);
	return probe_port(&f, found);
}

static void a_probe_names_its_port_and_secret(void **state)
{
	uint8_t bytes[PROBE_FRAME];
	const uint8_t *found = NULL;

	(void)state;
	probe_build(bytes, source, 1023, secret);
	assert_int_equal(parse(bytes, sizeof(bytes), &found), 1023);
	assert_memory_equal(found, secret, PROBE_SECRET);
	assert_true(mac_is_probe(bytes));
	assert_memory_equal(bytes + ETH_ADDR, source, ETH_ADDR);
}

/* A guest may bridge through a VLAN. */
static void a_tag_does_not_matter(void **state)
{
	uint8_t bytes[PROBE_FRAME], tagged[PROBE_FRAME + 4];
	const uint8_t *found = NULL;

	(void)state;
	probe_build(bytes, source, 7, secret);
	memcpy(tagged, bytes, ETH_ADDRS);
	memcpy(tagged + ETH_ADDRS, "\x81\0\0\x05", 4);
	memcpy(tagged + ETH_ADDRS + 4, bytes + ETH_ADDRS,
	    sizeof(bytes) - ETH_ADDRS);
	assert_int_equal(parse(tagged, sizeof(tagged), &found), 7);
	assert_memory_equal(found, secret, PROBE_SECRET);
}

static void every_cut_and_every_wrong_byte_is_refused(void **state)
{
	uint8_t bytes[PROBE_FRAME];
	const uint8_t *found;

	(void)state;
	probe_build(bytes, source, 7, secret);
	for (size_t len = ETH_HEAD; len < ETH_HEAD + 8 + 2 + PROBE_SECRET;
	     len++)
		assert_int_equal(parse(bytes, len, &found), 0);
	for (int at = ETH_ADDRS; at < ETH_HEAD + 8; at++) {
		bytes[at] ^= 1;
		assert_int_equal(parse(bytes, sizeof(bytes), &found), 0);
		bytes[at] ^= 1;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_probe_names_its_port_and_secret),
	    cmocka_unit_test(a_tag_does_not_matter),
	    cmocka_unit_test(every_cut_and_every_wrong_byte_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
