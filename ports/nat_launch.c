/* SPDX-License-Identifier: BSD-2-Clause */
/* nat_launch.c - to start qswitch-nat beside the loop: see nat_launch.h. */
#include "nat_launch.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kind.h"
#include "nat_process.h"

enum { SPARE_FD = 10 }; /* above those of qswitch-nat */

static int find_program(char path[PATH_MAX], char *err);
static void become(const struct nat_launch *launch) __attribute__((noreturn));

struct nat_launch *nat_launch_new(char *err)
{
	struct nat_launch *launch = calloc(1, sizeof(*launch));

	if (!launch) {
		port_refuse(err, 0, "out of memory");
		return NULL;
	}
	if (find_program(launch->path, err)) {
		free(launch);
		return NULL;
	}
	return launch;
}

void nat_launch_word(struct nat_launch *launch, const char *fmt, ...)
{
	va_list args;

	if (launch->n == LAUNCH_WORDS)
		return;
	launch->argv[launch->n] = launch->words[launch->n];
	va_start(args, fmt);
	vsnprintf(launch->words[launch->n++], LAUNCH_WORD, fmt, args);
	va_end(args);
}

/* fork() and not vfork(): the loop must not wait for the disk that has the
 * program. */
pid_t nat_launch_run(struct nat_launch *launch, int *pidfd, char *err)
{
	pid_t pid = fork();

	if (pid == 0)
		become(launch);
	if (pid < 0)
		return port_refuse(err, -errno, "cannot start qswitch-nat: %s",
		    strerror(errno));
	*pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	return pid;
}

/* Beside qswitchd's own program. */
static int find_program(char path[PATH_MAX], char *err)
{
	static const char name[] = "qswitch-nat";
	ssize_t n = readlink("/proc/self/exe", path, PATH_MAX - sizeof(name));

	while (n > 0 && path[n - 1] != '/')
		n--;
	memcpy(path + (n > 0 ? n : 0), name, sizeof(name));
	if (n > 0 && access(path, X_OK) == 0)
		return 0;
	return port_refuse(err, -ENOENT,
	    "cannot run %s: %s: install it beside qswitchd", path,
	    strerror(errno));
}

static void become(const struct nat_launch *launch)
{
	static char *const environment[] = {NULL};
	sigset_t none;
	int spare[LAUNCH_FDS];

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setsid(); /* Ctrl-C is for qswitchd, which ends it */
	for (int i = 0; i < LAUNCH_FDS; i++)
		spare[i] = fcntl(launch->fds[i], F_DUPFD, SPARE_FD);
	for (int i = 0; i < LAUNCH_FDS; i++)
		if (dup2(spare[i], NAT_FD_WIRE + i) < 0)
			_exit(EXIT_FAILURE);
	execve(launch->path, launch->argv, environment);
	_exit(EXIT_FAILURE);
}
