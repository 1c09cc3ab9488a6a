/* SPDX-License-Identifier: BSD-2-Clause */
/* holder.c - /proc/PID/fdinfo/N of a TAP's fd has a line "iff:<tab>NAME". */
#include "holder.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bsd/string.h>

enum { PATH = 320 };

static bool process_holds(const char *pid, const char *name);
static bool fd_holds(const char *pid, const char *fd, const char *name);
static bool is_tun(const char *pid, const char *fd);
static bool read_line(
    const char *path, const char *prefix, char *text, size_t size);
static bool is_in_our_netns(const char *pid);
static void describe(const char *pid, struct holder *holder);

bool tap_holder(const char *name, struct holder *holder)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	bool found = false, near = false;

	if (!proc)
		return false;
	while (!near && (entry = readdir(proc))) {
		const char *pid = entry->d_name;

		if (!isdigit((unsigned char)*pid) || !process_holds(pid, name))
			continue;
		near = is_in_our_netns(pid);
		if (near || !found)
			describe(pid, holder);
		found = true;
	}
	closedir(proc);
	return found;
}

static bool process_holds(const char *pid, const char *name)
{
	char path[PATH];
	struct dirent *entry;
	bool found = false;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%s/fd", pid);
	dir = opendir(path);
	if (!dir)
		return false;
	while (!found && (entry = readdir(dir)))
		found = fd_holds(pid, entry->d_name, name);
	closedir(dir);
	return found;
}

static bool fd_holds(const char *pid, const char *fd, const char *name)
{
	char path[PATH], iff[32];

	if (!is_tun(pid, fd))
		return false;
	snprintf(path, sizeof(path), "/proc/%s/fdinfo/%s", pid, fd);
	return read_line(path, "iff:\t", iff, sizeof(iff)) &&
	       strcmp(iff, name) == 0;
}

static bool is_tun(const char *pid, const char *fd)
{
	char path[PATH], target[32] = "";

	snprintf(path, sizeof(path), "/proc/%s/fd/%s", pid, fd);
	return readlink(path, target, sizeof(target) - 1) > 0 &&
	       strcmp(target, "/dev/net/tun") == 0;
}

/* Finds the first line of @path that starts with @prefix; @text is the rest. */
static bool read_line(
    const char *path, const char *prefix, char *text, size_t size)
{
	FILE *file = fopen(path, "re");
	char line[256];
	bool found = false;

	if (!file)
		return false;
	while (!found && fgets(line, sizeof(line), file)) {
		if (strncmp(line, prefix, strlen(prefix)) != 0)
			continue;
		line[strcspn(line, "\n")] = '\0';
		strlcpy(text, line + strlen(prefix), size);
		found = true;
	}
	fclose(file);
	return found;
}

static bool is_in_our_netns(const char *pid)
{
	char path[PATH], ours[64] = "", theirs[64] = "";

	snprintf(path, sizeof(path), "/proc/%s/ns/net", pid);
	return readlink(path, theirs, sizeof(theirs) - 1) > 0 &&
	       readlink("/proc/self/ns/net", ours, sizeof(ours) - 1) > 0 &&
	       strcmp(ours, theirs) == 0;
}

static void describe(const char *pid, struct holder *holder)
{
	char path[PATH];

	holder->pid = atoi(pid);
	snprintf(path, sizeof(path), "/proc/%s/comm", pid);
	if (!read_line(path, "", holder->command, sizeof(holder->command)))
		strlcpy(holder->command, "?", sizeof(holder->command));
}
