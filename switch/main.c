/* SPDX-License-Identifier: BSD-2-Clause */
/* main.c - qswitchd: from the command line to a running switch and back. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bsd/libutil.h>
#include <bsd/unistd.h>

#include "log.h"
#include "notify.h"
#include "switch.h"

enum { EXIT_USAGE = 2 };

static int run(struct config *config);
static int run_in_background(struct config *config);
static void say_ready(const struct qswitch *sw);

/* The write end of the pipe on which a parent waits for "ready", or -1. */
static int ready_fd = -1;

int main(int argc, char *argv[])
{
	struct config config;
	char err[CONFIG_ERR];

	setproctitle_init(argc, argv, environ);
	signal(SIGPIPE, SIG_IGN);
	switch (config_parse(&config, argc, argv, err)) {
	case CONFIG_HELP:
		config_free(&config);
		config_usage(stdout);
		return EXIT_SUCCESS;
	case CONFIG_VERSION:
		config_free(&config);
		puts("qswitchd " QSWITCH_VERSION);
		return EXIT_SUCCESS;
	case CONFIG_BAD:
		config_free(&config);
		fprintf(stderr, "qswitchd: %s\n", err);
		return EXIT_USAGE;
	case CONFIG_RUN:
		break;
	}
	log_open("qswitchd", config.log_level, 0);
	return config.daemonize ? run_in_background(&config) : run(&config);
}

/* Takes the pidfile. Return: false, having said why, if another has it. */
static bool take_pidfile(const char *path, struct pidfh **pidfile)
{
	pid_t other = 0;

	*pidfile = NULL;
	if (!*path)
		return true;
	*pidfile = pidfile_open(path, 0644, &other);
	if (*pidfile)
		return true;
	if (errno == EEXIST)
		log_error("%s: process %d holds this pidfile: stop it, or give "
			  "another path with --pidfile",
		    path, (int)other);
	else
		log_error(
		    "%s: cannot write the pidfile: %s", path, strerror(errno));
	return false;
}

static int run(struct config *config)
{
	char err[CONFIG_ERR];
	struct pidfh *pidfile;
	int status = EXIT_FAILURE;

	if (!take_pidfile(config->pidfile, &pidfile)) {
		config_free(config);
		return EXIT_FAILURE;
	}
	struct qswitch *sw = qswitch_new(config, err);
	if (sw && qswitch_start(sw, err) == 0) {
		pidfile_write(pidfile);
		say_ready(sw);
		qswitch_run(sw);
		notify_manager("STOPPING=1");
		status = EXIT_SUCCESS;
	} else {
		log_error("%s", err);
	}
	qswitch_free(sw);
	pidfile_remove(pidfile);
	return status;
}

static void say_ready(const struct qswitch *sw)
{
	int n = 0;

	qswitch_foreach (sw, p)
		n += p != NULL;
	setproctitle("%s: %d ports", sw->config.name, n);
	fprintf(stderr, "qswitchd: ready: switch %s with %d ports\n",
	    sw->config.name, n);
	int error = notify_manager("READY=1");
	if (error)
		log_warn(
		    "cannot tell the service manager: %s", strerror(-error));
	if (ready_fd < 0)
		return;
	/* From here on nobody reads what we say on standard error. */
	log_open("qswitchd", sw->config.log_level, 1);
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	for (int fd = 0; fd < 3 && null >= 0; fd++)
		dup2(null, fd);
	if (null > 2)
		close(null);
	if (write(ready_fd, "", 1) < 0)
		log_warn("the process that started us has gone");
	close(ready_fd);
}

/* The parent ends when the child is ready, with its status when it fails; so
 * errors of the start are seen where it was started. */
static int run_in_background(struct config *config)
{
	int fds[2];
	char byte;

	if (pipe2(fds, O_CLOEXEC) < 0) {
		log_error("pipe: %s", strerror(errno));
		return EXIT_FAILURE;
	}
	switch (fork()) {
	case -1:
		log_error("fork: %s", strerror(errno));
		return EXIT_FAILURE;
	case 0:
		close(fds[0]);
		ready_fd = fds[1];
		setsid();
		if (chdir("/") < 0)
			log_warn("chdir /: %s", strerror(errno));
		return run(config);
	default:
		close(fds[1]);
		config_free(config);
		return read(fds[0], &byte, 1) == 1 ? EXIT_SUCCESS
						   : EXIT_FAILURE;
	}
}
