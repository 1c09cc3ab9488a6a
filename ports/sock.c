/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sock.c - addresses, sockets and their options: see sock.h.
 */
#include "sock.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bsd/stdlib.h>
#include <bsd/string.h>

#include "kind.h"

enum {
	SOCK_BUFFER = 1 << 20, /* bytes: two batches of full frames and more */
	SOCK_LISTEN = 64,
};

static void strip_brackets(char *host);
static int set_inet(struct sock_address *a, const char *host, uint16_t port);
static int access_mode(struct sock_access *access, const char *text, char *err);
static int access_owner(
    struct sock_access *access, const char *name, char *err);
static int access_group(
    struct sock_access *access, const char *name, char *err);
static bool is_id(const char *text, uint32_t *id);
static int refuse_bind(
    const struct sock_address *a, const char *text, char *err);
static int refuse_errno(char *err, const char *what, const char *object);
static int replace_stale(const struct sock_address *a, int type, char *err);
static bool in_use(const struct sock_address *a, int type);
static int bind_socket(int fd, const struct sock_address *a);

int sock_unix(struct sock_address *a, const char *path, char *err)
{
	*a = (struct sock_address){.un.sun_family = AF_UNIX};
	a->len = sizeof(a->un);
	if (strlcpy(a->un.sun_path, path, sizeof(a->un.sun_path)) <
	    sizeof(a->un.sun_path))
		return 0;
	return port_refuse(err, -ENAMETOOLONG,
	    "%s: the path of a socket has at most %zu bytes", path,
	    sizeof(a->un.sun_path) - 1);
}

int sock_inet(struct sock_address *a, const char *text, char *err)
{
	char host[PORT_ARG];
	const char *wrong = NULL;

	strlcpy(host, text, sizeof(host));
	char *colon = strrchr(host, ':');
	if (!colon)
		return port_refuse(err, -EINVAL, "%s: give HOST:PORT", text);
	*colon = 0;
	strip_brackets(host);
	int port = (int)strtonum(colon + 1, 1, UINT16_MAX, &wrong);
	if (wrong)
		return port_refuse(err, -EINVAL,
		    "%s: the port number is %s: give 1 to 65535", text, wrong);
	if (strcmp(host, "localhost") == 0)
		strlcpy(host, "127.0.0.1", sizeof(host));
	if (set_inet(a, host, (uint16_t)port))
		return port_refuse(err, -EINVAL,
		    "%s: \"%s\" is not an IPv4 or IPv6 address, and names are "
		    "not looked up",
		    text, host);
	return 0;
}

int sock_access(
    struct sock_access *access, const struct port_spec *spec, char *err)
{
	static const struct {
		const char *key;
		int (*take)(struct sock_access *, const char *, char *);
	} takers[] = {
	    {"mode", access_mode},
	    {"owner", access_owner},
	    {"group", access_group},
	};

	*access = (struct sock_access){
	    .mode = 0600, .uid = (uid_t)-1, .gid = (gid_t)-1};
	for (size_t i = 0; i < sizeof(takers) / sizeof(*takers); i++) {
		const char *value = port_spec_get(spec, takers[i].key);
		int result = value ? takers[i].take(access, value, err) : 0;

		if (result)
			return result;
	}
	return 0;
}

bool sock_user(const char *name, uid_t *uid)
{
	const struct passwd *user;

	if (is_id(name, uid))
		return true;
	user = getpwnam(name);
	if (user)
		*uid = user->pw_uid;
	return user;
}

int sock_grant(const struct sock_access *access, const char *path, char *err)
{
	/* Anybody who may write to the directory may have put a link there. */
	if (!fchmodat(AT_FDCWD, path, access->mode, AT_SYMLINK_NOFOLLOW) &&
	    !lchown(path, access->uid, access->gid))
		return 0;
	return refuse_errno(err, "cannot set owner and mode of", path);
}

void sock_who(const char *path, char text[SOCK_WHO])
{
	struct stat st;
	char user[24] = "root";

	*text = '\0';
	if (lstat(path, &st))
		return;
	if (st.st_uid != 0)
		snprintf(user, sizeof(user), "user %u", st.st_uid);
	if (st.st_mode & S_IWOTH)
		strlcpy(text, "everyone", SOCK_WHO);
	else if (st.st_mode & S_IWGRP && st.st_gid != 0)
		snprintf(text, SOCK_WHO, "%s and group %u", user, st.st_gid);
	else
		snprintf(text, SOCK_WHO, "%s%s", user,
		    st.st_uid == 0 ? " alone" : "");
}

int sock_bind(const struct sock_address *a, int type,
    const struct sock_access *access, char *err)
{
	bool is_unix = a->any.sa_family == AF_UNIX;
	char text[sizeof(a->un.sun_path)];
	int result = is_unix ? replace_stale(a, type, err) : 0;

	if (result)
		return result;
	sock_text(a, text, sizeof(text));
	int fd =
	    socket(a->any.sa_family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0 || bind_socket(fd, a)) {
		result = refuse_bind(a, text, err);
		goto err_close;
	}
	if (is_unix && access)
		result = sock_grant(access, a->un.sun_path, err);
	if (!result && type != SOCK_DGRAM && listen(fd, SOCK_LISTEN))
		result = refuse_errno(err, "cannot listen on", text);
	if (!result)
		return fd;
	if (is_unix)
		unlink(a->un.sun_path);
err_close:
	if (fd >= 0)
		close(fd);
	return result;
}

const char *sock_text(const struct sock_address *a, char *text, size_t size)
{
	char host[INET6_ADDRSTRLEN] = "";

	if (a->any.sa_family == AF_UNIX)
		strlcpy(text, a->un.sun_path, size);
	else if (a->any.sa_family == AF_INET)
		snprintf(text, size, "%s:%u",
		    inet_ntop(AF_INET, &a->in.sin_addr, host, sizeof(host)),
		    ntohs(a->in.sin_port));
	else
		snprintf(text, size, "[%s]:%u",
		    inet_ntop(AF_INET6, &a->in6.sin6_addr, host, sizeof(host)),
		    ntohs(a->in6.sin6_port));
	return text;
}

void sock_enlarge(int fd)
{
	sock_set(fd, SOL_SOCKET, SO_SNDBUF, SOCK_BUFFER);
	sock_set(fd, SOL_SOCKET, SO_RCVBUF, SOCK_BUFFER);
}

int sock_set(int fd, int level, int option, int value)
{
	return sock_set_bytes(fd, level, option, &value, sizeof(value));
}

int sock_set_bytes(
    int fd, int level, int option, const void *value, socklen_t len)
{
	return setsockopt(fd, level, option, value, len) < 0 ? -errno : 0;
}

/* The address between brackets, if there are any. */
static void strip_brackets(char *host)
{
	size_t len = strlen(host);

	if (len < 2 || host[0] != '[' || host[len - 1] != ']')
		return;
	memmove(host, host + 1, len - 2);
	host[len - 2] = 0;
}

static int set_inet(struct sock_address *a, const char *host, uint16_t port)
{
	*a = (struct sock_address){.in.sin_family = AF_INET};
	if (inet_pton(AF_INET, host, &a->in.sin_addr) == 1) {
		a->in.sin_port = htons(port);
		a->len = sizeof(a->in);
		return 0;
	}
	*a = (struct sock_address){.in6.sin6_family = AF_INET6};
	if (inet_pton(AF_INET6, host, &a->in6.sin6_addr) == 1) {
		a->in6.sin6_port = htons(port);
		a->len = sizeof(a->in6);
		return 0;
	}
	return -EINVAL;
}

static int access_mode(struct sock_access *access, const char *text, char *err)
{
	char *end;
	unsigned long mode = strtoul(text, &end, 8);

	if (!*text || *end || mode > 0777)
		return port_refuse(err, -EINVAL,
		    "mode=%s: give an octal number up to 0777", text);
	access->mode = (mode_t)mode;
	return 0;
}

static int access_owner(struct sock_access *access, const char *name, char *err)
{
	if (sock_user(name, &access->uid))
		return 0;
	return port_refuse(err, -EINVAL,
	    "owner=%s: there is no such user: give a name or a number", name);
}

static int access_group(struct sock_access *access, const char *name, char *err)
{
	const struct group *group;

	if (is_id(name, &access->gid))
		return 0;
	group = getgrnam(name);
	if (!group)
		return port_refuse(err, -EINVAL,
		    "group=%s: there is no such group: give a name or a number",
		    name);
	access->gid = group->gr_gid;
	return 0;
}

/* No name of a user or group is a number. The last one means "leave it". */
static bool is_id(const char *text, uint32_t *id)
{
	const char *wrong = NULL;
	long long value = strtonum(text, 0, UINT32_MAX - 1, &wrong);

	if (!wrong)
		*id = (uint32_t)value;
	return !wrong;
}

static int refuse_errno(char *err, const char *what, const char *object)
{
	int error = errno;

	return port_refuse(
	    err, -error, "%s %s: %s", what, object, strerror(error));
}

static int refuse_bind(
    const struct sock_address *a, const char *text, char *err)
{
	bool is_unix = a->any.sa_family == AF_UNIX;
	int error = errno;

	return port_refuse(err, -error, "cannot bind a socket to %s: %s: %s",
	    text, strerror(error),
	    is_unix && error == ENOENT ? "make its directory, or choose another"
	    : is_unix		       ? "choose another path"
	    : error == EADDRNOTAVAIL   ? "give an address of this machine"
				       : "choose another port number");
}

/* Removes a socket file that nobody has open any more. */
static int replace_stale(const struct sock_address *a, int type, char *err)
{
	const char *path = a->un.sun_path;
	struct stat st;

	if (lstat(path, &st))
		return 0;
	if (!S_ISSOCK(st.st_mode))
		return port_refuse(err, -EEXIST,
		    "%s exists but is not a socket: remove it or choose "
		    "another "
		    "path",
		    path);
	if (in_use(a, type))
		return port_refuse(err, -EADDRINUSE,
		    "%s is in use by another process: stop it or choose "
		    "another path",
		    path);
	unlink(path);
	return 0;
}

/* Does anybody have the socket at @a open? */
static bool in_use(const struct sock_address *a, int type)
{
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	bool used = fd < 0 || !connect(fd, &a->any, a->len) ||
		    (errno != ECONNREFUSED && errno != ENOENT);

	if (fd >= 0)
		close(fd);
	return used;
}

/* Nobody may use the file until sock_grant() has set its mode. */
static int bind_socket(int fd, const struct sock_address *a)
{
	mode_t old;

	if (a->any.sa_family != AF_UNIX) {
		sock_set(fd, SOL_SOCKET, SO_REUSEADDR, 1);
		return bind(fd, &a->any, a->len);
	}
	old = umask(0777);
	int result = bind(fd, &a->any, a->len);
	int error = errno;
	umask(old);
	errno = error;
	return result;
}
