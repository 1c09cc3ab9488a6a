/* SPDX-License-Identifier: BSD-2-Clause */
/* pingpong.c - round trips (see pingpong.h). */
#include "pingpong.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"

enum { ANSWER_MS = 100, LOOK_UP_MS = 20 };

struct echo {
	const struct pingpong *pingpong;
	int fd;
	atomic_bool stop;
};

static int play_with_echo(struct pingpong *pingpong, int client_fd,
    int server_fd, struct histogram *rtt);
static void *echo(void *arg);
static size_t next_frame(const struct endpoint *at, int fd,
    const struct match *match, uint8_t *frame, size_t size, int timeout_ms);
static void send_one(const struct endpoint *from, uint8_t *frame);
static void play(struct pingpong *pingpong, int fd, struct histogram *rtt);
static bool round_trip(const struct pingpong *pingpong, int fd,
    uint64_t sequence, struct histogram *rtt);

int pingpong_run(struct pingpong *pingpong, struct histogram *rtt)
{
	struct match pong = {.run_id = pingpong->run_id, .tag = FRAME_TAG_PONG};
	struct match ping = {.run_id = pingpong->run_id, .tag = FRAME_TAG_PING};
	int client_fd =
	    endpoint_listen(pingpong->client, pingpong->home, &pong, 0);
	int server_fd =
	    endpoint_listen(pingpong->server, pingpong->home, &ping, 0);

	pingpong->lost = 0;
	int result = client_fd < 0 ? client_fd : server_fd < 0 ? server_fd : 0;

	if (!result)
		result = play_with_echo(pingpong, client_fd, server_fd, rtt);
	if (client_fd >= 0)
		close(client_fd);
	if (server_fd >= 0)
		close(server_fd);
	return result;
}

static int play_with_echo(struct pingpong *pingpong, int client_fd,
    int server_fd, struct histogram *rtt)
{
	struct echo partner = {.pingpong = pingpong, .fd = server_fd};
	pthread_t thread;
	int error = pthread_create(&thread, NULL, echo, &partner);

	if (error)
		return -error;
	uint64_t before = rtt->count;

	play(pingpong, client_fd, rtt);
	atomic_store(&partner.stop, true);
	pthread_join(thread, NULL);
	return rtt->count > before ? 0 : -ETIMEDOUT;
}

static void *echo(void *arg)
{
	struct echo *echo = arg;
	const struct pingpong *pingpong = echo->pingpong;
	struct match ping = {.run_id = pingpong->run_id, .tag = FRAME_TAG_PING};
	uint8_t frame[2048], answer[FRAME_MIN];

	if (pingpong->server_cpus)
		pthread_setaffinity_np(
		    pthread_self(), sizeof(cpu_set_t), pingpong->server_cpus);
	while (!atomic_load(&echo->stop)) {
		if (!next_frame(pingpong->server, echo->fd, &ping, frame,
			sizeof(frame), LOOK_UP_MS))
			continue;
		frame_write(answer, sizeof(answer), frame + 6,
		    pingpong->server->mac, FRAME_TAG_PONG, pingpong->run_id);
		frame_set_sequence(answer, frame_sequence(frame));
		send_one(pingpong->server, answer);
	}
	return NULL;
}

/* Wait for a frame that fits; return 0 after @timeout_ms. Frames arrive one at
 * a time, so sleeping first saves a read that finds nothing. */
static size_t next_frame(const struct endpoint *at, int fd,
    const struct match *match, uint8_t *frame, size_t size, int timeout_ms)
{
	uint64_t end_at_ns = clock_ns() + (uint64_t)timeout_ms * 1000000;

	do {
		endpoint_wait(at);
		ssize_t n = endpoint_read(at, fd, frame, size);

		if (n > 0 && frame_fits(frame, (size_t)n, match))
			return (size_t)n;
	} while (clock_ns() < end_at_ns);
	return 0;
}

static void send_one(const struct endpoint *from, uint8_t *frame)
{
	struct iovec bytes = {frame, FRAME_MIN};
	struct mmsghdr header = {
	    .msg_hdr = {.msg_iov = &bytes, .msg_iovlen = 1}};

	/* A refused frame counts as one without an answer. */
	(void)endpoint_send(from, &header, 1);
}

static void play(struct pingpong *pingpong, int fd, struct histogram *rtt)
{
	uint64_t start_at_ns = clock_ns(), sequence = 0;
	cpu_set_t before;

	sched_getaffinity(0, sizeof(before), &before);
	if (pingpong->client_cpus)
		sched_setaffinity(0, sizeof(cpu_set_t), pingpong->client_cpus);
	while (clock_ns() - start_at_ns < pingpong->duration_ns &&
	       (!pingpong->count || sequence < pingpong->count))
		if (!round_trip(pingpong, fd, sequence++, rtt))
			pingpong->lost++;
	sched_setaffinity(0, sizeof(before), &before);
}

static bool round_trip(const struct pingpong *pingpong, int fd,
    uint64_t sequence, struct histogram *rtt)
{
	struct match pong = {.run_id = pingpong->run_id, .tag = FRAME_TAG_PONG};
	uint8_t frame[FRAME_MIN], answer[2048];

	frame_write(frame, sizeof(frame), pingpong->server->mac,
	    pingpong->client->mac, FRAME_TAG_PING, pingpong->run_id);
	frame_set_sequence(frame, sequence);
	uint64_t start_at_ns = clock_ns();

	send_one(pingpong->client, frame);
	while (next_frame(
	    pingpong->client, fd, &pong, answer, sizeof(answer), ANSWER_MS)) {
		if (frame_sequence(answer) != sequence)
			continue; /* the late answer to a lost one */
		histogram_add(rtt, clock_ns() - start_at_ns);
		return true;
	}
	return false;
}
