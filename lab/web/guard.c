/* SPDX-License-Identifier: BSD-2-Clause */
/* guard.c - what may come in: see guard.h. */
#include "guard.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "switch/protocol/json.h"

#define SCHEME "http://"

static struct json_object *make_request(
    struct json_object *from, size_t n, size_t *index);
static int64_t number(struct json_object *from, const char *key);
static bool is_allowed(const char *cmd);

bool guard_host(const struct guard *g, const char *host)
{
	char want[300];

	for (size_t i = 0; i < GUARD_NAMES && g->names[i]; i++) {
		snprintf(want, sizeof(want), "%s:%u", g->names[i], g->port);
		if (strcasecmp(host, want) == 0)
			return true;
		if (g->port == 80 && strcasecmp(host, g->names[i]) == 0)
			return true;
	}
	return false;
}

bool guard_origin(const struct guard *g, const char *origin)
{
	if (!origin)
		return true;
	return strncmp(origin, SCHEME, strlen(SCHEME)) == 0 &&
	       guard_host(g, origin + strlen(SCHEME));
}

struct json_object *guard_control(
    const char *body, size_t len, size_t n, size_t *index)
{
	char wrong[128];
	struct json_object *from = json_read(body, len, wrong, sizeof(wrong));
	struct json_object *request =
	    from ? make_request(from, n, index) : NULL;

	json_object_put(from);
	return request;
}

static struct json_object *make_request(
    struct json_object *from, size_t n, size_t *index)
{
	const char *cmd =
	    json_object_get_string(json_object_object_get(from, "cmd"));
	struct json_object *factor = json_object_object_get(from, "factor");
	int64_t i = number(from, "switch");

	if (i < 0 || (uint64_t)i >= n || !is_allowed(cmd))
		return NULL;
	*index = (size_t)i;
	struct json_object *request = json_object_new_object();
	json_put_text(request, "cmd", cmd);
	if (strcmp(cmd, "slow") == 0)
		json_object_object_add(request, "factor",
		    json_object_new_double(json_object_get_double(factor)));
	return request;
}

/* The integer that is member @key of @from; -1 if there is none. */
static int64_t number(struct json_object *from, const char *key)
{
	struct json_object *value = json_object_object_get(from, key);

	return json_object_is_type(value, json_type_int)
		   ? json_object_get_int64(value)
		   : -1;
}

static bool is_allowed(const char *cmd)
{
	static const char *const allowed[] = {
	    "pause", "step", "resume", "slow"};

	for (size_t i = 0; i < sizeof(allowed) / sizeof(*allowed); i++)
		if (cmd && strcmp(cmd, allowed[i]) == 0)
			return true;
	return false;
}
