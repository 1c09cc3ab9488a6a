/* SPDX-License-Identifier: BSD-2-Clause */
/* switches.c - the switches that the page shows: see switches.h. */
#include "switches.h"

#include <errno.h>
#include <string.h>

#include <json-c/json.h>

#include "now.h"

int switches_add(struct switches *s, const char *path)
{
	if (s->n == SWITCHES_MAX)
		return -ENOSPC;
	if (strlen(path) >= SOCKET_PATH)
		return -ENAMETOOLONG;
	source_init(&s->list[s->n++], path);
	return 0;
}

struct json_object *switches_tell(struct switches *s, bool full)
{
	struct json_object *told = json_object_new_array();

	for (size_t i = 0; i < s->n; i++) {
		source_open(&s->list[i], web_now_ms());
		json_object_array_add(told, source_tell(&s->list[i], full));
	}
	return told;
}

struct json_object *switches_ask(
    struct switches *s, size_t i, struct json_object *request)
{
	source_open(&s->list[i], web_now_ms());
	return source_ask(&s->list[i], request);
}

void switches_repeat(struct switches *s)
{
	for (size_t i = 0; i < s->n; i++) {
		s->list[i].last_frame = 0;
		s->list[i].stirred = true;
	}
}

void switches_rest(struct switches *s)
{
	for (size_t i = 0; i < s->n; i++)
		source_close(&s->list[i]);
}

void switches_free(struct switches *s)
{
	switches_rest(s);
	for (size_t i = 0; i < s->n; i++)
		json_object_put(s->list[i].events);
	s->n = 0;
}
