/* SPDX-License-Identifier: BSD-2-Clause */
/* test_duration.c - a span of time as text. */
#include "cm.h"

#include <string.h>

#include "switch/protocol/duration.h"

static void spans(void **state)
{
	static const struct {
		uint64_t span_ms;
		const char *text;
	} cases[] = {
	    {0, "0 ms"},
	    {999, "999 ms"},
	    {1000, "1.0 s"},
	    {12345, "12.3 s"},
	    {99999, "100.0 s"},
	    {120000, "2 min"},
	    {7200000, "2 h"},
	};
	char text[DURATION_TEXT];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_string_equal(
		    duration_text(cases[i].span_ms, text), cases[i].text);
}

static void the_longest_one_is_cut(void **state)
{
	char text[DURATION_TEXT];

	(void)state;
	duration_text(UINT64_MAX, text);
	assert_int_equal(strnlen(text, sizeof(text)), sizeof(text) - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(spans),
	    cmocka_unit_test(the_longest_one_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
