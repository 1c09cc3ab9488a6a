/* SPDX-License-Identifier: BSD-2-Clause */
/* test_inherited.c - fd:N takes what was inherited, and nothing else. */
#include "fakehost.h"

#include "ports/inherited.h"

/* The switch opens sockets of its own, also under numbers that were others'. */
static void sockets_of_our_own(void **state)
{
	struct fakehost *h = fakehost_new();
	char arg[16];
	int pair[2], own[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	inherited_note();
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, own), 0);
	snprintf(arg, sizeof(arg), "%d", own[0]);
	struct port *port = fake_port(h, "fd", arg, NULL);
	assert_int_equal(port_open(port), -EBADF);
	assert_non_null(strstr(port->reason, "inherited"));
	port_free(port);
	/* what was inherited has gone, and its number is another's */
	snprintf(arg, sizeof(arg), "%d", pair[0]);
	assert_int_equal(dup2(own[0], pair[0]), pair[0]);
	port = fake_port(h, "fd", arg, NULL);
	assert_int_equal(port_open(port), -EBADF);
	port_free(port);
	for (int i = 0; i < 2; i++) {
		close(pair[i]);
		close(own[i]);
	}
	fakehost_free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(sockets_of_our_own)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
