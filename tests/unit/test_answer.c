/* SPDX-License-Identifier: BSD-2-Clause */
/* test_answer.c - members of answers, also of some that are not as expected. */
#include "cm.h"

#include <string.h>

#include "switch/client/answer.h"
#include "switch/protocol/json.h"

static struct json_object *object(const char *text)
{
	char err[128];
	struct json_object *o = json_read(text, strlen(text), err, sizeof(err));

	assert_non_null(o);
	return o;
}

static void members_are_read(void **state)
{
	struct json_object *o =
	    object("{\"t\":\"x\",\"n\":18446744073709551615,\"r\":1.5,"
		   "\"b\":true,\"l\":[1,2,3]}");
	uint64_t sum = 0;

	(void)state;
	assert_string_equal(get_text(o, "t"), "x");
	assert_true(get_count(o, "n") == UINT64_MAX);
	assert_true(get_real(o, "r") == 1.5);
	assert_true(get_bool(o, "b"));
	assert_int_equal(list_length(o, "l"), 3);
	foreach_in(e, o, "l") sum += json_object_get_uint64(e);
	assert_int_equal(sum, 6);
	json_object_put(o);
}

static void check_harmless(struct json_object *o)
{
	assert_null(get(o, "x"));
	assert_string_equal(get_text(o, "x"), "");
	assert_int_equal(get_count(o, "x"), 0);
	assert_true(get_real(o, "x") == 0);
	assert_false(get_bool(o, "x"));
	assert_int_equal(list_length(o, "x"), 0);
	assert_null(list_at(o, "x", 0));
	foreach_in(e, o, "x") fail();
}

static void absent_members_are_harmless(void **state)
{
	struct json_object *o = object("{\"x\":null}");
	struct json_object *other = object("{\"x\":5}");

	(void)state;
	check_harmless(NULL);
	check_harmless(o);
	assert_int_equal(list_length(other, "x"), 0);
	assert_null(list_at(other, "x", 0));
	json_object_put(o);
	json_object_put(other);
}

static void lists_are_joined(void **state)
{
	struct json_object *to = object("{\"l\":[1]}");
	struct json_object *from = object("{\"l\":[2,3],\"m\":[4]}");
	size_t len;

	(void)state;
	list_append(to, from, "l");
	list_append(to, from, "m");
	list_append(to, NULL, "l");
	list_append(NULL, from, "l");
	json_object_put(from);
	assert_string_equal(json_line(to, &len), "{\"l\":[1,2,3]}");
	json_object_put(to);
}

static void numbers_are_added_up(void **state)
{
	struct json_object *to = object("{\"n\":4}");
	struct json_object *from = object("{\"n\":5}");
	size_t len;

	(void)state;
	list_append(to, from, "n");
	list_append(to, NULL, "n");
	json_object_put(from);
	assert_string_equal(json_line(to, &len), "{\"n\":9}");
	json_object_put(to);
}

/* ESC, DEL, a bell; C1 as UTF-8; and what must stay: e with an accent. */
static void control_characters_are_tamed(void **state)
{
	struct json_object *o =
	    object("{\"a\":[\"\\u001b[2J\",{\"b\":\"\\u007f\\n\"}],"
		   "\"c\":\"x\\u009b2Jy\",\"d\":\"caf\u00e9\",\"n\":null}");
	size_t len;

	(void)state;
	answer_tame(o);
	answer_tame(NULL);
	assert_string_equal(json_line(o, &len),
	    "{\"a\":[\"?[2J\",{\"b\":\"??\"}],\"c\":\"x??2Jy\","
	    "\"d\":\"caf\u00e9\",\"n\":null}");
	json_object_put(o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(members_are_read),
	    cmocka_unit_test(absent_members_are_harmless),
	    cmocka_unit_test(lists_are_joined),
	    cmocka_unit_test(numbers_are_added_up),
	    cmocka_unit_test(control_characters_are_tamed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
