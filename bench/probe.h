/* SPDX-License-Identifier: BSD-2-Clause */
/* probe.h - the measurements of `compare`, one line of a table each.
 *
 * A probe measures one thing and yields one or more metrics: sending 60-byte
 * frames yields their rate, their loss and what each cost the processors.
 */
#ifndef BENCH_PROBE_H
#define BENCH_PROBE_H

#include <stdbool.h>

#include "histogram.h"
#include "subject.h"

enum { PROBE_METRICS_MAX = 4 };

enum better { BETTER_HIGHER, BETTER_LOWER };

struct metric {
	const char *name;
	const char *title;
	const char *unit;
	enum better better;
};

struct probe_settings {
	uint64_t duration_ns; /* of everything except TCP */
	int tcp_seconds;
	uint64_t load; /* frames a second of the probe "load" */
};

struct outcome {
	double values[PROBE_METRICS_MAX];
	struct histogram *rtt; /* filled in by round-trip probes */
};

struct probe {
	const char *name;
	const char *title;
	bool quick;   /* part of --quick */
	int pin;      /* an enum pin, or -1: as --pin says */
	int argument; /* frame length, streams */
	bool both;    /* both directions at once */
	/* Return 0; -EOPNOTSUPP where it cannot be measured, with the reason
	 * in subject->testbed.why; or -errno with the same. */
	int (*run)(const struct probe *probe, struct subject *subject,
	    const struct probe_settings *settings, struct outcome *outcome);
	struct metric metrics[PROBE_METRICS_MAX]; /* name NULL: no more */
};

extern const struct probe probes[];
extern const int probes_count;

/** probe_cost_s() - roughly the seconds it takes, for the progress bar */
double probe_cost_s(
    const struct probe *probe, const struct probe_settings *settings);

#endif
