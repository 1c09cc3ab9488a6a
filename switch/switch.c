/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * switch.c - owns bridge, topology, ports and loop: see switch.h.
 *
 * What may change a port ends in switch_port_sync(), the one place that
 * compares what is with what was last told: it moves the watcher, tells the
 * topology and the operator, and arms the retry timer.
 */
#include "switch.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <bsd/stdlib.h>
#include <bsd/string.h>

#include "ports/kind.h"

#include "capture.h"
#include "control.h"
#include "datapath.h"
#include "lab.h"
#include "log.h"
#include "topology.h"

enum { RETRY_MIN_MS = 100, RETRY_MAX_MS = 5000 };

static bool init_core(struct qswitch *sw, char *err);
static void init_watchers(struct qswitch *sw);
static int watch_links(struct qswitch *sw, char *err);
static void port_join(struct switch_port *p);
static void port_leave(struct switch_port *p);
static void port_watch(struct switch_port *p);
static void port_tell(struct switch_port *p);
static void port_arm_retry(struct switch_port *p);
static void port_try(struct switch_port *p);
static int spawn(struct port *from, const struct port_kind *kind,
    const char *stem, void *seed);
static void wake(struct port *port);
static void on_tick_check(struct ev_loop *loop, struct ev_check *w, int events);
static void on_settle(struct ev_loop *loop, struct ev_prepare *w, int events);
static void on_tick(struct ev_loop *loop, struct ev_timer *w, int events);
static void on_links(struct ev_loop *loop, struct ev_io *w, int events);
static void on_signal(struct ev_loop *loop, struct ev_signal *w, int events);
static void on_port(struct ev_loop *loop, struct ev_io *w, int events);
static void on_retry(struct ev_loop *loop, struct ev_timer *w, int events);

struct qswitch *qswitch_new(struct config *config, char *err)
{
	struct qswitch *sw = calloc(1, sizeof *sw);

	if (!sw) {
		config_free(config);
		strlcpy(err, "out of memory", CONFIG_ERR);
		return NULL;
	}
	sw->config = *config;
	*config = (struct config){0};
	if (!init_core(sw, err)) {
		qswitch_free(sw);
		return NULL;
	}
	init_watchers(sw);
	return sw;
}

static bool init_core(struct qswitch *sw, char *err)
{
	uint64_t seed;

	arc4random_buf(&seed, sizeof seed);
	strlcpy(err, "out of memory", CONFIG_ERR);
	clock_init(&sw->clock);
	spin_init(&sw->spin, sw->config.spin_us);
	sw->started_ms = sw->clock.now_ms;
	sw->loop = ev_default_loop(EVFLAG_AUTO);
	sw->bridge = bridge_new(&(struct bridge_config){
	    .fdb_size = sw->config.fdb_size,
	    .ageing_s = sw->config.ageing_s,
	    .seed = seed,
	    .forward_reserved = sw->config.forward_reserved,
	    .stp = sw->config.stp.on,
	});
	sw->recorder = recorder_new(sw->config.recorder);
	sw->capture = capture_new(sw);
	sw->host = (struct port_host){
	    .ctx = sw,
	    .arena = arena_new(),
	    .scratch = malloc(OFFLOAD_SCRATCH),
	    .spawn = spawn,
	    .wake = wake,
	};
	if (!sw->loop || !sw->bridge || !sw->recorder || !sw->capture ||
	    !sw->host.arena || !sw->host.scratch)
		return false;
	if (sw->config.lab && !(sw->lab = lab_new(sw)))
		return false;
	sw->topology = topology_new(sw, err);
	return sw->topology;
}

static void watch_signal(struct qswitch *sw, struct ev_signal *w, int signum)
{
	ev_signal_init(w, on_signal, signum);
	ev_signal_start(sw->loop, w);
	w->data = sw;
}

static void init_watchers(struct qswitch *sw)
{
	ev_check_init(&sw->tick_check, on_tick_check);
	ev_set_priority(&sw->tick_check, EV_MAXPRI);
	ev_check_start(sw->loop, &sw->tick_check);
	ev_prepare_init(&sw->settle, on_settle);
	ev_prepare_start(sw->loop, &sw->settle);
	sw->settle.data = sw;
	ev_timer_init(&sw->tick, on_tick, 0, 0);
	watch_signal(sw, &sw->sigterm, SIGTERM);
	watch_signal(sw, &sw->sigint, SIGINT);
	watch_signal(sw, &sw->sighup, SIGHUP);
	ev_init(&sw->link_io, on_links);
	sw->tick_check.data = sw->tick.data = sw->link_io.data = sw;
}

int qswitch_start(struct qswitch *sw, char *err)
{
	char path[CONFIG_PATH];

	strlcpy(path, sw->config.control, sizeof path);
	if (!*path)
		config_control_path(sw->config.name, path);
	/* First, because it tells whether the switch runs already. */
	sw->control = control_new(sw, path, err);
	if (!sw->control)
		return -EADDRINUSE;
	int result = watch_links(sw, err);
	for (int i = 0; !result && i < sw->config.n_ports; i++) {
		int no = qswitch_port_add(sw, &sw->config.ports[i], NULL, err);
		result = no < 0 ? no : 0;
	}
	return result;
}

static int watch_links(struct qswitch *sw, char *err)
{
	sw->links = link_watch_new();
	if (!sw->links) {
		int error = errno;
		snprintf(err, CONFIG_ERR,
		    "cannot watch network interfaces (rtnetlink): %s",
		    strerror(error));
		return -error;
	}
	ev_io_set(&sw->link_io, link_watch_fd(sw->links), EV_READ);
	ev_io_start(sw->loop, &sw->link_io);
	return 0;
}

void qswitch_free(struct qswitch *sw)
{
	if (!sw)
		return;
	for (int no = sw->port_high; no > 0; no--)
		if (sw->ports[no])
			qswitch_port_del(sw, no);
	control_free(sw->control);
	lab_free(sw->lab);
	capture_free(sw->capture);
	link_watch_free(sw->links);
	topology_free(sw->topology);
	free(sw->host.scratch);
	arena_free(sw->host.arena);
	recorder_free(sw->recorder);
	bridge_free(sw->bridge);
	if (sw->loop)
		ev_loop_destroy(sw->loop);
	config_free(&sw->config);
	free(sw);
}

/* One batch of each port that has read ahead; then the others have a turn. */
static void serve_more(struct qswitch *sw)
{
	sw->more = false;
	qswitch_foreach (sw, p)
		if (p->port->more && p->port->is_open)
			datapath_ready(p);
}

void qswitch_run(struct qswitch *sw)
{
	bool poll = false;

	while (!sw->stopping) {
		sw->traffic = false;
		if (sw->more)
			serve_more(sw);
		ev_run(sw->loop, poll || sw->more ? EVRUN_NOWAIT : EVRUN_ONCE);
		poll = spin_poll(&sw->spin, sw->traffic, sw->clock.real_ns);
	}
}

void qswitch_stop(struct qswitch *sw)
{
	sw->stopping = true;
}

static int free_number(const struct qswitch *sw)
{
	for (int no = 1; no <= PORT_MAX; no++)
		if (!sw->ports[no])
			return no;
	return 0;
}

static struct switch_port *switch_port_new(struct qswitch *sw,
    const struct port_spec *spec, void *seed, const struct port_kind *kind,
    int no)
{
	struct switch_port *p = calloc(1, sizeof *p);

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
	ev_init(&p->io, on_port);
	ev_init(&p->retry, on_retry);
	p->io.data = p->retry.data = p;
	return p;
}

/* qswitch_port_add() for a kind that is known; @seed is the caller's when it
 * fails. */
static int port_add(struct qswitch *sw, const struct port_kind *kind,
    const struct port_spec *spec, void *seed, char *err)
{
	int no = free_number(sw);

	if (qswitch_port_find(sw, spec->name)) {
		snprintf(err, PORT_ERR,
		    "there is a port named %s already: choose another with "
		    "name=",
		    spec->name);
		return -EEXIST;
	}
	if (!no) {
		snprintf(err, PORT_ERR, "%s: all %d ports are in use",
		    spec->name, PORT_MAX);
		return -ENOSPC;
	}
	struct switch_port *p = switch_port_new(sw, spec, seed, kind, no);
	if (!p) {
		strlcpy(err, "out of memory", PORT_ERR);
		return -ENOMEM;
	}
	int result = port_open(p->port);
	if (result) {
		strlcpy(err, p->port->reason, PORT_ERR);
		p->port->seed = NULL;
		port_free(p->port);
		free(p);
		return result;
	}
	port_join(p);
	return no;
}

int qswitch_port_add(
    struct qswitch *sw, const struct port_spec *spec, void *seed, char *err)
{
	const struct port_kind *kind =
	    port_kind_find(spec->kind, port_spec_get(spec, "driver"));

	if (!kind) {
		snprintf(err, PORT_ERR, "%s: no such kind of port", spec->kind);
		return -EINVAL;
	}
	return port_add(sw, kind, spec, seed, err);
}

static void port_join(struct switch_port *p)
{
	struct qswitch *sw = p->sw;
	int no = p->port->no;

	sw->ports[no] = p;
	if (no > sw->port_high)
		sw->port_high = no;
	if (!p->port->kind->listener) {
		bridge_port_add(sw->bridge, no, p->config.fdb_max);
		topology_port_added(sw->topology, p);
	}
	capture_port_added(sw->capture, p);
	qswitch_event(sw, &(struct event){.type = EVENT_port_added,
			      .port = p->port->spec.name});
	switch_port_sync(p);
	if (!p->was_up)
		log_warn(
		    "%s: down: %s", p->port->spec.name, switch_port_reason(p));
}

static void port_leave(struct switch_port *p)
{
	struct qswitch *sw = p->sw;
	int no = p->port->no;

	if (sw->lab)
		lab_port_removed(sw->lab, no);
	capture_port_removed(sw->capture, p);
	if (!p->port->kind->listener) {
		topology_port_removed(sw->topology, p);
		bridge_port_del(sw->bridge, no);
	}
	sw->ports[no] = NULL;
	while (sw->port_high > 0 && !sw->ports[sw->port_high])
		sw->port_high--;
	qswitch_event(sw, &(struct event){.type = EVENT_port_removed,
			      .port = p->port->spec.name});
}

static void counters_add(
    struct port_counters *sum, const struct port_counters *c)
{
	sum->rx_frames += c->rx_frames;
	sum->tx_frames += c->tx_frames;
	sum->tx_full += c->tx_full;
	sum->tx_oversize += c->tx_oversize;
	sum->tx_error += c->tx_error;
}

void qswitch_port_del(struct qswitch *sw, int no)
{
	struct switch_port *p = sw->ports[no];

	ev_io_stop(sw->loop, &p->io);
	ev_timer_stop(sw->loop, &p->retry);
	counters_add(&sw->retired, &p->port->counters);
	port_leave(p);
	port_free(p->port);
	free(p);
}

static uint64_t frames_waiting(const struct qswitch *sw)
{
	struct lab_state state;

	if (!sw->lab)
		return 0;
	lab_state(sw->lab, &state);
	return (uint64_t)state.waiting;
}

void qswitch_books(const struct qswitch *sw, struct qswitch_books *books)
{
	const struct bridge_counters *bridge = bridge_counters(sw->bridge);
	struct port_counters sum = sw->retired;

	*books = (struct qswitch_books){
	    .copies_queued = bridge->copies_queued,
	    .own_frames = sw->own_frames,
	};
	qswitch_foreach (sw, p)
		counters_add(&sum, &p->port->counters);
	for (int v = 0; v < VERDICT_COUNT; v++)
		books->verdicts += bridge->verdicts[v];
	books->rx_frames = sum.rx_frames;
	books->waiting = frames_waiting(sw);
	books->tx_outcomes =
	    sum.tx_frames + sum.tx_full + sum.tx_oversize + sum.tx_error;
	/* Each difference counts by itself: two errors do not cancel out. */
	int64_t rx =
	    (int64_t)(books->rx_frames - books->waiting - books->verdicts);
	int64_t tx = (int64_t)(books->copies_queued + books->own_frames -
			       books->tx_outcomes);
	books->unaccounted = llabs(rx) + llabs(tx);
}

void qswitch_port_set_admin(struct qswitch *sw, int no, bool up)
{
	struct switch_port *p = sw->ports[no];

	p->admin_up = up;
	if (up)
		*p->hold = '\0'; /* the operator knows better */
	if (up && !p->port->is_open)
		port_try(p);
	else
		switch_port_sync(p);
}

void qswitch_port_hold(struct qswitch *sw, int no, const char *reason)
{
	struct switch_port *p = sw->ports[no];

	strlcpy(p->hold, reason ? reason : "", sizeof p->hold);
	switch_port_sync(p);
}

int qswitch_port_find(const struct qswitch *sw, const char *name)
{
	qswitch_foreach (sw, p)
		if (!strcmp(p->port->spec.name, name))
			return p->port->no;
	return 0;
}

const char *qswitch_port_name(const struct qswitch *sw, int no)
{
	if (no < 1 || no > PORT_MAX || !sw->ports[no])
		return "-";
	return sw->ports[no]->port->spec.name;
}

const char *switch_port_reason(const struct switch_port *p)
{
	if (!p->admin_up)
		return "taken down by the operator";
	if (*p->hold)
		return p->hold;
	return p->port->reason;
}

bool switch_port_up(const struct switch_port *p)
{
	return p->admin_up && !*p->hold && port_up(p->port);
}

void qswitch_event(struct qswitch *sw, const struct event *event)
{
	if (sw->listeners)
		sw->on_event(event, sw->on_event_arg);
}

void switch_port_sync(struct switch_port *p)
{
	port_watch(p);
	if (switch_port_up(p) != p->was_up)
		port_tell(p);
	if (!p->port->is_open || p->port->gone)
		port_arm_retry(p);
}

void switch_port_sync_later(struct switch_port *p)
{
	if (switch_port_up(p) != p->was_up)
		p->sw->unsettled = true;
}

static void on_settle(struct ev_loop *loop, struct ev_prepare *w, int events)
{
	struct qswitch *sw = w->data;

	(void)loop, (void)events;
	while (sw->unsettled) {
		sw->unsettled = false;
		qswitch_foreach (sw, p)
			switch_port_sync(p);
	}
}

static int loop_events(int poll_events)
{
	return (poll_events & POLLIN ? EV_READ : 0) |
	       (poll_events & POLLOUT ? EV_WRITE : 0);
}

/* Let the loop watch what the port wants watched. */
static void port_watch(struct switch_port *p)
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

/* A port has come up or gone down: topology, operator and log learn of it. */
static void port_tell(struct switch_port *p)
{
	bool up = switch_port_up(p);

	p->was_up = up;
	if (up) {
		p->retry_ms = RETRY_MIN_MS;
		log_info("%s: up", p->port->spec.name);
	} else {
		log_warn(
		    "%s: down: %s", p->port->spec.name, switch_port_reason(p));
	}
	if (!p->port->kind->listener)
		topology_port_changed(p->sw->topology, p, up);
	qswitch_event(p->sw, &(struct event){
				 .type = up ? EVENT_port_up : EVENT_port_down,
				 .port = p->port->spec.name,
				 .detail = up ? NULL : switch_port_reason(p),
			     });
}

static void port_arm_retry(struct switch_port *p)
{
	if (ev_is_active(&p->retry))
		return;
	ev_timer_set(&p->retry, p->port->gone ? 0 : p->retry_ms / 1000.0, 0);
	ev_timer_start(p->sw->loop, &p->retry);
	p->retry_ms =
	    p->retry_ms * 2 < RETRY_MAX_MS ? p->retry_ms * 2 : RETRY_MAX_MS;
}

/* Open a closed port again, now. */
static void port_try(struct switch_port *p)
{
	ev_timer_stop(p->sw->loop, &p->retry);
	if (port_open(p->port))
		log_debug(
		    "%s: still down: %s", p->port->spec.name, p->port->reason);
	switch_port_sync(p);
}

static void on_retry(struct ev_loop *loop, struct ev_timer *w, int events)
{
	struct switch_port *p = w->data;

	(void)loop, (void)events;
	if (p->port->gone)
		qswitch_port_del(p->sw, p->port->no);
	else if (!p->port->is_open)
		port_try(p);
}

static void on_port(struct ev_loop *loop, struct ev_io *w, int events)
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

static void on_tick_check(struct ev_loop *loop, struct ev_check *w, int events)
{
	struct qswitch *sw = w->data;

	(void)loop, (void)events;
	clock_tick(&sw->clock);
}

void qswitch_arm_tick(struct qswitch *sw)
{
	uint64_t next_ms = topology_next_ms(sw->topology);
	/* a millisecond later, so that it has surely passed by then */
	double real_s = (double)(next_ms + 1) / 1000 / sw->clock.factor;

	ev_timer_stop(sw->loop, &sw->tick);
	if (next_ms == UINT64_MAX)
		return;
	/* A clock that is stopped or slow is looked at now and then. */
	if ((sw->clock.stopped || sw->clock.factor != 1) && real_s > 1)
		real_s = 1;
	ev_timer_set(&sw->tick, real_s, 0);
	ev_timer_start(sw->loop, &sw->tick);
}

static void on_tick(struct ev_loop *loop, struct ev_timer *w, int events)
{
	struct qswitch *sw = w->data;

	(void)loop, (void)events;
	topology_tick(sw->topology);
}

static void on_signal(struct ev_loop *loop, struct ev_signal *w, int events)
{
	(void)events;
	(void)loop;
	log_info("stopping: %s", strsignal(w->signum));
	qswitch_stop(w->data);
}

/* Is @link the interface that @p stands on, or waits for? */
static bool link_concerns(const struct switch_port *p, const struct link *link)
{
	const struct port *port = p->port;

	if (!port->kind->link && port->is_open)
		return false;
	if (!port->is_open)
		return !strcmp(port->spec.arg, link->name);
	return (port->ifindex && port->ifindex == link->ifindex) ||
	       !strcmp(port->link_name, link->name);
}

static void link_changed(const struct link *link, void *arg)
{
	struct qswitch *sw = arg;

	qswitch_foreach (sw, p) {
		if (!link_concerns(p, link))
			continue;
		if (!p->port->is_open) {
			if (!link->deleted)
				port_try(p);
			continue;
		}
		port_link(p->port, link);
		switch_port_sync(p);
	}
}

static void on_links(struct ev_loop *loop, struct ev_io *w, int events)
{
	struct qswitch *sw = w->data;

	(void)loop, (void)events;
	link_watch_read(sw->links, link_changed, sw);
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

/* At most one a second: they come as fast as somebody can connect. */
static void tell_refusal(
    struct qswitch *sw, const char *listener, const char *why)
{
	uint64_t now_ns = sw->clock.real_ns;

	sw->refusals++;
	if (sw->refusal_ns && now_ns - sw->refusal_ns < 1000000000)
		return;
	log_warn("%s: a peer was turned away: %s", listener, why);
	if (sw->refusals > 1)
		log_warn("%s: and %llu more before it", listener,
		    (unsigned long long)sw->refusals - 1);
	sw->refusal_ns = now_ns;
	sw->refusals = 0;
}

static int spawn(struct port *from, const struct port_kind *kind,
    const char *stem, void *seed)
{
	struct qswitch *sw = from->host->ctx;
	struct port_spec spec = from->spec;
	char err[PORT_ERR];

	strlcpy(spec.kind, kind->name, sizeof spec.kind);
	number_name(sw, stem, spec.name);
	int no = port_add(sw, kind, &spec, seed, err);
	if (no < 0)
		tell_refusal(sw, from->spec.name, err);
	return no < 0 ? no : 0;
}

static void wake(struct port *port)
{
	struct qswitch *sw = port->host->ctx;
	struct switch_port *p = sw->ports[port->no];

	/* a port that is just being opened has not joined yet */
	if (p && p->port == port)
		switch_port_sync(p);
}
