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

/* check() for a screen of that many columns, in color or not */
static void check_on(struct table *t, int screen, bool color, const char *want)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	table_print_on(t, out, screen, color);
	fclose(out);
	assert_string_equal(text, want);
	free(text);
}

static struct table *wide(void)
{
	struct table *t = table_new("lrrrl", "NAME SENT FULL ERROR REASON");

	table_cell(t, "tap0");
	table_cell(t, "1234567");
	table_cell(t, "0");
	table_cell(t, "0");
	table_cell(t, "%s", "");
	table_cell(t, "tap1");
	table_cell(t, "7");
	table_cell(t, "0");
	table_cell(t, "5");
	table_cell(t, "its cable is out");
	return t;
}

static void rows_fit_the_screen(void **state)
{
	(void)state;
	check_on(wide(), 48, false,
	    "NAME     SENT  FULL  ERROR  REASON\n"
	    "tap0  1234567     0      0\n"
	    "tap1        7     0      5  its cable is out\n");
	check_on(wide(), 43, false,
	    "NAME     SENT  ERROR  REASON\n"
	    "tap0  1234567      0\n"
	    "tap1        7      5  its cable is out\n");
	check_on(wide(), 30, false,
	    "NAME     SENT  ERROR\n"
	    "    REASON\n"
	    "tap0  1234567      0\n"
	    "tap1        7      5\n"
	    "    its cable is out\n");
	check_on(wide(), 1, false,
	    "NAME\n       SENT\n    ERROR\n    REASON\n"
	    "tap0\n    1234567\n        0\n"
	    "tap1\n          7\n        5\n    its cable is out\n");
}

static void colors_have_no_width(void **state)
{
	struct table *t = table_new("ll", "A B");

	(void)state;
	table_cell(t, "on");
	table_paint(t, PAINT_GOOD);
	table_cell(t, "x");
	check_on(t, 0, true,
	    "\x1b[1mA\x1b[0m   \x1b[1mB\x1b[0m\n"
	    "\x1b[32mon\x1b[0m  x\n");
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
	    cmocka_unit_test(rows_fit_the_screen),
	    cmocka_unit_test(colors_have_no_width),
	    cmocka_unit_test(no_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
