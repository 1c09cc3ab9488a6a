/* SPDX-License-Identifier: BSD-2-Clause */
/* culprit.c - who else used the processors: see culprit.h. */
#include "culprit.h"

#include <ctype.h>
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bsd/string.h>

#include "clock.h"
#include "interference.h"

enum { NAMED = 3, LINE = 1024, LINK = 64 };

#define WORTH_NAMING 0.02 /* of a processor */

struct culprit {
	int pid;
	double share; /* of a processor */
	char name[32];
};

static bool read_line(const char *pid, char line[LINE]);
static bool is_own(const char *pid);
static double share_of(
    const struct culprits *culprits, int pid, const char *line);
static void rank(
    struct culprit worst[NAMED], int pid, double share, const char *line);

void culprits_begin(struct culprits *culprits)
{
	char line[LINE];
	DIR *dir = opendir("/proc");

	culprits->n = 0;
	culprits->at_ns = clock_ns();
	for (struct dirent *entry; dir && (entry = readdir(dir)) != NULL;) {
		if (culprits->n == CULPRITS_MAX ||
		    !read_line(entry->d_name, line))
			continue;
		culprits->before[culprits->n].pid = atoi(entry->d_name);
		culprits->before[culprits->n++].ticks = stat_ticks(line);
	}
	if (dir)
		closedir(dir);
}

void culprits_name(const struct culprits *culprits, char *text)
{
	struct culprit worst[NAMED] = {0};
	char line[LINE], one[96];
	DIR *dir = opendir("/proc");

	*text = 0;
	for (struct dirent *entry; dir && (entry = readdir(dir)) != NULL;)
		if (read_line(entry->d_name, line) && !is_own(entry->d_name))
			rank(worst, atoi(entry->d_name),
			    share_of(culprits, atoi(entry->d_name), line),
			    line);
	if (dir)
		closedir(dir);
	for (int i = 0; i < NAMED && worst[i].share > WORTH_NAMING; i++) {
		snprintf(one, sizeof(one),
		    "%sprocess %d (%s) used %.0f %% of a processor",
		    i ? ", " : "", worst[i].pid, worst[i].name,
		    100 * worst[i].share);
		strlcat(text, one, CULPRIT_TEXT);
	}
}

static bool read_line(const char *pid, char line[LINE])
{
	char path[320];

	if (!isdigit((unsigned char)*pid))
		return false;
	snprintf(path, sizeof(path), "/proc/%s/stat", pid);
	FILE *file = fopen(path, "re");
	if (!file)
		return false;
	bool fine = fgets(line, LINE, file) != NULL;
	fclose(file);
	return fine;
}

/* Is it in our namespace of processes, which is the cell's? */
static bool is_own(const char *pid)
{
	char path[320], ours[LINK] = "", its[LINK] = "";

	snprintf(path, sizeof(path), "/proc/%s/ns/pid", pid);
	return readlink("/proc/self/ns/pid", ours, LINK - 1) > 0 &&
	       readlink(path, its, LINK - 1) > 0 && strcmp(ours, its) == 0;
}

static double share_of(
    const struct culprits *culprits, int pid, const char *line)
{
	double seconds = (double)(clock_ns() - culprits->at_ns) / 1e9;
	uint64_t before = 0, now = stat_ticks(line);

	for (int i = 0; i < culprits->n; i++)
		if (culprits->before[i].pid == pid)
			before = culprits->before[i].ticks;
	if (now <= before || seconds <= 0)
		return 0;
	return (double)(now - before) / (double)sysconf(_SC_CLK_TCK) / seconds;
}

/* Puts it among the worst if it belongs there. */
static void rank(
    struct culprit worst[NAMED], int pid, double share, const char *line)
{
	const char *name = strchr(line, '('), *end = strrchr(line, ')');
	struct culprit it = {.pid = pid, .share = share};

	if (name && end > name)
		snprintf(it.name, sizeof(it.name), "%.*s",
		    (int)(end - name - 1), name + 1);
	for (int i = 0; i < NAMED; i++) {
		if (worst[i].share >= it.share)
			continue;
		struct culprit less = worst[i];
		worst[i] = it;
		it = less;
	}
}
