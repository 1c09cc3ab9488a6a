/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * answer.h - members of what a switch answers.
 *
 * The getters return something harmless for a member that is absent, null or
 * of another type, and for @from NULL, so that text and numbers need no check.
 * What they return belongs to @from.
 */
#ifndef SWITCH_CLIENT_ANSWER_H
#define SWITCH_CLIENT_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json_object;

/** get() - member @key; NULL: absent or null */
struct json_object *get(struct json_object *from, const char *key);

/** get_text() - member @key as text; "": absent or null */
const char *get_text(struct json_object *from, const char *key);

/** get_count() - member @key as a number without sign; 0: absent or null */
uint64_t get_count(struct json_object *from, const char *key);

/** get_real() - member @key as a number; 0: absent or null */
double get_real(struct json_object *from, const char *key);

/** get_bool() - member @key as a truth value; false: absent or null */
bool get_bool(struct json_object *from, const char *key);

/** list_length() - elements of the array @list; 0: it is not an array */
size_t list_length(struct json_object *from, const char *list);

/** list_at() - element @i of the array @list; NULL: there are fewer */
struct json_object *list_at(
    struct json_object *from, const char *list, size_t i);

/* for each element of the array @list of @from; `continue` and `break` end the
 * turn of this element only */
#define foreach_in(element, from, list)                                     \
	for (size_t i_ = 0; i_ < list_length(from, list); i_++)             \
		for (struct json_object *element = list_at(from, list, i_); \
		     element; element = NULL)

/**
 * list_append() - put the elements of @list of @from behind those of @to
 *
 * @from keeps its elements. If both are numbers, @to gets the sum. Does nothing
 * when they are of any other type than an array.
 */
void list_append(
    struct json_object *to, struct json_object *from, const char *list);

/** text_tame() - make '?' of each control character, which a terminal obeys */
void text_tame(char *text);

/** answer_tame() - likewise in each string of @answer, however deep */
void answer_tame(struct json_object *answer);

#endif
