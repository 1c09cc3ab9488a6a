/* SPDX-License-Identifier: BSD-2-Clause */
/* interference.c - reads /proc (see interference.h). */
#include "interference.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"

enum { PF_KTHREAD = 0x00200000 }; /* include/linux/sched.h; stable ABI */

struct schedstat {
	uint64_t run_ns, wait_ns;
};

static uint64_t sum_over_processes(
    const char *proc, uint64_t (*value)(const char *proc, const char *pid));
static uint64_t process_ticks(const char *proc, const char *pid);
static bool read_text(const char *path, char *text, size_t size);
static uint64_t ticks_to_ns(uint64_t ticks);
static uint64_t process_wait(const char *proc, const char *pid);
static struct schedstat process_schedstat(const char *proc, const char *pid);
static void read_processors(struct observation *observation);
static double share(uint64_t before, uint64_t after, double duration_ns);

void observe(struct observation *observation, const char *own_proc)
{
	*observation = (struct observation){0};
	uint64_t own = sum_over_processes(own_proc, process_ticks);
	uint64_t all = sum_over_processes("/proc", process_ticks);

	observation->foreign_ns = all > own ? ticks_to_ns(all - own) : 0;
	observation->wait_ns = sum_over_processes(own_proc, process_wait);
	read_processors(observation);
	observation->at_ns = clock_ns();
}

struct interference interference_between(
    const struct observation *before, const struct observation *after)
{
	double ns = (double)(after->at_ns - before->at_ns);

	if (ns <= 0)
		return (struct interference){0};
	return (struct interference){
	    .busy = share(before->busy_ns, after->busy_ns, ns),
	    .steal = share(before->steal_ns, after->steal_ns, ns),
	    .foreign = share(before->foreign_ns, after->foreign_ns, ns),
	    .wait = share(before->wait_ns, after->wait_ns, ns),
	};
}

bool interference_disturbs(
    const struct interference *interference, uint64_t duration_ns)
{
	double two_ticks = (double)ticks_to_ns(2) / (double)duration_ns;

	if (interference->steal > 0.02 && interference->steal > two_ticks)
		return true;
	if (interference->foreign <= two_ticks)
		return false;
	return interference->foreign > 0.05 || interference->wait > 1;
}

/* The parent's line includes children that were waited for: a compiler that
 * started and ended between two observations still counts. */
uint64_t stat_ticks(const char *line)
{
	const char *at = strrchr(line, ')'); /* the name may contain anything */
	unsigned int flags;
	uint64_t user, system;
	int64_t waited_user, waited_system;

	if (!at ||
	    sscanf(at + 1,
		" %*c %*d %*d %*d %*d %*d %u %*u %*u %*u %*u %" SCNu64
		" %" SCNu64 " %" SCNd64 " %" SCNd64,
		&flags, &user, &system, &waited_user, &waited_system) != 5)
		return 0;
	if (flags & PF_KTHREAD)
		return 0;
	return user + system + (uint64_t)waited_user + (uint64_t)waited_system;
}

uint64_t processors_busy_ns(void)
{
	struct observation observation = {0};

	read_processors(&observation);
	return observation.busy_ns;
}

uint64_t cpu_ns_of(const char *proc, int pid)
{
	char name[16];

	snprintf(name, sizeof(name), "%d", pid);
	return process_schedstat(proc, name).run_ns;
}

uint64_t resident_of(const char *proc, int pid)
{
	char path[320], line[128];
	uint64_t pages;

	snprintf(path, sizeof(path), "%s/%d/statm", proc, pid);
	if (!read_text(path, line, sizeof(line)) ||
	    sscanf(line, "%*u %" SCNu64, &pages) != 1)
		return 0;
	return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

static uint64_t sum_over_processes(
    const char *proc, uint64_t (*value)(const char *proc, const char *pid))
{
	uint64_t sum = 0;
	DIR *dir = opendir(proc);

	if (!dir)
		return 0;
	for (struct dirent *entry; (entry = readdir(dir)) != NULL;)
		if (isdigit((unsigned char)entry->d_name[0]))
			sum += value(proc, entry->d_name);
	closedir(dir);
	return sum;
}

static uint64_t process_ticks(const char *proc, const char *pid)
{
	char path[320], line[1024];

	snprintf(path, sizeof(path), "%s/%s/stat", proc, pid);
	return read_text(path, line, sizeof(line)) ? stat_ticks(line) : 0;
}

static bool read_text(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return false;
	ssize_t n = read(fd, text, size - 1);

	close(fd);
	text[n > 0 ? n : 0] = '\0';
	return n > 0;
}

static uint64_t ticks_to_ns(uint64_t ticks)
{
	return ticks * (1000000000ULL / (uint64_t)sysconf(_SC_CLK_TCK));
}

static uint64_t process_wait(const char *proc, const char *pid)
{
	return process_schedstat(proc, pid).wait_ns;
}

static struct schedstat process_schedstat(const char *proc, const char *pid)
{
	struct schedstat sum = {0}, one;
	char path[640], line[128];

	snprintf(path, sizeof(path), "%s/%s/task", proc, pid);
	DIR *dir = opendir(path);

	if (!dir)
		return sum;
	for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
		snprintf(path, sizeof(path), "%s/%s/task/%s/schedstat", proc,
		    pid, entry->d_name);
		if (entry->d_name[0] == '.' ||
		    !read_text(path, line, sizeof(line)) ||
		    sscanf(line, "%" SCNu64 " %" SCNu64, &one.run_ns,
			&one.wait_ns) != 2)
			continue;
		sum.run_ns += one.run_ns;
		sum.wait_ns += one.wait_ns;
	}
	closedir(dir);
	return sum;
}

static void read_processors(struct observation *observation)
{
	uint64_t user, nice, system, idle, iowait, irq, softirq, steal;
	char text[512];

	if (!read_text("/proc/stat", text, sizeof(text)) ||
	    sscanf(text,
		"cpu %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64
		" %" SCNu64 " %" SCNu64 " %" SCNu64,
		&user, &nice, &system, &idle, &iowait, &irq, &softirq,
		&steal) != 8)
		return;
	observation->busy_ns =
	    ticks_to_ns(user + nice + system + irq + softirq);
	observation->steal_ns = ticks_to_ns(steal);
}

static double share(uint64_t before, uint64_t after, double duration_ns)
{
	return after > before ? (double)(after - before) / duration_ns : 0;
}
