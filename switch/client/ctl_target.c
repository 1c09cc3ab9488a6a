/* SPDX-License-Identifier: BSD-2-Clause */
/* ctl_target.c - which switch is meant, and the way to it: see
 * ctl_target.h. */
#include "ctl_target.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <libgen.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bsd/string.h>

#include "connection.h"
#include "ctl.h"

#define SYSTEM "/run/qswitch" /* where root's switches are */

#define NAME_CHARACTERS              \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZ" \
	"abcdefghijklmnopqrstuvwxyz" \
	"0123456789._-:+@"

static int find_socket(struct target *target);
static int list_switches(
    const char *directory, char *names, size_t size, char only[SOCKET_PATH]);
static bool find_system_socket(struct target *target);
static int fail(const struct target *target, int error);
static int fail_forbidden(const struct target *target);

int target_set_path(struct target *target, const char *path)
{
	target->by_path = true;
	if (strlcpy(target->path, path, SOCKET_PATH) < SOCKET_PATH)
		return CTL_OK;
	return ctl_fail(CTL_USAGE,
	    "--control %s is too long: use a path of at most %d bytes", path,
	    SOCKET_PATH - 1);
}

/* As config_good_name() of the daemon, whose name is part of a path. */
int target_set_name(struct target *target, const char *name)
{
	target->name = name;
	if (isalnum((unsigned char)*name) &&
	    strspn(name, NAME_CHARACTERS) == strlen(name))
		return CTL_OK;
	return ctl_fail(CTL_USAGE,
	    "--name %s: a name has letters, digits and . _ - : + @, and begins "
	    "with a letter or digit: for a path use --control",
	    name);
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
	if (access(target->path, F_OK) == 0 || find_system_socket(target) ||
	    target->name)
		return CTL_OK;
	strlcpy(directory, target->path, sizeof(directory));
	char *place = dirname(directory);
	int n = list_switches(place, names, sizeof(names), only);
	if (n == 0) {
		place = SYSTEM;
		n = list_switches(place, names, sizeof(names), only);
	}
	if (n == 1) {
		strlcpy(target->path, place, SOCKET_PATH);
		strlcat(target->path, "/", SOCKET_PATH);
		strlcat(target->path, only, SOCKET_PATH);
		strlcat(target->path, ".sock", SOCKET_PATH);
	}
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

/* Root's switch of that name, for a user who has none himself. */
static bool find_system_socket(struct target *target)
{
	char path[SOCKET_PATH];
	const char *name = target->name ? target->name : DEFAULT_SWITCH;

	if (snprintf(path, sizeof(path), SYSTEM "/%s.sock", name) >=
		(int)sizeof(path) ||
	    access(path, F_OK) != 0)
		return false;
	strlcpy(target->path, path, SOCKET_PATH);
	return true;
}

static int fail(const struct target *target, int error)
{
	const char *how =
	    error == ENOENT ? "no socket at" : "nobody answers at";
	struct stat st;

	if (error == EACCES)
		return fail_forbidden(target);
	if (error == ECONNREFUSED && stat(target->path, &st) == 0 &&
	    !S_ISSOCK(st.st_mode))
		return ctl_fail(CTL_FAILED,
		    "%s is not a socket: give the control socket of a running "
		    "qswitchd",
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

static int fail_forbidden(const struct target *target)
{
	struct stat st;
	char owner[64] = "another user";

	const struct passwd *user =
	    stat(target->path, &st) == 0 ? getpwuid(st.st_uid) : NULL;
	if (user)
		snprintf(owner, sizeof(owner), "%s", user->pw_name);
	return ctl_fail(CTL_FAILED,
	    "the switch runs as %s (%s), and you may not control it: use sudo, "
	    "or become a member of the group that it was started with "
	    "(qswitchd --control-group)",
	    owner, target->path);
}
