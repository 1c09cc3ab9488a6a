/* SPDX-License-Identifier: BSD-2-Clause */
/* ctl_target.h - which switch is meant, and the way to it. */
#ifndef SWITCH_CLIENT_CTL_TARGET_H
#define SWITCH_CLIENT_CTL_TARGET_H

#include <stdbool.h>

#include "switch/protocol/socket_path.h"

struct connection;

/* All zero: neither option was given. */
struct target {
	const char *name; /* --name; NULL: not given */
	bool by_path;	  /* --control was given */
	char path[SOCKET_PATH];
};

/**
 * target_set_path() - --control @path
 *
 * Return: CTL_OK; or CTL_USAGE, having said that it is too long.
 */
int target_set_path(struct target *target, const char *path);

/**
 * target_set_name() - --name @name
 *
 * Return: CTL_OK; or CTL_USAGE, having said that no switch can have that name.
 */
int target_set_name(struct target *target, const char *name);

/**
 * target_connect() - find the socket and connect
 *
 * The socket is that of --control, else of --name, else of the default name,
 * else of the only switch that is running.
 *
 * Return: CTL_OK; or CTL_FAILED, having said why.
 */
int target_connect(struct target *target, struct connection *connection);

#endif
