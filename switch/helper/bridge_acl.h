/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bridge_acl.h - what qswitch-bridge-helper decides by: its command line, and
 * the access list that it shares with QEMU's own helper. Pure: both come from
 * users that are not to be believed.
 *
 *     allow NAME|all      deny NAME|all      include FILE      # comment
 *
 * Every line counts, whatever the order: one deny that matches wins over any
 * allow, and what nothing allows is denied.
 */
#ifndef SWITCH_BRIDGE_ACL_H
#define SWITCH_BRIDGE_ACL_H

#include <stdbool.h>
#include <stddef.h>

enum {
	ACL_NAME = 32,	 /* bytes of a switch's name, NUL counted */
	ACL_PATH = 256,	 /* bytes of a file's name, NUL counted */
	ACL_DEPTH = 8,	 /* files that include each other */
	ACL_FILE = 65536 /* bytes of a file */
};

struct helper_args {
	bool use_vnet;
	int fd;
	char name[ACL_NAME]; /* of the switch: br= */
};

/**
 * helper_args_parse() - --use-vnet --fd=N --br=NAME
 *
 * A name is 1 to 31 letters, digits and . _ - and starts with neither dot nor
 * dash: it becomes part of a path.
 *
 * Return: NULL, or half a sentence that says what is wrong.
 */
const char *helper_args_parse(struct helper_args *args, int argc, char *argv[]);

struct acl {
	char name[ACL_NAME]; /* that is asked for */
	bool allowed, denied;
	/* reads the file @path and calls acl_read() for it; NULL: none */
	const char *(*include)(struct acl *acl, const char *path);
	int depth;
};

/**
 * acl_read() - take the lines of one file into account
 * @text: @len bytes
 *
 * Return: NULL, or what is wrong with the file: then nobody is let in.
 */
const char *acl_read(struct acl *acl, const char *text, size_t len);

static inline bool acl_allows(const struct acl *acl)
{
	return acl->allowed && !acl->denied;
}

#endif
