/* SPDX-License-Identifier: BSD-2-Clause */
/* answer.c - members of what a switch answers: see answer.h. */
#include "answer.h"

#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

static struct json_object *array(struct json_object *from, const char *list);
static void tame_string(struct json_object *string);
static size_t control_length(const unsigned char *at);

struct json_object *get(struct json_object *from, const char *key)
{
	struct json_object *value = NULL;

	json_object_object_get_ex(from, key, &value);
	return value;
}

const char *get_text(struct json_object *from, const char *key)
{
	const char *text = json_object_get_string(get(from, key));

	return text ? text : "";
}

uint64_t get_count(struct json_object *from, const char *key)
{
	return json_object_get_uint64(get(from, key));
}

double get_real(struct json_object *from, const char *key)
{
	return json_object_get_double(get(from, key));
}

bool get_bool(struct json_object *from, const char *key)
{
	return json_object_get_boolean(get(from, key));
}

size_t list_length(struct json_object *from, const char *list)
{
	struct json_object *elements = array(from, list);

	return elements ? json_object_array_length(elements) : 0;
}

struct json_object *list_at(
    struct json_object *from, const char *list, size_t i)
{
	struct json_object *elements = array(from, list);

	return elements ? json_object_array_get_idx(elements, i) : NULL;
}

void list_append(
    struct json_object *to, struct json_object *from, const char *list)
{
	struct json_object *target = array(to, list);
	size_t n = target ? list_length(from, list) : 0;

	if (json_object_is_type(get(to, list), json_type_int))
		json_object_int_inc(
		    get(to, list), json_object_get_int64(get(from, list)));

	for (size_t i = 0; i < n; i++)
		json_object_array_add(
		    target, json_object_get(list_at(from, list, i)));
}

void text_tame(char *text)
{
	unsigned char *at = (unsigned char *)text;

	for (; *at; at++)
		if (control_length(at))
			memset(at, '?', control_length(at));
}

void answer_tame(struct json_object *answer)
{
	if (json_object_is_type(answer, json_type_string)) {
		tame_string(answer);
	} else if (json_object_is_type(answer, json_type_array)) {
		for (size_t i = 0; i < json_object_array_length(answer); i++)
			answer_tame(json_object_array_get_idx(answer, i));
	} else if (json_object_is_type(answer, json_type_object)) {
		json_object_object_foreach (answer, key, value) {
			(void)key;
			answer_tame(value);
		}
	}
}

/* The array @list of @from; NULL: there is none. */
static struct json_object *array(struct json_object *from, const char *list)
{
	struct json_object *value = get(from, list);

	return json_object_is_type(value, json_type_array) ? value : NULL;
}

static void tame_string(struct json_object *string)
{
	const char *text = json_object_get_string(string);
	const unsigned char *at = (const unsigned char *)text;

	while (*at && !control_length(at))
		at++;
	char *copy = *at ? strdup(text) : NULL;
	if (copy) {
		text_tame(copy);
		json_object_set_string(string, copy);
	}
	free(copy);
}

/* Bytes of the control character at @at: 1 for C0 and DEL, 2 for C1, which
 * UTF-8 writes as C2 80 to C2 9F; 0: it is none. */
static size_t control_length(const unsigned char *at)
{
	if (*at < ' ' || *at == 0x7f)
		return 1;
	return at[0] == 0xc2 && at[1] >= 0x80 && at[1] < 0xa0 ? 2 : 0;
}
