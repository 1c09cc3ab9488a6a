/* SPDX-License-Identifier: BSD-2-Clause */
/* test_verdict.c - every verdict has a name, a sentence and a clause. */
#include "forwarding/verdict.h"

#include <stdbool.h>
#include <string.h>

#include "cm.h"

static void the_table_is_whole(void **state)
{
	(void)state;
	for (int v = 0; v < VERDICT_COUNT; v++) {
		assert_true(strlen(verdict_name(v)) > 0);
		assert_true(strlen(verdict_text(v)) > 0);
		assert_true(strlen(verdict_clause(v)) > 0);
	}
}

/* Names are keys in JSON and metrics: lower case, and no two alike. */
static void names_are_keys(void **state)
{
	const char *const letters = "abcdefghijklmnopqrstuvwxyz_";

	(void)state;
	for (int v = 0; v < VERDICT_COUNT; v++) {
		const char *name = verdict_name(v);

		assert_int_equal(strspn(name, letters), strlen(name));
		for (int w = 0; w < v; w++)
			assert_string_not_equal(name, verdict_name(w));
	}
}

static void names_say_what_happens(void **state)
{
	(void)state;
	for (int v = 0; v < VERDICT_COUNT; v++) {
		bool drop = strncmp(verdict_name(v), "drop_", 5) == 0;

		assert_int_equal(
		    drop, strncmp(verdict_text(v), "dropped", 7) == 0);
	}
	assert_string_equal(
	    verdict_name(VERDICT_flood_unknown), "flood_unknown");
	assert_string_equal(verdict_clause(VERDICT_drop_reserved), "7.12.6");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_table_is_whole),
	    cmocka_unit_test(names_are_keys),
	    cmocka_unit_test(names_say_what_happens),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
