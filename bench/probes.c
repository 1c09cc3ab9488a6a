/* SPDX-License-Identifier: BSD-2-Clause */
/* probes.c - what `compare` measures (see probe.h). */
#include "probe.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "generator.h"
#include "interference.h"
#include "pingpong.h"
#include "sink.h"
#include "tcp.h"

enum { BURST = 32, WINDOW = 32 };

/* What became of an offered load. */
struct delivery {
	struct offered offered;
	uint64_t in_time; /* arrived before the last frame was sent */
	uint64_t in_all;
	double busy_ns; /* of all processors, during the load */
};

#define HIGHER BETTER_HIGHER
#define LOWER  BETTER_LOWER

static int run_tcp(const struct probe *probe, struct subject *subject,
    const struct probe_settings *settings, struct outcome *outcome);
static int run_flood(const struct probe *probe, struct subject *subject,
    const struct probe_settings *settings, struct outcome *outcome);
static int run_without_rate(const struct probe *probe, struct subject *subject,
    struct load load, struct outcome *outcome);
static int deliver(struct subject *subject, size_t len, struct load load,
    struct delivery *delivery);
static uint64_t arrived(void *arg);
static void offer(struct subject *subject, const struct load *load,
    struct sink *sink, struct delivery *delivery);
static double loss_percent(const struct delivery *delivery);
static int run_super(const struct probe *probe, struct subject *subject,
    const struct probe_settings *settings, struct outcome *outcome);
static int need_held(struct subject *subject);
static int run_super_window(const struct probe *probe, struct subject *subject,
    const struct probe_settings *settings, struct outcome *outcome);
static int run_load(const struct probe *probe, struct subject *subject,
    const struct probe_settings *settings, struct outcome *outcome);
static int run_rtt(const struct probe *probe, struct subject *subject,
    const struct probe_settings *settings, struct outcome *outcome);
static int run_idle(const struct probe *probe, struct subject *subject,
    const struct probe_settings *settings, struct outcome *outcome);

/* clang-format off */
const struct probe probes[] = {
	{"tcp1", "TCP, one stream", true, -1, 1, false, run_tcp,
	    {{"tcp1", "TCP, 1 stream", "Gbit/s", HIGHER}}},
	{"tcp4", "TCP, four streams", false, -1, 4, false, run_tcp,
	    {{"tcp4", "TCP, 4 streams", "Gbit/s", HIGHER}}},
	{"tcp1-both", "TCP, one stream each way", false, -1, 1, true, run_tcp,
	    {{"tcp1-both", "TCP, 1 stream each way", "Gbit/s", HIGHER}}},
	{"tcp4-both", "TCP, four streams each way", false, -1, 4, true, run_tcp,
	    {{"tcp4-both", "TCP, 4 streams each way", "Gbit/s", HIGHER}}},
	{"packets60", "60-byte frames", true, -1, 60, false, run_flood,
	    {{"packets60", "60-byte frames delivered", "1000/s", HIGHER},
	     {"loss60", "60-byte frames lost", "%", LOWER},
	     {"cpu60", "CPU per 60-byte frame", "ns", LOWER}}},
	{"packets512", "512-byte frames", false, -1, 512, false, run_flood,
	    {{"packets512", "512-byte frames delivered", "1000/s", HIGHER},
	     {"loss512", "512-byte frames lost", "%", LOWER},
	     {"cpu512", "CPU per 512-byte frame", "ns", LOWER}}},
	{"packets1514", "1514-byte frames", false, -1, 1514, false, run_flood,
	    {{"packets1514", "1514-byte frames delivered", "1000/s", HIGHER},
	     {"loss1514", "1514-byte frames lost", "%", LOWER},
	     {"cpu1514", "CPU per 1514-byte frame", "ns", LOWER}}},
	{"super", "64 KiB frames of TCP, checksum unfinished", false, -1, FRAME_SUPER, false, run_super,
	    {{"super", "64 KiB frames delivered", "1000/s", HIGHER},
	     {"loss-super", "64 KiB frames lost", "%", LOWER},
	     {"cpu-super", "CPU per 64 KiB frame", "ns", LOWER}}},
	{"super-window", "64 KiB frames of TCP, 32 in flight", false, -1, FRAME_SUPER, false, run_super_window,
	    {{"super-window", "64 KiB frames, 32 in flight", "1000/s", HIGHER},
	     {"loss-super-window", "64 KiB frames lost, 32 in flight", "%", LOWER},
	     {"cpu-super-window", "CPU per 64 KiB frame, 32 in flight", "ns", LOWER}}},
	{"load", "60-byte frames at an offered load", true, -1, 60, false, run_load,
	    {{"loss-at-load", "frames lost at the offered load", "%", LOWER},
	     {"cpu-at-load", "CPU per frame at the offered load", "ns", LOWER},
	     {"load-offered", "load offered", "1000/s", HIGHER}}},
	{"rtt", "round trips, on any core", true, PIN_FREE, 60, false, run_rtt,
	    {{"rtt-p50", "round trip p50", "us", LOWER},
	     {"rtt-p99", "round trip p99", "us", LOWER},
	     {"rtt-p99.9", "round trip p99.9", "us", LOWER},
	     {"rtt-lost", "round trips without answer", "frames", LOWER}}},
	{"rtt-one", "round trips, all on one core", true, PIN_ONE, 60, false, run_rtt,
	    {{"rtt-one-p50", "round trip p50, one core", "us", LOWER},
	     {"rtt-one-p99", "round trip p99, one core", "us", LOWER},
	     {"rtt-one-p99.9", "round trip p99.9, one core", "us", LOWER},
	     {"rtt-one-lost", "round trips without answer, one core", "frames", LOWER}}},
	{"idle", "idle", true, -1, 0, false, run_idle,
	    {{"idle-cpu", "CPU of the switch when idle", "us/s", LOWER},
	     {"resident", "resident memory of the switch", "MiB", LOWER}}},
};
/* clang-format on */

const int probes_count = sizeof(probes) / sizeof(probes[0]);

double probe_cost_s(
    const struct probe *probe, const struct probe_settings *settings)
{
	if (probe->run == run_tcp)
		return settings->tcp_seconds + 0.15;
	return (double)settings->duration_ns / 1e9 + 0.06;
}

static int run_tcp(const struct probe *probe, struct subject *subject,
    const struct probe_settings *settings, struct outcome *outcome)
{
	double bits = 0;
	int result = tcp_measure(subject, probe->argument, probe->both,
	    settings->tcp_seconds, &bits);

	outcome->values[0] = bits / 1e9;
	return result;
}

static int run_flood(const struct probe *probe, struct subject *subject,
    const struct probe_settings *settings, struct outcome *outcome)
{
	struct load load = {
	    .duration_ns = settings->duration_ns, .burst = BURST};

	return run_without_rate(probe, subject, load, outcome);
}

static int run_without_rate(const struct probe *probe, struct subject *subject,
    struct load load, struct outcome *outcome)
{
	struct delivery delivery = {0};
	int result = deliver(subject, (size_t)probe->argument, load, &delivery);

	if (result)
		return result;
	outcome->values[0] = (double)delivery.in_time * 1e6 /
			     (double)delivery.offered.elapsed_ns;
	outcome->values[1] = loss_percent(&delivery);
	outcome->values[2] = delivery.busy_ns / (double)delivery.in_all;
	return 0;
}

/* Sets the flow and the count of arrivals of @load, which are missing. */
static int deliver(struct subject *subject, size_t len, struct load load,
    struct delivery *delivery)
{
	struct endpoint *ends = subject->endpoints;
	struct flow flow = {0};
	struct sink sink;
	uint8_t dst[1][6];

	load.flows = &flow;
	load.nflows = 1;
	load.arrived = arrived;
	load.arrived_arg = &sink;

	memcpy(dst[0], ends[1].mac, 6);
	int result = flow_init(&flow, &ends[0], len, 1, dst, subject->run_id);

	if (result)
		return result;
	result = sink_open(&sink, &ends[1], subject->testbed.cell->home,
	    subject->run_id, false, NULL);
	if (!result)
		offer(subject, &load, &sink, delivery);
	sink_close(&sink);
	flow_free(&flow);
	if (!result && delivery->in_all == 0) {
		snprintf(subject->testbed.why, sizeof(subject->testbed.why),
		    "%" PRIu64 " frames sent, none arrived",
		    delivery->offered.sent);
		return -EIO;
	}
	return result;
}

static uint64_t arrived(void *arg)
{
	struct sink *sink = arg;

	sink_count(sink);
	return sink->mine;
}

static void offer(struct subject *subject, const struct load *load,
    struct sink *sink, struct delivery *delivery)
{
	cpu_set_t cpus;

	sched_getaffinity(0, sizeof(cpus), &cpus);
	sched_setaffinity(0, sizeof(cpu_set_t), &subject->placement.generator);
	uint64_t busy_ns = processors_busy_ns();

	generator_run(load, &delivery->offered);
	sink_count(sink);
	delivery->busy_ns = (double)(processors_busy_ns() - busy_ns);
	sched_setaffinity(0, sizeof(cpus), &cpus);
	delivery->in_time = sink->mine;
	sinks_settle(sink, 1);
	delivery->in_all = sink->mine;
}

static double loss_percent(const struct delivery *delivery)
{
	uint64_t sent = delivery->offered.sent, got = delivery->in_all;

	return sent > got ? 100.0 * (double)(sent - got) / (double)sent : 0;
}

static int run_super(const struct probe *probe, struct subject *subject,
    const struct probe_settings *settings, struct outcome *outcome)
{
	int result = need_held(subject);

	return result ? result : run_flood(probe, subject, settings, outcome);
}

/* A packet socket cannot mark a checksum as unfinished, and other sockets have
 * no header for it. */
static int need_held(struct subject *subject)
{
	for (int i = 0; i < 2; i++) {
		if (subject_side(subject, i) == SIDE_HELD)
			continue;
		snprintf(subject->testbed.why, sizeof(subject->testbed.why),
		    "64 KiB frames need held TAPs at both ends");
		return -EOPNOTSUPP;
	}
	return 0;
}

/* TCP sends such frames, and waits while its window is full. */
static int run_super_window(const struct probe *probe, struct subject *subject,
    const struct probe_settings *settings, struct outcome *outcome)
{
	struct load load = {.duration_ns = settings->duration_ns,
	    .burst = WINDOW / 4,
	    .window = WINDOW};
	int result = need_held(subject);

	return result ? result
		      : run_without_rate(probe, subject, load, outcome);
}

static int run_load(const struct probe *probe, struct subject *subject,
    const struct probe_settings *settings, struct outcome *outcome)
{
	struct delivery delivery = {0};
	struct load load = {.rate = settings->load,
	    .duration_ns = settings->duration_ns,
	    .burst = BURST};
	int result = deliver(subject, (size_t)probe->argument, load, &delivery);

	if (result)
		return result;
	outcome->values[0] = loss_percent(&delivery);
	outcome->values[1] = delivery.busy_ns / (double)delivery.in_all;
	outcome->values[2] = generator_rate(&delivery.offered) / 1e3;
	return 0;
}

static int run_rtt(const struct probe *probe, struct subject *subject,
    const struct probe_settings *settings, struct outcome *outcome)
{
	struct pingpong pingpong = {.client = &subject->endpoints[0],
	    .server = &subject->endpoints[1],
	    .home = subject->testbed.cell->home,
	    .run_id = subject->run_id,
	    .duration_ns = settings->duration_ns,
	    .client_cpus = &subject->placement.ends,
	    .server_cpus = &subject->placement.ends};
	static const double percents[] = {50, 99, 99.9};
	struct histogram rtt;

	(void)probe;
	histogram_clear(&rtt);
	int result = pingpong_run(&pingpong, &rtt);

	for (int i = 0; i < 3; i++)
		outcome->values[i] =
		    (double)histogram_percentile(&rtt, percents[i]) / 1e3;
	outcome->values[3] = (double)pingpong.lost;
	histogram_merge(outcome->rtt, &rtt);
	if (result)
		snprintf(subject->testbed.why, sizeof(subject->testbed.why),
		    "no round trip was measured: %s", strerror(-result));
	return result;
}

/* The kernel bridge has no process and uses no time when idle: 0. */
static int run_idle(const struct probe *probe, struct subject *subject,
    const struct probe_settings *settings, struct outcome *outcome)
{
	uint64_t start_at_ns = clock_ns(), before = subject_cpu_ns(subject);

	(void)probe;
	clock_sleep_ns(settings->duration_ns);
	uint64_t used = subject_cpu_ns(subject) - before;

	outcome->values[0] =
	    (double)used * 1e6 / (double)(clock_ns() - start_at_ns);
	outcome->values[1] = (double)subject_resident(subject) / 1048576;
	return 0;
}
