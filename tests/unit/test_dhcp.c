/* SPDX-License-Identifier: BSD-2-Clause */
/* test_dhcp.c - the DHCP server: each message of RFC 2131, and who gets what. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "dhcp_client.h"

enum { NET = 0x0a000200, OWN = NET + 2, NOW = 1000000 };

struct fixture {
	struct nat_spec spec;
	struct dhcp *dhcp;
	uint8_t reply[DHCP_FRAME_MAX];
	size_t len;
	struct dhcp_changes changed;
};

static const uint8_t server_mac[] = {0x52, 0x55, 10, 0, 2, 2};

static int set_up(void **state)
{
	struct fixture *f = test_calloc(1, sizeof(*f));
	char err[PORT_ERR];

	assert_int_equal(nat_spec_net(&f->spec, "", err), 0);
	f->dhcp = dhcp_new(&f->spec, server_mac);
	assert_non_null(f->dhcp);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	dhcp_free(f->dhcp);
	test_free(f);
	return 0;
}

static enum dhcp_type send_frame(
    struct fixture *f, const struct client_frame *c, uint64_t now_s)
{
	assert_true(dhcp_message_is(c->bytes, c->len));
	f->len = dhcp_answer(
	    f->dhcp, c->bytes, c->len, now_s, f->reply, &f->changed);
	return f->len ? client_type(f->reply, f->len) : 0;
}

static enum dhcp_type say(struct fixture *f, enum dhcp_type type, uint8_t no,
    uint32_t ciaddr, uint32_t wanted, uint32_t server)
{
	struct client_frame c = client_frame(type, no, ciaddr, wanted, server);

	return send_frame(f, &c, NOW);
}

/* DISCOVER and REQUEST of guest @no. Return: its address. */
static uint32_t get(struct fixture *f, uint8_t no)
{
	assert_int_equal(say(f, DHCP_DISCOVER, no, 0, 0, 0), DHCP_OFFER);
	uint32_t ip = client_address(f->reply);
	assert_int_equal(say(f, DHCP_REQUEST, no, 0, ip, OWN), DHCP_ACK);
	assert_int_equal(client_address(f->reply), ip);
	return ip;
}

static void offers_and_acknowledges(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(say(f, DHCP_DISCOVER, 1, 0, 0, 0), DHCP_OFFER);
	assert_int_equal(client_address(f->reply), NET + 15);
	assert_int_equal(f->changed.n, 0); /* an offer is no lease */
	assert_int_equal(say(f, DHCP_REQUEST, 1, 0, NET + 15, OWN), DHCP_ACK);
	assert_int_equal(f->changed.n, 1);
	assert_int_equal(f->changed.leases[0]->ip, NET + 15);
	assert_int_equal(f->changed.leases[0]->until_s, NOW + DHCP_LEASE_S);
	assert_int_equal(get(f, 2), NET + 16);
	assert_int_equal(get(f, 1), NET + 15);
}

static void an_answer_says_all(void **state)
{
	static const uint8_t router[] = {10, 0, 2, 2}, dns[] = {10, 0, 2, 3};
	static const uint8_t mask[] = {255, 255, 255, 0};
	static const uint8_t day[] = {0, 1, 0x51, 0x80};
	struct fixture *f = *state;

	get(f, 1);
	assert_memory_equal(client_option(f->reply, f->len, 1), mask, 4);
	assert_memory_equal(client_option(f->reply, f->len, 3), router, 4);
	assert_memory_equal(client_option(f->reply, f->len, 6), dns, 4);
	assert_memory_equal(client_option(f->reply, f->len, 54), router, 4);
	assert_memory_equal(client_option(f->reply, f->len, 51), day, 4);
	assert_memory_equal(f->reply + 6, server_mac, 6);
	assert_int_equal(f->reply[5], 1); /* to the guest, not to all */
	assert_true(f->len >= 14 + 20 + 8 + 300);
}

static void checksums_are_right(void **state)
{
	struct fixture *f = *state;
	uint32_t sum = 0;

	get(f, 1);
	for (size_t i = 14; i < 34; i += 2)
		sum += (uint32_t)f->reply[i] << 8 | f->reply[i + 1];
	assert_int_equal((sum & 0xffff) + (sum >> 16), 0xffff);
	sum = 17 + (uint32_t)f->len - 34;
	for (size_t i = 26; i < f->len; i++)
		sum += i & 1 ? f->reply[i] : (uint32_t)f->reply[i] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	assert_int_equal(sum, 0xffff);
}

static void refuses_what_another_has(void **state)
{
	struct fixture *f = *state;

	get(f, 1);
	assert_int_equal(say(f, DHCP_REQUEST, 2, 0, NET + 15, OWN), DHCP_NAK);
	assert_int_equal(f->reply[0], 0xff);
	assert_int_equal(client_address(f->reply), 0);
	assert_int_equal(say(f, DHCP_REQUEST, 2, NET + 15, 0, 0), DHCP_NAK);
	assert_int_equal(say(f, DHCP_REQUEST, 2, 0, NET + 2, 0), DHCP_NAK);
	assert_int_equal(say(f, DHCP_REQUEST, 2, 0, NET + 3, 0), DHCP_NAK);
	assert_int_equal(say(f, DHCP_REQUEST, 2, 0, NET, 0), DHCP_NAK);
	assert_int_equal(say(f, DHCP_REQUEST, 2, 0, NET + 255, 0), DHCP_NAK);
	assert_int_equal(say(f, DHCP_REQUEST, 2, 0, NET + 300, 0), DHCP_NAK);
	assert_int_equal(say(f, DHCP_REQUEST, 2, 0, 0, 0), DHCP_NAK);
}

static void is_silent_where_it_is_not_meant(void **state)
{
	struct fixture *f = *state;

	say(f, DHCP_DISCOVER, 1, 0, 0, 0);
	assert_int_equal(say(f, DHCP_REQUEST, 1, 0, 0x01020304, 0x01020301), 0);
	assert_int_equal(say(f, DHCP_OFFER, 1, 0, 0, 0), 0);
	assert_int_equal(say(f, DHCP_ACK, 1, 0, 0, 0), 0);
}

static void renews_also_what_it_has_forgotten(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(say(f, DHCP_REQUEST, 9, NET + 40, 0, 0), DHCP_ACK);
	assert_int_equal(client_address(f->reply), NET + 40);
	assert_int_equal(say(f, DHCP_REQUEST, 9, 0, NET + 41, 0), DHCP_NAK);
}

static void release_keeps_the_address_for_its_guest(void **state)
{
	struct fixture *f = *state;

	get(f, 1);
	assert_int_equal(say(f, DHCP_RELEASE, 2, NET + 15, 0, 0), 0);
	assert_int_equal(f->changed.n, 0); /* not its own */
	assert_int_equal(say(f, DHCP_RELEASE, 1, NET + 15, 0, 0), 0);
	assert_int_equal(f->changed.leases[0]->until_s, NOW);
	assert_int_equal(get(f, 2), NET + 16);
	assert_int_equal(get(f, 1), NET + 15);
}

static void declined_addresses_rest(void **state)
{
	struct fixture *f = *state;
	struct client_frame c = client_frame(DHCP_DISCOVER, 2, 0, 0, 0);

	get(f, 1);
	assert_int_equal(say(f, DHCP_DECLINE, 1, 0, NET + 15, OWN), 0);
	assert_int_equal(get(f, 1), NET + 16);
	assert_int_equal(say(f, DHCP_REQUEST, 2, 0, NET + 15, OWN), DHCP_NAK);
	c = client_frame(DHCP_REQUEST, 2, 0, NET + 15, OWN);
	assert_int_equal(send_frame(f, &c, NOW + DHCP_DECLINED_S), DHCP_ACK);
}

static void inform_gets_settings_and_no_lease(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(say(f, DHCP_INFORM, 1, NET + 99, 0, 0), DHCP_ACK);
	assert_int_equal(client_address(f->reply), 0);
	assert_null(client_option(f->reply, f->len, 51));
	assert_non_null(client_option(f->reply, f->len, 6));
	assert_int_equal(f->changed.n, 0);
	assert_null(dhcp_of_address(f->dhcp, NET + 99));
}

static void fixed_leases(void **state)
{
	struct fixture *f = *state;
	char err[PORT_ERR];

	assert_int_equal(
	    nat_spec_set(&f->spec, "lease", "02:00:00:00:00:07=.15", err), 0);
	dhcp_free(f->dhcp);
	f->dhcp = dhcp_new(&f->spec, server_mac);
	assert_int_equal(get(f, 1), NET + 16);
	assert_int_equal(get(f, 7), NET + 15);
	assert_int_equal(say(f, DHCP_REQUEST, 7, 0, NET + 20, 0), DHCP_NAK);
	assert_int_equal(say(f, DHCP_REQUEST, 2, 0, NET + 15, 0), DHCP_NAK);
}

static void a_full_network(void **state)
{
	struct fixture *f = *state;
	struct client_frame c;
	char err[PORT_ERR];

	assert_int_equal(nat_spec_set(&f->spec, "dhcp", ".100-.102", err), 0);
	dhcp_free(f->dhcp);
	f->dhcp = dhcp_new(&f->spec, server_mac);
	for (uint8_t no = 1; no <= 3; no++)
		assert_int_equal(get(f, no), NET + 99 + no);
	assert_int_equal(say(f, DHCP_DISCOVER, 4, 0, 0, 0), 0);
	c = client_frame(DHCP_REQUEST, 2, NET + 101, 0, 0);
	assert_int_equal(send_frame(f, &c, NOW + 10), DHCP_ACK);
	/* when all have ended, the oldest goes first */
	c = client_frame(DHCP_DISCOVER, 4, 0, 0, 0);
	assert_int_equal(
	    send_frame(f, &c, NOW + DHCP_LEASE_S + 100), DHCP_OFFER);
	assert_int_equal(client_address(f->reply), NET + 100);
}

static void leases_are_restored(void **state)
{
	struct fixture *f = *state;
	struct lease lease = {{2, 0, 0, 0, 0, 5}, NET + 50, NOW + 500, "five"};
	char line[LEASE_LINE];
	struct lease read;

	lease_write(&lease, line);
	assert_int_equal(line[LEASE_LINE - 1], '\n');
	assert_true(lease_read(line, &read));
	assert_memory_equal(&read, &lease, sizeof(lease));
	assert_true(dhcp_restore(f->dhcp, &read));
	assert_false(dhcp_restore(f->dhcp, &read));
	read.ip = NET + 51; /* the same guest twice */
	assert_false(dhcp_restore(f->dhcp, &read));
	read.ip = NET + 2;
	read.mac[5] = 6;
	assert_false(dhcp_restore(f->dhcp, &read));
	read.ip = 1;
	assert_false(dhcp_restore(f->dhcp, &read));
	assert_int_equal(get(f, 5), NET + 50);
	memset(line, 'x', sizeof(line));
	assert_false(lease_read(line, &read));
}

static void host_names_are_cut(void **state)
{
	struct fixture *f = *state;
	struct client_frame c = client_frame(DHCP_REQUEST, 1, 0, NET + 15, 0);

	client_put(&c, 12, "web-1\x1b[31m", 9);
	client_lengths(&c);
	assert_int_equal(send_frame(f, &c, NOW), DHCP_ACK);
	assert_string_equal(f->changed.leases[0]->name, "web-1");
}

static void strange_frames(void **state)
{
	struct fixture *f = *state;
	struct client_frame good = client_frame(DHCP_DISCOVER, 1, 0, 0, 0);
	struct client_frame c = good;

	for (size_t len = 0; len < good.len; len++)
		assert_int_equal(dhcp_answer(f->dhcp, good.bytes, len, NOW,
				     f->reply, &f->changed),
		    0);
	c.bytes[11] = 9; /* another station than it says */
	assert_int_equal(send_frame(f, &c, NOW), 0);
	c = good;
	c.bytes[CLIENT_MESSAGE + 24] = 10; /* through a relay */
	assert_int_equal(send_frame(f, &c, NOW), 0);
	c = good;
	c.bytes[CLIENT_MESSAGE + 236] = 0; /* BOOTP */
	assert_int_equal(send_frame(f, &c, NOW), 0);
	c = good;
	c.bytes[20] = 0x20; /* a fragment */
	assert_false(dhcp_message_is(c.bytes, c.len));
	c = good;
	c.bytes[37] = 68;
	assert_false(dhcp_message_is(c.bytes, c.len));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(offers_and_acknowledges),
	    TEST(an_answer_says_all),
	    TEST(checksums_are_right),
	    TEST(refuses_what_another_has),
	    TEST(is_silent_where_it_is_not_meant),
	    TEST(renews_also_what_it_has_forgotten),
	    TEST(release_keeps_the_address_for_its_guest),
	    TEST(declined_addresses_rest),
	    TEST(inform_gets_settings_and_no_lease),
	    TEST(fixed_leases),
	    TEST(a_full_network),
	    TEST(leases_are_restored),
	    TEST(host_names_are_cut),
	    TEST(strange_frames),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
