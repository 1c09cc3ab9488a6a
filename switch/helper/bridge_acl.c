/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bridge_acl.c - command line and access list of qswitch-bridge-helper: see
 * bridge_acl.h. Uses only the C library, as it runs with the rights of root.
 */
#include "bridge_acl.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static const char *take_argument(struct helper_args *args, const char *text);
static const char *take_fd(struct helper_args *args, const char *text);
static const char *take_name(struct helper_args *args, const char *text);
static const char *take_vnet(struct helper_args *args, const char *text);
static bool is_good_name(const char *name);
static const char *take_line(
    struct acl *acl, const char *line, const char *end);
static const char *two_words(
    const char *line, const char *end, char verb[16], char object[ACL_PATH]);
static bool is_blank(char c);
static bool next_word(
    const char **at, const char *end, char *word, size_t size);
static const char *take_rule(
    struct acl *acl, const char *verb, const char *object);
static const char *take_limit(
    unsigned *limit, const char *line, const char *end);

const char *helper_args_parse(struct helper_args *args, int argc, char *argv[])
{
	const char *wrong = NULL;

	*args = (struct helper_args){.fd = -1};
	for (int i = 1; i < argc && !wrong; i++)
		wrong = take_argument(args, argv[i]);
	if (wrong)
		return wrong;
	if (args->fd < 0 || !*args->name)
		return "give both --fd=N and --br=NAME";
	return NULL;
}

const char *acl_read(struct acl *acl, const char *text, size_t len)
{
	const char *end = text + len;
	const char *wrong = NULL;

	while (text < end && !wrong) {
		const char *eol = memchr(text, '\n', (size_t)(end - text));

		wrong = take_line(acl, text, eol ? eol : end);
		text = eol ? eol + 1 : end;
	}
	return wrong;
}

const char *ports_per_user_read(unsigned *limit, const char *text, size_t len)
{
	const char *end = text + len;
	const char *wrong = NULL;

	while (text < end && !wrong) {
		const char *eol = memchr(text, '\n', (size_t)(end - text));

		wrong = take_limit(limit, text, eol ? eol : end);
		text = eol ? eol + 1 : end;
	}
	return wrong;
}

static const char *take_argument(struct helper_args *args, const char *text)
{
	static const struct {
		const char *prefix;
		const char *(*take)(struct helper_args *, const char *);
	} takers[] = {
	    {"--fd=", take_fd},
	    {"--br=", take_name},
	    {"--use-vnet", take_vnet},
	};

	for (size_t i = 0; i < sizeof(takers) / sizeof(*takers); i++) {
		size_t len = strlen(takers[i].prefix);

		if (strncmp(text, takers[i].prefix, len) == 0)
			return takers[i].take(args, text + len);
	}
	return "unknown argument: use --use-vnet --fd=N --br=NAME";
}

static const char *take_fd(struct helper_args *args, const char *text)
{
	char *end;
	long fd = strtol(text, &end, 10);

	if (*text < '0' || *text > '9' || *end || fd < 3 || fd > INT16_MAX)
		return "--fd= needs the number of an open socket";
	args->fd = (int)fd;
	return NULL;
}

static const char *take_name(struct helper_args *args, const char *text)
{
	if (!is_good_name(text))
		return "--br= needs the name of a switch";
	memcpy(args->name, text, strlen(text) + 1);
	return NULL;
}

static bool is_good_name(const char *name)
{
	static const char good[] = "abcdefghijklmnopqrstuvwxyz"
				   "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "0123456789._-";
	size_t len = strlen(name);

	return len > 0 && len < ACL_NAME && strspn(name, good) == len &&
	       name[0] != '.' && name[0] != '-';
}

static const char *take_vnet(struct helper_args *args, const char *text)
{
	if (*text)
		return "--use-vnet takes no value";
	args->use_vnet = true;
	return NULL;
}

static const char *take_line(struct acl *acl, const char *line, const char *end)
{
	char verb[16], object[ACL_PATH];
	const char *wrong = two_words(line, end, verb, object);

	return wrong || !*verb ? wrong : take_rule(acl, verb, object);
}

/* VERB OBJECT; both "" for a comment or a blank line. */
static const char *two_words(
    const char *line, const char *end, char verb[16], char object[ACL_PATH])
{
	char more[2];

	*verb = *object = 0;
	while (line < end && is_blank(*line))
		line++;
	if (line == end || *line == '#')
		return NULL;
	if (!next_word(&line, end, verb, 16) ||
	    !next_word(&line, end, object, ACL_PATH) || !*object ||
	    !next_word(&line, end, more, sizeof(more)) || *more)
		return "a line is not of the form VERB NAME";
	return NULL;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* The next word of a line, as a string; "" at its end. */
static bool next_word(const char **at, const char *end, char *word, size_t size)
{
	size_t len = 0;

	while (*at < end && is_blank(**at))
		(*at)++;
	while (*at < end && !is_blank(**at)) {
		if (!**at || len + 1 >= size)
			return false;
		word[len++] = *(*at)++;
	}
	word[len] = 0;
	return true;
}

static const char *take_rule(
    struct acl *acl, const char *verb, const char *object)
{
	bool matches =
	    strcmp(object, "all") == 0 || strcmp(object, acl->name) == 0;

	if (strcmp(verb, "allow") == 0)
		acl->allowed |= matches;
	else if (strcmp(verb, "deny") == 0)
		acl->denied |= matches;
	else if (strcmp(verb, "include") == 0)
		return acl->include ? acl->include(acl, object) : NULL;
	else
		return "a line does not start with allow, deny or include";
	return NULL;
}

static const char *take_limit(
    unsigned *limit, const char *line, const char *end)
{
	char verb[16], object[ACL_PATH], *rest;
	const char *wrong = two_words(line, end, verb, object);

	if (wrong || !*verb)
		return wrong;
	long n = strtol(object, &rest, 10);
	if (strcmp(verb, "ports-per-user") != 0 || *object < '0' ||
	    *object > '9' || *rest || n > INT16_MAX)
		return "a line is not of the form \"ports-per-user N\"";
	*limit = (unsigned)n;
	return NULL;
}
