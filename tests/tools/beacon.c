/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * beacon.c - sends marked broadcasts and counts where their copies arrive.
 *
 *     beacon MS [NS/]FROM [NS/]TO...
 *
 * Sends a broadcast with a serial number from FROM every MS milliseconds and
 * counts its copies at each TO, until SIGTERM or for two minutes. Then prints
 * one line of JSON per TO:
 *
 *     {"at":"h2/eth0","sent":100,"seen":97,"most_copies":1,"copies":97,
 *      "bpdus":0,"longest_gap_ms":150}
 *
 * seen: different beacons; most_copies: of any one of them; longest_gap_ms: the
 * longest time without one, from the first to the end. With a switch between,
 * most_copies above 1 means a loop, and the gap shows how long a failure lasted.
 */
#include <err.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "wire.h"

enum {
	PLACES = 16,
	SERIALS = 1 << 16,
	FRAME_LEN = 64,
	HEAD_LEN = 14,
	LIMIT_MS = 120000,
};

static const uint8_t mark[HEAD_LEN] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2,
    0xc0, 0xff, 0xee, 0xbe, 0xac, 0x88, 0xb5};

struct place {
	const char *name;
	int fd;
	uint16_t copies_of[SERIALS];
	uint32_t seen, copies, most;
	uint32_t bpdus;
	int64_t last_at_ms; /* 0: none seen yet */
	int64_t gap_ms;
};

static struct place places[PLACES];
static volatile sig_atomic_t stopped;

static void on_signal(int signum)
{
	(void)signum;
	stopped = 1;
}

static int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static void note_gap(struct place *p, int64_t at_ms)
{
	if (p->last_at_ms && at_ms - p->last_at_ms > p->gap_ms)
		p->gap_ms = at_ms - p->last_at_ms;
	p->last_at_ms = at_ms;
}

static void note(struct place *p, const uint8_t *frame, ssize_t len)
{
	static const uint8_t bridges[6] = {1, 0x80, 0xc2, 0, 0, 0};
	uint32_t serial;

	if (len >= 6 && memcmp(frame, bridges, 6) == 0)
		p->bpdus++;
	if (len < HEAD_LEN + 4 || memcmp(frame, mark, HEAD_LEN) != 0)
		return;
	memcpy(&serial, frame + HEAD_LEN, sizeof(serial));
	uint16_t n = ++p->copies_of[serial % SERIALS];
	p->copies++;
	if (n == 1)
		p->seen++;
	if (n > p->most)
		p->most = n;
	note_gap(p, now_ms());
}

static void drain(struct place *p)
{
	uint8_t frame[2048];
	ssize_t len;

	while ((len = recv(p->fd, frame, sizeof(frame), MSG_DONTWAIT)) >= 0)
		note(p, frame, len);
}

static void send_beacon(int fd, uint32_t serial)
{
	uint8_t frame[FRAME_LEN] = {0};

	memcpy(frame, mark, HEAD_LEN);
	memcpy(frame + HEAD_LEN, &serial, sizeof(serial));
	/* a link that is down loses it, as a wire would */
	if (send(fd, frame, sizeof(frame), 0) < 0)
		return;
}

int main(int argc, char *argv[])
{
	int n = argc - 3, every_ms = argc > 3 ? atoi(argv[1]) : 0;
	struct pollfd fds[PLACES];
	uint32_t sent = 0;

	if (n < 1 || n > PLACES || every_ms < 1)
		errx(2, "usage: beacon MS [NS/]FROM [NS/]TO...");
	signal(SIGTERM, on_signal);
	signal(SIGINT, on_signal);
	int from = wire_open(argv[2]);
	for (int i = 0; i < n; i++) {
		places[i].name = argv[3 + i];
		places[i].fd = wire_open(argv[3 + i]);
		fds[i] = (struct pollfd){places[i].fd, POLLIN, 0};
	}
	int64_t start_at_ms = now_ms(), next_at_ms = start_at_ms;
	while (!stopped && now_ms() < start_at_ms + LIMIT_MS) {
		int64_t wait_ms = next_at_ms - now_ms();

		if (wait_ms <= 0) {
			send_beacon(from, sent++);
			next_at_ms += every_ms;
			continue;
		}
		if (poll(fds, (nfds_t)n, (int)wait_ms) > 0)
			for (int i = 0; i < n; i++)
				drain(&places[i]);
	}
	for (int i = 0; i < n; i++) {
		struct place *p = &places[i];

		note_gap(p, now_ms());
		printf("{\"at\":\"%s\",\"sent\":%u,\"seen\":%u,"
		       "\"most_copies\":%u,\"copies\":%u,\"bpdus\":%u,"
		       "\"longest_gap_ms\":%lld}\n",
		    p->name, sent, p->seen, p->most, p->copies, p->bpdus,
		    (long long)p->gap_ms);
	}
	return 0;
}
