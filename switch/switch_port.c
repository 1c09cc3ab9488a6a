/* SPDX-License-Identifier: BSD-2-Clause */
/* switch_port.c - the life of a port in the switch: see switch_port.h. */
#include "switch_port.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include <bsd/string.h>

#include "ports/kind.h"
#include "ports/link.h"

#include "books.h"
#include "datapath.h"
#include "host_access.h"
#include "log.h"
#include "switch.h"
#include "topology.h"

enum { RETRY_MIN_MS = 100, RETRY_MAX_MS = 5000 };

static int add(struct qswitch *sw, const struct port_kind *kind,
    const struct port_spec *spec, void *seed, char *err);
static int open_port(struct switch_port *p);
static bool is_taken(const struct switch_port *p, char *err);
static void advise(int result, char *err);
static int free_number(const struct qswitch *sw);
static struct switch_port *new_port(struct qswitch *sw,
    const struct port_spec *spec, void *seed, const struct port_kind *kind,
    int no);
static void join(struct switch_port *p);
static void leave(struct switch_port *p);
static void watch(struct switch_port *p);
static int loop_events(int poll_events);
static void tell(struct switch_port *p);
static void log_down(const struct switch_port *p);
static void arm_retry(struct switch_port *p);
static void try_open(struct switch_port *p);
static void on_retry(struct ev_loop *loop, struct ev_timer *w, int events);
static void on_ready(struct ev_loop *loop, struct ev_io *w, int events);
static bool link_concerns(const struct switch_port *p, const struct link *link);
static int spawn(struct port *from, const struct port_kind *kind,
    const char *stem, void *seed);
static void number_name(
    const struct qswitch *sw, const char *stem, char name[PORT_NAME]);
static void wake(struct port *port);

int qswitch_port_add(
    struct qswitch *sw, const struct port_spec *spec, void *seed, char *err)
{
	const struct port_kind *kind =
	    port_kind_find(spec->kind, port_spec_get(spec, "driver"));

	if (!kind) {
		snprintf(err, PORT_ERR, "%s: no such kind of port", spec->kind);
		return -EINVAL;
	}
	int no = add(sw, kind, spec, seed, err);
	if (no < 0)
		return no;
	int result = host_access_add(sw->ports[no], err);
	if (result < 0) {
		sw->ports[no]->port->seed = NULL;
		qswitch_port_del(sw, no);
	}
	return result < 0 ? result : no;
}

void qswitch_port_del(struct qswitch *sw, int no)
{
	struct switch_port *p = qswitch_port(sw, no);

	ev_io_stop(sw->loop, &p->io);
	ev_timer_stop(sw->loop, &p->retry);
	host_access_remove(p);
	books_retire(sw, &p->port->counters);
	leave(p);
	port_free(p->port);
	free(p);
}

void qswitch_port_set_admin(struct qswitch *sw, int no, bool up)
{
	struct switch_port *p = qswitch_port(sw, no);

	p->admin_up = up;
	if (up) { /* the operator knows better */
		*p->hold = '\0';
		port_want(p->port);
	}
	if (up && !p->port->is_open)
		try_open(p);
	else
		switch_port_sync(p);
}

void qswitch_port_hold(struct qswitch *sw, int no, const char *reason)
{
	struct switch_port *p = qswitch_port(sw, no);

	strlcpy(p->hold, reason ? reason : "", sizeof(p->hold));
	switch_port_sync(p);
}

int qswitch_port_find(const struct qswitch *sw, const char *name)
{
	qswitch_foreach (sw, p)
		if (strcmp(p->port->spec.name, name) == 0)
			return p->port->no;
	return 0;
}

const char *qswitch_port_name(const struct qswitch *sw, int no)
{
	if (no < 1 || no > PORT_MAX || !sw->ports[no])
		return "-";
	return sw->ports[no]->port->spec.name;
}

bool switch_port_up(const struct switch_port *p)
{
	return p->admin_up && !*p->hold && port_up(p->port);
}

const char *switch_port_reason(const struct switch_port *p)
{
	if (!p->admin_up)
		return "taken down by the operator";
	if (*p->hold)
		return p->hold;
	return p->port->reason;
}

bool switch_port_on_bridge(const struct switch_port *p)
{
	return !p->port->kind->listener;
}

bool switch_port_in_tree(const struct switch_port *p)
{
	return switch_port_on_bridge(p) && !p->port->spec.host;
}

void switch_port_sync(struct switch_port *p)
{
	watch(p);
	if (p->port->remark[0])
		log_warn("%s: %s", p->port->spec.name, p->port->remark);
	p->port->remark[0] = 0;
	if (switch_port_up(p) != p->was_up)
		tell(p);
	if (p->access)
		host_access_sync(p);
	if (!p->port->is_open || p->port->gone)
		arm_retry(p);
}

void switch_port_sync_later(struct switch_port *p)
{
	if (switch_port_up(p) != p->was_up)
		p->sw->unsettled = true;
}

void switch_port_link(struct qswitch *sw, const struct link *link)
{
	qswitch_foreach (sw, p) {
		if (!link_concerns(p, link))
			continue;
		if (!p->port->is_open) {
			if (!link->deleted)
				try_open(p);
			else if (link->moved)
				p->port->past.strayed = true;
			continue;
		}
		port_link(p->port, link);
		switch_port_sync(p);
	}
	host_access_link(sw, link);
}

void switch_port_host(struct qswitch *sw)
{
	sw->host.ctx = sw;
	sw->host.spawn = spawn;
	sw->host.wake = wake;
}

/* qswitch_port_add() for a kind that is known. */
static int add(struct qswitch *sw, const struct port_kind *kind,
    const struct port_spec *spec, void *seed, char *err)
{
	int no = free_number(sw);

	if (qswitch_port_find(sw, spec->name)) {
		snprintf(err, PORT_ERR,
		    "%s: a port of this name exists: choose another with name=",
		    spec->name);
		return -EEXIST;
	}
	if (!no) {
		snprintf(err, PORT_ERR,
		    "%s: all %d ports are in use: remove one first", spec->name,
		    PORT_MAX);
		return -ENOSPC;
	}
	struct switch_port *p = new_port(sw, spec, seed, kind, no);
	if (!p) {
		strlcpy(err, "out of memory", PORT_ERR);
		return -ENOMEM;
	}
	int result = open_port(p);
	if (result) {
		strlcpy(err, p->port->reason, PORT_ERR);
		advise(result, err);
		p->port->seed = NULL;
		port_free(p->port);
		free(p);
		return result;
	}
	join(p);
	return no;
}

/* port_open(), unless the interface has another port already: two of them are a
 * loop that the spanning tree does not see, because an interface does not hear
 * what it sends. */
static int open_port(struct switch_port *p)
{
	char err[PORT_ERR];

	if (!p->port->is_open && is_taken(p, err)) {
		port_fail(p->port, "%s", err);
		return -EBUSY;
	}
	return port_open(p->port);
}

/* The names are not compared: one that was renamed keeps its index. */
static bool is_taken(const struct switch_port *p, char *err)
{
	const struct port *port = p->port;
	struct link link;

	if (!port->kind->link || link_find(port->spec.arg, &link))
		return false;
	qswitch_foreach (p->sw, other) {
		if (other == p || other->port->ifindex != link.ifindex)
			continue;
		snprintf(err, PORT_ERR,
		    "%s is already attached as port %s: remove that one first",
		    port->spec.arg, other->port->spec.name);
		return true;
	}
	return false;
}

/* What every kind of port may meet, and the remedy. */
static void advise(int result, char *err)
{
	if (result == -EMFILE && !strstr(err, "limit of open files"))
		strlcat(err,
		    ": raise the hard limit of open files (ulimit -Hn, or "
		    "LimitNOFILE= of a service)",
		    PORT_ERR);
}

static int free_number(const struct qswitch *sw)
{
	for (int no = 1; no <= PORT_MAX; no++)
		if (!sw->ports[no])
			return no;
	return 0;
}

static struct switch_port *new_port(struct qswitch *sw,
    const struct port_spec *spec, void *seed, const struct port_kind *kind,
    int no)
{
	struct switch_port *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	p->port = port_new(kind, spec, &sw->host, no, seed);
	if (!p->port) {
		free(p);
		return NULL;
	}
	p->sw = sw;
	p->admin_up = true;
	p->retry_ms = RETRY_MIN_MS;
	config_port(spec, &p->config);
	ev_init(&p->io, on_ready);
	ev_init(&p->retry, on_retry);
	p->io.data = p->retry.data = p;
	return p;
}

static void join(struct switch_port *p)
{
	struct qswitch *sw = p->sw;
	int no = p->port->no;

	sw->ports[no] = p;
	if (no > sw->port_high)
		sw->port_high = no;
	if (switch_port_on_bridge(p)) {
		bridge_port_add(sw->bridge, no, p->config.fdb_max);
		if (switch_port_in_tree(p))
			topology_port_added(sw->topology, p);
	}
	hook_port_added(p);
	hook_event(sw, &(struct event){.type = EVENT_port_added,
			   .port = p->port->spec.name});
	switch_port_sync(p);
	if (!p->was_up)
		log_down(p);
}

static void leave(struct switch_port *p)
{
	struct qswitch *sw = p->sw;
	int no = p->port->no;

	hook_port_removed(p);
	if (switch_port_on_bridge(p)) {
		if (switch_port_in_tree(p))
			topology_port_removed(sw->topology, p);
		bridge_port_del(sw->bridge, no);
	}
	sw->ports[no] = NULL;
	while (sw->port_high > 0 && !sw->ports[sw->port_high])
		sw->port_high--;
	hook_event(sw, &(struct event){.type = EVENT_port_removed,
			   .port = p->port->spec.name});
}

/* Let the loop watch what the port wants watched. */
static void watch(struct switch_port *p)
{
	const struct port *port = p->port;
	bool want = port->is_open && port->fd >= 0 && port->events;
	int events = loop_events(port->events);

	if (want && ev_is_active(&p->io) && p->io.fd == port->fd &&
	    (p->io.events & (EV_READ | EV_WRITE)) == events)
		return;
	ev_io_stop(p->sw->loop, &p->io);
	if (!want)
		return;
	ev_io_set(&p->io, port->fd, events);
	ev_io_start(p->sw->loop, &p->io);
}

static int loop_events(int poll_events)
{
	return (poll_events & POLLIN ? EV_READ : 0) |
	       (poll_events & POLLOUT ? EV_WRITE : 0);
}

/* A port has come up or gone down: tell topology, operator and log. */
static void tell(struct switch_port *p)
{
	bool up = switch_port_up(p);

	p->was_up = up;
	if (!up)
		p->observed.n = 0; /* who comes next may be another */
	if (up) {
		p->retry_ms = RETRY_MIN_MS;
		log_about(
		    LOG_INFO, p->port->spec.arg, "%s: up", p->port->spec.name);
	} else {
		log_down(p);
	}
	if (switch_port_in_tree(p))
		topology_port_changed(p->sw->topology, p, up);
	hook_event(p->sw, &(struct event){
			      .type = up ? EVENT_port_up : EVENT_port_down,
			      .port = p->port->spec.name,
			      .detail = up ? NULL : switch_port_reason(p),
			  });
}

/* By what was asked for, not by name: the peers of a listener share it. */
static void log_down(const struct switch_port *p)
{
	log_about(LOG_WARNING, p->port->spec.arg, "%s: down: %s",
	    p->port->spec.name, switch_port_reason(p));
}

static void arm_retry(struct switch_port *p)
{
	if (ev_is_active(&p->retry))
		return;
	ev_timer_set(&p->retry, p->port->gone ? 0 : p->retry_ms / 1000.0, 0);
	ev_timer_start(p->sw->loop, &p->retry);
	p->retry_ms =
	    p->retry_ms * 2 < RETRY_MAX_MS ? p->retry_ms * 2 : RETRY_MAX_MS;
}

/* Open a closed port again, now. */
static void try_open(struct switch_port *p)
{
	ev_timer_stop(p->sw->loop, &p->retry);
	if (open_port(p))
		log_about(LOG_DEBUG, p->port->spec.arg, "%s: still down: %s",
		    p->port->spec.name, p->port->reason);
	switch_port_sync(p);
}

static void on_retry(struct ev_loop *loop, struct ev_timer *w, int events)
{
	struct switch_port *p = w->data;

	(void)loop, (void)events;
	if (p->port->gone)
		qswitch_port_del(p->sw, p->port->no);
	else if (!p->port->is_open)
		try_open(p);
}

static void on_ready(struct ev_loop *loop, struct ev_io *w, int events)
{
	struct switch_port *p = w->data;

	(void)loop;
	if (events & EV_WRITE) {
		port_writable(p->port);
		switch_port_sync(p);
	}
	if (events & EV_READ && p->port->is_open)
		datapath_ready(p);
}

/* Is @link the interface that @p stands on, or waits for? */
static bool link_concerns(const struct switch_port *p, const struct link *link)
{
	const struct port *port = p->port;

	if (!port->kind->link && port->is_open)
		return false;
	if (!port->is_open)
		return strcmp(port->spec.arg, link->name) == 0;
	return (port->ifindex && port->ifindex == link->ifindex) ||
	       strcmp(port->link_name, link->name) == 0;
}

/* A peer has connected to a listener: struct port_host. */
static int spawn(struct port *from, const struct port_kind *kind,
    const char *stem, void *seed)
{
	struct qswitch *sw = from->host->ctx;
	struct port_spec spec = from->spec;
	char err[PORT_ERR];

	strlcpy(spec.kind, kind->name, sizeof(spec.kind));
	number_name(sw, stem, spec.name);
	int no = add(sw, kind, &spec, seed, err);
	if (no < 0)
		log_about(LOG_WARNING, from->spec.arg,
		    "%s: a peer was turned away: %s", from->spec.name, err);
	return no < 0 ? no : 0;
}

/* Ports of a listener are STEM-1, STEM-2, ...: the first that is free. */
static void number_name(
    const struct qswitch *sw, const char *stem, char name[PORT_NAME])
{
	int i = 1;

	do
		snprintf(name, PORT_NAME, "%.*s-%d", PORT_NAME - 13, stem, i++);
	while (qswitch_port_find(sw, name));
}

/* The port changed outside of a call of ours: struct port_host. */
static void wake(struct port *port)
{
	struct qswitch *sw = port->host->ctx;
	struct switch_port *p = sw->ports[port->no];

	/* a port that is just being opened has not joined yet */
	if (p && p->port == port)
		switch_port_sync(p);
}
