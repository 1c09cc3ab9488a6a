/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * json.h - JSON as the control socket speaks it, on top of json-c.
 *
 * json_put_*() set a member of an object. Text may come from interface names,
 * errors of the system and clients: bytes that are not valid UTF-8 become '?',
 * so that each line the daemon sends is valid JSON. Text longer than 1023 bytes
 * is cut off.
 */
#ifndef SWITCH_PROTOCOL_JSON_H
#define SWITCH_PROTOCOL_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <json-c/json.h>

enum { JSON_DEPTH = 8 }; /* levels of nesting in what is read */

/**
 * json_read() - the one JSON object in @len bytes at @text
 * @err: @errlen bytes; half a sentence when NULL is returned: "is ..."
 *
 * Strict: UTF-8, JSON_DEPTH levels, nothing behind the object.
 *
 * Return: the object, to be put; NULL: see @err.
 */
struct json_object *json_read(
    const char *text, size_t len, char *err, size_t errlen);

/**
 * json_line() - @object as one line without newline
 * @len: set to its length
 *
 * Return: text owned by @object, valid until the next call for it.
 */
const char *json_line(struct json_object *object, size_t *len);

/** json_put_text() - set member @key to @text; NULL becomes null */
void json_put_text(struct json_object *to, const char *key, const char *text);

/** json_put_count() - set member @key to a number without sign */
void json_put_count(struct json_object *to, const char *key, uint64_t count);

/** json_put_bool() - set member @key to true or false */
void json_put_bool(struct json_object *to, const char *key, bool value);

/** json_put_mac() - set member @key to "aa:bb:cc:dd:ee:ff" */
void json_put_mac(
    struct json_object *to, const char *key, const uint8_t mac[6]);

/** json_put_array() - set member @key to a new array, which @to owns */
struct json_object *json_put_array(struct json_object *to, const char *key);

/** json_put_object() - set member @key to a new object, which @to owns */
struct json_object *json_put_object(struct json_object *to, const char *key);

/** json_add_object() - put a new object, which @array owns, at its end */
struct json_object *json_add_object(struct json_object *array);

/** json_add_text() - put @text at the end of @array */
void json_add_text(struct json_object *array, const char *text);

#endif
