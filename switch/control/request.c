/* SPDX-License-Identifier: BSD-2-Clause */
/* request.c - the arguments of a request, checked: see request.h. */
#include "request.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "switch/protocol/json.h"
#include "switch/switch.h"

static struct json_object *argument(struct request *r, const char *key,
    enum need need, enum json_type type, const char *wanted, bool *fine);

int request_fail(struct request *r, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(r->err, sizeof(r->err), fmt, args);
	va_end(args);
	return -EINVAL;
}

bool request_text(
    struct request *r, const char *key, enum need need, const char **value)
{
	bool fine;
	struct json_object *object =
	    argument(r, key, need, json_type_string, "text in quotes", &fine);

	if (!object)
		return fine;
	*value = json_object_get_string(object);
	if (strlen(*value) == (size_t)json_object_get_string_len(object))
		return true;
	request_fail(r, "%s has a NUL character in it", key);
	return false;
}

bool request_count(struct request *r, const char *key, enum need need,
    uint64_t min, uint64_t max, uint64_t *value)
{
	bool fine;
	struct json_object *object =
	    argument(r, key, need, json_type_int, "a whole number", &fine);

	if (!object)
		return fine;
	*value = json_object_get_uint64(object);
	if (json_object_get_int64(object) >= 0 && *value >= min &&
	    *value <= max)
		return true;
	request_fail(r, "%s %s is out of range: give %" PRIu64 " to %" PRIu64,
	    key, json_object_to_json_string(object), min, max);
	return false;
}

bool request_number(struct request *r, const char *key, enum need need,
    double min, double max, double *value)
{
	struct json_object *given = NULL;

	json_object_object_get_ex(r->args, key, &given);
	if (!given && need == OPTIONAL)
		return true;
	if (json_object_is_type(given, json_type_double) ||
	    json_object_is_type(given, json_type_int)) {
		*value = json_object_get_double(given);
		if (*value >= min && *value <= max)
			return true;
	}
	request_fail(r, "%s must be a number from %g to %g", key, min, max);
	return false;
}

bool request_flag(struct request *r, const char *key, bool *value)
{
	bool fine;
	struct json_object *object = argument(
	    r, key, OPTIONAL, json_type_boolean, "true or false", &fine);

	if (object)
		*value = json_object_get_boolean(object);
	return fine;
}

bool request_mac(struct request *r, const char *key, enum need need,
    uint8_t mac[6], const uint8_t **value)
{
	const char *text = NULL;

	if (!request_text(r, key, need, &text))
		return false;
	if (!text)
		return true;
	*value = mac;
	if (mac_parse(text, mac))
		return true;
	request_fail(r,
	    "%s: %.32s is not an Ethernet address: write it like "
	    "02:00:00:00:00:01",
	    key, text);
	return false;
}

bool request_port(struct request *r, const char *key, enum need need, int *no)
{
	const char *name = NULL;

	if (!request_text(r, key, need, &name))
		return false;
	if (!name)
		return true;
	*no = qswitch_port_find(r->sw, name);
	if (*no)
		return true;
	request_fail(
	    r, "no port is named %.32s: the command ports lists them", name);
	return false;
}

void request_put_next(struct request *r, uint64_t next)
{
	if (next)
		json_put_count(r->answer, "next", next);
	else
		json_object_object_add(r->answer, "next", NULL);
}

bool request_vlan(struct request *r, const char *key, uint16_t *vid)
{
	uint64_t value = *vid;

	if (!request_count(r, key, OPTIONAL, 1, VID_MAX, &value))
		return false;
	*vid = (uint16_t)value;
	return true;
}

/* Return: the argument; NULL if it is absent (or null) or of another type,
 * which *@fine tells apart. */
static struct json_object *argument(struct request *r, const char *key,
    enum need need, enum json_type type, const char *wanted, bool *fine)
{
	struct json_object *value = NULL;

	json_object_object_get_ex(r->args, key, &value);
	*fine = value ? json_object_is_type(value, type) : need == OPTIONAL;
	if (*fine)
		return value;
	request_fail(r,
	    value ? "%s must be %s" : "%s is missing: it must be %s", key,
	    wanted);
	return NULL;
}
