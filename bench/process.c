/* SPDX-License-Identifier: BSD-2-Clause */
/* process.c - daemons and filters in a namespace (see process.h). */
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <bsd/string.h>

#include "clock.h"
#include "netns.h"

static _Noreturn void become(
    int ns, const char *const argv[], const cpu_set_t *cpus);
static size_t read_log(const struct process *process, char *text, size_t size);
static void last_line(const struct process *process, char *line, size_t size);
static int filter(int ns, const char *const argv[], const cpu_set_t *cpus,
    const char *input, char *output, size_t size);
static void exchange(
    int in, int out, const char *input, char *output, size_t size);

int process_start(struct process *process, const char *dir, int ns,
    const char *name, const char *const argv[], const cpu_set_t *cpus)
{
	int input[2];

	*process = (struct process){.input = -1};
	snprintf(process->name, sizeof(process->name), "%s", name);
	snprintf(process->log, sizeof(process->log), "%s/%s.log", dir,
	    process->name);
	int log = open(process->log,
	    O_CREAT | O_TRUNC | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
	if (log < 0)
		return -errno;
	if (pipe2(input, O_CLOEXEC)) {
		close(log);
		return -errno;
	}
	pid_t child = fork();
	if (child == 0) {
		dup2(input[0], STDIN_FILENO);
		dup2(log, STDOUT_FILENO);
		dup2(log, STDERR_FILENO);
		become(ns, argv, cpus);
	}
	int result = child < 0 ? -errno : 0;

	close(log);
	close(input[0]);
	process->input = input[1];
	process->pid = child < 0 ? 0 : child;
	return result;
}

int process_ready(struct process *process, const char *text, int timeout_ms,
    char *why, size_t size)
{
	uint64_t end_at_ns = clock_ns() + (uint64_t)timeout_ms * 1000000;
	char log[8192];

	while (clock_ns() < end_at_ns) {
		bool alive = process_alive(process);

		read_log(process, log, sizeof(log));
		if (strstr(log, text))
			return 0;
		if (!alive) {
			process_epitaph(process, why, size);
			return -ECHILD;
		}
		clock_sleep_ns(2000000);
	}
	last_line(process, log, 160);
	snprintf(why, size,
	    "%s was not ready within %d ms; its last message: %.160s",
	    process->name, timeout_ms, log);
	return -ETIMEDOUT;
}

bool process_alive(struct process *process)
{
	int status = 0;

	if (process->pid <= 0)
		return false;
	if (waitpid(process->pid, &status, WNOHANG) == 0)
		return true;
	process->status = status;
	process->pid = 0;
	return false;
}

void process_epitaph(const struct process *process, char *text, size_t size)
{
	char line[160];

	last_line(process, line, sizeof(line));
	if (WIFSIGNALED(process->status))
		snprintf(text, size, "%s killed by signal %d (%s)%s%s",
		    process->name, WTERMSIG(process->status),
		    strsignal(WTERMSIG(process->status)), *line ? ": " : "",
		    line);
	else
		snprintf(text, size, "%s ended with status %d%s%s",
		    process->name, WEXITSTATUS(process->status),
		    *line ? ": " : "", line);
}

void process_stop(struct process *process)
{
	if (process->pid > 0) {
		uint64_t end_at_ns = clock_ns() + 2000000000ULL;

		kill(process->pid, SIGTERM);
		while (process_alive(process) && clock_ns() < end_at_ns)
			clock_sleep_ns(1000000);
		if (process->pid > 0) {
			kill(process->pid, SIGKILL);
			waitpid(process->pid, &process->status, 0);
		}
		process->pid = 0;
	}
	if (process->input > 0)
		close(process->input);
	process->input = -1;
}

int process_filter(int ns, const char *const argv[], const char *input,
    char *output, size_t size)
{
	return filter(ns, argv, NULL, input, output, size);
}

int process_filter_on(int ns, const char *const argv[], const cpu_set_t *cpus,
    char *output, size_t size)
{
	return filter(ns, argv, cpus, NULL, output, size);
}

int process_split(char *text, const char *argv[], int at, int max)
{
	char *rest = text;

	for (char *word; (word = strsep(&rest, " ")) != NULL;)
		if (*word && at < max - 1)
			argv[at++] = word;
	argv[at] = NULL;
	return at;
}

static _Noreturn void become(
    int ns, const char *const argv[], const cpu_set_t *cpus)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (ns >= 0 && netns_enter(ns))
		_exit(126);
	if (cpus)
		sched_setaffinity(0, sizeof(*cpus), cpus);
	execvp(argv[0], (char *const *)argv);
	dprintf(STDERR_FILENO, "%s: %s\n", argv[0], strerror(errno));
	_exit(127);
}

static size_t read_log(const struct process *process, char *text, size_t size)
{
	int fd = open(process->log, O_RDONLY | O_CLOEXEC);
	ssize_t n = 0;

	if (fd >= 0) {
		off_t end = lseek(fd, 0, SEEK_END);
		off_t from = end > (off_t)size ? end - (off_t)size + 1 : 0;

		n = pread(fd, text, size - 1, from);
		close(fd);
	}
	text[n > 0 ? n : 0] = '\0';
	return n > 0 ? (size_t)n : 0;
}

static void last_line(const struct process *process, char *line, size_t size)
{
	char text[4096];
	size_t n = read_log(process, text, sizeof(text));

	while (n > 0 && text[n - 1] == '\n')
		text[--n] = '\0';
	const char *from = strrchr(text, '\n');

	strlcpy(line, from ? from + 1 : text, size);
}

static int filter(int ns, const char *const argv[], const cpu_set_t *cpus,
    const char *input, char *output, size_t size)
{
	int in[2], out[2], status = 0;

	if (pipe2(in, O_CLOEXEC))
		return -errno;
	if (pipe2(out, O_CLOEXEC)) {
		close(in[0]);
		close(in[1]);
		return -errno;
	}
	pid_t child = fork();
	if (child == 0) {
		dup2(in[0], STDIN_FILENO);
		dup2(out[1], STDOUT_FILENO);
		dup2(out[1], STDERR_FILENO);
		become(ns, argv, cpus);
	}
	close(in[0]);
	close(out[1]);
	exchange(in[1], out[0], child > 0 ? input : NULL, output, size);
	close(out[0]);
	if (child < 0 || waitpid(child, &status, 0) < 0)
		return -errno;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* Write all input first: the programs run here write little before they have
 * read it, so neither side blocks the other. */
static void exchange(
    int in, int out, const char *input, char *output, size_t size)
{
	char rest[512];
	size_t used = 0;
	ssize_t n = 1;

	if (input && write(in, input, strlen(input)) < 0)
		used = (size_t)snprintf(output, size, "%s", strerror(errno));
	close(in);
	while (n > 0) {
		bool full = used + 1 >= size;

		n = read(out, full ? rest : output + used,
		    full ? sizeof(rest) : size - used - 1);
		if (n > 0 && !full)
			used += (size_t)n;
	}
	output[used] = '\0';
}
