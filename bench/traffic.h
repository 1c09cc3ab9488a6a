/* SPDX-License-Identifier: BSD-2-Clause */
/* traffic.h - trials of RFC 2544 and RFC 2889: patterns of frames between the
 * ports of a candidate, offered at a rate, counted where they arrive.
 *
 *     PAIR  1 -> 2        ONE_TO_MANY  1 -> 2..n      MANY_TO_ONE  2..n -> 1
 *     MESH  every port to every other (RFC 2889 5.1)  BROADCAST    1 -> all
 */
#ifndef BENCH_TRAFFIC_H
#define BENCH_TRAFFIC_H

#include <stdbool.h>

#include "generator.h"
#include "histogram.h"
#include "sink.h"
#include "subject.h"

enum pattern {
	PATTERN_PAIR,
	PATTERN_MESH,
	PATTERN_ONE_TO_MANY,
	PATTERN_MANY_TO_ONE,
	PATTERN_BROADCAST,
};

struct traffic {
	struct subject *subject;
	enum pattern pattern;
	struct flow flows[TESTBED_HOSTS_MAX];
	int nflows;
};

/* Frames of the Internet RFCs are counted with their FCS of 4 bytes. */
enum { FCS = 4 };

struct trial {
	/* asked */
	uint64_t rate;	/* frames/s over all ports; 0: as fast as possible */
	uint64_t count; /* frames; 0: for duration_ns */
	uint64_t duration_ns;
	bool latency; /* send probes, 100 if possible */
	/* answered */
	struct offered offered;
	uint64_t expected; /* copies that should have arrived */
	uint64_t in_time;  /* arrived when the last frame was sent */
	uint64_t got;
	uint64_t stray; /* copies at ports they were not addressed to */
	uint64_t got_by_port[TESTBED_HOSTS_MAX],
	    stray_by_port[TESTBED_HOSTS_MAX];
	struct histogram ages; /* of probes, ns */
};

/**
 * traffic_open() - write the frames of @pattern
 * @len: bytes of a frame without FCS
 *
 * Return: 0 or -ENOMEM; traffic_close() is right in both cases.
 */
int traffic_open(struct traffic *traffic, struct subject *subject,
    enum pattern pattern, size_t len);

/** traffic_close() - release the frames */
void traffic_close(struct traffic *traffic);

/**
 * traffic_trial() - offer the frames and count what arrives
 * @trial: asks and is answered
 *
 * Return: 0, or -errno with testbed.why set.
 */
int traffic_trial(struct traffic *traffic, struct trial *trial);

/** trial_lossless() - was every frame sent at the rate asked, and arrived? */
bool trial_lossless(const struct trial *trial);

/** trial_loss_percent() - share of the copies that did not arrive */
double trial_loss_percent(const struct trial *trial);

/**
 * traffic_throughput() - binary search for the highest rate without loss
 * @trial:   asks for the duration; holds the last lossless trial afterwards
 * @percent: resolution
 *
 * Return: frames a second, 0 when no rate is lossless; or -errno.
 */
double traffic_throughput(
    struct traffic *traffic, struct trial *trial, int percent);

#endif
