/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * socket_file.h - the listening socket of the daemon, and its file.
 */
#ifndef SWITCH_CONTROL_SOCKET_FILE_H
#define SWITCH_CONTROL_SOCKET_FILE_H

#include <stdbool.h>
#include <sys/types.h>

#include "switch/config.h"
#include "switch/protocol/socket_path.h"

struct socket_file {
	char path[SOCKET_PATH];
	char name[CONFIG_NAME]; /* of the switch */
	int fd;			/* listens; -1: closed */
	dev_t dev;
	ino_t ino; /* of the file, to know it again; 0: none made */
	int lock;  /* held while the socket is ours; -1: none */
};

/**
 * socket_file_open() - listen at @path, readable and writable by owner and group
 * @name:    of the switch: the directory of its default path is made if needed
 * @backlog: connections that may wait to be accepted
 * @err:     CONFIG_ERR bytes
 *
 * Replaces a socket on which nobody listens any more; one in use by a live
 * daemon is an error that names it. A lock on PATH.lock keeps two daemons that
 * start at the same moment from replacing each other's.
 *
 * Return: 0, or -EADDRINUSE or another -errno with a sentence in @err; in
 * either case socket_file_close() cleans up.
 */
int socket_file_open(struct socket_file *file, const char *path,
    const char *name, int backlog, char *err);

/**
 * socket_directory_make() - make the directory of default sockets for @path
 * @path: of a file; nothing is done unless that directory is its directory
 * @name: of the switch
 * @err:  CONFIG_ERR bytes
 *
 * Return: false with a sentence in @err, also if it is not to be trusted.
 */
bool socket_directory_make(const char *path, const char *name, char *err);

/** socket_directory_leave() - remove what it made, if it is empty by now */
void socket_directory_leave(const char *path, const char *name);

/**
 * socket_file_give() - let the members of @group connect
 * @group: (gid_t)-1: keep the group as it is
 * @err:   CONFIG_ERR bytes
 *
 * Return: 0, or -errno with a sentence in @err: an ordinary user may give only
 * groups of which he is a member.
 */
int socket_file_give(struct socket_file *file, gid_t group, char *err);

/** socket_file_close() - stop listening, remove the file if it is still ours */
void socket_file_close(struct socket_file *file);

#endif
