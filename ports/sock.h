/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sock.h - addresses, sockets and their options.
 *
 * A function with the parameter @err writes one sentence there (PORT_ERR bytes)
 * when it fails, and returns -errno.
 */
#ifndef PORTS_SOCK_H
#define PORTS_SOCK_H

#include <netinet/in.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "spec.h"

struct sock_address {
	union {
		struct sockaddr any;
		struct sockaddr_un un;
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
	};
	socklen_t len;
};

/** sock_unix() - the address of a unix socket. Return: 0 or -ENAMETOOLONG */
int sock_unix(struct sock_address *a, const char *path, char *err);

/**
 * sock_inet() - HOST:PORT, both numeric, [HOST]:PORT for IPv6
 *
 * Names are not looked up, except localhost: that would hold up every frame of
 * the switch.
 *
 * Return: 0 or -EINVAL.
 */
int sock_inet(struct sock_address *a, const char *text, char *err);

/* Who may use a socket file: options mode=, owner=USER, group=GROUP. */
struct sock_access {
	mode_t mode;
	uid_t uid; /* -1: leave it */
	gid_t gid; /* -1: leave it */
};

/** sock_access() - read mode=, owner= and group=. Return: 0 or -EINVAL */
int sock_access(
    struct sock_access *access, const struct port_spec *spec, char *err);

/** sock_user() - the number of user @name, which may be a number itself.
 * Return: false if there is no such user */
bool sock_user(const char *name, uid_t *uid);

/** sock_grant() - set owner and mode of file @path. Return: 0 or -errno */
int sock_grant(const struct sock_access *access, const char *path, char *err);

enum { SOCK_WHO = 48 };

/**
 * sock_who() - who may connect to the socket file @path, for the operator
 * @text: SOCK_WHO bytes: "root alone", "user 1000 and group 5"; "" if it cannot
 *        be seen
 *
 * The system turns others away without telling the switch.
 */
void sock_who(const char *path, char text[SOCK_WHO]);

/**
 * sock_bind() - a non-blocking socket bound to @a, listening unless it is one of
 * datagrams
 * @type:   SOCK_STREAM, SOCK_SEQPACKET or SOCK_DGRAM
 * @access: of the file, for a path; else NULL
 *
 * A socket file that nobody has open any more is replaced. One in use, or a
 * file of another type, is an error.
 *
 * Return: the fd, which the caller owns, or -errno.
 * #syscalls socket bind listen connect unlink chmod
 */
int sock_bind(const struct sock_address *a, int type,
    const struct sock_access *access, char *err);

/**
 * sock_text() - write @a as in sentences: "/run/vm.sock", "127.0.0.1:4000"
 *
 * Return: @text.
 */
const char *sock_text(const struct sock_address *a, char *text, size_t size);

/** sock_enlarge() - ask for large buffers; the system may grant less */
void sock_enlarge(int fd);

/** sock_set() - setsockopt() of an int. Return: 0, or -errno with errno set */
int sock_set(int fd, int level, int option, int value);

/** sock_set_bytes() - setsockopt() of @len bytes. Return: see sock_set() */
int sock_set_bytes(
    int fd, int level, int option, const void *value, socklen_t len);

#endif
