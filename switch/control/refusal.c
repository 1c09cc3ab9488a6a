/* SPDX-License-Identifier: BSD-2-Clause */
/* refusal.c - the answer to a request that cannot be carried out. */
#include "refusal.h"

#include <stdarg.h>
#include <stdio.h>

#include "switch/config.h"
#include "switch/protocol/json.h"

struct json_object *refusal_new(const char *fmt, ...)
{
	struct json_object *answer = json_object_new_object();
	char text[CONFIG_ERR];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	json_put_bool(answer, "ok", false);
	json_put_text(answer, "error", text);
	return answer;
}
