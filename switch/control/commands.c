/* SPDX-License-Identifier: BSD-2-Clause */
/* commands.c - finds the handler of a request and calls it: see commands.h. */
#include "commands.h"

#include <errno.h>
#include <string.h>

#include "switch/protocol/json.h"

#include "refusal.h"

/* The arguments of a row, as the keys of a request. */
#define WORD(type, name, key, need)	     key " "
#define OPTION(type, name, value, key, need) key " "
#define LOCAL(type, name, value)
#define REST(name)
#define ONE_ANSWER  ""
#define PAGES(list) "from "

#define COMMAND(id, name, arguments, answer, help, room) \
	{name, arguments answer, help, run_##id},
#define DAEMON_COMMAND COMMAND
#define CLIENT_COMMAND(...)

const struct command commands[] = {
#include "switch/protocol/commands.def"
    {0},
};

static int run(struct request *r);
static const struct command *find(const char *name);
static bool check_keys(struct request *r, const struct command *c);
static bool takes(const char *keys, const char *key);

struct json_object *command_run(struct request *r, const char *line, size_t len)
{
	char wrong[128];

	r->args = json_read(line, len, wrong, sizeof(wrong));
	if (!r->args)
		return refusal_new("the request %s: send one JSON object per "
				   "line, such as {\"cmd\":\"ports\"}",
		    wrong);
	r->answer = json_object_new_object();
	json_put_bool(r->answer, "ok", true);
	if (run(r)) {
		json_object_put(r->answer);
		r->answer = refusal_new("%s", r->err);
		if (r->again)
			json_put_bool(r->answer, "again", true);
	}
	json_object_put(r->args);
	return r->answer;
}

static int run(struct request *r)
{
	const char *name = NULL;

	if (!request_text(r, "cmd", REQUIRED, &name))
		return -EINVAL;
	const struct command *c = find(name);
	if (!c)
		return request_fail(r,
		    "no command is named %.64s: {\"cmd\":\"help\"} lists them",
		    name);
	return check_keys(r, c) ? c->run(r) : -EINVAL;
}

static const struct command *find(const char *name)
{
	for (const struct command *c = commands; c->name; c++)
		if (strcmp(c->name, name) == 0)
			return c;
	return NULL;
}

/* A misspelled argument must not be ignored. */
static bool check_keys(struct request *r, const struct command *c)
{
	json_object_object_foreach (r->args, key, value) {
		(void)value;
		if (strcmp(key, "cmd") == 0 || takes(c->keys, key))
			continue;
		request_fail(r, "%s takes no argument %.64s; it takes: %s",
		    c->name, key, *c->keys ? c->keys : "none");
		return false;
	}
	return true;
}

/* Is @key one of the space-terminated words of @keys? */
static bool takes(const char *keys, const char *key)
{
	size_t len = strlen(key);

	for (const char *at = keys; *at; at = strchr(at, ' ') + 1)
		if (strncmp(at, key, len) == 0 && at[len] == ' ')
			return true;
	return false;
}
