/* SPDX-License-Identifier: BSD-2-Clause */
/* test_commands_def.c - the rows of commands.def, as the daemon reads them. */
#include "cm.h"

#include <ctype.h>
#include <string.h>

struct row {
	const char *name, *keys, *help;
};

#define WORD(type, name, key, need)	     key " "
#define OPTION(type, name, value, key, need) key " "
#define LOCAL(type, name, value)
#define REST(name)
#define ONE_ANSWER  ""
#define PAGES(list) "from "
#define COMMAND(id, name, arguments, answer, help, room) \
	{name, arguments answer, help},
#define DAEMON_COMMAND COMMAND
#define CLIENT_COMMAND(...)
static const struct row rows[] = {
#include "switch/protocol/commands.def"
};

enum { ROWS = sizeof(rows) / sizeof(*rows) };

static const struct row *find(const char *name)
{
	for (int i = 0; i < ROWS; i++)
		if (strcmp(rows[i].name, name) == 0)
			return &rows[i];
	return NULL;
}

static void keys_of_requests(void **state)
{
	static const struct {
		const char *name, *keys;
	} cases[] = {
	    {"ports", "port from "},
	    {"qemu-args", "port "},
	    {"fdb", "port vlan mac from "},
	    {"fdb flush", "port vlan mac static from "},
	    {"counters", ""},
	    {"capture", "port snaplen "},
	    {"explain", "port src dst vlan "},
	    {"why", "port mac last from "},
	    {"set port", "port setting "},
	    {"help", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_non_null(find(cases[i].name));
		assert_string_equal(find(cases[i].name)->keys, cases[i].keys);
	}
	assert_null(find("watch"));
}

static void names_are_different(void **state)
{
	(void)state;
	for (int i = 0; i < ROWS; i++)
		assert_ptr_equal(find(rows[i].name), &rows[i]);
}

/* They stand below each other in lists. */
static void helps_are_alike(void **state)
{
	(void)state;
	for (int i = 0; i < ROWS; i++) {
		const char *help = rows[i].help;
		size_t len = strlen(help);

		assert_in_range(len, 8, 72);
		assert_true(islower((unsigned char)help[0]));
		assert_true(help[len - 1] != '.');
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(keys_of_requests),
	    cmocka_unit_test(names_are_different),
	    cmocka_unit_test(helps_are_alike),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
