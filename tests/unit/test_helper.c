/* SPDX-License-Identifier: BSD-2-Clause */
/* test_helper.c - arguments and access list of qswitch-bridge-helper. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "switch/helper/bridge_acl.h"

static const char *parse(
    struct helper_args *args, const char *a, const char *b, const char *c)
{
	char copies[3][80];
	char *argv[4] = {copies[0], copies[0], copies[1], copies[2]};
	int argc = 1 + !!a + !!b + !!c;

	snprintf(copies[0], sizeof(copies[0]), "%s", a ? a : "");
	snprintf(copies[1], sizeof(copies[1]), "%s", b ? b : "");
	snprintf(copies[2], sizeof(copies[2]), "%s", c ? c : "");
	return helper_args_parse(args, argc, argv);
}

/* As net/tap.c of QEMU makes them. */
static void qemus_arguments(void **state)
{
	struct helper_args args;

	(void)state;
	assert_null(parse(&args, "--use-vnet", "--fd=27", "--br=qswitch"));
	assert_true(args.use_vnet);
	assert_int_equal(args.fd, 27);
	assert_string_equal(args.name, "qswitch");
	assert_null(parse(&args, "--fd=3", "--br=a.b_c-1", NULL));
	assert_false(args.use_vnet);
}

static void bad_arguments(void **state)
{
	static const char *const rows[][2] = {
	    {NULL, NULL},
	    {"--fd=3", NULL},
	    {"--br=x", NULL},
	    {"--fd=2", "--br=x"},
	    {"--fd=", "--br=x"},
	    {"--fd=3x", "--br=x"},
	    {"--fd= 3", "--br=x"},
	    {"--fd=99999999999999999999", "--br=x"},
	    {"--fd=3", "--br="},
	    {"--fd=3", "--br=../../tmp/x"},
	    {"--fd=3", "--br=.x"},
	    {"--fd=3", "--br=a\"b"},
	    {"--fd=3", "--br=abcdefghijklmnopqrstuvwxyz123456"},
	    {"--fd=3", "--acl=/tmp/x"},
	    {"--fd=3", "br0"},
	};
	struct helper_args args;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (!parse(&args, rows[i][0], rows[i][1], NULL))
			fail_msg("row %zu is taken", i);
}

static const char *no_file(struct acl *acl, const char *path)
{
	(void)acl, (void)path;
	return NULL;
}

static const char *included(struct acl *acl, const char *path)
{
	if (strcmp(path, "/deny") == 0)
		return acl_read(acl, "deny br0", 8);
	return acl_read(acl, "allow br0\n", 10);
}

static void lists(void **state)
{
	static const struct {
		const char *text;
		int wrong, allows;
	} rows[] = {
	    {"", 0, 0},
	    {"allow br0", 0, 1},
	    {"allow br0\n", 0, 1},
	    {"  allow\t br0  \r\n", 0, 1},
	    {"allow all\n", 0, 1},
	    {"allow br00\nallow br\n", 0, 0},
	    {"allow all\ndeny br0\n", 0, 0},
	    {"deny br0\nallow br0\n", 0, 0},
	    {"deny all\nallow br0\n", 0, 0},
	    {"deny br1\nallow br0\n", 0, 1},
	    {"# allow br0\n", 0, 0},
	    {"\n\n#x\n   \nallow br0", 0, 1},
	    {"include /nothing\n", 0, 0},
	    {"permit br0\n", 1, 0},
	    {"allow\n", 1, 0},
	    {"allow br0 br1\n", 1, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct acl acl = {.name = "br0", .include = no_file};
		const char *wrong =
		    acl_read(&acl, rows[i].text, strlen(rows[i].text));

		if (!wrong != !rows[i].wrong ||
		    (!wrong && acl_allows(&acl) != rows[i].allows))
			fail_msg("row %zu", i);
	}
}

static void includes(void **state)
{
	struct acl acl = {.name = "br0", .include = included};

	(void)state;
	assert_null(acl_read(&acl, "include /allow", 14));
	assert_true(acl_allows(&acl));
	assert_null(acl_read(&acl, "include /deny\nallow all", 23));
	assert_false(acl_allows(&acl));
}

static void bytes_that_are_no_text(void **state)
{
	struct acl acl = {.name = "br0", .include = no_file};

	(void)state;
	assert_non_null(acl_read(&acl, "allow br0\0x", 11));
	assert_false(acl_allows(&acl));
}

static void limit_of_ports(void **state)
{
	static const struct {
		const char *text;
		int wrong;
		unsigned limit;
	} rows[] = {
	    {"", 0, ACL_PORTS},
	    {"# ports-per-user 3\n\n", 0, ACL_PORTS},
	    {"ports-per-user 3", 0, 3},
	    {"ports-per-user 3\nports-per-user 0\n", 0, 0},
	    {"ports-per-user\n", 1, 0},
	    {"ports-per-user -1\n", 1, 0},
	    {"ports-per-user 3x\n", 1, 0},
	    {"ports-per-user 99999999999999999999\n", 1, 0},
	    {"ports 3\n", 1, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		unsigned limit = ACL_PORTS;
		const char *wrong = ports_per_user_read(
		    &limit, rows[i].text, strlen(rows[i].text));

		if (!wrong != !rows[i].wrong ||
		    (!wrong && limit != rows[i].limit))
			fail_msg("row %zu: %u", i, limit);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(qemus_arguments),
	    cmocka_unit_test(bad_arguments),
	    cmocka_unit_test(lists),
	    cmocka_unit_test(includes),
	    cmocka_unit_test(bytes_that_are_no_text),
	    cmocka_unit_test(limit_of_ports),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
