/* SPDX-License-Identifier: BSD-2-Clause */
/* base64.c - bytes as text and back: see base64.h. */
#include "base64.h"

static int value_of(char digit);

size_t base64_encode(const uint8_t *bytes, size_t len, char *text)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";
	char *at = text;

	for (size_t i = 0; i < len; i += 3) {
		uint32_t b1 = i + 1 < len ? bytes[i + 1] : 0;
		uint32_t b2 = i + 2 < len ? bytes[i + 2] : 0;
		uint32_t three = (uint32_t)bytes[i] << 16 | b1 << 8 | b2;

		*at++ = digits[three >> 18];
		*at++ = digits[three >> 12 & 63];
		*at++ = i + 1 < len ? digits[three >> 6 & 63] : '=';
		*at++ = i + 2 < len ? digits[three & 63] : '=';
	}
	return (size_t)(at - text);
}

size_t base64_decode(const char *text, uint8_t *bytes, size_t size)
{
	uint32_t bits = 0;
	int have = 0;
	size_t n = 0;

	for (; value_of(*text) >= 0 && n < size; text++) {
		bits = bits << 6 | (uint32_t)value_of(*text);
		have += 6;
		if (have < 8)
			continue;
		have -= 8;
		bytes[n++] = (uint8_t)(bits >> have);
	}
	return n;
}

static int value_of(char digit)
{
	if (digit >= 'A' && digit <= 'Z')
		return digit - 'A';
	if (digit >= 'a' && digit <= 'z')
		return digit - 'a' + 26;
	if (digit >= '0' && digit <= '9')
		return digit - '0' + 52;
	return digit == '+' ? 62 : digit == '/' ? 63 : -1;
}
