/* SPDX-License-Identifier: BSD-2-Clause */
/* ctl_target.c - which switch is meant, and the way to it: see
 * ctl_target.h. */
#include "ctl_target.h"

#include <dirent.h>
#include <errno.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <bsd/string.h>

#include "connection.h"
#include "ctl.h"

static int find_socket(struct target *target);
static int list_switches(
    const char *directory, char *names, size_t size, char only[SOCKET_PATH]);
static int fail(const struct target *target, int error);

int target_set_path(struct target *target, const char *path)
{
	target->by_path = true;
	if (strlcpy(target->path, path, SOCKET_PATH) < SOCKET_PATH)
		return CTL_OK;
	return ctl_fail(CTL_USAGE,
	    "--control %s is too long: use a path of at most %d bytes", path,
	    SOCKET_PATH - 1);
}

int target_connect(struct target *target, struct connection *connection)
{
	int status = find_socket(target);

	if (status)
		return status;
	int result =
	    connection_open(connection, target->path, CONNECTION_NO_LIMIT);
	return result ? fail(target, -result) : CTL_OK;
}

static int find_socket(struct target *target)
{
	char directory[SOCKET_PATH], names[512], only[SOCKET_PATH];

	if (target->by_path)
		return CTL_OK;
	socket_path(target->name ? target->name : DEFAULT_SWITCH, target->path);
	if (target->name || access(target->path, F_OK) == 0)
		return CTL_OK;
	strlcpy(directory, target->path, sizeof(directory));
	int n = list_switches(dirname(directory), names, sizeof(names), only);
	if (n == 1)
		socket_path(only, target->path);
	if (n <= 1)
		return CTL_OK;
	return ctl_fail(CTL_FAILED,
	    "several switches are running (%s): choose one with --name", names);
}

/* The names of the switches with a socket in @directory, "a, b", and one of
 * them. Return: how many. */
static int list_switches(
    const char *directory, char *names, size_t size, char only[SOCKET_PATH])
{
	DIR *dir = opendir(directory);
	const struct dirent *entry;
	int n = 0;

	*names = 0;
	while (dir && (entry = readdir(dir))) {
		size_t len = strlen(entry->d_name);

		if (len < 6 || strcmp(entry->d_name + len - 5, ".sock") != 0)
			continue;
		snprintf(
		    only, SOCKET_PATH, "%.*s", (int)len - 5, entry->d_name);
		strlcat(names, n++ ? ", " : "", size);
		strlcat(names, only, size);
	}
	if (dir)
		closedir(dir);
	return n;
}

static int fail(const struct target *target, int error)
{
	const char *how =
	    error == ENOENT ? "no socket at" : "nobody answers at";

	if (error == EACCES)
		return ctl_fail(CTL_FAILED,
		    "permission denied for %s: run qswitchctl as its owner or "
		    "as a member of its group (sudo)",
		    target->path);
	if (error != ENOENT && error != ECONNREFUSED)
		return ctl_fail(CTL_FAILED, "cannot connect to %s: %s",
		    target->path, strerror(error));
	if (target->by_path)
		return ctl_fail(CTL_FAILED,
		    "no switch is running there (%s %s): start qswitchd with "
		    "--control %s, or give another socket",
		    how, target->path, target->path);
	return ctl_fail(CTL_FAILED,
	    "no switch named %s is running (%s %s): start qswitchd, or give "
	    "its socket with --control",
	    target->name ? target->name : DEFAULT_SWITCH, how, target->path);
}
