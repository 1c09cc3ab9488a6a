/* SPDX-License-Identifier: BSD-2-Clause */
/* sink.c - counts frames where they leave (see sink.h). */
#include "sink.h"

#include <errno.h>
#include <linux/if_packet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"

enum { COUNTING_BUFFER = 4096, PROBE_BUFFER = 4 << 20, QUIET_NS = 20000000 };

static int open_counters(struct sink *sink, int home, bool apart);
static int start_reader(struct sink *sink, int home);
static void *read_frames(void *arg);
static void take(struct sink *sink, const uint8_t *frame, size_t len);
static uint64_t take_statistics(int fd);
static uint64_t total(struct sink *sinks, int n);

int sink_open(struct sink *sink, const struct endpoint *endpoint, int home,
    uint32_t run_id, bool apart, struct histogram *latency)
{
	bool plugged = endpoint->plug != NULL;

	*sink = (struct sink){.endpoint = endpoint,
	    .run_id = run_id,
	    .latency = latency,
	    .all_fd = -1,
	    .mine_fd = -1,
	    .read_fd = -1};
	int result = plugged ? 0 : open_counters(sink, home, apart);

	if (!result && (plugged || latency))
		result = start_reader(sink, home);
	return result;
}

void sink_count(struct sink *sink)
{
	if (sink->endpoint->plug) {
		sink->all = atomic_load(&sink->read_all);
		sink->mine = atomic_load(&sink->read_mine);
		return;
	}
	sink->all += take_statistics(sink->all_fd);
	if (sink->mine_fd >= 0)
		sink->mine += take_statistics(sink->mine_fd);
	else
		sink->mine = sink->all;
}

void sink_close(struct sink *sink)
{
	const int fds[] = {sink->all_fd, sink->mine_fd, sink->read_fd};

	atomic_store(&sink->stop, true);
	if (sink->threaded)
		pthread_join(sink->thread, NULL);
	for (int i = 0; i < 3; i++)
		if (fds[i] >= 0)
			close(fds[i]);
	sink->threaded = false;
	sink->all_fd = sink->mine_fd = sink->read_fd = -1;
}

void sinks_settle(struct sink *sinks, int n)
{
	uint64_t last, now = total(sinks, n);

	do {
		last = now;
		clock_sleep_ns(QUIET_NS);
		now = total(sinks, n);
	} while (now != last);
}

static int open_counters(struct sink *sink, int home, bool apart)
{
	struct match all = {.run_id = sink->run_id};
	struct match mine = {
	    .run_id = sink->run_id, .dst = sink->endpoint->mac};

	sink->all_fd =
	    endpoint_listen(sink->endpoint, home, &all, COUNTING_BUFFER);
	if (sink->all_fd < 0 || !apart)
		return sink->all_fd < 0 ? sink->all_fd : 0;
	sink->mine_fd =
	    endpoint_listen(sink->endpoint, home, &mine, COUNTING_BUFFER);
	return sink->mine_fd < 0 ? sink->mine_fd : 0;
}

static int start_reader(struct sink *sink, int home)
{
	struct match probe = {.run_id = sink->run_id, .tag = FRAME_TAG_PROBE};

	sink->read_fd =
	    endpoint_listen(sink->endpoint, home, &probe, PROBE_BUFFER);
	if (sink->read_fd < 0)
		return sink->read_fd;
	int error = pthread_create(&sink->thread, NULL, read_frames, sink);

	sink->threaded = error == 0;
	return -error;
}

/* Reads as fast as frames arrive and sleeps only when there is none. Ends when
 * the other side of a plug is gone: no more will arrive. */
static void *read_frames(void *arg)
{
	struct sink *sink = arg;
	uint8_t frame[FRAME_BUFFER];
	ssize_t n = 0;

	while (!atomic_load(&sink->stop) && n >= 0) {
		n = endpoint_read(
		    sink->endpoint, sink->read_fd, frame, sizeof(frame));
		if (n > 0)
			take(sink, frame, (size_t)n);
		else
			endpoint_wait(sink->endpoint);
	}
	return NULL;
}

static void take(struct sink *sink, const uint8_t *frame, size_t len)
{
	struct match flood = {.run_id = sink->run_id, .tag = FRAME_TAG_FLOOD};
	struct match probe = {.run_id = sink->run_id, .tag = FRAME_TAG_PROBE};

	if (frame_fits(frame, len, &probe)) {
		if (sink->latency)
			histogram_add(
			    sink->latency, clock_ns() - frame_time(frame));
	} else if (!frame_fits(frame, len, &flood)) {
		return;
	}
	if (!sink->endpoint->plug)
		return;
	atomic_fetch_add(&sink->read_all, 1);
	if (memcmp(frame, sink->endpoint->mac, 6) == 0)
		atomic_fetch_add(&sink->read_mine, 1);
}

/* Reading the statistics also clears them. tp_packets includes drops, here
 * nearly all frames. */
static uint64_t take_statistics(int fd)
{
	struct tpacket_stats stats = {0};
	socklen_t size = sizeof(stats);

	if (getsockopt(fd, SOL_PACKET, PACKET_STATISTICS, &stats, &size))
		return 0;
	return stats.tp_packets;
}

static uint64_t total(struct sink *sinks, int n)
{
	uint64_t sum = 0;

	for (int i = 0; i < n; i++) {
		sink_count(&sinks[i]);
		sum += sinks[i].all;
	}
	return sum;
}
