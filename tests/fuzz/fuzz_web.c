/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_web.c - what qswitch-web reads: by its first byte the input is a header
 * Host or Origin, a request to hold time, what a switch streams, or what it
 * answers, to become metrics.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "guard.h"
#include "metrics.h"
#include "source.h"
#include "switch/protocol/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct guard guard = {{"localhost", "127.0.0.1"}, 8021};

static void check(bool fine)
{
	if (!fine)
		abort();
}

static void try_header(const char *text, bool origin)
{
	static const char *const ours[] = {"localhost:8021", "127.0.0.1:8021"};
	bool in =
	    origin ? guard_origin(&guard, text) : guard_host(&guard, text);
	const char *host = text + (in && origin ? strlen("http://") : 0);

	check(!in || !strcasecmp(host, ours[0]) || !strcmp(host, ours[1]));
}

static void try_control(const char *text, size_t len)
{
	size_t at = 99;
	struct json_object *r = guard_control(text, len, 3, &at);

	if (!r)
		return;
	const char *cmd =
	    json_object_get_string(json_object_object_get(r, "cmd"));
	check(at < 3);
	check(!strcmp(cmd, "pause") || !strcmp(cmd, "resume") ||
	      !strcmp(cmd, "step") || !strcmp(cmd, "slow"));
	json_object_put(r);
}

static void try_events(const char *text, size_t len)
{
	struct source s;

	source_init(&s, "/nowhere");
	source_take(&s, text, len);
	check(json_object_array_length(s.events) <= SOURCE_EVENTS);
	source_close(&s);
	json_object_put(s.events);
}

/* Every line is a comment or a sample, and the last is the end. */
static void check_lines(const char *text)
{
	size_t len = strlen(text);

	check(len > 6 && !strcmp(text + len - 6, "# EOF\n"));
	for (const char *at = text; *at; at = strchr(at, '\n') + 1)
		check(!strncmp(at, "# ", 2) || !strncmp(at, "qswitch_", 8));
}

static void try_metrics(const char *text, size_t len)
{
	char wrong[128];
	struct json_object *told = json_object_new_array();
	struct json_object *one = json_read(text, len, wrong, sizeof wrong);

	if (one)
		json_object_array_add(told, one);
	char *exposition = metrics_text(told);
	check_lines(exposition);
	free(exposition);
	json_object_put(told);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size)
		return 0;
	char *text = strndup((const char *)data + 1, size - 1);
	size_t len = strlen(text);

	if (*data == 'H' || *data == 'O')
		try_header(text, *data == 'O');
	else if (*data == 'C')
		try_control(text, len);
	else if (*data == 'E')
		try_events(text, len);
	else
		try_metrics(text, len);
	free(text);
	return 0;
}
