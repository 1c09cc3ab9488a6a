/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_http.c - bytes of a browser, or of anybody, to qswitch-web. The first
 * byte of the input selects how the server was started; the rest is what
 * arrives on a connection, which is a socket pair. It shows a switch that does
 * not run.
 */
#include <netinet/in.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <microhttpd.h>

#include "feed.h"
#include "http.h"
#include "switches.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LONGEST = 20000, REPLY = 1 << 18, TURNS = 4 };

#define TOKEN "0123456789abcdef"

static struct switches switches;
static struct feed feed;
static struct http http = {.switches = &switches,
    .feed = &feed,
    .guard = {.names = {"localhost", "127.0.0.1"}}};

static void start(void);
static size_t talk(const char *text, size_t len, char *reply);
static void check(const char *sent, size_t len, const char *reply);
static bool has(const char *text, size_t len, const char *word);
static void must(bool fine);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char reply[REPLY + 1];

	start();
	if (size < 2 || size > LONGEST)
		return 0;
	http.token = *data & 1 ? TOKEN : NULL;
	http.allow_control = *data & 2;
	reply[talk((const char *)data + 1, size - 1, reply)] = 0;
	check((const char *)data + 1, size - 1, reply);
	must(!feed.watchers && http.crowd.n == 0 && http.crowd.watchers == 0);
	return 0;
}

static void start(void)
{
	const struct sockaddr_in any = {
	    .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

	if (http.daemon)
		return;
	must(switches_add(&switches, "/nowhere") == 0);
	must(http_start(&http, (const struct sockaddr *)&any) == 0);
	http.guard.port = 8021;
}

/* Return: bytes of @reply. */
static size_t talk(const char *text, size_t len, char *reply)
{
	static const struct sockaddr from = {.sa_family = AF_UNIX};
	size_t got = 0;
	int fd[2];

	must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fd) == 0);
	must(write(fd[1], text, len) == (ssize_t)len);
	must(MHD_add_connection(http.daemon, fd[0], &from, sizeof(from)) ==
	     MHD_YES);
	for (int i = 0; i < TURNS; i++) {
		http_run(&http);
		feed_send(&feed, "{}", 2);
		ssize_t n = read(fd[1], reply + got, REPLY - got);
		got += n > 0 ? (size_t)n : 0;
	}
	close(fd[1]);
	feed_send(&feed, "{}", 2); /* who watches is seen to have left */
	for (int i = 0; i < TURNS && http.crowd.n; i++)
		http_run(&http);
	return got;
}

/* Who does not name this server gets nothing from it, and who does not show
 * the token nothing about a switch. */
static void check(const char *sent, size_t len, const char *reply)
{
	bool named = has(sent, len, "localhost:8021") ||
		     has(sent, len, "127.0.0.1:8021");

	must(!*reply || strncmp(reply, "HTTP/1.", 7) == 0);
	if (!named)
		must(strstr(reply, " 200 OK\r\n") == NULL);
	if (http.token && !has(sent, len, TOKEN)) {
		must(!strstr(reply, "text/event-stream"));
		must(!strstr(reply, "qswitch_up"));
		must(!strstr(reply, "The switch does not answer"));
	}
	if (!http.allow_control || !has(sent, len, "X-Qswitch"))
		must(!strstr(reply, "The switch does not answer"));
}

static bool has(const char *text, size_t len, const char *word)
{
	size_t n = strlen(word);

	for (size_t i = 0; i + n <= len; i++)
		if (strncasecmp(text + i, word, n) == 0)
			return true;
	return false;
}

static void must(bool fine)
{
	if (!fine)
		abort();
}
