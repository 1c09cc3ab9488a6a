/* SPDX-License-Identifier: BSD-2-Clause */
/* traffic.c - patterns and trials (see traffic.h). */
#include "traffic.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { PROBES = 100, BURST = 16, SEARCH_MAX = 14 };

static bool sends(const struct traffic *traffic, int port);
static uint32_t destinations(
    const struct traffic *traffic, int from, uint8_t (*dsts)[6]);
static bool receives(const struct traffic *traffic, int port);
static bool counts_apart(const struct traffic *traffic, int port);
static void offer(
    struct traffic *traffic, struct trial *trial, struct sink *sinks);
static void count(
    struct traffic *traffic, struct trial *trial, struct sink *sinks);
static bool kept_the_rate(const struct trial *trial);

int traffic_open(struct traffic *traffic, struct subject *subject,
    enum pattern pattern, size_t len)
{
	uint8_t dsts[TESTBED_HOSTS_MAX][6];
	int result = 0;

	*traffic = (struct traffic){.subject = subject, .pattern = pattern};
	for (int from = 0; from < subject->testbed.nhosts && !result; from++) {
		if (!sends(traffic, from))
			continue;
		uint32_t n = destinations(traffic, from, dsts);

		result = flow_init(&traffic->flows[traffic->nflows++],
		    &subject->endpoints[from], len, n, dsts, subject->run_id);
	}
	return result;
}

void traffic_close(struct traffic *traffic)
{
	for (int i = 0; i < traffic->nflows; i++)
		flow_free(&traffic->flows[i]);
	traffic->nflows = 0;
}

int traffic_trial(struct traffic *traffic, struct trial *trial)
{
	struct subject *subject = traffic->subject;
	struct sink sinks[TESTBED_HOSTS_MAX];
	int opened = 0, result = 0;

	histogram_clear(&trial->ages);
	while (opened < subject->testbed.nhosts && !result) {
		bool probes = trial->latency && receives(traffic, opened);

		result = sink_open(&sinks[opened], &subject->endpoints[opened],
		    subject->testbed.cell->home, subject->run_id,
		    counts_apart(traffic, opened),
		    probes ? &trial->ages : NULL);
		opened++;
	}
	if (!result)
		offer(traffic, trial, sinks);
	for (int i = 0; i < opened; i++)
		sink_close(&sinks[i]);
	if (result)
		snprintf(subject->testbed.why, sizeof(subject->testbed.why),
		    "cannot count frames: %s", strerror(-result));
	if (!result && !subject_alive(subject))
		result = -ECHILD;
	return result;
}

bool trial_lossless(const struct trial *trial)
{
	return trial->offered.sent > 0 && trial->got >= trial->expected &&
	       kept_the_rate(trial);
}

double trial_loss_percent(const struct trial *trial)
{
	if (trial->got >= trial->expected)
		return 0;
	return 100.0 * (double)(trial->expected - trial->got) /
	       (double)trial->expected;
}

double traffic_throughput(
    struct traffic *traffic, struct trial *trial, int percent)
{
	double low = 0, high;

	trial->rate = trial->count = 0;
	int result = traffic_trial(traffic, trial);

	if (result)
		return result;
	high = generator_rate(&trial->offered);
	if (trial_lossless(trial))
		return high;
	for (int i = 0; i < SEARCH_MAX && high - low > high * percent / 100;
	     i++) {
		trial->rate = (uint64_t)((low + high) / 2);
		result = traffic_trial(traffic, trial);
		if (result)
			return result;
		if (trial_lossless(trial))
			low = (double)trial->rate;
		else
			high = (double)trial->rate;
	}
	return low;
}

static bool sends(const struct traffic *traffic, int port)
{
	switch (traffic->pattern) {
	case PATTERN_MESH:
		return true;
	case PATTERN_MANY_TO_ONE:
		return port > 0;
	default:
		return port == 0;
	}
}

static uint32_t destinations(
    const struct traffic *traffic, int from, uint8_t (*dsts)[6])
{
	uint32_t n = 0;

	if (traffic->pattern == PATTERN_BROADCAST) {
		memset(dsts[0], 0xff, 6);
		return 1;
	}
	for (int to = 0; to < traffic->subject->testbed.nhosts; to++)
		if (to != from && receives(traffic, to))
			memcpy(
			    dsts[n++], traffic->subject->endpoints[to].mac, 6);
	return n;
}

static bool receives(const struct traffic *traffic, int port)
{
	switch (traffic->pattern) {
	case PATTERN_MESH:
		return true;
	case PATTERN_PAIR:
		return port == 1;
	case PATTERN_MANY_TO_ONE:
		return port == 0;
	default:
		return port > 0;
	}
}

/* With two ports, every frame that arrives at the receiver is for it. */
static bool counts_apart(const struct traffic *traffic, int port)
{
	if (!receives(traffic, port))
		return true;
	return traffic->pattern != PATTERN_BROADCAST &&
	       traffic->subject->testbed.nhosts > 2;
}

static void offer(
    struct traffic *traffic, struct trial *trial, struct sink *sinks)
{
	struct load load = {.flows = traffic->flows,
	    .nflows = traffic->nflows,
	    .rate = trial->rate,
	    .count = trial->count,
	    .duration_ns = trial->duration_ns,
	    .burst = BURST};
	int hosts = traffic->subject->testbed.nhosts;
	uint64_t frames = trial->count;
	cpu_set_t cpus;

	if (!frames)
		frames = trial->rate * (trial->duration_ns / 1000) / 1000000;
	if (trial->latency)
		load.probe_every = (uint32_t)(frames / PROBES + 1);
	sched_getaffinity(0, sizeof(cpus), &cpus);
	sched_setaffinity(
	    0, sizeof(cpus), &traffic->subject->placement.generator);
	generator_run(&load, &trial->offered);
	count(traffic, trial, sinks);
	trial->in_time = trial->got;
	sched_setaffinity(0, sizeof(cpus), &cpus);
	sinks_settle(sinks, hosts);
	count(traffic, trial, sinks);
	trial->expected = trial->offered.sent;
	if (traffic->pattern == PATTERN_BROADCAST)
		trial->expected *= (uint64_t)(hosts - 1);
}

/* A copy at a port it was not addressed to is a stray; broadcasts have none. */
static void count(
    struct traffic *traffic, struct trial *trial, struct sink *sinks)
{
	bool broadcast = traffic->pattern == PATTERN_BROADCAST;

	trial->got = trial->stray = 0;
	for (int i = 0; i < traffic->subject->testbed.nhosts; i++) {
		sink_count(&sinks[i]);
		trial->got_by_port[i] =
		    broadcast ? sinks[i].all : sinks[i].mine;
		trial->stray_by_port[i] = sinks[i].all - trial->got_by_port[i];
		trial->got += trial->got_by_port[i];
		trial->stray += trial->stray_by_port[i];
	}
}

/* If the generator could not keep the rate, the rate was not tested. */
static bool kept_the_rate(const struct trial *trial)
{
	double wanted = (double)trial->rate;

	return generator_rate(&trial->offered) >= 0.98 * wanted;
}
