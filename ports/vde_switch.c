/* SPDX-License-Identifier: BSD-2-Clause */
/* vde_switch.c - what a VDE switch and its clients share: see vde_switch.h. */
#include "vde_switch.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bsd/stdlib.h>
#include <bsd/string.h>

#include "kind.h"

/* The names of data sockets are longer than the directory's by up to this. */
enum { DATA_NAME = 16 };

static int set_up(
    struct vde_switch *vs, const struct port_spec *spec, char *err);
static int parse_users(struct vde_switch *vs, const char *text, char *err);
static int parse_user(struct vde_switch *vs, char *text, char *err);
static int make_dir(struct vde_switch *vs, char *err);
static mode_t dir_mode(mode_t mode);
static int listen_there(
    struct vde_switch *vs, const struct port_spec *spec, char *err);
static void discard(struct vde_switch *vs);
static bool user_may(const struct vde_switch *vs, uid_t uid, uint32_t port);

struct vde_switch *vde_switch_new(const struct port_spec *spec, char *err)
{
	struct vde_switch *vs = calloc(1, sizeof(*vs));

	if (!vs) {
		errno = -port_refuse(err, -ENOMEM, "out of memory");
		return NULL;
	}
	int result = set_up(vs, spec, err);
	if (result == 0)
		return vs;
	discard(vs);
	errno = -result;
	return NULL;
}

void vde_switch_drop(struct vde_switch *vs)
{
	bool last = vs->gate->holders == 1;

	gate_drop(vs->gate);
	if (last)
		discard(vs);
}

uint32_t vde_switch_choose(
    const struct vde_switch *vs, uid_t uid, uint32_t wish)
{
	if (wish)
		return wish < VDE_PORTS && user_may(vs, uid, wish) &&
			       (!vs->ports[wish].clients ||
				   vs->ports[wish].uid == uid)
			   ? wish
			   : 0;
	for (uint32_t i = 1; i < VDE_PORTS; i++) {
		if (!vs->ports[i].clients && user_may(vs, uid, i))
			return i;
	}
	return 0;
}

static int set_up(
    struct vde_switch *vs, const struct port_spec *spec, char *err)
{
	const char *users = port_spec_get(spec, "users");
	size_t len = strlcpy(vs->dir, spec->arg, sizeof(vs->dir));
	int result;

	if (len >= sizeof(vs->dir) - DATA_NAME)
		return port_refuse(err, -ENAMETOOLONG,
		    "vde:%s: the path is too long", spec->arg);
	result = sock_access(&vs->access, spec, err);
	if (result == 0 && users)
		result = parse_users(vs, users, err);
	if (result == 0)
		result = make_dir(vs, err);
	if (result == 0)
		result = listen_there(vs, spec, err);
	return result;
}

static int parse_users(struct vde_switch *vs, const char *text, char *err)
{
	char copy[PORT_ARG], *rest = copy, *word;
	int result = 0;

	strlcpy(copy, text, sizeof(copy));
	while (result == 0 && (word = strsep(&rest, "+")))
		result = parse_user(vs, word, err);
	return result;
}

static int parse_user(struct vde_switch *vs, char *text, char *err)
{
	char *at = strchr(text, '@');
	const char *wrong = NULL;
	long long port = 0;

	if (at) {
		*at++ = '\0';
		port = strtonum(at, 1, VDE_PORTS - 1, &wrong);
	}
	uid_t uid;
	if (!sock_user(text, &uid) || wrong || vs->n_users == VDE_USERS)
		return port_refuse(err, -EINVAL,
		    "users=: %s: give up to %d users that exist, as USER or "
		    "USER@PORT joined by +, with ports from 1 to %d",
		    text, VDE_USERS, VDE_PORTS - 1);
	vs->users[vs->n_users++] = (struct vde_user){uid, (uint32_t)port};
	return 0;
}

static int make_dir(struct vde_switch *vs, char *err)
{
	struct sock_access access = vs->access;
	struct stat st;

	access.mode = dir_mode(access.mode);
	vs->made_dir = mkdir(vs->dir, 0700) == 0;
	if (vs->made_dir)
		return sock_grant(&access, vs->dir, err);
	if (errno != EEXIST)
		return port_refuse(err, -errno, "cannot make directory %s: %s",
		    vs->dir, strerror(errno));
	if (lstat(vs->dir, &st) < 0 || !S_ISDIR(st.st_mode))
		return port_refuse(err, -ENOTDIR,
		    "%s exists but is not a directory: choose another path",
		    vs->dir);
	if ((st.st_mode & (S_IWOTH | S_ISVTX)) == S_IWOTH)
		return port_refuse(err, -EACCES,
		    "%s exists, and every user could move its socket ctl away: "
		    "run \"chmod +t %s\" or choose another path",
		    vs->dir, vs->dir);
	return 0;
}

/* vde_switch's rule: who may read or write the socket may enter. Others than
 * the owner who may write there can make files, but not move ours (S_ISVTX). */
static mode_t dir_mode(mode_t mode)
{
	mode_t sticky = mode & 0022 ? S_ISVTX : 0;

	return S_ISGID | sticky | mode | (mode & 0444) >> 2 |
	       (mode & 0222) >> 1;
}

static int listen_there(
    struct vde_switch *vs, const struct port_spec *spec, char *err)
{
	char path[sizeof(vs->dir) + 8];
	struct sock_address a;

	snprintf(path, sizeof(path), "%s/ctl", vs->dir);
	int result = sock_unix(&a, path, err);
	int fd =
	    result < 0 ? result : sock_bind(&a, SOCK_STREAM, &vs->access, err);
	if (fd < 0)
		return fd;
	vs->gate = gate_new(spec, fd, path, err);
	return vs->gate ? 0 : -EINVAL;
}

static void discard(struct vde_switch *vs)
{
	if (vs->made_dir)
		rmdir(vs->dir);
	free(vs);
}

static bool user_may(const struct vde_switch *vs, uid_t uid, uint32_t port)
{
	for (int i = 0; i < vs->n_users; i++) {
		const struct vde_user *user = &vs->users[i];

		if (user->uid == uid && (!user->port || user->port == port))
			return true;
	}
	return !vs->n_users || uid == 0 || uid == geteuid();
}
