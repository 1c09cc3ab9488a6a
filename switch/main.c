/* SPDX-License-Identifier: BSD-2-Clause */
/* main.c - qswitchd: from the command line to a running switch and back. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <bsd/libutil.h>
#include <bsd/string.h>
#include <bsd/unistd.h>

#include "ports/inherited.h"
#include "switch/control/control.h"
#include "switch/control/socket_file.h"
#include "switch/protocol/standard_fds.h"

#include "delay.h"
#include "lab.h"
#include "log.h"
#include "notify.h"
#include "process.h"
#include "switch.h"

enum { EXIT_USAGE = 2, FILES_OF_OWN = 32, FILES_PER_PORT = 4 };

/* The switch, and what is built on top of it. */
struct house {
	struct qswitch *sw;
	struct delay delay;
	struct lab *lab;
	struct control *control;
};

static void raise_files(int n_ports);
static int run_in_background(struct config *config);
static int run(struct config *config);
static int status_of(int result);
static bool take_pidfile(const struct config *config, struct pidfh **pidfile);
static int build(struct house *house, struct config *config, char *err);
static void tear_down(struct house *house);
static void say_ready(const struct qswitch *sw);
static void leave_terminal(const struct qswitch *sw);

/* The write end of the pipe on which a parent waits for "ready", or -1. */
static int ready_fd = -1;

int main(int argc, char *argv[])
{
	struct config config;
	char err[CONFIG_ERR];

	setproctitle_init(argc, argv, environ);
	if (!standard_fds_open())
		return EXIT_FAILURE;
	inherited_note();
	process_ignore_signals();
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
	log_open("qswitchd", config.log_level, false);
	raise_files(config.n_ports);
	return config.daemonize ? run_in_background(&config) : run(&config);
}

/* A port needs up to FILES_PER_PORT files. */
static void raise_files(int n_ports)
{
	unsigned long limit = process_raise_files();
	unsigned long need = FILES_OF_OWN + FILES_PER_PORT * (unsigned)n_ports;

	if (need > limit)
		log_warn("%d ports may need %lu open files, and only %lu are "
			 "allowed: raise the hard limit (ulimit -Hn, or "
			 "LimitNOFILE= of a service)",
		    n_ports, need, limit);
}

/* The parent ends when the child is ready, or with the child's status if that
 * fails: errors of the start show where it was started. */
static int run_in_background(struct config *config)
{
	int fds[2];
	int status;
	char byte;

	if (pipe2(fds, O_CLOEXEC) < 0) {
		log_error("pipe: %s", strerror(errno));
		return EXIT_FAILURE;
	}
	pid_t child = fork();
	switch (child) {
	case -1:
		log_error("fork: %s", strerror(errno));
		return EXIT_FAILURE;
	case 0:
		close(fds[0]);
		ready_fd = fds[1];
		/* It stays in this directory: relative paths mean it, also
		 * when a port is opened again or a file is removed. */
		setsid();
		return run(config);
	default:
		close(fds[1]);
		config_free(config);
		if (read(fds[0], &byte, 1) == 1)
			return EXIT_SUCCESS;
		return waitpid(child, &status, 0) == child && WIFEXITED(status)
			   ? WEXITSTATUS(status)
			   : EXIT_FAILURE;
	}
}

static int run(struct config *config)
{
	struct house house = {0};
	char err[CONFIG_ERR], path[CONFIG_PATH], name[CONFIG_NAME];
	struct pidfh *pidfile;

	if (!take_pidfile(config, &pidfile)) {
		config_free(config);
		return EXIT_FAILURE;
	}
	strlcpy(path, config->pidfile, sizeof(path));
	strlcpy(name, config->name, sizeof(name));
	int result = build(&house, config, err);
	if (result == 0) {
		pidfile_write(pidfile);
		say_ready(house.sw);
		qswitch_run(house.sw);
		notify_manager("STOPPING=1");
	} else {
		log_error("%s", err);
	}
	tear_down(&house);
	pidfile_remove(pidfile);
	socket_directory_leave(path, name);
	log_tick();
	return status_of(result);
}

/* A kind of port checks its options when it opens, and says so by the error:
 * then it was the command line that was wrong. */
static int status_of(int result)
{
	if (result == -EINVAL || result == -ENAMETOOLONG)
		return EXIT_USAGE;
	return result ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* Return: false, having said why, if another process holds it. */
static bool take_pidfile(const struct config *config, struct pidfh **pidfile)
{
	const char *path = config->pidfile;
	char err[CONFIG_ERR];
	pid_t other = 0;

	*pidfile = NULL;
	if (!*config->pidfile)
		return true;
	if (!socket_directory_make(path, config->name, err)) {
		log_error("%s: cannot write the pidfile: %s: give another path "
			  "with --pidfile",
		    path, err);
		return false;
	}
	*pidfile = pidfile_open(path, 0644, &other);
	if (*pidfile)
		return true;
	if (errno == EEXIST)
		log_error("%s: process %d holds this pidfile: stop it, or give "
			  "another path with --pidfile",
		    path, (int)other);
	else
		log_error(
		    "%s: cannot write the pidfile: %s: give another path with "
		    "--pidfile",
		    path, strerror(errno));
	return false;
}

/* Return: 0, or -errno with a sentence in @err. */
static int build(struct house *house, struct config *config, char *err)
{
	struct qswitch *sw = house->sw = qswitch_new(config, err);

	if (!sw)
		return -ENOMEM;
	if (sw->config.debug_delay_us)
		delay_start(&house->delay, sw, sw->config.debug_delay_us);
	if (sw->config.lab && !(house->lab = lab_new(sw))) {
		strlcpy(err, "out of memory", CONFIG_ERR);
		return -ENOMEM;
	}
	/* Before the ports: it tells whether the switch is running already. */
	house->control = control_new(sw, house->lab, sw->config.control, err);
	return house->control ? qswitch_start(sw, err) : -EADDRINUSE;
}

/* Clients that monitor hear that the ports leave, then lose the connection. */
static void tear_down(struct house *house)
{
	qswitch_close(house->sw);
	control_free(house->control);
	lab_free(house->lab);
	qswitch_free(house->sw);
}

static void say_ready(const struct qswitch *sw)
{
	int n = 0;

	qswitch_foreach (sw, p)
		n += p != NULL;
	const char *s = n == 1 ? "" : "s";
	setproctitle("%s: %d port%s", sw->config.name, n, s);
	if (n)
		log_always(
		    "ready: switch %s with %d port%s", sw->config.name, n, s);
	else
		log_always("ready: switch %s with 0 ports: add one with "
			   "\"qswitchctl --name %s port add tap:tap0\", or "
			   "see qswitchd --help",
		    sw->config.name, sw->config.name);
	int result = notify_manager("READY=1");
	if (result)
		log_warn(
		    "cannot notify the service manager: %s", strerror(-result));
	if (ready_fd >= 0)
		leave_terminal(sw);
}

/* From here on nobody reads standard error; the parent may end. */
static void leave_terminal(const struct qswitch *sw)
{
	log_open("qswitchd", sw->config.log_level, true);
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	for (int fd = 0; fd < 3 && null >= 0; fd++)
		dup2(null, fd);
	if (null > 2)
		close(null);
	if (write(ready_fd, "", 1) < 0)
		log_warn("the process that started us has gone");
	close(ready_fd);
}
