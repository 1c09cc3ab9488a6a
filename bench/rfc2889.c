/* SPDX-License-Identifier: BSD-2-Clause */
/* rfc2889.c - RFC 2889 section 5: meshed forwarding, congestion, addresses,
 * errored frames and broadcasts, over 3, 4 and 8 ports. */
#include "rfc.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sheet.h"

/* RFC 2889 5.7 and 5.8 use three ports: port 2 teaches addresses, port 1 sends
 * to them, and port 3 watches for floods. */
enum { TEST_PORT = 0, LEARNING_PORT = 1, MONITOR_PORT = 2, SAFE_RATE = 20000 };

struct errored {
	const char *name;
	size_t len; /* without FCS */
};

static int fully_meshed(struct rfc *rfc);
static int each_count_of_ports(
    struct rfc *rfc, const char *name, enum pattern pattern);
static int meshed(
    struct rfc *rfc, json_object *sheet, enum pattern pattern, int ports);
static void rate_row(json_object *row, int ports, int size, double throughput,
    const struct trial *most);
static int one_to_many(struct rfc *rfc);
static int many_to_one(struct rfc *rfc);
static int congestion_control(struct rfc *rfc);
static int congest(
    struct rfc *rfc, struct subject *subject, int size, json_object *sheet);
static int open_congestion(
    struct traffic *traffic, struct subject *subject, size_t len);
static void congestion_row(json_object *row, int size,
    const struct traffic *traffic, const struct trial *trial);
static double lost_percent(uint64_t sent, uint64_t got);
static int address_caching_capacity(struct rfc *rfc);
static int capacity(struct rfc *rfc, int most, int *found);
static int caches(struct rfc *rfc, int n, bool *all);
static int learns_all(struct rfc *rfc, int n, double *rate, bool *all);
static int send_addresses(struct subject *subject, int n, bool learn,
    uint64_t rate, struct trial *trial);
static void learned_address(uint32_t i, uint8_t mac[6]);
static int address_learning_rate(struct rfc *rfc);
static int learning_rate(struct rfc *rfc, int n, double *found, bool *limit);
static int errored_frames(struct rfc *rfc);
static int send_errored(struct rfc *rfc, struct subject *subject,
    const struct errored *errored, json_object *row);
static int broadcast_forwarding(struct rfc *rfc);
static int broadcast(struct rfc *rfc, int ports, json_object *sheet);
static size_t smallest(const struct rfc *rfc);

const struct rfc_test rfc2889_tests[] = {
    {"fully-meshed", "RFC 2889 5.1", fully_meshed, 9, false, true},
    {"one-to-many", "RFC 2889 5.2", one_to_many, 9, false, true},
    {"many-to-one", "RFC 2889 5.2", many_to_one, 9, false, true},
    {"congestion", "RFC 2889 5.5", congestion_control, 2, false, false},
    {"address-capacity", "RFC 2889 5.7", address_caching_capacity, 0, false,
	false},
    {"address-rate", "RFC 2889 5.8", address_learning_rate, 0, false, false},
    {"errored-frames", "RFC 2889 5.9", errored_frames, 0, false, false},
    {"broadcast", "RFC 2889 5.10", broadcast_forwarding, 9, false, true},
};
const int rfc2889_count = sizeof(rfc2889_tests) / sizeof(rfc2889_tests[0]);

static int fully_meshed(struct rfc *rfc)
{
	return each_count_of_ports(rfc,
	    "RFC 2889 5.1 Fully meshed throughput, frame loss and forwarding "
	    "rates",
	    PATTERN_MESH);
}

static int each_count_of_ports(
    struct rfc *rfc, const char *name, enum pattern pattern)
{
	static const char *const columns[] = {"ports", "frame size",
	    "throughput frames/s", "max offered/s", "FRMOL/s", "% lost",
	    "strays", NULL};
	json_object *sheet = sheet_new(rfc->sheets, name, columns);
	int result = 0;

	for (int i = 0; i < rfc->nports && !result; i++)
		result = meshed(rfc, sheet, pattern, rfc->ports[i]);
	sheet_note(sheet, "% lost is at the maximum offered load; strays came "
			  "out of a port that they were not for");
	return result;
}

/* Throughput, and the forwarding rate at the maximum offered load (FRMOL). */
static int meshed(
    struct rfc *rfc, json_object *sheet, enum pattern pattern, int ports)
{
	struct subject subject;
	int result = rfc_open(rfc, &subject, ports);

	for (int i = 0; i < rfc->nsizes && !result; i++) {
		struct trial trial = {.duration_ns = rfc->trial_ns};
		struct trial most = {.duration_ns = rfc->trial_ns};
		struct traffic traffic;
		double rate = 0;

		result = traffic_open(
		    &traffic, &subject, pattern, (size_t)(rfc->sizes[i] - FCS));
		if (!result)
			result = traffic_trial(&traffic, &most);
		if (!result)
			rate = traffic_throughput(
			    &traffic, &trial, rfc->resolution);
		result = rate < 0 ? (int)rate : result;
		if (!result)
			rate_row(sheet_row(sheet), ports, rfc->sizes[i], rate,
			    &most);
		traffic_close(&traffic);
	}
	return rfc_close(rfc, &subject, result);
}

static void rate_row(json_object *row, int ports, int size, double throughput,
    const struct trial *most)
{
	double seconds = (double)most->offered.elapsed_ns / 1e9;

	sheet_number(row, ports);
	sheet_number(row, size);
	sheet_number(row, throughput);
	sheet_number(row, generator_rate(&most->offered));
	sheet_number(row, (double)most->in_time / seconds);
	sheet_number(row, trial_loss_percent(most));
	sheet_number(row, (double)most->stray);
}

static int one_to_many(struct rfc *rfc)
{
	return each_count_of_ports(rfc,
	    "RFC 2889 5.2 Partially meshed, one-to-many", PATTERN_ONE_TO_MANY);
}

static int many_to_one(struct rfc *rfc)
{
	return each_count_of_ports(rfc,
	    "RFC 2889 5.2 Partially meshed, many-to-one", PATTERN_MANY_TO_ONE);
}

static int congestion_control(struct rfc *rfc)
{
	static const char *const columns[] = {"frame size", "wanted/s",
	    "offered/s", "% lost, uncongested", "% lost, congested",
	    "head-of-line blocking", "backpressure", NULL};
	json_object *sheet =
	    sheet_new(rfc->sheets, "RFC 2889 5.5 Congestion control", columns);
	struct subject subject;
	int result = rfc_open(rfc, &subject, 4);

	for (int i = 0; i < rfc->nsizes && !result; i++)
		result = congest(rfc, &subject, rfc->sizes[i], sheet);
	sheet_note(sheet,
	    "port 4 has no medium whose rate could be exceeded: the path "
	    "through the switch to it is congested");
	sheet_note(
	    sheet, "backpressure: a sender was told that its queue was full");
	return rfc_close(rfc, &subject, result);
}

static int congest(
    struct rfc *rfc, struct subject *subject, int size, json_object *sheet)
{
	struct traffic pair, both = {0};
	struct trial trial = {.duration_ns = rfc->trial_ns};
	int result =
	    traffic_open(&pair, subject, PATTERN_PAIR, (size_t)(size - FCS));
	double rate = result
			  ? result
			  : traffic_throughput(&pair, &trial, rfc->resolution);

	traffic_close(&pair);
	if (rate < 0)
		return (int)rate;
	trial = (struct trial){
	    .duration_ns = rfc->trial_ns, .rate = (uint64_t)(2 * rate)};
	result = open_congestion(&both, subject, (size_t)(size - FCS));
	if (!result)
		result = traffic_trial(&both, &trial);
	if (!result)
		congestion_row(sheet_row(sheet), size, &both, &trial);
	traffic_close(&both);
	return result;
}

/* Ports 1 and 2 send at once, each as much as the switch can carry: port 1 half
 * to port 3 and half to port 4, port 2 all to port 4. Port 4 is congested. If
 * port 3 loses frames, too, they waited behind those for port 4. */
static int open_congestion(
    struct traffic *traffic, struct subject *subject, size_t len)
{
	const struct endpoint *ends = subject->endpoints;
	uint8_t both[2][6], one[1][6];

	*traffic = (struct traffic){
	    .subject = subject, .pattern = PATTERN_PAIR, .nflows = 2};
	memcpy(both[0], ends[2].mac, 6);
	memcpy(both[1], ends[3].mac, 6);
	memcpy(one[0], ends[3].mac, 6);
	int result = flow_init(
	    &traffic->flows[0], &ends[0], len, 2, both, subject->run_id);

	if (!result)
		result = flow_init(
		    &traffic->flows[1], &ends[1], len, 1, one, subject->run_id);
	return result;
}

static void congestion_row(json_object *row, int size,
    const struct traffic *traffic, const struct trial *trial)
{
	uint64_t half = traffic->flows[0].sent / 2;
	uint64_t rest = trial->offered.sent - half;
	double uncongested = lost_percent(half, trial->got_by_port[2]);

	sheet_number(row, size);
	sheet_number(row, (double)trial->rate);
	sheet_number(row, generator_rate(&trial->offered));
	sheet_number(row, uncongested);
	sheet_number(row, lost_percent(rest, trial->got_by_port[3]));
	sheet_text(row, uncongested > 0.1 ? "yes" : "no");
	sheet_text(row, trial->offered.refused ? "yes" : "no");
}

static double lost_percent(uint64_t sent, uint64_t got)
{
	return sent > got ? 100.0 * (double)(sent - got) / (double)sent : 0;
}

static int address_caching_capacity(struct rfc *rfc)
{
	static const char *const columns[] = {"addresses on one port", NULL};
	json_object *sheet = sheet_new(
	    rfc->sheets, "RFC 2889 5.7 Address caching capacity", columns);
	json_object *row = sheet_row(sheet);
	char words[64];
	int found = 0, result = capacity(rfc, rfc->addresses, &found);

	snprintf(words, sizeof(words), "%s%d",
	    found >= rfc->addresses ? "at least " : "", found);
	sheet_text(row, words);
	return result;
}

static int capacity(struct rfc *rfc, int most, int *found)
{
	int low = 0, high = 64, result = 0;
	bool all = true;

	while (!result && all && low < most) {
		high = high > most ? most : high;
		result = caches(rfc, high, &all);
		low = all ? high : low;
		high = all ? high * 4 : high;
	}
	while (!result && low < most && high - low > low / 100 + 1) {
		int middle = (low + high) / 2;

		result = caches(rfc, middle, &all);
		*(all ? &low : &high) = middle;
	}
	*found = low;
	return result;
}

static int caches(struct rfc *rfc, int n, bool *all)
{
	double rate = SAFE_RATE;

	return learns_all(rfc, n, &rate, all);
}

/* Each try sets up the switch again, so that it knows no address. If an address
 * was not learned, or not kept, a frame arrives at the monitor port. @rate is
 * the rate wanted and becomes the rate at which the generator sent. */
static int learns_all(struct rfc *rfc, int n, double *rate, bool *all)
{
	struct subject subject;
	struct trial trial;
	int result = rfc_open(rfc, &subject, 3);

	if (!result)
		result =
		    send_addresses(&subject, n, true, (uint64_t)*rate, &trial);
	*all = !result && trial.got >= (uint64_t)n;
	*rate = generator_rate(&trial.offered);
	if (!result)
		result = send_addresses(&subject, n, false, SAFE_RATE, &trial);
	*all = *all && trial.stray_by_port[MONITOR_PORT] == 0;
	return rfc_close(rfc, &subject, result);
}

/* Send @n frames at @rate: from @n addresses on the learning port, or to them
 * from the test port. */
static int send_addresses(struct subject *subject, int n, bool learn,
    uint64_t rate, struct trial *trial)
{
	int from = learn ? LEARNING_PORT : TEST_PORT;
	struct traffic traffic = {
	    .subject = subject, .pattern = PATTERN_PAIR, .nflows = 1};
	uint8_t(*dsts)[6] = calloc((size_t)n, sizeof(*dsts));

	if (!dsts)
		return -ENOMEM;
	for (int i = 0; i < n; i++)
		if (learn)
			memcpy(dsts[i], subject->endpoints[TEST_PORT].mac, 6);
		else
			learned_address((uint32_t)i, dsts[i]);
	int result = flow_init(&traffic.flows[0], &subject->endpoints[from],
	    FRAME_MIN, (uint32_t)n, dsts, subject->run_id);

	for (int i = 0; learn && !result && i < n; i++)
		learned_address((uint32_t)i,
		    flow_frame(&traffic.flows[0], (uint32_t)i) + 6);
	*trial = (struct trial){
	    .rate = rate, .count = (uint64_t)n, .duration_ns = 60000000000ULL};
	if (!result)
		result = traffic_trial(&traffic, trial);
	traffic_close(&traffic);
	free(dsts);
	return result;
}

static void learned_address(uint32_t i, uint8_t mac[6])
{
	const uint8_t bytes[6] = {0x02, 0x72, (uint8_t)(i >> 24),
	    (uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i};

	memcpy(mac, bytes, 6);
}

static int address_learning_rate(struct rfc *rfc)
{
	static const char *const columns[] = {
	    "addresses", "learned frames/s, all of them", NULL};
	json_object *sheet = sheet_new(
	    rfc->sheets, "RFC 2889 5.8 Address learning rate", columns);
	json_object *row = sheet_row(sheet);
	int n = rfc->addresses < 1000 ? rfc->addresses : 1000;
	double rate = 0;
	bool limit;
	int result = learning_rate(rfc, n, &rate, &limit);

	sheet_number(row, n);
	sheet_number(row, rate);
	if (limit)
		sheet_note(sheet, "at least: the generator cannot send faster");
	return result;
}

/* Stops at the limit of the generator: higher rates cannot be tested. */
static int learning_rate(struct rfc *rfc, int n, double *found, bool *limit)
{
	double low = 0, high = 8e6;
	int result = 0;

	*limit = false;
	while (!result && !*limit && high > 1000 &&
	       high - low > high * rfc->resolution / 100) {
		double asked = (low + high) / 2, rate = asked;
		bool all;

		result = learns_all(rfc, n, &rate, &all);
		*limit = all && rate < 0.95 * asked;
		*(all ? &low : &high) = all ? rate : asked;
	}
	*found = low;
	return result;
}

/* Frames with a wrong FCS, dribbling bits or alignment errors do not exist
 * above a network card. What remains is the length. */
static int errored_frames(struct rfc *rfc)
{
	static const char *const columns[] = {
	    "frames", "size", "sent", "arrived", "the switch", NULL};
	static const struct errored kinds[] = {{"undersized", 40},
	    {"undersized", 59}, {"legal", 60}, {"legal", 1514},
	    {"oversized", 1515}, {"oversized", 1600}};
	json_object *sheet = sheet_new(
	    rfc->sheets, "RFC 2889 5.9 Errored frames filtering", columns);
	struct subject subject;
	int result = rfc_open(rfc, &subject, 2);

	if (!result && subject_has_host(&subject, 0))
		result = testbed_ip(&subject.testbed, subject.testbed.hosts[0],
		    "%s\n", "link set eth0 mtu 2000");
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]) && !result; i++)
		result =
		    send_errored(rfc, &subject, &kinds[i], sheet_row(sheet));
	sheet_note(sheet, "wrong FCS, dribbling bits and alignment errors do "
			  "not exist in software");
	return rfc_close(rfc, &subject, result);
}

static int send_errored(struct rfc *rfc, struct subject *subject,
    const struct errored *errored, json_object *row)
{
	struct trial trial = {.rate = 1000,
	    .count = 100,
	    .duration_ns = rfc->trial_ns + 1000000000};
	struct traffic traffic;
	int result =
	    traffic_open(&traffic, subject, PATTERN_PAIR, errored->len);

	if (!result)
		result = traffic_trial(&traffic, &trial);
	traffic_close(&traffic);
	sheet_text(row, errored->name);
	sheet_number(row, (double)(errored->len + FCS));
	sheet_number(row, (double)trial.offered.sent);
	sheet_number(row, (double)trial.got);
	sheet_text(row, !trial.offered.sent ? "not sent by the host"
			: trial.got	    ? "forwarded"
					    : "filtered");
	return result;
}

static int broadcast_forwarding(struct rfc *rfc)
{
	static const char *const columns[] = {"ports", "frame size",
	    "frames/s in", "copies/s out", "latency p50 us", "p99 us", NULL};
	json_object *sheet = sheet_new(rfc->sheets,
	    "RFC 2889 5.10 Broadcast frame forwarding and latency", columns);
	int result = 0;

	for (int i = 0; i < rfc->nports && !result; i++)
		result = broadcast(rfc, rfc->ports[i], sheet);
	return result;
}

static int broadcast(struct rfc *rfc, int ports, json_object *sheet)
{
	struct trial trial = {.duration_ns = rfc->trial_ns};
	struct traffic traffic;
	struct subject subject;
	double rate = 0;
	int result = rfc_open(rfc, &subject, ports);
	json_object *row = sheet_row(sheet);

	if (!result)
		result = traffic_open(
		    &traffic, &subject, PATTERN_BROADCAST, smallest(rfc));
	if (!result)
		rate = traffic_throughput(&traffic, &trial, rfc->resolution);
	result = rate < 0 ? (int)rate : result;
	trial.latency = true;
	trial.rate = (uint64_t)rate;
	if (!result && trial.rate)
		result = traffic_trial(&traffic, &trial);
	if (!result)
		traffic_close(&traffic);
	sheet_number(row, ports);
	sheet_number(row, rfc->sizes[0]);
	sheet_number(row, rate);
	sheet_number(row, rate * (ports - 1));
	sheet_number(row, (double)histogram_percentile(&trial.ages, 50) / 1e3);
	sheet_number(row, (double)histogram_percentile(&trial.ages, 99) / 1e3);
	return rfc_close(rfc, &subject, result);
}

static size_t smallest(const struct rfc *rfc)
{
	return (size_t)(rfc->sizes[0] - FCS);
}
