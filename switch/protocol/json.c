/* SPDX-License-Identifier: BSD-2-Clause */
/* json.c - JSON as the control socket speaks it: see json.h. */
#include "json.h"

#include <stdio.h>
#include <string.h>

#include "forwarding/frame.h"

#include "json_grammar.h"

static bool has_huge_number(const char *text, size_t len);
static size_t number_len(const char *text, size_t len, bool *huge);
static const char *why_not(
    struct json_tokener *tok, const struct json_object *object, size_t len);
static struct json_object *new_text(const char *text);
static size_t utf8_len(const unsigned char *s);

struct json_object *json_read(
    const char *text, size_t len, char *err, size_t errlen)
{
	struct json_tokener *tok = json_tokener_new_ex(JSON_DEPTH);
	struct json_object *object = NULL;
	const char *wrong = "too large for the memory available";

	if (memchr(text, 0, len))
		wrong = "interrupted by a NUL byte";
	else if (has_huge_number(text, len))
		wrong = "out of range: a number needs more than 64 bits";
	else if (tok) {
		json_tokener_set_flags(
		    tok, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
		object = json_tokener_parse_ex(tok, text, (int)len);
		wrong = why_not(tok, object, len);
		if (!wrong)
			wrong = json_strange(text, len);
	}
	if (wrong) {
		snprintf(err, errlen, "is %s", wrong);
		json_object_put(object);
		object = NULL;
	}
	if (tok)
		json_tokener_free(tok);
	return object;
}

const char *json_line(struct json_object *object, size_t *len)
{
	return json_object_to_json_string_length(object,
	    JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, len);
}

void json_put_text(struct json_object *to, const char *key, const char *text)
{
	json_object_object_add(to, key, text ? new_text(text) : NULL);
}

void json_put_count(struct json_object *to, const char *key, uint64_t count)
{
	json_object_object_add(to, key, json_object_new_uint64(count));
}

void json_put_bool(struct json_object *to, const char *key, bool value)
{
	json_object_object_add(to, key, json_object_new_boolean(value));
}

void json_put_mac(struct json_object *to, const char *key, const uint8_t mac[6])
{
	char text[MAC_TEXT];

	json_object_object_add(
	    to, key, json_object_new_string(mac_format(mac, text)));
}

struct json_object *json_put_array(struct json_object *to, const char *key)
{
	struct json_object *array = json_object_new_array();

	json_object_object_add(to, key, array);
	return array;
}

struct json_object *json_put_object(struct json_object *to, const char *key)
{
	struct json_object *object = json_object_new_object();

	json_object_object_add(to, key, object);
	return object;
}

struct json_object *json_add_object(struct json_object *array)
{
	struct json_object *object = json_object_new_object();

	json_object_array_add(array, object);
	return object;
}

void json_add_text(struct json_object *array, const char *text)
{
	json_object_array_add(array, new_text(text));
}

/* Releases of json-c differ in what they make of such a number: the nearest that
 * fits, or an error that does not say so. */
static bool has_huge_number(const char *text, size_t len)
{
	bool in_string = false, huge = false;

	for (size_t i = 0; i < len && !huge; i++) {
		if (in_string && text[i] == '\\')
			i++;
		else if (text[i] == '"')
			in_string = !in_string;
		else if (!in_string && strchr("-0123456789", text[i]))
			i += number_len(text + i, len - i, &huge) - 1;
	}
	return huge;
}

/* Of the number at @text, 1 or more; is it whole and beyond int64 and uint64? */
static size_t number_len(const char *text, size_t len, bool *huge)
{
	const char *most =
	    *text == '-' ? "9223372036854775808" : "18446744073709551615";
	size_t sign = *text == '-', n = sign;

	while (n < len && text[n] >= '0' && text[n] <= '9')
		n++;
	size_t digits = n - sign;
	*huge =
	    digits > strlen(most) ||
	    (digits == strlen(most) && strncmp(text + sign, most, digits) > 0);
	if (n == len || !strchr(".eE", text[n]))
		return n;
	*huge = false; /* no whole number: a double, however long */
	while (n < len && strchr("0123456789.eE+-", text[n]))
		n++;
	return n;
}

static const char *why_not(
    struct json_tokener *tok, const struct json_object *object, size_t len)
{
	enum json_tokener_error error = json_tokener_get_error(tok);

	if (error == json_tokener_continue)
		return "incomplete";
	if (error == json_tokener_error_depth)
		return "nested too deeply";
	if (error != json_tokener_success)
		return json_tokener_error_desc(error);
	if (json_tokener_get_parse_end(tok) != len)
		return "followed by something else";
	if (!json_object_is_type(object, json_type_object))
		return "not an object";
	return NULL;
}

static struct json_object *new_text(const char *text)
{
	char clean[1024];
	size_t len;

	snprintf(clean, sizeof(clean), "%s", text);
	for (unsigned char *s = (unsigned char *)clean; *s; s += len) {
		len = utf8_len(s);
		if (!len) {
			*s = '?';
			len = 1;
		}
	}
	return json_object_new_string(clean);
}

/* Bytes of the character at @s, 0 if it is not valid UTF-8 (RFC 3629 4). */
static size_t utf8_len(const unsigned char *s)
{
	if (s[0] < 0x80)
		return 1;
	size_t len = s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;
	if (s[0] < 0xc2 || s[0] > 0xf4)
		return 0;
	for (size_t i = 1; i < len; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
	    (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
		return 0;
	return len;
}
