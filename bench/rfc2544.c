/* SPDX-License-Identifier: BSD-2-Clause */
/* rfc2544.c - RFC 2544 section 26: throughput, latency, frame loss rate and
 * back-to-back frames, from port 1 to port 2.
 *
 * There is no medium and therefore no theoretical maximum rate. Where the RFC
 * has a percentage of the maximum rate for the medium, this is the highest rate
 * at which the generator could send. */
#include "rfc.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sheet.h"

static int throughput(struct rfc *rfc);
static int find_throughput(struct rfc *rfc, struct subject *subject, int i);
static double bits(double rate, int size);
static int latency(struct rfc *rfc);
static int measure_latency(
    struct rfc *rfc, struct subject *subject, int i, struct histogram *ages);
static int frame_loss_rate(struct rfc *rfc);
static int loss_over_load(
    struct rfc *rfc, struct traffic *traffic, json_object *row);
static int back_to_back(struct rfc *rfc);
static int longest_burst(
    struct rfc *rfc, struct traffic *traffic, double *frames);

const struct rfc_test rfc2544_tests[] = {
    {"throughput", "RFC 2544 26.1", throughput, 8, false, false},
    {"latency", "RFC 2544 26.2", latency, 1, true, false},
    {"frame-loss-rate", "RFC 2544 26.3", frame_loss_rate, 11, false, false},
    {"back-to-back", "RFC 2544 26.4", back_to_back, 8, true, false},
};
const int rfc2544_count = sizeof(rfc2544_tests) / sizeof(rfc2544_tests[0]);

static int throughput(struct rfc *rfc)
{
	static const char *const columns[] = {
	    "frame size", "frames/s", "Mbit/s", NULL};
	json_object *sheet =
	    sheet_new(rfc->sheets, "RFC 2544 26.1 Throughput", columns);
	struct subject subject;
	int result = rfc_open(rfc, &subject, 2);

	for (int i = 0; i < rfc->nsizes && !result; i++) {
		json_object *row = sheet_row(sheet);

		result = find_throughput(rfc, &subject, i);
		sheet_number(row, rfc->sizes[i]);
		sheet_number(row, rfc->throughput[i]);
		sheet_number(row, bits(rfc->throughput[i], rfc->sizes[i]));
	}
	sheet_note(sheet, "highest rate at which no frame was lost");
	return rfc_close(rfc, &subject, result);
}

/* For size @i, unless known: 26.2 needs it, too, and may run without 26.1. */
static int find_throughput(struct rfc *rfc, struct subject *subject, int i)
{
	struct traffic traffic;
	struct trial trial = {.duration_ns = rfc->trial_ns};
	int result = 0;

	if (rfc->throughput[i] > 0)
		return 0;
	result = traffic_open(
	    &traffic, subject, PATTERN_PAIR, (size_t)(rfc->sizes[i] - FCS));
	if (!result) {
		double rate =
		    traffic_throughput(&traffic, &trial, rfc->resolution);

		if (rate < 0)
			result = (int)rate;
		rfc->throughput[i] = rate < 0 ? 0 : rate;
	}
	traffic_close(&traffic);
	return result;
}

static double bits(double rate, int size)
{
	return rate * size * 8 / 1e6;
}

static int latency(struct rfc *rfc)
{
	static const char *const columns[] = {"frame size", "frames/s",
	    "min us", "p50 us", "p99 us", "max us", NULL};
	json_object *sheet =
	    sheet_new(rfc->sheets, "RFC 2544 26.2 Latency", columns);
	struct subject subject;
	int result = rfc_open(rfc, &subject, 2);

	for (int i = 0; i < rfc->nsizes && !result; i++) {
		json_object *row = sheet_row(sheet);
		struct histogram ages;

		histogram_clear(&ages);
		result = find_throughput(rfc, &subject, i);
		if (!result && rfc->throughput[i] >= 1)
			result = measure_latency(rfc, &subject, i, &ages);
		sheet_number(row, rfc->sizes[i]);
		sheet_number(row, rfc->throughput[i]);
		sheet_number(row, ages.count ? (double)ages.min / 1e3 : 0);
		sheet_number(
		    row, (double)histogram_percentile(&ages, 50) / 1e3);
		sheet_number(
		    row, (double)histogram_percentile(&ages, 99) / 1e3);
		sheet_number(row, (double)ages.max / 1e3);
	}
	sheet_note(sheet, "store and forward, one way, at the throughput; from "
			  "before send() to after read()");
	return rfc_close(rfc, &subject, result);
}

static int measure_latency(
    struct rfc *rfc, struct subject *subject, int i, struct histogram *ages)
{
	struct trial trial = {.duration_ns = rfc->trial_ns,
	    .rate = (uint64_t)rfc->throughput[i],
	    .latency = true};
	struct traffic traffic;
	int result = traffic_open(
	    &traffic, subject, PATTERN_PAIR, (size_t)(rfc->sizes[i] - FCS));

	for (int n = 0; n < rfc->trials && !result; n++) {
		result = traffic_trial(&traffic, &trial);
		histogram_merge(ages, &trial.ages);
	}
	traffic_close(&traffic);
	return result;
}

static int frame_loss_rate(struct rfc *rfc)
{
	static const char *const columns[] = {"frame size", "max frames/s",
	    "100 %", "90 %", "80 %", "70 %", "60 %", "50 %", "40 %", "30 %",
	    "20 %", "10 %", NULL};
	json_object *sheet = sheet_new(rfc->sheets,
	    "RFC 2544 26.3 Frame loss rate (% lost, by % of the maximum rate)",
	    columns);
	struct subject subject;
	int result = rfc_open(rfc, &subject, 2);

	for (int i = 0; i < rfc->nsizes && !result; i++) {
		json_object *row = sheet_row(sheet);
		struct traffic traffic;

		sheet_number(row, rfc->sizes[i]);
		result = traffic_open(&traffic, &subject, PATTERN_PAIR,
		    (size_t)(rfc->sizes[i] - FCS));
		if (!result)
			result = loss_over_load(rfc, &traffic, row);
		traffic_close(&traffic);
	}
	sheet_note(sheet, "offered faster than they are forwarded, frames wait "
			  "in a queue of the switch's input (a socket or a "
			  "TAP) until that is full: what comes then is lost");
	sheet_note(sheet, "generator and switch share the processors: loss "
			  "begins where both together have none left");
	return rfc_close(rfc, &subject, result);
}

static int loss_over_load(
    struct rfc *rfc, struct traffic *traffic, json_object *row)
{
	struct trial trial = {.duration_ns = rfc->trial_ns};
	int result = traffic_trial(traffic, &trial);
	double most = generator_rate(&trial.offered);

	sheet_number(row, most);
	for (int percent = 100; percent >= 10 && !result; percent -= 10) {
		trial.rate =
		    percent == 100 ? 0 : (uint64_t)(most * percent / 100);
		result = traffic_trial(traffic, &trial);
		sheet_number(row, trial_loss_percent(&trial));
	}
	return result;
}

static int back_to_back(struct rfc *rfc)
{
	static const char *const columns[] = {
	    "frame size", "frames (mean)", "standard deviation", NULL};
	json_object *sheet = sheet_new(
	    rfc->sheets, "RFC 2544 26.4 Back-to-back frames", columns);
	struct subject subject;
	int result = rfc_open(rfc, &subject, 2);

	for (int i = 0; i < rfc->nsizes && !result; i++) {
		double sum = 0, squares = 0;
		json_object *row = sheet_row(sheet);
		struct traffic traffic;

		result = traffic_open(&traffic, &subject, PATTERN_PAIR,
		    (size_t)(rfc->sizes[i] - FCS));
		for (int n = 0; n < rfc->trials && !result; n++) {
			double frames = 0;

			result = longest_burst(rfc, &traffic, &frames);
			sum += frames;
			squares += frames * frames;
		}
		traffic_close(&traffic);
		double mean = sum / rfc->trials;

		sheet_number(row, rfc->sizes[i]);
		sheet_number(row, mean);
		sheet_number(
		    row, sqrt(fabs(squares / rfc->trials - mean * mean)));
	}
	sheet_note(sheet, "bursts of at most 65536 frames were tried; a sender "
			  "waits when told to");
	return rfc_close(rfc, &subject, result);
}

/* Find the longest burst, sent as fast as possible, that arrives whole. */
static int longest_burst(
    struct rfc *rfc, struct traffic *traffic, double *frames)
{
	struct trial trial = {.duration_ns = 10 * rfc->trial_ns};
	uint64_t low = 0, high = 1;
	const uint64_t most = 1 << 16;
	int result = 0;

	while (high <= most && !result) {
		trial.count = high;
		result = traffic_trial(traffic, &trial);
		if (!trial_lossless(&trial))
			break;
		low = high;
		high *= 4;
	}
	while (!result && high - low > low / 50 + 1 && low < most) {
		trial.count = (low + high) / 2;
		result = traffic_trial(traffic, &trial);
		*(trial_lossless(&trial) ? &low : &high) = trial.count;
	}
	*frames = (double)low;
	return result;
}
