/* SPDX-License-Identifier: BSD-2-Clause */
/* test_json.c - what json_read() takes and refuses, and what the writers make
 * of text that is not UTF-8. */
#include "cm.h"

#include <stdio.h>
#include <string.h>

#include "switch/protocol/json.h"

static void objects_are_read(void **state)
{
	char err[128];
	struct json_object *o = json_read(" {\"a\":1} ", 9, err, sizeof(err));

	(void)state;
	assert_non_null(o);
	assert_int_equal(
	    json_object_get_int(json_object_object_get(o, "a")), 1);
	json_object_put(o);
}

static void others_are_refused(void **state)
{
	static const struct {
		const char *text, *err;
	} cases[] = {
	    {"", "incomplete"},
	    {"{\"a\":", "incomplete"},
	    {"[1]", "not an object"},
	    {"1 ", "not an object"},
	    {"{} {}", "is "},
	    {"{\"a\":[[[[[[[[[1]]]]]]]]]}", "nested too deeply"},
	    {"{\"a\":\"\xff\"}", "is "},
	    {"{\"a\":1,}", "is "},
	    {"{\"a\":18446744073709551616}", "out of range"},
	    {"{\"a\":-9223372036854775809}", "out of range"},
	    {"{\"a\":\"\\\"\",\"b\":[100000000000000000000]}", "out of range"},
	};
	char err[128];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		*err = 0;
		assert_null(json_read(
		    cases[i].text, strlen(cases[i].text), err, sizeof(err)));
		assert_non_null(strstr(err, cases[i].err));
	}
	assert_null(json_read("{}\0{}", 5, err, sizeof(err)));
	assert_string_equal(err, "is interrupted by a NUL byte");
}

/* json-c is lenient about these, even where it is told to be strict. */
static void only_the_grammar_of_json_is_read(void **state)
{
	static const char *const wrong[] = {
	    "{'a':1}",
	    "{\"a\":'b'}",
	    "{'a\":1}",
	    "{\"a\":NaN}",
	    "{\"a\":-NaN}",
	    "{\"a\":Infinity}",
	    "{\"a\":-Infinity}",
	    "{\"a\":True}",
	    "{\"a\":NULL}",
	    "{\"a\":01}",
	    "{\"a\":-01}",
	    "{\"a\":1.}",
	    "{\"a\":.5}",
	    "{\"a\":+1}",
	    "{\"a\":-}",
	    "{\"a\":1e}",
	    "{\"a\":0x1}",
	    "{\"a\":/* b */1}",
	    "{\"a\":1 // b\n}",
	    "{\"a\":\"b\nc\"}",
	    "{\"a\":\"\\x\"}",
	    "{\"a\":\v1}",
	    "{a:1}",
	};
	static const char *const right[] = {
	    "{\"it's\":\"'\"}",
	    "{\"a\":[0,-0,0.5,-1.25e+10,1E5,10,2e-3]}",
	    "\t{ \"a\" : true ,\r\n\"b\":[false,null]}",
	    "{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e4\"}",
	};
	char err[128];

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		if (json_read(wrong[i], strlen(wrong[i]), err, sizeof(err)))
			fail_msg("%s is read", wrong[i]);
	for (size_t i = 0; i < sizeof(right) / sizeof(*right); i++) {
		struct json_object *o =
		    json_read(right[i], strlen(right[i]), err, sizeof(err));
		if (!o)
			fail_msg("%s: it %s", right[i], err);
		json_object_put(o);
	}
}

/* The same with every release of json-c. */
static void numbers_up_to_64_bits(void **state)
{
	static const char *const texts[] = {
	    "{\"a\":18446744073709551615}",
	    "{\"a\":-9223372036854775808}",
	    "{\"a\":0.123456789012345678901234567890}",
	    "{\"a\":123456789012345678901234567890e-20}",
	    "{\"99999999999999999999\":\"\\\"99999999999999999999\"}",
	};
	char err[128];

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct json_object *o =
		    json_read(texts[i], strlen(texts[i]), err, sizeof(err));

		if (!o)
			fail_msg("%s: %s", texts[i], err);
		json_object_put(o);
	}
}

static void wrong_bytes_become_question_marks(void **state)
{
	static const struct {
		const char *text, *clean;
	} cases[] = {
	    {"plain", "plain"}, {"\xc3\xa4", "\xc3\xa4"},
	    {"a\xff"
	     "b",
		"a?b"},
	    {"\xc0\xaf", "??"},		  /* overlong */
	    {"\xed\xa0\x80", "???"},	  /* a surrogate */
	    {"\xf4\x90\x80\x80", "????"}, /* above U+10FFFF */
	    {"\xe2\x82", "??"},		  /* cut short */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct json_object *o = json_object_new_object();

		json_put_text(o, "t", cases[i].text);
		assert_string_equal(
		    json_object_get_string(json_object_object_get(o, "t")),
		    cases[i].clean);
		json_object_put(o);
	}
}

static void members_of_each_kind(void **state)
{
	struct json_object *o = json_object_new_object();
	size_t len;

	(void)state;
	json_put_text(o, "none", NULL);
	json_put_count(o, "count", UINT64_MAX);
	json_put_bool(o, "bool", true);
	json_put_mac(o, "mac", (const uint8_t[]){2, 0, 0, 0, 0, 0xaa});
	json_add_text(json_put_array(o, "list"), "a/b");
	json_put_bool(json_put_object(o, "object"), "x", false);
	const char *line = json_line(o, &len);
	assert_string_equal(line,
	    "{\"none\":null,\"count\":18446744073709551615,\"bool\":true,"
	    "\"mac\":\"02:00:00:00:00:aa\",\"list\":[\"a/b\"],"
	    "\"object\":{\"x\":false}}");
	assert_int_equal(len, strlen(line));
	json_object_put(o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(objects_are_read),
	    cmocka_unit_test(others_are_refused),
	    cmocka_unit_test(only_the_grammar_of_json_is_read),
	    cmocka_unit_test(numbers_up_to_64_bits),
	    cmocka_unit_test(wrong_bytes_become_question_marks),
	    cmocka_unit_test(members_of_each_kind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
