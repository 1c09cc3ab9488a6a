/* SPDX-License-Identifier: BSD-2-Clause */
/* test_table.c - aligned columns. */
#include "cm.h"

#include <stdio.h>
#include <stdlib.h>

#include "switch/client/table.h"

static void check(struct table *t, const char *want)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	table_print(t, out);
	fclose(out);
	assert_string_equal(text, want);
	free(text);
}

static void columns_are_aligned(void **state)
{
	struct table *t = table_new("lrl", "NAME N WHY");

	(void)state;
	table_cell(t, "a");
	table_cell(t, "%d", 12345);
	table_cell(t, "%s", "");
	table_cell(t, "longer");
	table_cell(t, "1");
	table_cell(t, "because");
	check(t, "NAME        N  WHY\n"
		 "a       12345\n"
		 "longer      1  because\n");
}

static void control_characters_do_not_pass(void **state)
{
	struct table *t = table_new("l", "X");

	(void)state;
	table_cell(t, "a\x1b[2Jb\n\x7f");
	check(t, "X\na?[2Jb??\n");
}

static void a_row_that_is_not_complete_is_left_out(void **state)
{
	struct table *t = table_new("ll", "A B");

	(void)state;
	table_cell(t, "1");
	check(t, "A  B\n");
}

static void no_table(void **state)
{
	(void)state;
	table_cell(NULL, "x");
	table_print(NULL, stdout);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(columns_are_aligned),
	    cmocka_unit_test(control_characters_do_not_pass),
	    cmocka_unit_test(a_row_that_is_not_complete_is_left_out),
	    cmocka_unit_test(no_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
