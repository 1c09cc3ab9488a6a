/* SPDX-License-Identifier: BSD-2-Clause */
/* test_observe.c - IP addresses as seen in ARP, ND and DHCP. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "switch/observe.h"

static const uint8_t mac[6] = {2, 0, 0, 0, 0, 1};

struct packet {
	uint8_t bytes[400];
	size_t len;
};

static void start(struct packet *p, uint16_t type)
{
	memset(p, 0, sizeof(*p));
	memset(p->bytes, 0xff, 6);
	memcpy(p->bytes + 6, mac, 6);
	p->bytes[12] = (uint8_t)(type >> 8);
	p->bytes[13] = (uint8_t)type;
	p->len = 14;
}

static void add(struct packet *p, const void *bytes, size_t len)
{
	memcpy(p->bytes + p->len, bytes, len);
	p->len += len;
}

static bool sees(const struct packet *p, struct sighting *s)
{
	struct frame f;

	assert_true(frame_parse(&f, p->bytes, p->len));
	return observe_frame(&f, s);
}

/* ... and nothing in any frame that is cut short. */
static void expect(const struct packet *p, const char *ip, bool of_receiver)
{
	struct sighting s;
	struct packet cut = *p;
	char text[OBSERVE_TEXT];

	assert_true(sees(p, &s));
	assert_string_equal(observe_text(&s, text), ip);
	assert_memory_equal(s.mac, mac, 6);
	assert_int_equal(s.of_receiver, of_receiver);
	for (cut.len = 14; cut.len < p->len; cut.len++)
		assert_false(sees(&cut, &s));
}

static void make_arp(struct packet *p, const char ip[4])
{
	start(p, 0x0806);
	add(p, "\0\1\10\0\6\4\0\1", 8);
	add(p, mac, 6);
	add(p, ip, 4);
	add(p, "\0\0\0\0\0\0\12\0\0\2", 10);
}

static void arp(void **state)
{
	struct packet p;
	struct sighting s;

	(void)state;
	make_arp(&p, "\12\0\0\5");
	expect(&p, "10.0.0.5", false);
	make_arp(&p, "\0\0\0\0"); /* a probe */
	assert_false(sees(&p, &s));
	/* what no machine has */
	make_arp(&p, "\377\377\377\377");
	assert_false(sees(&p, &s));
	make_arp(&p, "\340\0\0\1"); /* 224.0.0.1 */
	assert_false(sees(&p, &s));
	make_arp(&p, "\177\0\0\1");
	assert_false(sees(&p, &s));
	make_arp(&p, "\337\377\377\376"); /* 223.255.255.254 */
	expect(&p, "223.255.255.254", false);
}

static void neighbour(
    struct packet *p, const char *type, const char *src, const char *target)
{
	start(p, 0x86dd);
	add(p, "\x60\0\0\0\0\x18\72\xff", 8);
	add(p, src, 16);
	add(p, "\xff\2\0\0\0\0\0\0\0\0\0\0\0\0\0\1", 16);
	add(p, type, 1);
	add(p, "\0\0\0\0\0\0\0", 7);
	add(p, target, 16);
}

#define FE80(last)  "\xfe\x80\0\0\0\0\0\0\0\0\0\0\0\0\0" last
#define UNSPECIFIED "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"

static void neighbour_discovery(void **state)
{
	struct packet p;
	struct sighting s;

	(void)state;
	neighbour(&p, "\x87", FE80("\1"), FE80("\2"));
	expect(&p, "fe80::1", false);
	neighbour(&p, "\x88", FE80("\1"), FE80("\3"));
	expect(&p, "fe80::3", false);
	neighbour(&p, "\x87", UNSPECIFIED, FE80("\1")); /* is it taken? */
	assert_false(sees(&p, &s));
	neighbour(&p, "\x88", FE80("\1"), "\xff\2\0\0\0\0\0\0\0\0\0\0\0\0\0\1");
	assert_false(sees(&p, &s)); /* a group */
	neighbour(&p, "\x87", "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1", FE80("\1"));
	assert_false(sees(&p, &s));		       /* loopback */
	neighbour(&p, "\x86", FE80("\1"), FE80("\2")); /* a router's */
	assert_false(sees(&p, &s));
	neighbour(&p, "\x87", FE80("\1"), FE80("\2"));
	p.bytes[14 + 7] = 64; /* was routed: no neighbour */
	assert_false(sees(&p, &s));
}

static void make_dhcp(struct packet *p, const char *type, size_t options)
{
	uint8_t zero[300] = {0};

	start(p, 0x0800);
	zero[0] = (uint8_t)(0x45 + options / 4);
	zero[9] = 17;
	add(p, zero, 20 + options);
	zero[0] = zero[9] = 0;
	add(p, "\0\103\0\104\0\0\0\0", 8);
	add(p, "\2\1\6\0", 4);
	add(p, zero, 12);
	add(p, "\12\0\0\7", 4); /* yiaddr */
	add(p, zero, 8);
	add(p, mac, 6);
	add(p, zero, 202);
	add(p, "\x63\x82\x53\x63\0\66\4\12\0\0\1\65\1", 13);
	add(p, type, 1);
}

static void dhcp(void **state)
{
	struct packet p;
	struct sighting s;

	(void)state;
	make_dhcp(&p, "\5", 0);
	expect(&p, "10.0.0.7", true);
	make_dhcp(&p, "\5", 8);
	expect(&p, "10.0.0.7", true);
	make_dhcp(&p, "\2", 0); /* only an offer */
	assert_false(sees(&p, &s));
	make_dhcp(&p, "\5", 0);
	p.bytes[14 + 6] = 0x20; /* a fragment */
	assert_false(sees(&p, &s));
}

static void few_are_kept(void **state)
{
	struct observed o = {0};
	struct sighting s = {0};

	(void)state;
	for (uint8_t i = 1; i <= 100; i++) {
		s.ip[0] = i;
		observe_note(&o, &s, i);
		s.ip[0] = 1; /* is heard again and again */
		observe_note(&o, &s, i);
	}
	assert_int_equal(o.n, OBSERVE_PORT);
	int found = 0;
	for (int i = 0; i < o.n; i++)
		found += o.entries[i].what.ip[0] == 1;
	assert_int_equal(found, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(arp),
	    cmocka_unit_test(neighbour_discovery),
	    cmocka_unit_test(dhcp),
	    cmocka_unit_test(few_are_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
