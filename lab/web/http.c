/* SPDX-License-Identifier: BSD-2-Clause */
/* http.c - which path serves what, and whom it refuses: see http.h. */
#include "http.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include <microhttpd.h>

#include "switch/protocol/json.h"

#include "asset.h"
#include "feed.h"
#include "metrics.h"
#include "switches.h"
#include "token.h"

enum {
	MEMORY = 16 * 1024, /* bytes per connection: request line and headers */
	TARGET = 256,	    /* bytes of a path */
	TIMEOUT_S = 10,	    /* for a request to be complete */
};

/* The page may load only from this server, and no other page may frame it. */
#define CSP                                                         \
	"default-src 'none'; script-src 'self'; style-src 'self'; " \
	"img-src 'self'; connect-src 'self'; base-uri 'none'; "     \
	"form-action 'none'; frame-ancestors 'none'"

static const struct {
	const char *name, *value;
} headers[] = {
    {"Content-Security-Policy", CSP},
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cache-Control", "no-store"},
};

/* The part of a request's body that has arrived. */
struct body {
	size_t len;
	bool too_long;
	char bytes[GUARD_BODY];
};

static enum MHD_Result handle(void *cls, struct MHD_Connection *to,
    const char *path, const char *method, const char *version, const char *data,
    size_t *len, void **request);
static void take_body(struct body *body, const char *data, size_t len);
static enum MHD_Result route(struct http *http, struct MHD_Connection *to,
    const char *path, const char *method, const struct body *body);
static bool host_is_ours(const struct http *http, struct MHD_Connection *to);
static enum MHD_Result count_hosts(
    void *arg, enum MHD_ValueKind kind, const char *key, const char *value);
static bool may_know(const struct http *http, struct MHD_Connection *to);
static enum MHD_Result refuse_stranger(struct MHD_Connection *to);
static bool may_post(const struct http *http, struct MHD_Connection *to);
static enum MHD_Result get(
    struct http *http, struct MHD_Connection *to, const char *path);
static const struct asset *find_asset(const char *path);
static enum MHD_Result serve_events(
    struct http *http, struct MHD_Connection *to);
static enum MHD_Result serve_metrics(
    struct http *http, struct MHD_Connection *to);
static enum MHD_Result control(
    struct http *http, struct MHD_Connection *to, const struct body *body);
static enum MHD_Result say(
    struct MHD_Connection *to, unsigned status, const char *text);
static enum MHD_Result answer(struct MHD_Connection *to, unsigned status,
    const char *type, struct MHD_Response *response);
static struct visitor *visitor_of(struct MHD_Connection *connection);
static void come_and_go(void *cls, struct MHD_Connection *connection,
    void **visitor, enum MHD_ConnectionNotificationCode what);
static void done(void *cls, struct MHD_Connection *to, void **request,
    enum MHD_RequestTerminationCode why);
static void ignore(void *cls, const char *fmt, va_list args);
static size_t leave_escapes(void *cls, struct MHD_Connection *from, char *text);

int http_start(struct http *http, const struct sockaddr *address)
{
	unsigned flags =
	    MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;

	if (address->sa_family == AF_INET6)
		flags |= MHD_USE_IPv6;
	crowd_init(&http->crowd);
	errno = 0;
	http->daemon = MHD_start_daemon(flags, 0, NULL, NULL, handle, http,
	    MHD_OPTION_EXTERNAL_LOGGER, ignore, NULL, MHD_OPTION_SOCK_ADDR,
	    address, MHD_OPTION_NOTIFY_COMPLETED, done, NULL,
	    MHD_OPTION_NOTIFY_CONNECTION, come_and_go, &http->crowd,
	    MHD_OPTION_UNESCAPE_CALLBACK, leave_escapes, NULL,
	    MHD_OPTION_CONNECTION_LIMIT, (unsigned)CROWD_PLACES,
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)MEMORY,
	    MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)TIMEOUT_S, MHD_OPTION_END);
	if (!http->daemon)
		return -1;
	http->guard.port =
	    MHD_get_daemon_info(http->daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
	return 0;
}

int http_fd(const struct http *http)
{
	return MHD_get_daemon_info(http->daemon, MHD_DAEMON_INFO_EPOLL_FD)
	    ->epoll_fd;
}

int http_timeout_ms(const struct http *http, int limit_ms)
{
	MHD_UNSIGNED_LONG_LONG soon_ms;

	if (MHD_get_timeout(http->daemon, &soon_ms) == MHD_YES &&
	    (limit_ms < 0 || soon_ms < (unsigned)limit_ms))
		return (int)soon_ms;
	return limit_ms;
}

/* A server that was full listens again only in the run after the one in which
 * somebody left. */
void http_run(struct http *http)
{
	int before;

	do {
		before = http->crowd.n;
		MHD_run(http->daemon);
	} while (http->crowd.n < before);
}

void http_stop(struct http *http)
{
	feed_close(http->feed);
	MHD_run(http->daemon);
	MHD_stop_daemon(http->daemon);
	http->daemon = NULL;
}

/* Called with the headers first, then with the body, then at its end. */
static enum MHD_Result handle(void *cls, struct MHD_Connection *to,
    const char *path, const char *method, const char *version, const char *data,
    size_t *len, void **request)
{
	struct body *body = *request;

	(void)version;
	if (!body) {
		*request = calloc(1, sizeof(*body));
		return *request ? MHD_YES : MHD_NO;
	}
	if (*len) {
		take_body(body, data, *len);
		*len = 0;
		return MHD_YES;
	}
	struct http *http = cls;
	struct visitor *who = visitor_of(to);
	if (!who)
		return MHD_NO;
	crowd_heard(&http->crowd, who);
	return route(http, to, path, method, body);
}

static void take_body(struct body *body, const char *data, size_t len)
{
	if (len > sizeof(body->bytes) - body->len) {
		body->too_long = true;
		return;
	}
	memcpy(body->bytes + body->len, data, len);
	body->len += len;
}

static enum MHD_Result route(struct http *http, struct MHD_Connection *to,
    const char *path, const char *method, const struct body *body)
{
	bool is_control = strcmp(path, "/control") == 0;

	if (!host_is_ours(http, to))
		return say(to, MHD_HTTP_MISDIRECTED_REQUEST,
		    "This server does not have that name: allow it with "
		    "qswitch-web --host.\n");
	if (strlen(path) > TARGET)
		return say(
		    to, MHD_HTTP_URI_TOO_LONG, "The path is too long.\n");
	if (strcmp(method, is_control ? "POST" : "GET") != 0)
		return say(to, MHD_HTTP_METHOD_NOT_ALLOWED,
		    is_control ? "Use POST for this path.\n"
			       : "Use GET for this path.\n");
	if (!find_asset(path) && !may_know(http, to))
		return refuse_stranger(to);
	if (!is_control)
		return get(http, to, path);
	if (body->too_long)
		return say(to, MHD_HTTP_CONTENT_TOO_LARGE,
		    "The request is too long.\n");
	if (!may_post(http, to))
		return say(to, MHD_HTTP_FORBIDDEN,
		    "Only the page of this server may send requests.\n");
	return control(http, to, body);
}

/* Exactly one Host, and it is a name of this server. */
static bool host_is_ours(const struct http *http, struct MHD_Connection *to)
{
	const char *host = MHD_lookup_connection_value(
	    to, MHD_HEADER_KIND, MHD_HTTP_HEADER_HOST);
	int n = 0;

	MHD_get_connection_values(to, MHD_HEADER_KIND, count_hosts, &n);
	return n == 1 && host && guard_host(&http->guard, host);
}

static enum MHD_Result count_hosts(
    void *arg, enum MHD_ValueKind kind, const char *key, const char *value)
{
	int *n = arg;

	(void)kind, (void)value;
	*n += strcasecmp(key, MHD_HTTP_HEADER_HOST) == 0;
	return MHD_YES;
}

/* Where a token is wanted, it is in the header Authorization or, from a browser
 * that watches (EventSource cannot set a header), in the query. */
static bool may_know(const struct http *http, struct MHD_Connection *to)
{
	return !http->token ||
	       token_is_shown(http->token,
		   MHD_lookup_connection_value(
		       to, MHD_HEADER_KIND, MHD_HTTP_HEADER_AUTHORIZATION),
		   MHD_lookup_connection_value(
		       to, MHD_GET_ARGUMENT_KIND, "token"));
}

static enum MHD_Result refuse_stranger(struct MHD_Connection *to)
{
	static const char text[] =
	    "This needs the token of qswitch-web: send the header "
	    "\"Authorization: Bearer TOKEN\",\nor open the page with "
	    "#token=TOKEN at the end of its address.\n";
	struct MHD_Response *response = MHD_create_response_from_buffer(
	    sizeof(text) - 1, (void *)text, MHD_RESPMEM_PERSISTENT);

	if (response)
		MHD_add_response_header(
		    response, MHD_HTTP_HEADER_WWW_AUTHENTICATE, "Bearer");
	return answer(
	    to, MHD_HTTP_UNAUTHORIZED, "text/plain; charset=utf-8", response);
}

/* Only our own page can set the header X-Qswitch: a page from elsewhere would
 * need permission first (CORS), and never gets it. */
static bool may_post(const struct http *http, struct MHD_Connection *to)
{
	const char *origin = MHD_lookup_connection_value(
	    to, MHD_HEADER_KIND, MHD_HTTP_HEADER_ORIGIN);

	return guard_origin(&http->guard, origin) &&
	       MHD_lookup_connection_value(to, MHD_HEADER_KIND, "X-Qswitch");
}

static enum MHD_Result get(
    struct http *http, struct MHD_Connection *to, const char *path)
{
	if (strcmp(path, "/events") == 0)
		return serve_events(http, to);
	if (strcmp(path, "/metrics") == 0)
		return serve_metrics(http, to);
	const struct asset *a = find_asset(path);
	if (!a)
		return say(to, MHD_HTTP_NOT_FOUND, "There is no such page.\n");
	return answer(to, MHD_HTTP_OK, a->type,
	    MHD_create_response_from_buffer(
		a->len, (void *)a->data, MHD_RESPMEM_PERSISTENT));
}

/* The files of the page, which tell nothing about a switch; NULL: no such. */
static const struct asset *find_asset(const char *path)
{
	for (const struct asset *a = assets; a->path; a++)
		if (strcmp(path, a->path) == 0)
			return a;
	return NULL;
}

static enum MHD_Result serve_events(
    struct http *http, struct MHD_Connection *to)
{
	if (!crowd_watch(&http->crowd, visitor_of(to)))
		return say(to, MHD_HTTP_SERVICE_UNAVAILABLE,
		    "Too many browsers watch already.\n");
	struct MHD_Response *stream = feed_join(http->feed, to);

	if (stream)
		switches_repeat(http->switches);
	return answer(to, MHD_HTTP_OK, "text/event-stream", stream);
}

static enum MHD_Result serve_metrics(
    struct http *http, struct MHD_Connection *to)
{
	bool open = metrics_wants_open(MHD_lookup_connection_value(
	    to, MHD_HEADER_KIND, MHD_HTTP_HEADER_ACCEPT));
	struct json_object *told = switches_tell(http->switches, true);
	char *text = metrics_text(told, open);

	json_object_put(told);
	if (!text)
		return MHD_NO;
	return answer(to, MHD_HTTP_OK, metrics_type(open),
	    MHD_create_response_from_buffer(
		strlen(text), text, MHD_RESPMEM_MUST_FREE));
}

static enum MHD_Result control(
    struct http *http, struct MHD_Connection *to, const struct body *body)
{
	size_t i, len;

	if (!http->allow_control)
		return say(to, MHD_HTTP_FORBIDDEN,
		    "This page is read-only: start qswitch-web with "
		    "--allow-control.\n");
	struct json_object *request =
	    guard_control(body->bytes, body->len, http->switches->n, &i);
	if (!request)
		return say(to, MHD_HTTP_BAD_REQUEST,
		    "The request is not valid, or not allowed here.\n");
	struct json_object *said = switches_ask(http->switches, i, request);
	if (!said)
		return say(
		    to, MHD_HTTP_BAD_GATEWAY, "The switch does not answer.\n");
	const char *line = json_line(said, &len);
	enum MHD_Result result = answer(to, MHD_HTTP_OK, "application/json",
	    MHD_create_response_from_buffer(
		len, (void *)line, MHD_RESPMEM_MUST_COPY));
	json_object_put(said);
	return result;
}

static enum MHD_Result say(
    struct MHD_Connection *to, unsigned status, const char *text)
{
	return answer(to, status, "text/plain; charset=utf-8",
	    MHD_create_response_from_buffer(
		strlen(text), (void *)text, MHD_RESPMEM_PERSISTENT));
}

/* Takes @response. */
static enum MHD_Result answer(struct MHD_Connection *to, unsigned status,
    const char *type, struct MHD_Response *response)
{
	if (!response)
		return MHD_NO;
	MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
	for (size_t i = 0; i < sizeof(headers) / sizeof(*headers); i++)
		MHD_add_response_header(
		    response, headers[i].name, headers[i].value);
	enum MHD_Result result = MHD_queue_response(to, status, response);
	MHD_destroy_response(response);
	return result;
}

static struct visitor *visitor_of(struct MHD_Connection *connection)
{
	return MHD_get_connection_info(
	    connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)
	    ->socket_context;
}

static void come_and_go(void *cls, struct MHD_Connection *connection,
    void **visitor, enum MHD_ConnectionNotificationCode what)
{
	if (what == MHD_CONNECTION_NOTIFY_STARTED)
		*visitor =
		    crowd_enter(cls, MHD_get_connection_info(connection,
					 MHD_CONNECTION_INFO_CONNECTION_FD)
					 ->connect_fd);
	else if (*visitor)
		crowd_leave(cls, *visitor);
}

static void done(void *cls, struct MHD_Connection *to, void **request,
    enum MHD_RequestTerminationCode why)
{
	(void)cls, (void)to, (void)why;
	free(*request);
	*request = NULL;
}

/* The library complains about clients; the operator need not know. */
static void ignore(void *cls, const char *fmt, va_list args)
{
	(void)cls, (void)fmt, (void)args;
}

/* None of our paths contains an escape, so a path that does is not ours. */
static size_t leave_escapes(void *cls, struct MHD_Connection *from, char *text)
{
	(void)cls, (void)from;
	return strlen(text);
}
