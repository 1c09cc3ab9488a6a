/* SPDX-License-Identifier: BSD-2-Clause */
/* log_sink.c - where the log goes, without waiting: see log_sink.h. */
#include "log_sink.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include <bsd/string.h>

enum { LINE_MAX_BYTES = 1500 };

static void reopen(struct log_sink *sink);
static int put_syslog(
    struct log_sink *sink, int level, const char *ident, const char *line);
static int put_rest(struct log_sink *sink);
static ssize_t put(struct log_sink *sink, const char *bytes, size_t len);

void log_sink_stderr(struct log_sink *sink, int fd)
{
	struct stat st;

	*sink = (struct log_sink){.way = SINK_WRITE, .fd = fd};
	if (fstat(fd, &st) < 0)
		return;
	if (S_ISSOCK(st.st_mode))
		sink->way = SINK_SEND;
	else if (S_ISFIFO(st.st_mode) || S_ISCHR(st.st_mode))
		reopen(sink);
}

void log_sink_syslog(struct log_sink *sink, const char *path)
{
	*sink = (struct log_sink){
	    .way = SINK_SYSLOG,
	    .fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0),
	    .own_fd = true,
	    .path = path,
	};
	tzset(); /* reads a file: now, and not with the first line */
}

void log_sink_close(struct log_sink *sink)
{
	if (sink->own_fd && sink->fd >= 0)
		close(sink->fd);
	*sink = (struct log_sink){.fd = -1};
}

int log_sink_write(
    struct log_sink *sink, int level, const char *ident, const char *line)
{
	int result;

	if (sink->way == SINK_SYSLOG)
		return put_syslog(sink, level, ident, line);
	result = put_rest(sink);
	if (result)
		return result;
	int len = snprintf(sink->rest, sizeof(sink->rest), "%s: %.*s\n", ident,
	    LINE_MAX_BYTES, line);
	sink->start = 0;
	sink->end = (size_t)len;
	result = put_rest(sink);
	if (result && sink->start == 0)
		sink->end = 0; /* none of it has left: the line is lost */
	return sink->end ? 0 : result;
}

/* An open file of our own, so that O_NONBLOCK is ours alone. */
static void reopen(struct log_sink *sink)
{
	char path[32];
	int fd;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", sink->fd);
	fd = open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0) {
		sink->way = SINK_POLL;
		return;
	}
	sink->fd = fd;
	sink->own_fd = true;
}

/* As syslog(3) writes it (RFC 3164, 4.1). */
static int put_syslog(
    struct log_sink *sink, int level, const char *ident, const char *line)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	char text[LINE_MAX_BYTES + 128], when[32];
	time_t now = time(NULL);
	struct tm tm;

	strlcpy(to.sun_path, sink->path, sizeof(to.sun_path));
	strftime(when, sizeof(when), "%b %e %T", localtime_r(&now, &tm));
	int len = snprintf(text, sizeof(text), "<%d>%s %.32s[%d]: %.*s",
	    LOG_DAEMON | level, when, ident, (int)getpid(), LINE_MAX_BYTES,
	    line);
	ssize_t sent = sendto(sink->fd, text, (size_t)len,
	    MSG_DONTWAIT | MSG_NOSIGNAL, (struct sockaddr *)&to, sizeof(to));
	return sent < 0 ? -errno : 0;
}

/* Return: 0 when all of sink->rest has left. */
static int put_rest(struct log_sink *sink)
{
	while (sink->start < sink->end) {
		ssize_t n = put(
		    sink, sink->rest + sink->start, sink->end - sink->start);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		sink->start += (size_t)n;
	}
	sink->start = sink->end = 0;
	return 0;
}

static ssize_t put(struct log_sink *sink, const char *bytes, size_t len)
{
	struct pollfd room = {.fd = sink->fd, .events = POLLOUT};

	if (sink->way == SINK_SEND)
		return send(sink->fd, bytes, len, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (sink->way == SINK_POLL && poll(&room, 1, 0) == 0) {
		errno = EAGAIN;
		return -1;
	}
	return write(sink->fd, bytes, len);
}
