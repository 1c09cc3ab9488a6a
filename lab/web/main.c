/* SPDX-License-Identifier: BSD-2-Clause */
/* main.c - qswitch-web: command line, and the turn of ask, tell, serve. */
#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include <bsd/string.h>
#include <microhttpd.h>

#include "switch/protocol/json.h"
#include "switch/protocol/socket_path.h"
#include "web.h"

#define DEFAULT_LISTEN "127.0.0.1:8021"

static volatile sig_atomic_t stopped;

struct options {
	char host[256], port[16]; /* to listen at */
	size_t names;		  /* that are in web->guard.names */
};

static void usage(FILE *out)
{
	fputs("usage: qswitch-web [OPTION...]\n"
	      "A page that shows what running switches do, and /metrics.\n\n"
	      "  --name NAME        show the switch of that name (qswitch); "
	      "several may be given\n"
	      "  --control PATH     show the switch with that control socket; "
	      "likewise\n"
	      "  --listen ADDR:PORT where browsers reach it (" DEFAULT_LISTEN
	      ")\n"
	      "  --host NAME        a name by which they may reach it, beside "
	      "ADDR and localhost\n"
	      "  --allow-control    let them pause and step switches with "
	      "--lab\n"
	      "  --help             print this and end\n"
	      "  --version          print the version and end\n",
	    out);
}

int64_t web_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct json_object *web_tell(struct web *web, bool full)
{
	struct json_object *told = json_object_new_array();

	for (size_t i = 0; i < web->n; i++) {
		source_open(&web->sources[i], web_now_ms());
		json_object_array_add(
		    told, source_tell(&web->sources[i], full));
	}
	return told;
}

static void add_source(struct web *web, const char *path)
{
	if (web->n == WEB_SWITCHES)
		errx(2, "%d switches fit on a page", WEB_SWITCHES);
	if (strlen(path) >= SOCKET_PATH)
		errx(2, "%s: longer than %d bytes", path, SOCKET_PATH - 1);
	source_init(&web->sources[web->n++], path);
}

static void add_named(struct web *web, const char *name)
{
	char path[SOCKET_PATH];

	socket_path(name, path);
	add_source(web, path);
}

static void add_host(struct web *web, struct options *o, const char *name)
{
	if (o->names == GUARD_NAMES - 1 || strlen(name) > 255)
		errx(2, "--host %s: too long, or one too many", name);
	web->guard.names[o->names++] = name;
}

/* "127.0.0.1:8021", "[::1]:8021" */
static void set_listen(struct options *o, const char *text)
{
	const char *colon = strrchr(text, ':');
	size_t len = colon ? (size_t)(colon - text) : 0;

	if (!len || len >= sizeof o->host ||
	    strlcpy(o->port, colon + 1, sizeof o->port) >= sizeof o->port)
		errx(2, "--listen %s: ADDR:PORT is expected", text);
	snprintf(o->host, sizeof o->host, "%.*s", (int)len, text);
}

static const struct option long_options[] = {
    {"name", required_argument, NULL, 'n'},
    {"control", required_argument, NULL, 'c'},
    {"listen", required_argument, NULL, 'l'},
    {"host", required_argument, NULL, 'H'},
    {"allow-control", no_argument, NULL, 'a'},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {0},
};

static void take_option(struct web *web, struct options *o, int c)
{
	if (c == 'n')
		add_named(web, optarg);
	else if (c == 'c')
		add_source(web, optarg);
	else if (c == 'l')
		set_listen(o, optarg);
	else if (c == 'H')
		add_host(web, o, optarg);
	else if (c == 'a')
		web->allow_control = true;
	else if (c == 'h')
		usage(stdout), exit(0);
	else if (c == 'V')
		puts("qswitch-web " QSWITCH_VERSION), exit(0);
	else
		exit(2);
}

static void parse_options(
    struct web *web, struct options *o, int argc, char *argv[])
{
	int c;

	add_host(web, o, "localhost");
	set_listen(o, DEFAULT_LISTEN);
	while ((c = getopt_long(argc, argv, "hV", long_options, NULL)) != -1)
		take_option(web, o, c);
	if (optind < argc)
		errx(2, "%s: no such argument; see --help", argv[optind]);
	if (!web->n)
		add_named(web, DEFAULT_SWITCH);
	add_host(web, o, o->host);
}

static void start(struct web *web, const struct options *o)
{
	const struct addrinfo hints = {
	    .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE,
	    .ai_socktype = SOCK_STREAM,
	};
	struct addrinfo *found;
	char host[sizeof o->host];

	/* a literal IPv6 address stands in brackets */
	strlcpy(host, o->host + (*o->host == '['), sizeof host);
	host[strcspn(host, "]")] = 0;
	int rc = getaddrinfo(host, o->port, &hints, &found);
	if (rc)
		errx(1, "--listen %s:%s: %s", o->host, o->port,
		    gai_strerror(rc));
	if (http_start(web, found->ai_addr))
		errx(1, "cannot listen at %s:%s: %s", o->host, o->port,
		    strerror(errno));
	freeaddrinfo(found);
	fprintf(
	    stderr, "qswitch-web: http://%s:%u/\n", o->host, web->guard.port);
}

/* What the page gets four times a second. */
static void tell_watchers(struct web *web, bool full)
{
	struct json_object *message = json_object_new_object();
	size_t len;

	json_put_bool(message, "control", web->allow_control);
	json_object_object_add(message, "switches", web_tell(web, full));
	const char *json = json_line(message, &len);
	feed_send(web, json, len);
	json_object_put(message);
}

/* Nobody watches: the switches shall not notice that we are there. */
static void rest(struct web *web)
{
	for (size_t i = 0; i < web->n; i++)
		source_close(&web->sources[i]);
}

static void wait_for_work(struct web *web, int timeout_ms)
{
	struct pollfd pfd[1 + WEB_SWITCHES] = {{.events = POLLIN}};
	MHD_UNSIGNED_LONG_LONG soon;

	pfd[0].fd = MHD_get_daemon_info(web->daemon, MHD_DAEMON_INFO_EPOLL_FD)
			->epoll_fd;
	for (size_t i = 0; i < web->n; i++)
		pfd[1 + i] = (struct pollfd){
		    web->sources[i].stream.fd, POLLIN, 0};
	if (MHD_get_timeout(web->daemon, &soon) == MHD_YES &&
	    (timeout_ms < 0 || soon < (unsigned)timeout_ms))
		timeout_ms = (int)soon;
	poll(pfd, 1 + web->n, timeout_ms);
	for (size_t i = 0; i < web->n; i++)
		if (pfd[1 + i].revents)
			source_read_events(&web->sources[i]);
}

static void serve(struct web *web)
{
	int64_t next_ms = 0;

	for (unsigned tick = 0; !stopped;) {
		int64_t now_ms = web_now_ms();
		if (!web->watchers) {
			rest(web);
			next_ms = now_ms;
		} else if (now_ms >= next_ms) {
			tell_watchers(web, tick++ % WEB_FULL_TICKS == 0);
			next_ms = web_now_ms() + WEB_TICK_MS;
		}
		int64_t left_ms = next_ms - web_now_ms();
		wait_for_work(web, !web->watchers ? -1
				   : left_ms > 0  ? (int)left_ms
						  : 0);
		MHD_run(web->daemon);
	}
}

static void on_signal(int signal)
{
	(void)signal;
	stopped = 1;
}

int main(int argc, char *argv[])
{
	const struct sigaction action = {.sa_handler = on_signal};
	static struct web web;
	struct options options = {0};

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
	parse_options(&web, &options, argc, argv);
	start(&web, &options);
	serve(&web);
	http_stop(&web);
	for (size_t i = 0; i < web.n; i++) {
		source_close(&web.sources[i]);
		json_object_put(web.sources[i].events);
	}
	return 0;
}
