/* SPDX-License-Identifier: BSD-2-Clause */
/* test_peer.c - program and VM from a command line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ports/peer.h"

static void names(void **state)
{
	static const struct {
		const char *cmdline;
		size_t len;
		const char *program, *vm;
	} rows[] = {
#define ROW(text, program, vm) {text, sizeof(text), program, vm}
	    ROW("/usr/bin/qemu-system-x86_64\0-name\0web", "qemu-system-x86_64",
		"web"),
	    ROW("qemu\0-name\0guest=db1,debug-threads=on", "qemu", "db1"),
	    ROW("qemu\0--name\0db2,process=x", "qemu", "db2"),
	    ROW("qemu\0-m\0512", "qemu", ""),
	    ROW("qemu\0-name", "qemu", ""),
	    ROW("a/b/\0-name\0\033[2J\n", "", "?[2J?"),
	    ROW("", "", ""),
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct peer peer = {0};

		peer_parse_cmdline(rows[i].cmdline, rows[i].len, &peer);
		assert_string_equal(peer.program, rows[i].program);
		assert_string_equal(peer.vm, rows[i].vm);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(names)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
