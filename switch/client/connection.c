/* SPDX-License-Identifier: BSD-2-Clause */
/* connection.c - a client's end of the control socket: see connection.h. */
#include "connection.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "switch/protocol/json.h"

#include "answer.h"

static int dial(int fd, const char *path, int patience_s);
static bool is_complete(
    struct json_object *request, struct json_object *page, const char *list);
static void next_page(
    struct json_object *request, struct json_object *page, const char *list);

int connection_open(struct connection *c, const char *path, int patience_s)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int result = fd < 0 ? -errno : dial(fd, path, patience_s);

	*c = (struct connection){.fd = -1};
	if (result == 0) {
		c->in = fdopen(fd, "r");
		result = c->in ? 0 : -errno;
	}
	if (result == 0)
		c->fd = fd;
	else if (fd >= 0)
		close(fd);
	return result;
}

void connection_close(struct connection *c)
{
	if (c->in)
		fclose(c->in);
	free(c->line);
	*c = (struct connection){.fd = -1};
}

bool connection_is_open(const struct connection *c)
{
	return c->fd >= 0;
}

struct json_object *connection_request(const char *cmd)
{
	struct json_object *request = json_object_new_object();

	json_put_text(request, "cmd", cmd);
	return request;
}

bool connection_send(struct connection *c, struct json_object *request)
{
	size_t len, sent = 0;
	char *line;
	int n = asprintf(&line, "%s\n", json_line(request, &len));

	if (n < 0)
		return false;
	len = (size_t)n;
	while (sent < len) {
		ssize_t done =
		    send(c->fd, line + sent, len - sent, MSG_NOSIGNAL);
		if (done < 0)
			break;
		sent += (size_t)done;
	}
	free(line);
	return sent == len;
}

struct json_object *connection_read(struct connection *c)
{
	char wrong[128];
	ssize_t n = c->in ? getline(&c->line, &c->size, c->in) : -1;

	if (n <= 0)
		return NULL;
	size_t len = (size_t)n - (c->line[n - 1] == '\n');
	struct json_object *answer =
	    json_read(c->line, len, wrong, sizeof(wrong));
	answer_tame(answer);
	return answer;
}

struct json_object *connection_ask(
    struct connection *c, struct json_object *request)
{
	return connection_send(c, request) ? connection_read(c) : NULL;
}

struct json_object *connection_ask_list(struct connection *c,
    struct json_object *request, const char *list, int pages)
{
	struct json_object *all = connection_ask(c, request);
	bool done = is_complete(request, all, list);

	next_page(request, all, list);
	while (!done && --pages) {
		struct json_object *page = connection_ask(c, request);

		if (!page || !get_bool(page, "ok")) {
			json_object_put(all);
			return page;
		}
		list_append(all, page, list);
		done = is_complete(request, page, list);
		next_page(request, page, list);
		json_object_put(page);
	}
	if (all)
		json_object_object_del(all, "next");
	return all;
}

static int dial(int fd, const char *path, int patience_s)
{
	const struct timeval patience = {.tv_sec = patience_s};
	struct sockaddr_un sun = {.sun_family = AF_UNIX};

	if (strlen(path) >= sizeof(sun.sun_path))
		return -ENAMETOOLONG;
	memcpy(sun.sun_path, path, strlen(path));
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	if (connect(fd, (const struct sockaddr *)&sun, sizeof(sun)))
		return -errno;
	return 0;
}

/* Is there nothing to ask for after @page, which @request has asked for? */
static bool is_complete(
    struct json_object *request, struct json_object *page, const char *list)
{
	uint64_t last = get_count(request, "last");

	return get_count(page, "next") == 0 ||
	       (last && last <= list_length(page, list));
}

/* Turn @request into the one for the page behind @page. */
static void next_page(
    struct json_object *request, struct json_object *page, const char *list)
{
	uint64_t last = get_count(request, "last");
	size_t had = list_length(page, list);

	json_put_count(request, "from", get_count(page, "next"));
	if (last)
		json_put_count(request, "last", last > had ? last - had : 0);
}
