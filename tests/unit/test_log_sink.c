/* SPDX-License-Identifier: BSD-2-Clause */
/* test_log_sink.c - the log never waits for whoever reads it. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <syslog.h>
#include <unistd.h>

#include <bsd/string.h>

#include "switch/log_sink.h"

#include "cm.h"

enum { TOO_LONG_S = 20 };

/* Writes until there is no room. A sink that waits is ended by the alarm. */
static int fill(struct log_sink *sink)
{
	char line[900];
	int n = 0, result;

	memset(line, 'x', sizeof(line));
	line[sizeof(line) - 1] = '\0';
	alarm(TOO_LONG_S);
	while (!(result = log_sink_write(sink, LOG_INFO, "me", line)))
		n++;
	alarm(0);
	assert_int_equal(result, -EAGAIN);
	return n;
}

static void a_full_pipe_loses_lines(void **state)
{
	struct log_sink sink;
	char text[1024];
	int fds[2];

	(void)state;
	assert_int_equal(pipe(fds), 0);
	log_sink_stderr(&sink, fds[1]);
	assert_true(fill(&sink) > 10);
	/* the file that we share with others waits as before */
	assert_false(fcntl(fds[1], F_GETFL) & O_NONBLOCK);
	while (read(fds[0], text, sizeof(text)) == sizeof(text))
		if (!log_sink_write(&sink, LOG_INFO, "me", "again"))
			break;
	log_sink_close(&sink);
	close(fds[0]);
	close(fds[1]);
}

/* Where an open file of our own is not to be had. */
static void a_full_pipe_of_others_loses_lines(void **state)
{
	struct log_sink sink;
	int fds[2];

	(void)state;
	assert_int_equal(pipe(fds), 0);
	log_sink_stderr(&sink, fds[1]);
	log_sink_close(&sink);
	sink = (struct log_sink){.way = SINK_POLL, .fd = fds[1]};
	assert_true(fill(&sink) > 10);
	close(fds[0]);
	close(fds[1]);
}

static void a_full_socket_loses_lines(void **state)
{
	struct log_sink sink;
	int fds[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	log_sink_stderr(&sink, fds[1]);
	assert_true(fill(&sink) > 10);
	close(fds[0]);
	assert_int_equal(
	    log_sink_write(&sink, LOG_INFO, "me", "nobody"), -EPIPE);
	log_sink_close(&sink);
	close(fds[1]);
}

static void a_file_shares_its_offset(void **state)
{
	char path[] = "/tmp/test_log_sink.XXXXXX", text[64] = "";
	int fd = mkstemp(path);
	struct log_sink sink;

	(void)state;
	assert_true(fd >= 0);
	log_sink_stderr(&sink, fd);
	assert_int_equal(write(fd, "one\n", 4), 4);
	assert_int_equal(log_sink_write(&sink, LOG_INFO, "me", "two"), 0);
	assert_int_equal(write(fd, "three\n", 6), 6);
	assert_true(pread(fd, text, sizeof(text) - 1, 0) > 0);
	assert_string_equal(text, "one\nme: two\nthree\n");
	log_sink_close(&sink);
	close(fd);
	unlink(path);
}

static void syslog_never_waits(void **state)
{
	char dir[] = "/tmp/test_log_sink.XXXXXX", text[2048];
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	struct log_sink sink;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(at.sun_path, sizeof(at.sun_path), "%s/log", dir);
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	log_sink_syslog(&sink, at.sun_path);
	assert_int_equal(
	    log_sink_write(&sink, LOG_ERR, "me", "nobody"), -ENOENT);
	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(log_sink_write(&sink, LOG_ERR, "me", "first"), 0);
	fill(&sink);
	ssize_t len = read(fd, text, sizeof(text) - 1);
	assert_true(len > 0);
	text[len] = '\0';
	assert_int_equal(strncmp(text, "<27>", 4), 0);
	assert_non_null(strstr(text, " me["));
	assert_non_null(strstr(text, "]: first"));
	log_sink_close(&sink);
	close(fd);
	unlink(at.sun_path);
	rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_full_pipe_loses_lines),
	    cmocka_unit_test(a_full_pipe_of_others_loses_lines),
	    cmocka_unit_test(a_full_socket_loses_lines),
	    cmocka_unit_test(a_file_shares_its_offset),
	    cmocka_unit_test(syslog_never_waits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
