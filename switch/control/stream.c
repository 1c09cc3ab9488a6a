/* SPDX-License-Identifier: BSD-2-Clause */
/* stream.c - the commands whose answer does not end: monitor and capture. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "switch/protocol/json.h"
#include "switch/switch.h"

#include "capture.h"
#include "client.h"
#include "commands.h"

enum { EVENT_LINE = 1024 }; /* at most, of an event's line: bytes */

/* One client that monitors. */
struct listener {
	struct hook hook;
	struct qswitch *sw;
	struct client *client;
};

static void on_event(void *arg, const struct event *event);
static void stop(void *arg);
static struct json_object *event_object(const struct event *event);
static bool capture_port(struct request *r, int *no);

int run_monitor(struct request *r)
{
	struct listener *l = calloc(1, sizeof(*l));

	if (!l || !client_stream(r->client, stop, l)) {
		free(l);
		return request_fail(r, "out of memory");
	}
	l->hook = (struct hook){.arg = l, .on_event = on_event};
	l->sw = r->sw;
	l->client = r->client;
	hook_register(r->sw, &l->hook);
	return 0;
}

int run_capture(struct request *r)
{
	uint64_t snaplen = CAPTURE_SNAPLEN_MAX;
	int no;

	if (!capture_port(r, &no) ||
	    !request_count(r, "snaplen", OPTIONAL, ETH_HEAD,
		CAPTURE_SNAPLEN_MAX, &snaplen))
		return -EINVAL;
	int result = capture_start(r->sw, r->client, no, (uint32_t)snaplen);
	if (result)
		return request_fail(r, "cannot capture: %s", strerror(-result));
	json_put_count(r->answer, "snaplen", snaplen);
	return 0;
}

static void on_event(void *arg, const struct event *event)
{
	const struct listener *l = arg;
	size_t len;

	/* Making the object is wasted on a client that does not read. */
	if (!client_room(l->client, EVENT_LINE))
		return;
	struct json_object *o = event_object(event);
	json_put_count(o, "dropped", client_dropped(l->client));
	const char *line = json_line(o, &len);
	if (line && client_room(l->client, len + 1)) {
		client_put(l->client, line, len);
		client_put(l->client, "\n", 1);
	}
	json_object_put(o);
}

static void stop(void *arg)
{
	struct listener *l = arg;

	hook_remove(l->sw, &l->hook);
	free(l);
}

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

static bool capture_port(struct request *r, int *no)
{
	const char *name = NULL;

	*no = 0;
	if (!request_text(r, "port", OPTIONAL, &name))
		return false;
	if (!name || strcmp(name, "all") == 0)
		return true;
	if (!request_port(r, "port", REQUIRED, no))
		return false;
	if (switch_port_on_bridge(r->sw->ports[*no]))
		return true;
	request_fail(r,
	    "port %s only accepts peers: capture the port of one of them, or "
	    "all",
	    name);
	return false;
}
