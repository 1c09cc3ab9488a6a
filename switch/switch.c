/* SPDX-License-Identifier: BSD-2-Clause */
/* switch.c - owns bridge, topology, ports and loop: see switch.h. */
#include "switch.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bsd/stdlib.h>
#include <bsd/string.h>

#include "ports/kind.h"
#include "ports/link.h"
#include "ports/whois.h"

#include "datapath.h"
#include "host_access.h"
#include "log.h"
#include "process.h"
#include "topology.h"

static bool init_core(struct qswitch *sw, char *err);
static void init_watchers(struct qswitch *sw);
static void watch_signal(struct qswitch *sw, struct ev_signal *w, int signum);
static int open_pcap_dir(struct qswitch *sw, char *err);
static int watch_links(struct qswitch *sw, char *err);
static void serve_more(struct qswitch *sw);
static void on_tick_check(struct ev_loop *loop, struct ev_check *w, int events);
static void on_settle(struct ev_loop *loop, struct ev_prepare *w, int events);
static void on_busy(struct ev_loop *loop, struct ev_idle *w, int events);
static void on_tick(struct ev_loop *loop, struct ev_timer *w, int events);
static void on_log_later(struct ev_loop *loop, struct ev_timer *w, int events);
static void on_links(struct ev_loop *loop, struct ev_io *w, int events);
static void link_changed(const struct link *link, void *arg);
static void on_signal(struct ev_loop *loop, struct ev_signal *w, int events);

struct qswitch *qswitch_new(struct config *config, char *err)
{
	struct qswitch *sw = calloc(1, sizeof(*sw));

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

int qswitch_start(struct qswitch *sw, char *err)
{
	int result = open_pcap_dir(sw, err);

	if (!result)
		result = watch_links(sw, err);
	for (int i = 0; !result && i < sw->config.n_ports; i++) {
		int no = qswitch_port_add(sw, &sw->config.ports[i], NULL, err);
		result = no < 0 ? no : 0;
	}
	return result;
}

void qswitch_run(struct qswitch *sw)
{
	bool poll = false;

	sw->host.serving = true;
	while (!sw->stopping) {
		sw->traffic = false;
		port_turn(&sw->host);
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

void qswitch_close(struct qswitch *sw)
{
	if (!sw)
		return;
	for (int no = sw->port_high; no > 0; no--)
		if (sw->ports[no])
			qswitch_port_del(sw, no);
}

void qswitch_free(struct qswitch *sw)
{
	if (!sw)
		return;
	qswitch_close(sw);
	link_watch_free(sw->links);
	topology_free(sw->topology);
	whois_free(sw->host.busy);
	free(sw->host.scratch);
	if (sw->host.pcap_dir > 0)
		close(sw->host.pcap_dir);
	arena_free(sw->host.arena);
	recorder_free(sw->recorder);
	bridge_free(sw->bridge);
	if (sw->loop)
		ev_loop_destroy(sw->loop);
	config_free(&sw->config);
	free(sw);
}

void qswitch_arm_tick(struct qswitch *sw)
{
	uint64_t wait_ms = topology_wait_ms(sw->topology);
	/* a millisecond later, so that it has surely passed by then */
	double real_s = (double)(wait_ms + 1) / 1000 / sw->clock.factor;

	ev_timer_stop(sw->loop, &sw->tick);
	if (wait_ms == UINT64_MAX)
		return;
	/* A clock that is stopped or slow is looked at now and then. */
	if ((sw->clock.stopped || sw->clock.factor != 1) && real_s > 1)
		real_s = 1;
	ev_timer_set(&sw->tick, real_s, 0);
	ev_timer_start(sw->loop, &sw->tick);
}

static bool init_core(struct qswitch *sw, char *err)
{
	uint64_t seed;

	arc4random_buf(&seed, sizeof(seed));
	strlcpy(err, "out of memory", CONFIG_ERR);
	clock_init(&sw->clock);
	spin_init(&sw->spin, sw->config.spin_us);
	sw->started_at_ms = sw->clock.now_ms;
	sw->loop = ev_default_loop(EVFLAG_AUTO);
	sw->bridge = bridge_new(&(struct bridge_config){
	    .fdb_size = sw->config.fdb_size,
	    .ageing_s = sw->config.ageing_s,
	    .seed = seed,
	    .forward_reserved = sw->config.forward_reserved,
	    .stp = sw->config.stp.on,
	});
	sw->recorder = recorder_new(sw->config.recorder);
	switch_port_host(sw);
	sw->host.arena = arena_new();
	sw->host.scratch = malloc(OFFLOAD_SCRATCH);
	if (!sw->loop || !sw->bridge || !sw->recorder || !sw->host.arena ||
	    !sw->host.scratch)
		return false;
	sw->topology = topology_new(sw, err);
	return sw->topology;
}

static void init_watchers(struct qswitch *sw)
{
	ev_check_init(&sw->tick_check, on_tick_check);
	ev_set_priority(&sw->tick_check, EV_MAXPRI);
	ev_check_start(sw->loop, &sw->tick_check);
	ev_prepare_init(&sw->settle, on_settle);
	ev_prepare_start(sw->loop, &sw->settle);
	sw->settle.data = sw;
	ev_idle_init(&sw->busy, on_busy);
	ev_timer_init(&sw->tick, on_tick, 0, 0);
	ev_timer_init(&sw->log_later, on_log_later, 1, 0);
	watch_signal(sw, &sw->sigterm, SIGTERM);
	/* nohup(1) and a shell's "&" mean it */
	if (!process_ignores(SIGINT))
		watch_signal(sw, &sw->sigint, SIGINT);
	if (!process_ignores(SIGHUP))
		watch_signal(sw, &sw->sighup, SIGHUP);
	ev_init(&sw->link_io, on_links);
	sw->tick_check.data = sw->tick.data = sw->link_io.data = sw;
}

static void watch_signal(struct qswitch *sw, struct ev_signal *w, int signum)
{
	ev_signal_init(w, on_signal, signum);
	ev_signal_start(sw->loop, w);
	w->data = sw;
}

/* Clients name files in it, wherever the path leads by then. */
static int open_pcap_dir(struct qswitch *sw, char *err)
{
	const char *path = sw->config.pcap_dir;

	if (!*path)
		return 0;
	int fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0) {
		int error = errno;
		snprintf(err, CONFIG_ERR, "--pcap-dir %s: %s: give a directory",
		    path, strerror(error));
		return -error;
	}
	sw->host.pcap_dir = fd;
	return 0;
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

/* One batch of each port that has read ahead; then the others have a turn. */
static void serve_more(struct qswitch *sw)
{
	sw->more = false;
	qswitch_foreach (sw, p)
		if (p->port->more && p->port->is_open)
			datapath_ready(p);
}

static void on_tick_check(struct ev_loop *loop, struct ev_check *w, int events)
{
	struct qswitch *sw = w->data;

	(void)loop, (void)events;
	clock_tick(&sw->clock);
}

static void on_settle(struct ev_loop *loop, struct ev_prepare *w, int events)
{
	struct qswitch *sw = w->data;

	(void)events;
	if (log_waiting() && !ev_is_active(&sw->log_later)) {
		ev_timer_set(&sw->log_later, 1, 0);
		ev_timer_start(loop, &sw->log_later);
	}
	while (sw->unsettled) {
		sw->unsettled = false;
		qswitch_foreach (sw, p)
			switch_port_sync(p);
	}
	if (host_access_work(sw))
		ev_idle_start(loop, &sw->busy);
	else
		ev_idle_stop(loop, &sw->busy);
}

/* While this is active, the loop does not block. */
static void on_busy(struct ev_loop *loop, struct ev_idle *w, int events)
{
	(void)loop, (void)w, (void)events;
}

static void on_tick(struct ev_loop *loop, struct ev_timer *w, int events)
{
	struct qswitch *sw = w->data;

	(void)loop, (void)events;
	topology_tick(sw->topology);
}

static void on_log_later(struct ev_loop *loop, struct ev_timer *w, int events)
{
	(void)loop, (void)w, (void)events;
	log_tick();
}

static void on_links(struct ev_loop *loop, struct ev_io *w, int events)
{
	struct qswitch *sw = w->data;

	(void)loop, (void)events;
	link_watch_read(sw->links, link_changed, sw);
}

static void link_changed(const struct link *link, void *arg)
{
	switch_port_link(arg, link);
}

static void on_signal(struct ev_loop *loop, struct ev_signal *w, int events)
{
	(void)events;
	(void)loop;
	log_info("stopping: %s", strsignal(w->signum));
	qswitch_stop(w->data);
}
