/* SPDX-License-Identifier: BSD-2-Clause */
/* http.c - which path is what, and who is refused. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <microhttpd.h>

#include "metrics.h"
#include "switch/protocol/json.h"
#include "web.h"

/* The page may load from us alone, and nobody may frame it. */
#define CSP                                                         \
	"default-src 'none'; script-src 'self'; style-src 'self'; " \
	"img-src 'self'; connect-src 'self'; base-uri 'none'; "     \
	"form-action 'none'; frame-ancestors 'none'"

/* What arrives of a request's body. */
struct body {
	size_t len;
	bool too_long;
	char bytes[GUARD_BODY];
};

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

/* Takes @response. */
static enum MHD_Result answer(struct MHD_Connection *to, unsigned status,
    const char *type, struct MHD_Response *response)
{
	if (!response)
		return MHD_NO;
	MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
	for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
		MHD_add_response_header(
		    response, headers[i].name, headers[i].value);
	enum MHD_Result result = MHD_queue_response(to, status, response);
	MHD_destroy_response(response);
	return result;
}

static enum MHD_Result say(
    struct MHD_Connection *to, unsigned status, const char *text)
{
	return answer(to, status, "text/plain; charset=utf-8",
	    MHD_create_response_from_buffer(
		strlen(text), (void *)text, MHD_RESPMEM_PERSISTENT));
}

static enum MHD_Result serve_events(struct web *web, struct MHD_Connection *to)
{
	return answer(to, MHD_HTTP_OK, "text/event-stream", feed_join(web, to));
}

static enum MHD_Result serve_metrics(struct web *web, struct MHD_Connection *to)
{
	struct json_object *told = web_tell(web, true);
	char *text = metrics_text(told);

	json_object_put(told);
	if (!text)
		return MHD_NO;
	return answer(to, MHD_HTTP_OK,
	    "application/openmetrics-text; version=1.0.0; charset=utf-8",
	    MHD_create_response_from_buffer(
		strlen(text), text, MHD_RESPMEM_MUST_FREE));
}

static const struct {
	const char *path;
	enum MHD_Result (*serve)(struct web *web, struct MHD_Connection *to);
} pages[] = {
    {"/events", serve_events},
    {"/metrics", serve_metrics},
};

static enum MHD_Result get(
    struct web *web, struct MHD_Connection *to, const char *path)
{
	for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
		if (!strcmp(path, pages[i].path))
			return pages[i].serve(web, to);
	for (const struct asset *a = assets; a->path; a++)
		if (!strcmp(path, a->path))
			return answer(to, MHD_HTTP_OK, a->type,
			    MHD_create_response_from_buffer(a->len,
				(void *)a->data, MHD_RESPMEM_PERSISTENT));
	return say(to, MHD_HTTP_NOT_FOUND, "There is no such page.\n");
}

static enum MHD_Result control(
    struct web *web, struct MHD_Connection *to, const struct body *body)
{
	size_t i, len;

	if (!web->allow_control)
		return say(to, MHD_HTTP_FORBIDDEN,
		    "This page only shows: qswitch-web was started without "
		    "--allow-control.\n");
	struct json_object *request =
	    guard_control(body->bytes, body->len, web->n, &i);
	if (!request)
		return say(
		    to, MHD_HTTP_BAD_REQUEST, "This is not understood.\n");
	struct source *s = &web->sources[i];
	source_open(s, web_now_ms());
	struct json_object *said = source_ask(s, request);
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

static enum MHD_Result count_hosts(
    void *arg, enum MHD_ValueKind kind, const char *key, const char *value)
{
	int *n = arg;

	(void)kind, (void)value;
	*n += !strcasecmp(key, MHD_HTTP_HEADER_HOST);
	return MHD_YES;
}

/* Exactly one Host, and it is us. */
static bool host_is_ours(const struct web *web, struct MHD_Connection *to)
{
	const char *host = MHD_lookup_connection_value(
	    to, MHD_HEADER_KIND, MHD_HTTP_HEADER_HOST);
	int n = 0;

	MHD_get_connection_values(to, MHD_HEADER_KIND, count_hosts, &n);
	return n == 1 && host && guard_host(&web->guard, host);
}

/* Only a page of ours can set the header X-Qswitch: another would have to ask
 * first (CORS), and is refused that. */
static bool may_post(const struct web *web, struct MHD_Connection *to)
{
	const char *origin = MHD_lookup_connection_value(
	    to, MHD_HEADER_KIND, MHD_HTTP_HEADER_ORIGIN);

	return guard_origin(&web->guard, origin) &&
	       MHD_lookup_connection_value(to, MHD_HEADER_KIND, "X-Qswitch");
}

static enum MHD_Result route(struct web *web, struct MHD_Connection *to,
    const char *path, const char *method, const struct body *body)
{
	bool is_control = !strcmp(path, "/control");

	if (!host_is_ours(web, to))
		return say(to, MHD_HTTP_MISDIRECTED_REQUEST,
		    "This is not the host that you think it is.\n");
	if (strlen(path) > WEB_TARGET)
		return say(to, MHD_HTTP_URI_TOO_LONG, "Too long.\n");
	if (strcmp(method, is_control ? "POST" : "GET"))
		return say(to, MHD_HTTP_METHOD_NOT_ALLOWED,
		    "Pages are read with GET.\n");
	if (!is_control)
		return get(web, to, path);
	if (body->too_long)
		return say(to, MHD_HTTP_CONTENT_TOO_LARGE, "Too long.\n");
	if (!may_post(web, to))
		return say(to, MHD_HTTP_FORBIDDEN, "Not from here.\n");
	return control(web, to, body);
}

static void take_body(struct body *body, const char *data, size_t len)
{
	if (len > sizeof body->bytes - body->len) {
		body->too_long = true;
		return;
	}
	memcpy(body->bytes + body->len, data, len);
	body->len += len;
}

/* Called with the headers first, then with the body, then at its end. */
static enum MHD_Result handle(void *cls, struct MHD_Connection *to,
    const char *path, const char *method, const char *version, const char *data,
    size_t *len, void **request)
{
	struct body *body = *request;

	(void)version;
	if (!body) {
		*request = calloc(1, sizeof *body);
		return *request ? MHD_YES : MHD_NO;
	}
	if (*len) {
		take_body(body, data, *len);
		*len = 0;
		return MHD_YES;
	}
	return route(cls, to, path, method, body);
}

static void done(void *cls, struct MHD_Connection *to, void **request,
    enum MHD_RequestTerminationCode why)
{
	(void)cls, (void)to, (void)why;
	free(*request);
	*request = NULL;
}

static uint16_t port_of(struct MHD_Daemon *daemon)
{
	return MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
}

/* The library complains of clients; that is nothing for the operator. */
static void ignore(void *cls, const char *fmt, va_list args)
{
	(void)cls, (void)fmt, (void)args;
}

/* None of our paths needs escapes, so one that has some is none of ours. */
static size_t leave_escapes(void *cls, struct MHD_Connection *from, char *text)
{
	(void)cls, (void)from;
	return strlen(text);
}

int http_start(struct web *web, const struct sockaddr *address)
{
	unsigned flags =
	    MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;

	if (address->sa_family == AF_INET6)
		flags |= MHD_USE_IPv6;
	errno = 0;
	web->daemon = MHD_start_daemon(flags, 0, NULL, NULL, handle, web,
	    MHD_OPTION_EXTERNAL_LOGGER, ignore, NULL, MHD_OPTION_SOCK_ADDR,
	    address, MHD_OPTION_NOTIFY_COMPLETED, done, NULL,
	    MHD_OPTION_UNESCAPE_CALLBACK, leave_escapes, NULL,
	    MHD_OPTION_CONNECTION_LIMIT, (unsigned)WEB_CLIENTS,
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)WEB_MEMORY,
	    MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)WEB_TIMEOUT_S,
	    MHD_OPTION_END);
	if (!web->daemon)
		return -1;
	web->guard.port = port_of(web->daemon);
	return 0;
}

void http_stop(struct web *web)
{
	feed_close(web);
	MHD_run(web->daemon);
	MHD_stop_daemon(web->daemon);
}
