/* SPDX-License-Identifier: BSD-2-Clause */
/* tcp.c - runs iperf3 (see tcp.h). */
#include "tcp.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

enum { OUTPUT_MAX = 1 << 20, READY_MS = 5000 };

static int run_client(struct subject *subject, int streams, bool both,
    int seconds, double *bits_per_second);
static void explain(struct testbed *testbed, const char *output);
static double received(json_object *end, const char *sum);

int tcp_measure(struct subject *subject, int streams, bool both, int seconds,
    double *bits_per_second)
{
	static const char *const argv[] = {
	    "iperf3", "-s", "-1", "--forceflush", NULL};
	struct process server;

	if (!subject_has_host(subject, 0)) {
		snprintf(subject->testbed.why, sizeof(subject->testbed.why),
		    "TCP needs a network stack at both ends");
		return -EOPNOTSUPP;
	}
	int result = process_start(&server, subject->testbed.cell->dir,
	    subject->testbed.hosts[1], "iperf3", argv,
	    &subject->placement.ends);

	if (!result)
		result = process_ready(&server, "Server listening", READY_MS,
		    subject->testbed.why, sizeof(subject->testbed.why));
	if (!result)
		result = run_client(
		    subject, streams, both, seconds, bits_per_second);
	process_stop(&server);
	return result;
}

double tcp_parse(const char *json, bool both)
{
	json_object *root = json_tokener_parse(json), *end;
	double there = -1, back = 0;

	if (root && json_object_object_get_ex(root, "end", &end)) {
		there = received(end, "sum_received");
		if (both)
			back = received(end, "sum_received_bidir_reverse");
	}
	json_object_put(root);
	return there < 0 || back < 0 ? -1 : there + back;
}

static int run_client(struct subject *subject, int streams, bool both,
    int seconds, double *bits_per_second)
{
	char time[16], parallel[16];
	const char *argv[] = {"iperf3", "-c", "10.9.0.2", "-J", "-t", time,
	    "-P", parallel, "--connect-timeout", "3000",
	    both ? "--bidir" : NULL, NULL};
	char *output = malloc(OUTPUT_MAX);

	if (!output)
		return -ENOMEM;
	snprintf(time, sizeof(time), "%d", seconds);
	snprintf(parallel, sizeof(parallel), "%d", streams);
	process_filter_on(subject->testbed.hosts[0], argv,
	    &subject->placement.ends, output, OUTPUT_MAX);
	*bits_per_second = tcp_parse(output, both);
	if (*bits_per_second <= 0)
		explain(&subject->testbed, output);
	free(output);
	return *bits_per_second > 0 ? 0 : -EIO;
}

/* iperf3 may report an error in its JSON; report only its text. */
static void explain(struct testbed *testbed, const char *output)
{
	json_object *root = json_tokener_parse(output), *error;
	const char *text = output;

	if (root && json_object_object_get_ex(root, "error", &error))
		text = json_object_get_string(error);
	snprintf(testbed->why, sizeof(testbed->why), "iperf3: %.200s",
	    text[0] ? text : "no output");
	json_object_put(root);
}

static double received(json_object *end, const char *sum)
{
	json_object *part, *value;

	if (!json_object_object_get_ex(end, sum, &part) ||
	    !json_object_object_get_ex(part, "bits_per_second", &value))
		return -1;
	return json_object_get_double(value);
}
