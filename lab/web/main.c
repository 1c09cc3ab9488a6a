/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * main.c - qswitch-web: a page that shows switches, drawn in the browser. The
 * command line, and the loop: ask, tell, serve.
 *
 *     http        which path serves what, and whom it refuses
 *       guard     checks of what a browser sends
 *       token     the secret that a client has to know
 *       crowd     which connection ends where too many are open
 *       feed      the browsers that watch: server-sent events
 *       metrics   for Prometheus
 *       asset     static/: HTML, CSS and JavaScript modules, embedded
 *     switches    the switches that the page shows
 *       source    one switch, through its control socket
 *
 * One thread. It asks the switches only while somebody watches, and equally
 * often however many watch.
 */
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

#include <bsd/string.h>

#include "switch/protocol/json.h"
#include "switch/protocol/socket_path.h"
#include "switch/protocol/standard_fds.h"

#include "feed.h"
#include "http.h"
#include "now.h"
#include "switches.h"
#include "token.h"

#define DEFAULT_LISTEN "127.0.0.1:8021"

enum {
	TICK_MS = 250,	/* between two messages to the browsers */
	FULL_TICKS = 4, /* every fourth message tells all about a switch */
};

struct web {
	struct switches switches;
	struct feed feed;
	struct http http;
	char token[TOKEN_MAX + 1];
};

struct options {
	char host[256], port[16]; /* to listen on */
	size_t names;		  /* in use in web->http.guard.names */
	const char *token_file;	  /* NULL: not given */
};

static const struct option long_options[] = {
    {"name", required_argument, NULL, 'n'},
    {"control", required_argument, NULL, 'c'},
    {"listen", required_argument, NULL, 'l'},
    {"host", required_argument, NULL, 'H'},
    {"token", required_argument, NULL, 't'},
    {"allow-control", no_argument, NULL, 'a'},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {0},
};

static volatile sig_atomic_t stopped;

static void on_signal(int signal);
static void parse_options(
    struct web *web, struct options *o, int argc, char *argv[]);
static void take_option(struct web *web, struct options *o, int c);
static void add_named(struct web *web, const char *name);
static void add_switch(struct web *web, const char *path);
static void set_listen(struct options *o, const char *text);
static void add_host(struct web *web, struct options *o, const char *name);
static void set_token(struct web *web, const struct options *o);
static void usage(FILE *out);
static void start(struct web *web, const struct options *o);
static void tell_address(const struct web *web, const struct options *o);
static void tell_absent(struct web *web);
static void serve(struct web *web);
static void tell_watchers(struct web *web, bool full);
static void wait_for_work(struct web *web, int timeout_ms);

int main(int argc, char *argv[])
{
	const struct sigaction action = {.sa_handler = on_signal};
	struct sigaction before;
	static struct web web;
	struct options options = {0};

	if (!standard_fds_open())
		return EXIT_FAILURE;
	web.http.switches = &web.switches;
	web.http.feed = &web.feed;
	/* a shell's "&" means it */
	sigaction(SIGINT, NULL, &before);
	if (before.sa_handler != SIG_IGN)
		sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
	parse_options(&web, &options, argc, argv);
	start(&web, &options);
	tell_absent(&web);
	serve(&web);
	http_stop(&web.http);
	switches_free(&web.switches);
	return 0;
}

static void on_signal(int signal)
{
	(void)signal;
	stopped = 1;
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
		errx(2, "%s: unexpected argument; see --help", argv[optind]);
	if (!web->switches.n)
		add_named(web, "qswitch");
	add_host(web, o, o->host);
	set_token(web, o);
}

static void take_option(struct web *web, struct options *o, int c)
{
	if (c == 'n')
		add_named(web, optarg);
	else if (c == 'c')
		add_switch(web, optarg);
	else if (c == 'l')
		set_listen(o, optarg);
	else if (c == 'H')
		add_host(web, o, optarg);
	else if (c == 't')
		o->token_file = optarg;
	else if (c == 'a')
		web->http.allow_control = true;
	else if (c == 'h')
		usage(stdout), exit(0);
	else if (c == 'V')
		puts("qswitch-web " QSWITCH_VERSION), exit(0);
	else
		exit(2);
}

static void add_named(struct web *web, const char *name)
{
	char path[SOCKET_PATH];

	socket_path(name, path);
	add_switch(web, path);
}

static void add_switch(struct web *web, const char *path)
{
	int result = switches_add(&web->switches, path);

	if (result == -ENOSPC)
		errx(2, "%s: a page shows at most %d switches", path,
		    SWITCHES_MAX);
	if (result)
		errx(2, "%s: the path is longer than %d bytes", path,
		    SOCKET_PATH - 1);
}

/* "127.0.0.1:8021", "[::1]:8021" */
static void set_listen(struct options *o, const char *text)
{
	const char *colon = strrchr(text, ':');
	size_t len = colon ? (size_t)(colon - text) : 0;

	if (!len || len >= sizeof(o->host) ||
	    strlcpy(o->port, colon + 1, sizeof(o->port)) >= sizeof(o->port))
		errx(2, "--listen %s: not of the form ADDR:PORT", text);
	snprintf(o->host, sizeof(o->host), "%.*s", (int)len, text);
}

static void add_host(struct web *web, struct options *o, const char *name)
{
	if (strlen(name) > 255)
		errx(2, "--host %s: longer than 255 bytes", name);
	if (o->names == GUARD_NAMES - 1)
		errx(2, "--host %s: too many names, at most %d", name,
		    GUARD_NAMES - 3);
	web->http.guard.names[o->names++] = name;
}

/* Who can only open a TCP port may not control a switch. */
static void set_token(struct web *web, const struct options *o)
{
	char err[TOKEN_ERR];

	if (o->token_file) {
		if (token_from_file(o->token_file, web->token, err))
			errx(1, "--token: %s", err);
	} else if (web->http.allow_control) {
		token_make(web->token);
	}
	if (*web->token)
		web->http.token = web->token;
}

static void usage(FILE *out)
{
	fputs("usage: qswitch-web [OPTION...]\n"
	      "Serves a page that shows what running switches do, and "
	      "/metrics.\n\n"
	      "  --name NAME        show the switch with this name (default: "
	      "qswitch);\n"
	      "                     may be repeated\n"
	      "  --control PATH     show the switch with this control socket; "
	      "may be\n"
	      "                     repeated\n"
	      "  --listen ADDR:PORT listen here for browsers "
	      "(default: " DEFAULT_LISTEN ")\n"
	      "  --host NAME        accept requests for this name too, besides "
	      "ADDR and\n"
	      "                     localhost; may be repeated\n"
	      "  --token FILE       tell about the switches only who knows the "
	      "token in FILE,\n"
	      "                     which is made if it does not exist\n"
	      "  --allow-control    let browsers pause and step switches that "
	      "run with --lab;\n"
	      "                     needs a token: --token, or the one in the "
	      "address that\n"
	      "                     it prints\n"
	      "  --help             print this help and exit\n"
	      "  --version          print the version and exit\n",
	    out);
}

static void start(struct web *web, const struct options *o)
{
	const struct addrinfo hints = {
	    .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE,
	    .ai_socktype = SOCK_STREAM,
	};
	struct addrinfo *found;
	char host[sizeof(o->host)];

	/* a literal IPv6 address stands in brackets */
	strlcpy(host, o->host + (*o->host == '['), sizeof(host));
	host[strcspn(host, "]")] = 0;
	int result = getaddrinfo(host, o->port, &hints, &found);
	if (result)
		errx(1, "--listen %s:%s: %s", o->host, o->port,
		    gai_strerror(result));
	if (http_start(&web->http, found->ai_addr))
		err(1, "cannot listen on %s:%s", o->host, o->port);
	freeaddrinfo(found);
	tell_address(web, o);
}

static void tell_address(const struct web *web, const struct options *o)
{
	const struct http *http = &web->http;
	bool made = http->token && !o->token_file;

	fprintf(stderr, "qswitch-web: http://%s:%u/%s%s\n", o->host,
	    http->guard.port, made ? "#token=" : "", made ? http->token : "");
	if (!http->token)
		warnx("whoever can reach this address can see everything, "
		      "other users of this machine too: --token prevents that");
	else if (!made)
		warnx("put #token= and the token in %s behind this address",
		    o->token_file);
}

/* A misspelt name would show an empty page for ever. */
static void tell_absent(struct web *web)
{
	struct switches *s = &web->switches;

	for (size_t i = 0; i < s->n; i++)
		if (!source_open(&s->list[i], web_now_ms()))
			warnx("no switch answers at %s (%s): it is shown when "
			      "it runs",
			    s->list[i].path, s->list[i].error);
	switches_rest(s);
}

static void serve(struct web *web)
{
	int64_t next_at_ms = 0;

	for (unsigned tick = 0; !stopped;) {
		int64_t now_ms = web_now_ms();
		if (!feed_is_watched(&web->feed)) {
			/* leaves no trace in the switches */
			switches_rest(&web->switches);
			next_at_ms = now_ms;
		} else if (now_ms >= next_at_ms) {
			tell_watchers(web, tick++ % FULL_TICKS == 0);
			next_at_ms = web_now_ms() + TICK_MS;
		}
		int64_t left_ms = next_at_ms - web_now_ms();
		wait_for_work(web, !feed_is_watched(&web->feed) ? -1
				   : left_ms > 0		? (int)left_ms
								: 0);
		http_run(&web->http);
	}
}

static void tell_watchers(struct web *web, bool full)
{
	struct json_object *message = json_object_new_object();
	size_t len;

	json_put_bool(message, "control", web->http.allow_control);
	json_object_object_add(
	    message, "switches", switches_tell(&web->switches, full));
	const char *json = json_line(message, &len);
	feed_send(&web->feed, json, len);
	json_object_put(message);
}

/* Waits for browsers, for events of the switches, and at most @timeout_ms;
 * -1: without limit. Reads the events. */
static void wait_for_work(struct web *web, int timeout_ms)
{
	struct pollfd pfd[1 + SWITCHES_MAX] = {
	    {.fd = http_fd(&web->http), .events = POLLIN}};
	struct source *list = web->switches.list;
	size_t n = web->switches.n;

	for (size_t i = 0; i < n; i++)
		pfd[1 + i] = (struct pollfd){list[i].stream.fd, POLLIN, 0};
	poll(pfd, 1 + n, http_timeout_ms(&web->http, timeout_ms));
	for (size_t i = 0; i < n; i++)
		if (pfd[1 + i].revents)
			source_read_events(&list[i]);
}
