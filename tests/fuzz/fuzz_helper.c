/* SPDX-License-Identifier: BSD-2-Clause */
/* fuzz_helper.c - arguments (the first line, words separated by NUL) and access
 * list (the rest) of qswitch-bridge-helper. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "switch/helper/bridge_acl.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { WORDS = 8 };

static const char *include(struct acl *acl, const char *path)
{
	if (acl->depth++ > ACL_DEPTH)
		return "too deep";
	return acl_read(acl, path, strlen(path));
}

static void check_args(const char *data, size_t size)
{
	char *text = malloc(size + 1), *argv[WORDS + 1] = {text};
	struct helper_args args;
	int argc = 1;

	memcpy(text, data, size);
	text[size] = '\0';
	for (size_t at = 0; at < size && argc < WORDS;
	     at += strlen(text + at) + 1)
		argv[argc++] = text + at;
	if (!helper_args_parse(&args, argc, argv))
		if (args.fd < 3 || !*args.name || strchr(args.name, '/') ||
		    strchr(args.name, '"') || *args.name == '.')
			abort();
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *eol = size ? memchr(data, '\n', size) : NULL;
	size_t first = eol ? (size_t)(eol - data) : size;
	struct acl acl = {.name = "br0", .include = include};

	check_args((const char *)data, first);
	char *rest = malloc(size - first + 1);
	memcpy(rest, data + first, size - first);
	const char *wrong = acl_read(&acl, rest, size - first);
	/* a list that does not name a user does not let that user in */
	if (!wrong && acl_allows(&acl) &&
	    !memmem(rest, size - first, "br0", 3) &&
	    !memmem(rest, size - first, "all", 3))
		abort();
	unsigned limit = 0;
	if (!ports_per_user_read(&limit, rest, size - first) && limit &&
	    !memmem(rest, size - first, "ports-per-user", 14))
		abort();
	free(rest);
	return 0;
}
