/* SPDX-License-Identifier: BSD-2-Clause */
/* test_nat_spec.c - what an operator may write about a NAT or host-only
 * network, and what it then is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "ports/nat_spec.h"

static struct nat_spec spec;
static char err[PORT_ERR];

static const char *at(uint32_t ip)
{
	static char text[INET_ADDRSTRLEN];

	return nat_address_text(ip, text);
}

static void defaults(void **state)
{
	(void)state;
	assert_int_equal(nat_spec_net(&spec, "", err), 0);
	assert_string_equal(at(spec.router), "10.0.2.2");
	assert_string_equal(at(spec.dns[0]), "10.0.2.3");
	assert_string_equal(at(spec.first), "10.0.2.15");
	assert_string_equal(at(spec.last), "10.0.2.254");
	assert_true(spec.dhcp && spec.ipv6 && !spec.loopback);
	assert_int_equal(nat_spec_net(&spec, "192.168.122.0/29", err), 0);
	assert_string_equal(at(spec.first), "192.168.122.4");
	assert_string_equal(at(spec.last), "192.168.122.6");
	assert_int_equal(nat_spec_host(&spec, "192.168.57.1/24", err), 0);
	assert_string_equal(at(spec.own), "192.168.57.1");
	assert_string_equal(at(spec.first), "192.168.57.128");
	assert_string_equal(at(spec.last), "192.168.57.253");
	assert_int_equal(spec.router, 0);
	assert_false(spec.dhcp);
}

static void networks_that_are_none(void **state)
{
	static const char *const bad[] = {"10.0.2.0", "10.0.2.0/33",
	    "10.0.2.0/8", "10.0.2.0/30", "10.0.2.5/24", "x/24", "10.0.2.0/24x",
	    "10.0.2.0/", "/24", "10.0.2.0/24/24"};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_not_equal(nat_spec_net(&spec, bad[i], err), 0);
	assert_int_not_equal(nat_spec_host(&spec, "192.168.57.0/24", err), 0);
	assert_int_not_equal(nat_spec_host(&spec, "192.168.57.255/24", err), 0);
	assert_int_not_equal(nat_spec_host(&spec, "", err), 0);
}

static void options(void **state)
{
	static const char *const bad[][2] = {{"dhcp", "maybe"},
	    {"dhcp", ".20-.10"}, {"dhcp", ".1-.2"}, {"dhcp", ".20"},
	    {"dhcp", ".20-.255"}, {"dns", "x"}, {"dns", ""},
	    {"dns", "1.1.1.1+1.1.1.2+1.1.1.3+1.1.1.4"}, {"ipv6", "on"},
	    {"lease", "02:00:00:00:00:01"}, {"lease", "03:00:00:00:00:01=.9"},
	    {"lease", "02:00:00:00:00:01=.2"}, {"lease", "x=.9"},
	    {"lease", "02:00:00:00:00:01=10.0.3.9"}, {"leases", ""}};

	(void)state;
	nat_spec_net(&spec, "", err);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_not_equal(
		    nat_spec_set(&spec, bad[i][0], bad[i][1], err), 0);
	nat_spec_net(&spec, "", err);
	assert_int_equal(nat_spec_set(&spec, "dhcp", ".100-.199", err), 0);
	assert_string_equal(at(spec.first), "10.0.2.100");
	assert_int_equal(nat_spec_set(&spec, "dhcp", "no", err), 0);
	assert_false(spec.dhcp);
	assert_int_equal(nat_spec_set(&spec, "dns", "9.9.9.9+1.1.1.1", err), 0);
	assert_int_equal(spec.n_dns, 2);
	assert_string_equal(at(spec.dns[1]), "1.1.1.1");
	assert_int_equal(
	    nat_spec_set(&spec, "lease", "02:00:00:00:00:01=.9", err), 0);
	assert_int_not_equal(
	    nat_spec_set(&spec, "lease", "02:00:00:00:00:02=.9", err), 0);
	assert_int_not_equal(
	    nat_spec_set(&spec, "lease", "02:00:00:00:00:01=.8", err), 0);
}

static void forwards(void **state)
{
	static const char *const good[][2] = {
	    {"tcp:127.0.0.1:2222:.15:22", "tcp:127.0.0.1:2222:10.0.2.15:22"},
	    {"udp:0.0.0.0:53:10.0.2.16:53", "udp:0.0.0.0:53:10.0.2.16:53"},
	    {"tcp::80::80", "tcp:127.0.0.1:80:10.0.2.15:80"},
	    {"tcp:[::1]:80:[fec0::15]:8080", "tcp:[::1]:80:[fec0::15]:8080"}};
	static const char *const bad[] = {"", "tcp", "tcp:1:2",
	    "sctp:127.0.0.1:1:.15:1", "tcp:127.0.0.1:0:.15:22",
	    "tcp:127.0.0.1:65536:.15:22", "tcp:127.0.0.1:1:.2:22",
	    "tcp:127.0.0.1:1:10.0.3.15:22", "tcp:[::1]:1:.15:22",
	    "tcp:127.0.0.1:1:[fec0::1]:22", "tcp:[::1:1:[fec0::1]:22",
	    "tcp:127.0.0.1:1:.15:22:", "tcp:x:1:.15:22"};
	struct nat_forward f, other;
	char text[NAT_FORWARD_TEXT];

	(void)state;
	nat_spec_net(&spec, "", err);
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		assert_int_equal(
		    nat_spec_forward(&spec, good[i][0], &f, err), 0);
		assert_string_equal(nat_forward_text(&f, text), good[i][1]);
		assert_int_equal(nat_spec_forward(&spec, text, &other, err), 0);
		assert_true(nat_forward_same(&f, &other));
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_not_equal(
		    nat_spec_forward(&spec, bad[i], &f, err), 0);
	assert_int_equal(nat_spec_set(&spec, "forward", good[0][0], err), 0);
	assert_int_not_equal(
	    nat_spec_set(&spec, "forward", good[0][0], err), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(defaults),
	    cmocka_unit_test(networks_that_are_none),
	    cmocka_unit_test(options),
	    cmocka_unit_test(forwards),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
