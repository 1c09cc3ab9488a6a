/* SPDX-License-Identifier: BSD-2-Clause */
/* generator.c - sends bursts on a schedule (see generator.h). */
#include "generator.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "schedule.h"

enum {
	SLEEP_MIN_NS = 30000, /* spin below this: a sleep takes longer */
	LOOK_NS = 20000,      /* between checks of what has arrived */
	GIVE_UP_NS = 5000000, /* as generator.h says */
};

/* What a sender with a window knows about its frames. */
struct window {
	uint64_t base;	  /* frames that had arrived at the start */
	uint64_t lost;	  /* counted as lost */
	uint64_t arrived; /* at the last check */
	uint64_t since_at_ns;
};

static bool wait_for_burst(const struct schedule *schedule);
static bool wait_for_window(
    const struct load *load, uint64_t sent, struct window *window);
static int send_some(
    const struct load *load, struct flow *flow, uint32_t n, uint64_t done);
static int send_probe(struct flow *flow);
static int send_burst(struct flow *flow, uint32_t n);

int flow_init(struct flow *flow, const struct endpoint *from, size_t len,
    uint32_t n, uint8_t (*dsts)[6], uint32_t run_id)
{
	*flow = (struct flow){.from = from, .len = len, .n = n};
	flow->frames = calloc(n, len);
	if (!flow->frames)
		return -ENOMEM;
	for (uint32_t i = 0; i < n; i++)
		frame_write(flow_frame(flow, i), len, dsts[i], from->mac,
		    FRAME_TAG_FLOOD, run_id);
	return 0;
}

void flow_free(struct flow *flow)
{
	free(flow->frames);
	flow->frames = NULL;
}

uint8_t *flow_frame(const struct flow *flow, uint32_t i)
{
	return flow->frames + (size_t)i * flow->len;
}

void generator_run(const struct load *load, struct offered *offered)
{
	struct schedule schedule;
	uint64_t start_at_ns = clock_ns(), now_ns = start_at_ns;
	struct window window = {.since_at_ns = start_at_ns};
	int turn = 0;

	if (load->window)
		window.base = load->arrived(load->arrived_arg);

	*offered = (struct offered){0};
	schedule_init(&schedule, start_at_ns, load->rate,
	    load->count ? load->count : UINT64_MAX, load->burst);
	for (; now_ns - start_at_ns < load->duration_ns; now_ns = clock_ns()) {
		if (schedule.done == schedule.count)
			break;
		if (wait_for_burst(&schedule) ||
		    wait_for_window(load, schedule.done, &window))
			continue;
		uint32_t n = schedule_due(&schedule, clock_ns());
		struct flow *flow = &load->flows[turn];
		int sent = send_some(load, flow, n, schedule.done);

		turn = (turn + 1) % load->nflows;
		if (sent > 0) {
			flow->sent += (uint64_t)sent;
			schedule_sent(&schedule, (uint32_t)sent);
		}
		if (sent >= 0)
			continue;
		offered->refused++;
		endpoint_back_off(flow->from);
	}
	offered->sent = schedule.done;
	offered->elapsed_ns = clock_ns() - start_at_ns;
}

double generator_rate(const struct offered *offered)
{
	if (!offered->elapsed_ns)
		return 0;
	return (double)offered->sent * 1e9 / (double)offered->elapsed_ns;
}

/* Send bursts, not single frames: spinning between frames would make up most
 * of the processor time charged to a frame. */
static bool wait_for_burst(const struct schedule *schedule)
{
	uint64_t wait_ns = schedule_wait_ns(schedule, clock_ns());

	if (wait_ns > SLEEP_MIN_NS)
		clock_sleep_ns(wait_ns);
	return wait_ns > 0;
}

/* If the window has no room for a burst, sleep a little and return true. */
static bool wait_for_window(
    const struct load *load, uint64_t sent, struct window *window)
{
	if (!load->window)
		return false;
	uint64_t arrived = load->arrived(load->arrived_arg) - window->base;
	uint64_t now_ns = clock_ns();

	if (arrived != window->arrived) {
		window->arrived = arrived;
		window->since_at_ns = now_ns;
	}
	if (sent + load->burst <= arrived + window->lost + load->window)
		return false;
	if (now_ns - window->since_at_ns > GIVE_UP_NS)
		window->lost = sent - arrived;
	clock_sleep_ns(LOOK_NS);
	return true;
}

static int send_some(
    const struct load *load, struct flow *flow, uint32_t n, uint64_t done)
{
	uint64_t every = load->probe_every;

	if (every && done % every == 0)
		return send_probe(flow);
	if (every && n > every - done % every)
		n = (uint32_t)(every - done % every);
	return send_burst(flow, n);
}

/* A probe is a frame of the flow with the tag and the time, sent alone. */
static int send_probe(struct flow *flow)
{
	uint8_t frame[FRAME_BUFFER];
	struct iovec bytes = {frame, flow->len};
	struct mmsghdr header = {
	    .msg_hdr = {.msg_iov = &bytes, .msg_iovlen = 1}};
	const uint8_t *original = flow_frame(flow, flow->next);

	memcpy(frame, original, flow->len);
	frame_set_tag(frame, FRAME_TAG_PROBE);
	frame_set_time(frame, clock_ns());
	int sent = endpoint_send(flow->from, &header, 1);

	if (sent > 0)
		flow->next = (flow->next + 1) % flow->n;
	return sent;
}

/* Send a burst of @n frames of a flow. Its headers are built each time, which
 * takes two stores a frame. */
static int send_burst(struct flow *flow, uint32_t n)
{
	struct mmsghdr headers[BURST_MAX];
	struct iovec frames[BURST_MAX];

	memset(headers, 0, n * sizeof(headers[0]));
	for (uint32_t i = 0; i < n; i++) {
		frames[i].iov_base =
		    flow_frame(flow, (flow->next + i) % flow->n);
		frames[i].iov_len = flow->len;
		headers[i].msg_hdr.msg_iov = &frames[i];
		headers[i].msg_hdr.msg_iovlen = 1;
	}
	int sent = endpoint_send(flow->from, headers, n);

	if (sent > 0)
		flow->next = (flow->next + (uint32_t)sent) % flow->n;
	return sent;
}
