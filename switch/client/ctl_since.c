/* SPDX-License-Identifier: BSD-2-Clause */
/* ctl_since.c - what counted since the last look: see ctl_since.h. */
#include "ctl_since.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "switch/protocol/duration.h"
#include "switch/protocol/json.h"

#include "answer.h"
#include "ctl.h"

enum { KEPT = 16384 /* bytes of a file */ };

static bool make_path(const char *name, char path[PATH_MAX]);
static bool make_directories(char *path);
static struct json_object *read_kept(const char *path, uint64_t pid);
static bool keep(
    const char *path, uint64_t pid, uint64_t now_ms, struct json_object *now);
static void subtract(struct json_object *from, struct json_object *what);
static uint64_t wall_ms(void);

int since_last(struct ctl *ctl, struct json_object *answer)
{
	struct json_object *request = json_object_new_object();
	char path[PATH_MAX] = "", ago[DURATION_TEXT];
	uint64_t now_ms = wall_ms();

	json_put_text(request, "cmd", "info");
	struct json_object *info = connection_ask(&ctl->connection, request);
	json_object_put(request);
	uint64_t pid = get_count(info, "pid");
	bool fine = make_path(get_text(info, "name"), path);
	struct json_object *kept = fine ? read_kept(path, pid) : NULL;
	fine = fine && keep(path, pid, now_ms, answer);
	int error = errno;
	if (kept) {
		duration_text(now_ms - get_count(kept, "time_ms"), ago);
		printf("Since the last look, %s ago:\n", ago);
		subtract(answer, get(kept, "counters"));
	} else {
		puts("The first look at this switch: since its start.");
	}
	json_object_put(kept);
	json_object_put(info);
	if (fine)
		return CTL_OK;
	return ctl_fail(CTL_FAILED, "cannot keep the counters in %s: %s",
	    *path ? path : "a file, because HOME is not set", strerror(error));
}

static bool make_path(const char *name, char path[PATH_MAX])
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	bool is_given = state && *state == '/';

	errno = ENOENT;
	if (!*name || (!is_given && !home))
		return false;
	if (snprintf(path, PATH_MAX, "%s%s/qswitch/%s.counters",
		is_given ? state : home, is_given ? "" : "/.local/state",
		name) >= PATH_MAX) {
		errno = ENAMETOOLONG;
		return false;
	}
	return make_directories(path);
}

static bool make_directories(char *path)
{
	for (char *at = strchr(path + 1, '/'); at; at = strchr(at + 1, '/')) {
		*at = '\0';
		bool made = mkdir(path, 0700) == 0 || errno == EEXIST;
		*at = '/';
		if (!made)
			return false;
	}
	return true;
}

/* NULL: this process of the switch has not been looked at yet. */
static struct json_object *read_kept(const char *path, uint64_t pid)
{
	char text[KEPT], wrong[128];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	ssize_t len = fd >= 0 ? read(fd, text, sizeof(text)) : -1;

	if (fd >= 0)
		close(fd);
	struct json_object *kept =
	    len > 0 ? json_read(text, (size_t)len, wrong, sizeof(wrong)) : NULL;
	if (!kept || get_count(kept, "pid") == pid)
		return kept;
	json_object_put(kept);
	return NULL;
}

static bool keep(
    const char *path, uint64_t pid, uint64_t now_ms, struct json_object *now)
{
	struct json_object *all = json_object_new_object();
	size_t len;

	json_put_count(all, "pid", pid);
	json_put_count(all, "time_ms", now_ms);
	json_object_object_add(all, "counters", json_object_get(now));
	const char *text = json_line(all, &len);
	int fd = open(
	    path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	bool fine = fd >= 0 && write(fd, text, len) == (ssize_t)len;
	int error = errno;
	if (fd >= 0)
		close(fd);
	json_object_put(all);
	errno = error;
	return fine;
}

/* Each count of @what from that of @from, also in objects inside. */
static void subtract(struct json_object *from, struct json_object *what)
{
	json_object_object_foreach (from, key, value) {
		struct json_object *before = get(what, key);

		if (json_object_is_type(value, json_type_object))
			subtract(value, before);
		else if (json_object_is_type(value, json_type_int))
			json_object_set_int64(
			    value, json_object_get_int64(value) -
				       json_object_get_int64(before));
	}
}

static uint64_t wall_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}
