/* SPDX-License-Identifier: BSD-2-Clause */
/* test_socket_path.c - where the control socket is, as root and as a user. */
#include "cm.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "switch/protocol/socket_path.h"

static bool is_root(void)
{
	return geteuid() == 0 && access("/run", W_OK) == 0;
}

static void it_is_where_the_user_may_write(void **state)
{
	char path[SOCKET_PATH];

	(void)state;
	setenv("XDG_RUNTIME_DIR", "/somewhere", 1);
	socket_path("lab", path);
	assert_string_equal(path, is_root() ? "/run/qswitch/lab.sock"
					    : "/somewhere/qswitch/lab.sock");
}

static void without_a_runtime_directory_it_is_in_tmp(void **state)
{
	char path[SOCKET_PATH], want[SOCKET_PATH];

	(void)state;
	if (is_root())
		skip();
	snprintf(want, sizeof(want), "/tmp/qswitch-%u/lab.sock",
	    (unsigned)geteuid());
	unsetenv("XDG_RUNTIME_DIR");
	socket_path("lab", path);
	assert_string_equal(path, want);
	setenv("XDG_RUNTIME_DIR", "relative", 1);
	socket_path("lab", path);
	assert_string_equal(path, want);
}

static void a_long_name_is_cut(void **state)
{
	char name[300], path[SOCKET_PATH];

	(void)state;
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = 0;
	socket_path(name, path);
	assert_int_equal(strlen(path), SOCKET_PATH - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(it_is_where_the_user_may_write),
	    cmocka_unit_test(without_a_runtime_directory_it_is_in_tmp),
	    cmocka_unit_test(a_long_name_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
