/* SPDX-License-Identifier: BSD-2-Clause */
/* stream.c - the commands whose answer does not end: monitor and capture. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "capture.h"
#include "commands.h"
#include "control.h"
#include "json.h"
#include "switch.h"

enum { EVENT_LINE = 1024 }; /* bytes of an event's line, at most */

/* One who listens; all of them hang on qswitch.on_event_arg. */
struct listener {
	struct qswitch *sw;
	struct client *client;
	struct listener *next;
};

static struct json_object *event_object(const struct event *event)
{
	struct json_object *o = json_object_new_object();

	json_put_text(o, "event", event_name(event->type));
	json_put_text(o, "text", event_text(event->type));
	json_put_count(o, "time_ms", clock_wall_ns() / 1000000);
	if (event->port)
		json_put_text(o, "port", event->port);
	if (event->from_port)
		json_put_text(o, "from_port", event->from_port);
	if (event->mac)
		json_put_mac(o, "mac", event->mac);
	if (event->vid)
		json_put_count(o, "vlan", event->vid);
	if (event->frame)
		json_put_count(o, "frame", event->frame);
	if (event->detail)
		json_put_text(o, "detail", event->detail);
	return o;
}

static void tell(struct listener *l, struct json_object *o)
{
	size_t len;

	json_put_count(o, "dropped", client_dropped(l->client));
	const char *line = json_line(o, &len);
	if (!line || !client_room(l->client, len + 1))
		return;
	client_put(l->client, line, len);
	client_put(l->client, "\n", 1);
}

static void on_event(const struct event *event, void *arg)
{
	struct json_object *o = NULL;

	for (struct listener *l = arg; l; l = l->next) {
		/* Who does not read is not worth the making of an object. */
		if (!client_room(l->client, EVENT_LINE))
			continue;
		if (!o)
			o = event_object(event);
		tell(l, o);
	}
	json_object_put(o);
}

static void stop(void *arg)
{
	struct listener *l = arg, *at = l->sw->on_event_arg;

	if (at == l)
		l->sw->on_event_arg = l->next;
	else {
		while (at->next != l)
			at = at->next;
		at->next = l->next;
	}
	l->sw->listeners--;
	free(l);
}

int stream_monitor(struct request *r)
{
	struct listener *l = calloc(1, sizeof *l);

	if (!l || !client_stream(r->client, stop, l)) {
		free(l);
		return request_fail(r, "out of memory");
	}
	*l = (struct listener){r->sw, r->client, r->sw->on_event_arg};
	r->sw->on_event = on_event;
	r->sw->on_event_arg = l;
	r->sw->listeners++;
	return 0;
}

static bool capture_port(struct request *r, int *no)
{
	const char *name = NULL;

	*no = 0;
	if (!request_text(r, "port", OPTIONAL, &name))
		return false;
	if (!name || !strcmp(name, "all"))
		return true;
	return request_port(r, "port", REQUIRED, no);
}

int stream_capture(struct request *r)
{
	uint64_t snaplen = CAPTURE_SNAPLEN_MAX;
	int no;

	if (!capture_port(r, &no) ||
	    !request_count(r, "snaplen", OPTIONAL, ETH_HEAD,
		CAPTURE_SNAPLEN_MAX, &snaplen))
		return -EINVAL;
	int error = capture_start(r->sw, r->client, no, (uint32_t)snaplen);
	if (error)
		return request_fail(r, "cannot capture: %s", strerror(-error));
	json_put_count(r->answer, "snaplen", snaplen);
	return 0;
}
