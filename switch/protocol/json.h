/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * json.h - JSON as the control socket speaks it, on top of json-c.
 *
 * json_put_*() set a member of an object. Text may come from interface names,
 * errors of the system and clients: what is no valid UTF-8 becomes '?', so
 * that each line the daemon sends is valid JSON.
 */
#ifndef SWITCH_JSON_H
#define SWITCH_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <json-c/json.h>

enum { JSON_DEPTH = 8 }; /* levels of nesting in what is read */

/**
 * json_read() - the one JSON object in @len bytes at @text
 * @err: set to half a sentence when NULL is returned: "is ..."
 *
 * Strict: UTF-8, JSON_DEPTH levels, nothing behind the object.
 */
struct json_object *json_read(
    const char *text, size_t len, char *err, size_t errlen);

/* One line of text without newline, owned by @object. */
const char *json_line(struct json_object *object, size_t *len);

void json_put_text(struct json_object *to, const char *key, const char *text);
void json_put_count(struct json_object *to, const char *key, uint64_t count);
void json_put_bool(struct json_object *to, const char *key, bool value);
void json_put_mac(
    struct json_object *to, const char *key, const uint8_t mac[6]);

/* A new array or object that is member @key of @to. */
struct json_object *json_put_array(struct json_object *to, const char *key);
struct json_object *json_put_object(struct json_object *to, const char *key);

/* A new object at the end of @array; text at its end. */
struct json_object *json_add_object(struct json_object *array);
void json_add_text(struct json_object *array, const char *text);

#endif
