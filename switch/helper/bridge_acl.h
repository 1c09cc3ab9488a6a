/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bridge_acl.h - command line and access list of qswitch-bridge-helper. It
 * shares the list with QEMU's own helper. Pure: both come from untrusted users.
 *
 *     allow NAME|all      deny NAME|all      include FILE      # comment
 *
 * Every line counts, in any order: one deny that matches overrides every allow,
 * and a name that no line allows is denied.
 */
#ifndef SWITCH_HELPER_BRIDGE_ACL_H
#define SWITCH_HELPER_BRIDGE_ACL_H

#include <stdbool.h>
#include <stddef.h>

enum {
	ACL_NAME = 32,	  /* bytes of a switch's name, NUL counted */
	ACL_PATH = 256,	  /* bytes of a file's name, NUL counted */
	ACL_DEPTH = 8,	  /* files that include each other */
	ACL_FILE = 65536, /* bytes of a file */
	ACL_PORTS = 32	  /* ports of one user, if no file says otherwise */
};

struct helper_args {
	bool use_vnet;
	int fd;
	char name[ACL_NAME]; /* of the switch: br= */
};

/**
 * helper_args_parse() - read --use-vnet --fd=N --br=NAME
 * @args: written whole
 *
 * A name is 1 to 31 letters, digits and . _ - and does not start with a dot or
 * dash: it becomes part of a path.
 *
 * Return: NULL, or a sentence that says what is wrong.
 */
const char *helper_args_parse(struct helper_args *args, int argc, char *argv[]);

struct acl {
	char name[ACL_NAME]; /* the switch that is asked for */
	bool allowed, denied;
	/* reads the file @path and calls acl_read() for it; NULL: lines with
	 * include are ignored. Return: as acl_read(). */
	const char *(*include)(struct acl *acl, const char *path);
	int depth;
};

/**
 * acl_read() - take the lines of one file into account
 * @text: @len bytes, which may be any
 *
 * Return: NULL, or a sentence that says what is wrong: then deny access.
 */
const char *acl_read(struct acl *acl, const char *text, size_t len);

/** acl_allows() - may the switch be used, by all files that were read? */
static inline bool acl_allows(const struct acl *acl)
{
	return acl->allowed && !acl->denied;
}

/**
 * ports_per_user_read() - read the file that limits the ports of one user
 * @limit: changed by a line "ports-per-user N"; 0 means none at all
 * @text:  @len bytes, which may be any
 *
 * Other lines are comments, which start with #, or blank.
 *
 * Return: NULL, or a sentence that says what is wrong: then deny access.
 */
const char *ports_per_user_read(unsigned *limit, const char *text, size_t len);

#endif
