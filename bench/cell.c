/* SPDX-License-Identifier: BSD-2-Clause */
/* cell.c - the namespaces a measurement runs in (see cell.h). */
#include "cell.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void catch_signals(sigset_t *signals, sigset_t *before);
static int child_main(struct cell *cell, int tell, uid_t uid, gid_t gid,
    int (*fn)(const struct cell *cell, void *arg), void *arg);
static int settle_in(struct cell *cell, uid_t uid, gid_t gid);
static int map_root(uid_t uid, gid_t gid);
static int write_file(const char *path, const char *text);
static int mount_private(struct cell *cell);
static int wait_or_kill(pid_t child, const sigset_t *signals);

/*
 * #syscalls clone unshare setns mount
 */
int cell_run(int (*fn)(const struct cell *cell, void *arg), void *arg)
{
	struct cell cell = {.dir = "/tmp/qswitch-bench-XXXXXX", .home = -1};
	unsigned long flags = CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWNET;
	uid_t uid = geteuid();
	gid_t gid = getegid();
	sigset_t signals, before;
	int tell[2], setup = -EPIPE;

	if (!mkdtemp(cell.dir))
		return -errno;
	if (pipe2(tell, O_CLOEXEC)) {
		rmdir(cell.dir);
		return -errno;
	}
	fflush(NULL);
	catch_signals(&signals, &before);
	if (uid)
		flags |= CLONE_NEWUSER;
	pid_t child = (pid_t)syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0);
	if (child == 0) {
		close(tell[0]);
		sigprocmask(SIG_SETMASK, &before, NULL);
		exit(child_main(&cell, tell[1], uid, gid, fn, arg));
	}
	int clone_errno = errno;

	close(tell[1]);
	int result = -clone_errno;

	if (child > 0) {
		ssize_t n = read(tell[0], &setup, sizeof(setup));

		result = wait_or_kill(child, &signals);
		if (n == sizeof(setup) && setup)
			result = setup;
	}
	close(tell[0]);
	rmdir(cell.dir);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return result;
}

int cell_main(int (*fn)(const struct cell *cell, void *arg), void *arg)
{
	int result = cell_run(fn, arg);

	if (result == CELL_INTERRUPTED)
		fprintf(stderr, "\nqswitch-bench: interrupted\n");
	if (result >= 0)
		return result;
	fprintf(stderr,
	    "qswitch-bench: cannot create private namespaces: %s; run it as "
	    "root or allow user namespaces\n",
	    strerror(-result));
	return EXIT_FAILURE;
}

static void catch_signals(sigset_t *signals, sigset_t *before)
{
	sigemptyset(signals);
	sigaddset(signals, SIGCHLD);
	sigaddset(signals, SIGINT);
	sigaddset(signals, SIGTERM);
	sigaddset(signals, SIGHUP);
	sigprocmask(SIG_BLOCK, signals, before);
}

/* Tells the outer process through @tell whether the cell could be made. */
static int child_main(struct cell *cell, int tell, uid_t uid, gid_t gid,
    int (*fn)(const struct cell *cell, void *arg), void *arg)
{
	int result = settle_in(cell, uid, gid);

	if (write(tell, &result, sizeof(result)) != sizeof(result) || result)
		return 1;
	close(tell);
	return fn(cell, arg);
}

static int settle_in(struct cell *cell, uid_t uid, gid_t gid)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	int result = uid ? map_root(uid, gid) : 0;

	if (!result)
		result = mount_private(cell);
	if (result)
		return result;
	cell->home = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	return cell->home < 0 ? -errno : 0;
}

/* Become root of the new user namespace, which permits the rest. */
static int map_root(uid_t uid, gid_t gid)
{
	char line[64];

	int result = write_file("/proc/self/setgroups", "deny");

	if (result && result != -ENOENT)
		return result;
	snprintf(line, sizeof(line), "0 %u 1", uid);
	result = write_file("/proc/self/uid_map", line);
	if (result)
		return result;
	snprintf(line, sizeof(line), "0 %u 1", gid);
	return write_file("/proc/self/gid_map", line);
}

static int write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	ssize_t n = write(fd, text, strlen(text));
	int result = n < 0 ? -errno : 0;

	close(fd);
	return result;
}

/* No mount made here is visible outside. /proc remains the machine's, because
 * the search for interference must see foreign processes. */
static int mount_private(struct cell *cell)
{
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount(
		"bench", cell->dir, "tmpfs", MS_NOSUID | MS_NODEV, "mode=700"))
		return -errno;
	snprintf(cell->proc, sizeof(cell->proc), "%s/proc", cell->dir);
	if (mkdir(cell->proc, 0700) ||
	    mount("bench", cell->proc, "proc", MS_NOSUID | MS_NODEV, NULL))
		return -errno;
	return 0;
}

static int wait_or_kill(pid_t child, const sigset_t *signals)
{
	int status = 0, number = 0;

	while (waitpid(child, &status, WNOHANG) == 0) {
		sigwait(signals, &number);
		if (number == SIGCHLD)
			continue;
		kill(child, SIGKILL);
		waitpid(child, &status, 0);
		return CELL_INTERRUPTED;
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : -ECHILD;
}
