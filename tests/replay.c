/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * replay.c - savefiles through the relay in virtual time, byte for byte.
 *
 *     replay DIR      where DIR holds in-N.pcap, expect-N.pcap and options
 *
 * in-N.pcap holds the frames received on port N. All of them are played in the
 * order of their timestamps (equal ones in the order of the ports), and the
 * bridge sees a frame at the time of its timestamp. expect-N.pcap holds the
 * frames that must leave through port N, with the same timestamps; a port
 * without that file sends nothing. The file options, if there is one, has lines
 * of the form
 *
 *     ageing S | forward-reserved | fdb-max PORT N | state PORT STATE
 *
 * make.py writes these files and says what each folder is about.
 */
#include <err.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pcap/pcap.h>

#include "forwarding/bridge.h"

enum { PORTS = 9 };

/* One savefile, read ahead by one frame. */
struct tape {
	pcap_t *pcap; /* NULL: none for this port */
	struct pcap_pkthdr *head;
	const u_char *bytes;
	bool done;
};

struct replay {
	struct bridge *bridge;
	struct tape in[PORTS + 1], want[PORTS + 1];
	struct egress out;
	int failures;
};

static void tape_open(
    struct tape *t, const char *dir, const char *which, int port);
static void tape_next(struct tape *t);
static void read_options(struct bridge *br, const char *dir);
static void read_option(
    struct bridge *br, const char *key, unsigned a, const char *b);
static void set_state(struct bridge *br, int port, const char *name);
static int next_port(const struct replay *r);
static bool earlier(const struct tape *a, const struct tape *b);
static void play(struct replay *r, int port);
static uint64_t milliseconds(const struct timeval *t);
static void check(struct replay *r, int port, const struct frame *frame,
    const struct timeval *when);
static void complain(
    struct replay *r, int port, const struct timeval *when, const char *what);
static void check_rest(struct replay *r);
static void tape_close(struct tape *t);

int main(int argc, char *argv[])
{
	static struct replay r;
	int frames = 0;

	if (argc != 2)
		errx(2, "usage: replay DIR");
	r.bridge = bridge_new(&(struct bridge_config){.seed = 1});
	if (!r.bridge)
		errx(1, "out of memory");
	for (int p = 1; p <= PORTS; p++) {
		tape_open(&r.in[p], argv[1], "in", p);
		tape_open(&r.want[p], argv[1], "expect", p);
		if (!r.in[p].pcap && !r.want[p].pcap)
			continue;
		bridge_port_add(r.bridge, p, 0);
		bridge_port_set_state(r.bridge, p, BRIDGE_FORWARDING);
	}
	read_options(r.bridge, argv[1]);
	for (int p = next_port(&r); p; p = next_port(&r), frames++)
		play(&r, p);
	check_rest(&r);
	if (!frames)
		errx(1, "%s: contains no in-N.pcap with frames", argv[1]);
	printf("%s: %d frames played, %d wrong\n", argv[1], frames, r.failures);
	for (int p = 1; p <= PORTS; p++) {
		tape_close(&r.in[p]);
		tape_close(&r.want[p]);
	}
	bridge_free(r.bridge);
	return r.failures != 0;
}

static void tape_open(
    struct tape *t, const char *dir, const char *which, int port)
{
	char path[4096], why[PCAP_ERRBUF_SIZE];

	snprintf(path, sizeof(path), "%s/%s-%d.pcap", dir, which, port);
	t->done = true;
	FILE *file = fopen(path, "rb");
	if (!file)
		return;
	t->pcap = pcap_fopen_offline(file, why);
	if (!t->pcap)
		errx(1, "%s: %s", path, why);
	tape_next(t);
}

static void tape_next(struct tape *t)
{
	t->done = pcap_next_ex(t->pcap, &t->head, &t->bytes) != 1;
}

static void read_options(struct bridge *br, const char *dir)
{
	char path[4096], line[128], key[32], b[32];
	unsigned a;

	snprintf(path, sizeof(path), "%s/options", dir);
	FILE *file = fopen(path, "r");
	if (!file)
		return;
	while (fgets(line, sizeof(line), file)) {
		a = 0;
		*b = '\0';
		if (sscanf(line, "%31s %u %31s", key, &a, b) >= 1)
			read_option(br, key, a, b);
	}
	fclose(file);
}

static void read_option(
    struct bridge *br, const char *key, unsigned a, const char *b)
{
	if (strcmp(key, "ageing") == 0)
		fdb_set_ageing(bridge_fdb(br), a);
	else if (strcmp(key, "forward-reserved") == 0)
		bridge_set_forward_reserved(br, true);
	else if (strcmp(key, "fdb-max") == 0)
		fdb_set_port_max(
		    bridge_fdb(br), (int)a, (uint32_t)strtoul(b, NULL, 10));
	else if (strcmp(key, "state") == 0)
		set_state(br, (int)a, b);
	else
		errx(1, "options: unknown option %s", key);
}

static void set_state(struct bridge *br, int port, const char *name)
{
	for (int s = BRIDGE_DISABLED; s <= BRIDGE_FORWARDING; s++)
		if (strcmp(bridge_port_state_name(s), name) == 0) {
			bridge_port_set_state(br, port, s);
			return;
		}
	errx(1, "options: %s is not a port state", name);
}

/* The port whose frame is next, 0: all have been played. */
static int next_port(const struct replay *r)
{
	int next = 0;

	for (int p = 1; p <= PORTS; p++)
		if (!r->in[p].done &&
		    (!next || earlier(&r->in[p], &r->in[next])))
			next = p;
	return next;
}

static bool earlier(const struct tape *a, const struct tape *b)
{
	return timercmp(&a->head->ts, &b->head->ts, <);
}

static void play(struct replay *r, int port)
{
	static struct batch batch;
	struct tape *t = &r->in[port];

	batch.n = 1;
	frame_parse(&batch.frames[0], t->bytes, t->head->caplen);
	bridge_forward(
	    r->bridge, port, &batch, milliseconds(&t->head->ts), &r->out);
	portset_foreach (p, &r->out.ports)
		for (int i = 0; i < r->out.n[p]; i++)
			check(r, p, r->out.queue[p][i], &t->head->ts);
	tape_next(t);
}

static uint64_t milliseconds(const struct timeval *t)
{
	return (uint64_t)t->tv_sec * 1000 + (uint64_t)t->tv_usec / 1000;
}

/* @frame leaves through @port at @when: does expect-N.pcap say so? */
static void check(struct replay *r, int port, const struct frame *frame,
    const struct timeval *when)
{
	static uint8_t bytes[FRAME_MAX + VLAN_TAG];
	struct tape *want = &r->want[port];
	size_t len = frame_copy(frame, bytes, sizeof(bytes));

	if (want->done) {
		complain(r, port, when, "a frame left that should not");
		return;
	}
	if (timercmp(&want->head->ts, when, !=))
		complain(r, port, when, "a frame left at another time");
	else if (want->head->caplen != len ||
		 memcmp(want->bytes, bytes, len) != 0)
		complain(r, port, when, "another frame left");
	tape_next(want);
}

static void complain(
    struct replay *r, int port, const struct timeval *when, const char *what)
{
	fprintf(stderr, "port %d at %ld.%06ld s: %s\n", port,
	    (long)when->tv_sec, (long)when->tv_usec, what);
	r->failures++;
}

/* Complains about frames that should have left and did not, and checks that
 * each frame has one verdict. */
static void check_rest(struct replay *r)
{
	const struct bridge_counters *c = bridge_counters(r->bridge);
	uint64_t verdicts = 0;

	for (int p = 1; p <= PORTS; p++)
		for (; !r->want[p].done; tape_next(&r->want[p]))
			complain(r, p, &r->want[p].head->ts,
			    "no frame left where one should");
	for (int v = 0; v < VERDICT_COUNT; v++)
		verdicts += c->verdicts[v];
	if (verdicts != c->rx_frames)
		errx(1, "the verdicts do not add up to the frames received");
}

static void tape_close(struct tape *t)
{
	if (t->pcap)
		pcap_close(t->pcap);
}
