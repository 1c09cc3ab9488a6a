/* SPDX-License-Identifier: BSD-2-Clause */
/* test_ctl_dissect.c - frames in one line, also frames that are cut short. */
#include "cm.h"

#include <stdlib.h>
#include <string.h>

#include "switch/client/ctl_dissect.h"

#define ADDRS "\x02\0\0\0\0\x02\x02\0\0\0\0\x01"
#define SAYS  "02:00:00:00:00:01 > 02:00:00:00:00:02, "
#define IPV4(protocol)                                                       \
	"\x08\0\x45\0\0\x28\0\0\0\0\x40" protocol "\0\0\x0a\0\0\x01\x0a\0\0" \
	"\x02"
#define CASE(bytes, text)                      \
	{                                      \
		bytes, sizeof(bytes) - 1, text \
	}

static const struct {
	const char *bytes;
	size_t len;
	const char *text;
} cases[] = {
    CASE(ADDRS "\x08\x06\0\x01\x08\0\x06\x04\0\x01\x02\0\0\0\0\x01\x0a\0\0\x01"
	       "\0\0\0\0\0\0\x0a\0\0\x02",
	SAYS "ARP who has 10.0.0.2? tell 10.0.0.1"),
    CASE(ADDRS "\x08\x06\0\x01\x08\0\x06\x04\0\x02\x02\0\0\0\0\x01\x0a\0\0\x01"
	       "\x02\0\0\0\0\x02\x0a\0\0\x02",
	SAYS "ARP 10.0.0.1 is at 02:00:00:00:00:01"),
    CASE(ADDRS IPV4("\x11") "\x13\x89\0\x35\0\0\0\0",
	SAYS "UDP 10.0.0.1.5001 > 10.0.0.2.53"),
    CASE(ADDRS IPV4("\x06") "\x13\x89\0\x50\0\0\0\0\0\0\0\0\x50\x12\0\0",
	SAYS "TCP 10.0.0.1.5001 > 10.0.0.2.80 [S.]"),
    CASE(ADDRS IPV4("\x01") "\x08\0\0\0",
	SAYS "ICMP 10.0.0.1 > 10.0.0.2, echo request"),
    CASE(ADDRS "\x81\0\x60\x07" IPV4("\x01") "\0\0\0\0",
	SAYS "802.1Q VLAN 7 PCP 3, ICMP 10.0.0.1 > 10.0.0.2, echo reply"),
    CASE(ADDRS "\x88\xa8\0\x05\x81\0\0\x07\x88\xb5",
	SAYS "802.1ad VLAN 5 PCP 0, 802.1Q VLAN 7 PCP 0, type 0x88b5"),
    CASE(ADDRS "\0\x26\x42\x42\x03\0\0\0\0", SAYS "BPDU configuration"),
    CASE(ADDRS "\0\x07\x42\x42\x03\0\0\0\x80",
	SAYS "BPDU topology change notification"),
    CASE(ADDRS "\x86\xdd\x60\0\0\0\0\0\x3a\xff\xfe\x80\0\0\0\0\0\0\0\0\0\0\0\0"
	       "\0\x01\xff\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\x87\0",
	SAYS "ICMPv6 fe80::1 > ff02::1, neighbor solicitation"),
};

enum { N_CASES = sizeof(cases) / sizeof(*cases) };

static void frames_in_one_line(void **state)
{
	char text[256];

	(void)state;
	for (int i = 0; i < N_CASES; i++) {
		dissect((const uint8_t *)cases[i].bytes, cases[i].len, text,
		    sizeof(text));
		assert_string_equal(text, cases[i].text);
	}
}

/* A sanitizer sees what is read behind the end of a heap block. */
static void frames_cut_short(void **state)
{
	char text[256];

	(void)state;
	for (int i = 0; i < N_CASES; i++)
		for (size_t len = 0; len < cases[i].len; len++) {
			uint8_t *bytes = malloc(len ? len : 1);

			memcpy(bytes, cases[i].bytes, len);
			dissect(bytes, len, text, sizeof(text));
			assert_true(*text);
			free(bytes);
		}
}

static void a_short_line_is_cut(void **state)
{
	char text[20];

	(void)state;
	dissect(
	    (const uint8_t *)cases[0].bytes, cases[0].len, text, sizeof(text));
	assert_string_equal(text, "02:00:00:00:00:01 >");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(frames_in_one_line),
	    cmocka_unit_test(frames_cut_short),
	    cmocka_unit_test(a_short_line_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
