/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * log_sink.h - where the log goes: standard error or syslog, and never waits.
 *
 * Standard error is shared with whoever started us, and O_NONBLOCK belongs to
 * the open file that is shared, not to our descriptor: setting it would change
 * it for them. So it depends on what standard error is:
 *
 *     pipe, terminal    opened once more through /proc/self/fd, which gives an
 *                       open file of our own, with O_NONBLOCK; where that is
 *                       not permitted, poll() before a write of less than
 *                       PIPE_BUF, which a pipe takes whole or not at all
 *     socket            send() with MSG_DONTWAIT
 *     file              write(): a file is always ready, and its offset is
 *                       shared, as it should be
 *
 * syslog(3) waits when the daemon that collects the log has stopped reading, so
 * lines go to /dev/log by a datagram of our own.
 */
#ifndef SWITCH_LOG_SINK_H
#define SWITCH_LOG_SINK_H

#include <stdbool.h>
#include <stddef.h>

enum sink_way { SINK_WRITE, SINK_POLL, SINK_SEND, SINK_SYSLOG };

struct log_sink {
	enum sink_way way;
	int fd; /* -1: none */
	bool own_fd;
	const char *path;  /* of syslog's socket */
	char rest[2048];   /* of a line that a terminal took half */
	size_t start, end; /* of it */
};

/**
 * log_sink_stderr() - lines go to the file @fd
 * @fd: stays the caller's; usually 2
 */
void log_sink_stderr(struct log_sink *sink, int fd);

/**
 * log_sink_syslog() - lines go to the datagram socket @path
 * @path: such as "/dev/log"; stays the caller's
 */
void log_sink_syslog(struct log_sink *sink, const char *path);

/** log_sink_close() - close what the sink has opened */
void log_sink_close(struct log_sink *sink);

/**
 * log_sink_write() - write a line, or lose it
 * @level: of syslog(3)
 *
 * Never waits. A line of more than 1500 bytes is cut.
 *
 * Return: 0, -EAGAIN if there is no room now, or another -errno.
 */
int log_sink_write(
    struct log_sink *sink, int level, const char *ident, const char *line);

#endif
