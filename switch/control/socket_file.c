/* SPDX-License-Identifier: BSD-2-Clause */
/* socket_file.c - the daemon's listening socket and its file. */
#include "socket_file.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <bsd/string.h>

enum { LOCK_PATH = SOCKET_PATH + sizeof(".lock") };

static bool in_directory(const char *path, const char *name, char *directory);
static bool take_lock(struct socket_file *file, char *err);
static bool lock_is_at(int lock, const char *path);
static void lock_path(const struct socket_file *file, char *path, size_t size);
static bool fail_busy(const char *path, int pid, char *err);
static bool clear_stale(const char *path, char *err);
static int is_live(const char *path, int *pid);
static int peer_pid(int fd);
static int bind_0660(int fd, const struct sockaddr_un *sun);
static void address(const char *path, struct sockaddr_un *sun);
static int fail(const struct socket_file *file, char *err, const char *what);

/* #syscalls flock socket bind listen umask stat connect unlink mkdir */
int socket_file_open(struct socket_file *file, const char *path,
    const char *name, int backlog, char *err)
{
	struct sockaddr_un sun;
	struct stat st;

	*file = (struct socket_file){.fd = -1, .lock = -1};
	strlcpy(file->name, name, sizeof(file->name));
	if (strlcpy(file->path, path, SOCKET_PATH) >= SOCKET_PATH) {
		snprintf(err, CONFIG_ERR,
		    "control socket %s: the path is longer than %d bytes: "
		    "choose another with --control",
		    path, SOCKET_PATH - 1);
		return -ENAMETOOLONG;
	}
	address(file->path, &sun);
	if (!socket_directory_make(file->path, name, err) ||
	    !take_lock(file, err) || !clear_stale(file->path, err))
		return -EADDRINUSE;
	file->fd =
	    socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (file->fd < 0 || bind_0660(file->fd, &sun))
		return fail(file, err, "cannot create it");
	if (!stat(file->path, &st)) {
		file->dev = st.st_dev;
		file->ino = st.st_ino;
	}
	if (listen(file->fd, backlog))
		return fail(file, err, "cannot listen on it");
	return 0;
}

/* #syscalls lchown fchownat */
int socket_file_give(struct socket_file *file, gid_t group, char *err)
{
	if (group == (gid_t)-1 || lchown(file->path, (uid_t)-1, group) == 0)
		return 0;
	int error = errno;
	snprintf(err, CONFIG_ERR,
	    "control socket %s: cannot give it to group %u: %s; choose a "
	    "group of yours with --control-group",
	    file->path, (unsigned)group, strerror(error));
	return -error;
}

void socket_file_close(struct socket_file *file)
{
	char lock[LOCK_PATH];
	struct stat st;

	if (file->fd >= 0)
		close(file->fd);
	file->fd = -1;
	/* Only our own: somebody may have put another in its place. */
	if (file->ino && !stat(file->path, &st) && st.st_ino == file->ino &&
	    st.st_dev == file->dev)
		unlink(file->path);
	if (file->lock >= 0) {
		/* while it is held: who opens it later finds it gone */
		lock_path(file, lock, sizeof(lock));
		if (lock_is_at(file->lock, lock))
			unlink(lock);
		close(file->lock);
		file->lock = -1;
	}
	socket_directory_leave(file->path, file->name);
}

/* The default directory is ours to make; any other must exist. One that
 * somebody else made (/tmp is open to all) is not to be trusted. */
bool socket_directory_make(const char *path, const char *name, char *err)
{
	char directory[SOCKET_PATH];
	struct stat st;

	if (!in_directory(path, name, directory))
		return true;
	if ((mkdir(directory, geteuid() ? 0700 : 0755) && errno != EEXIST) ||
	    lstat(directory, &st)) {
		snprintf(err, CONFIG_ERR,
		    "control socket: cannot create the directory %s: %s; "
		    "choose another with --control",
		    directory, strerror(errno));
		return false;
	}
	if ((st.st_uid == geteuid() && S_ISDIR(st.st_mode)) || st.st_uid == 0)
		return true;
	snprintf(err, CONFIG_ERR,
	    "control socket: the directory %s belongs to user %u: remove it "
	    "or choose another with --control",
	    directory, (unsigned)st.st_uid);
	return false;
}

void socket_directory_leave(const char *path, const char *name)
{
	char directory[SOCKET_PATH];
	struct stat st;

	if (in_directory(path, name, directory) && !lstat(directory, &st) &&
	    st.st_uid == geteuid())
		rmdir(directory); /* stays while it has others */
}

/* Is the directory of @path that of the default socket, @directory? */
static bool in_directory(const char *path, const char *name, char *directory)
{
	char given[SOCKET_PATH];

	socket_path(name, directory);
	strlcpy(given, path, sizeof(given));
	/* GNU's dirname() cuts the path where it stands */
	return strcmp(dirname(given), dirname(directory)) == 0;
}

/* Only one daemon at a time looks whether the socket is in use, and replaces
 * it. The file of the lock may have been removed by the one that held it. */
static bool take_lock(struct socket_file *file, char *err)
{
	char path[LOCK_PATH];
	int pid = 0;

	lock_path(file, path, sizeof(path));
	for (;;) {
		file->lock = open(path,
		    O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK,
		    0600);
		if (file->lock < 0) {
			fail(file, err, "cannot create its lock");
			return false;
		}
		if (flock(file->lock, LOCK_EX | LOCK_NB)) {
			close(file->lock);
			file->lock = -1;
			is_live(file->path, &pid);
			return fail_busy(file->path, pid, err);
		}
		if (lock_is_at(file->lock, path))
			return true;
		close(file->lock);
	}
}

static bool lock_is_at(int lock, const char *path)
{
	struct stat ours, now;

	return !fstat(lock, &ours) && !stat(path, &now) &&
	       ours.st_ino == now.st_ino && ours.st_dev == now.st_dev;
}

static void lock_path(const struct socket_file *file, char *path, size_t size)
{
	snprintf(path, size, "%s.lock", file->path);
}

static bool fail_busy(const char *path, int pid, char *err)
{
	char who[48] = "that is just starting";

	if (pid)
		snprintf(who, sizeof(who), "(process %d)", pid);
	snprintf(err, CONFIG_ERR,
	    "control socket %s is in use by a running qswitchd %s: stop that "
	    "one, or start this one with another --name",
	    path, who);
	return false;
}

static bool clear_stale(const char *path, char *err)
{
	struct stat st;
	int pid = 0;

	if (lstat(path, &st))
		return true;
	if (!S_ISSOCK(st.st_mode)) {
		snprintf(err, CONFIG_ERR,
		    "control socket %s exists but is not a socket: remove it "
		    "or choose another with --control",
		    path);
		return false;
	}
	int live = is_live(path, &pid);
	if (!live && !unlink(path))
		return true;
	if (live > 0)
		return fail_busy(path, pid, err);
	snprintf(err, CONFIG_ERR,
	    "control socket %s exists and cannot be replaced: %s; "
	    "remove it or choose another with --control",
	    path, strerror(live ? -live : errno));
	return false;
}

/* Does somebody listen at @path? Return: 0 nobody, 1, -errno. */
static int is_live(const char *path, int *pid)
{
	struct sockaddr_un sun;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int result = -errno;

	if (fd < 0)
		return result;
	address(path, &sun);
	if (!connect(fd, (struct sockaddr *)&sun, sizeof(sun))) {
		*pid = peer_pid(fd);
		result = 1;
	} else if (errno == EAGAIN) {
		*pid = 0;
		result = 1; /* too busy to answer */
	} else {
		result = errno == ECONNREFUSED ? 0 : -errno;
	}
	close(fd);
	return result;
}

/* The process that listens on connected socket @fd, 0: unknown. */
static int peer_pid(int fd)
{
	struct ucred cred = {0};
	socklen_t len = sizeof(cred);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len))
		return 0;
	return cred.pid;
}

/* bind() makes the file; the mask sets its mode, so that it is never wider,
 * not for a moment. */
static int bind_0660(int fd, const struct sockaddr_un *sun)
{
	mode_t mask = umask(0117);
	int result = bind(fd, (const struct sockaddr *)sun, sizeof(*sun));

	umask(mask);
	return result;
}

static void address(const char *path, struct sockaddr_un *sun)
{
	*sun = (struct sockaddr_un){.sun_family = AF_UNIX};
	static_assert(sizeof(sun->sun_path) == SOCKET_PATH, "a path fits");
	strlcpy(sun->sun_path, path, sizeof(sun->sun_path));
}

static int fail(const struct socket_file *file, char *err, const char *what)
{
	int error = errno;

	snprintf(err, CONFIG_ERR,
	    "control socket %s: %s: %s; choose another with --control",
	    file->path, what, strerror(error));
	return -error;
}
