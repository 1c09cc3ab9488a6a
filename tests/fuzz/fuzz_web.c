/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_web.c - all that qswitch-web reads. The first byte of the input selects
 * what the rest is: H a header Host, O a header Origin, C a request to pause or
 * step, E the events that a switch streams, A a header Accept; anything else is
 * an answer of a switch, which becomes metrics.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "switch/protocol/json.h"

#include "guard.h"
#include "metrics.h"
#include "source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct guard guard = {{"localhost", "127.0.0.1"}, 8021};

static void try_header(const char *text, bool origin);
static void try_control(const char *text, size_t len);
static void try_events(const char *text, size_t len);
static void try_metrics(const char *text, size_t len);
static void check_lines(const char *text, bool open);
static void check(bool fine);

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
	else if (*data == 'A')
		metrics_wants_open(text);
	else
		try_metrics(text, len);
	free(text);
	return 0;
}

static void try_header(const char *text, bool origin)
{
	static const char *const ours[] = {"localhost:8021", "127.0.0.1:8021"};
	bool in =
	    origin ? guard_origin(&guard, text) : guard_host(&guard, text);
	const char *host = text + (in && origin ? strlen("http://") : 0);

	check(!in || strcasecmp(host, ours[0]) == 0 ||
	      strcmp(host, ours[1]) == 0);
}

static void try_control(const char *text, size_t len)
{
	size_t at = 99;
	struct json_object *request = guard_control(text, len, 3, &at);

	if (!request)
		return;
	const char *cmd =
	    json_object_get_string(json_object_object_get(request, "cmd"));
	check(at < 3);
	check(strcmp(cmd, "pause") == 0 || strcmp(cmd, "resume") == 0 ||
	      strcmp(cmd, "step") == 0 || strcmp(cmd, "slow") == 0);
	json_object_put(request);
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

static void try_metrics(const char *text, size_t len)
{
	char wrong[128];
	struct json_object *told = json_object_new_array();
	struct json_object *one = json_read(text, len, wrong, sizeof(wrong));

	if (one)
		json_object_array_add(told, one);
	for (int open = 0; open < 2; open++) {
		char *exposition = metrics_text(told, open);
		check_lines(exposition, open);
		free(exposition);
	}
	json_object_put(told);
}

/* Every line is a comment or a sample; the last of OpenMetrics is "# EOF". */
static void check_lines(const char *text, bool open)
{
	size_t len = strlen(text);

	check(len > 6 && (strcmp(text + len - 6, "# EOF\n") == 0) == open);
	for (const char *at = text; *at; at = strchr(at, '\n') + 1)
		check(strncmp(at, "# ", 2) == 0 ||
		      strncmp(at, "qswitch_", 8) == 0);
}

static void check(bool fine)
{
	if (!fine)
		abort();
}
