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
	int fd; /* listens; -1: closed */
	dev_t dev;
	ino_t ino; /* of the file, to know it again; 0: none made */
	bool own_directory;
};

/**
 * socket_file_open() - listen at @path, readable and writable by owner and group
 * @name:    of the switch: the directory of its default path is made if needed
 * @backlog: connections that may wait to be accepted
 * @err:     CONFIG_ERR bytes
 *
 * Replaces a socket on which nobody listens any more; one in use by a live
 * daemon is an error that names it.
 *
 * Return: 0, or -EADDRINUSE or another -errno with a sentence in @err; in
 * either case socket_file_close() cleans up.
 */
int socket_file_open(struct socket_file *file, const char *path,
    const char *name, int backlog, char *err);

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
