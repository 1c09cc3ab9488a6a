/* SPDX-License-Identifier: BSD-2-Clause */
/* test_base64.c - bytes as text and back, with the vectors of RFC 4648 10. */
#include "cm.h"

#include <string.h>

#include "switch/protocol/base64.h"

static const struct {
	const char *bytes, *text;
} vectors[] = {
    {"", ""},
    {"f", "Zg=="},
    {"fo", "Zm8="},
    {"foo", "Zm9v"},
    {"foob", "Zm9vYg=="},
    {"fooba", "Zm9vYmE="},
    {"foobar", "Zm9vYmFy"},
};

enum { VECTORS = sizeof(vectors) / sizeof(*vectors) };

static void vectors_both_ways(void **state)
{
	char text[16];
	uint8_t bytes[16];

	(void)state;
	for (int i = 0; i < VECTORS; i++) {
		size_t len = strlen(vectors[i].bytes);
		size_t n =
		    base64_encode((const uint8_t *)vectors[i].bytes, len, text);

		assert_int_equal(n, BASE64_LEN(len));
		assert_memory_equal(text, vectors[i].text, n);
		n = base64_decode(vectors[i].text, bytes, sizeof(bytes));
		assert_int_equal(n, len);
		assert_memory_equal(bytes, vectors[i].bytes, n);
	}
}

static void every_byte_comes_back(void **state)
{
	uint8_t bytes[256], back[256];
	char text[BASE64_LEN(256) + 1] = "";

	(void)state;
	for (int i = 0; i < 256; i++)
		bytes[i] = (uint8_t)i;
	base64_encode(bytes, sizeof(bytes), text);
	assert_int_equal(base64_decode(text, back, sizeof(back)), 256);
	assert_memory_equal(back, bytes, sizeof(bytes));
}

static void what_does_not_fit_is_left_out(void **state)
{
	uint8_t bytes[3] = {0, 0, 0xee};

	(void)state;
	assert_int_equal(base64_decode("Zm9v", bytes, 2), 2);
	assert_int_equal(bytes[2], 0xee);
	assert_int_equal(base64_decode("Zm9v", bytes, 0), 0);
}

static void a_wrong_digit_ends_it(void **state)
{
	uint8_t bytes[8];

	(void)state;
	assert_int_equal(base64_decode("Zm9v*Zm9v", bytes, 8), 3);
	assert_int_equal(base64_decode("\xff", bytes, 8), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(vectors_both_ways),
	    cmocka_unit_test(every_byte_comes_back),
	    cmocka_unit_test(what_does_not_fit_is_left_out),
	    cmocka_unit_test(a_wrong_digit_ends_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
