/* SPDX-License-Identifier: BSD-2-Clause */
/* lab.c - puts time in the operator's hands: see lab.h. */
#include "lab.h"

#include <stdlib.h>
#include <string.h>

#include "datapath.h"
#include "switch.h"

struct held {
	struct frame frame; /* points into bytes */
	uint8_t *bytes;	    /* allocated */
	int in_port;
};

struct lab {
	struct qswitch *sw;
	struct hook hook;
	bool paused;
	double slow;
	uint64_t dropped;
	struct ev_timer pace; /* runs while frames leave one at a time */
	int first, n;	      /* of the ring */
	size_t bytes;
	struct held ring[LAB_FRAMES];
};

static bool on_batch(
    void *arg, struct switch_port *p, const struct batch *batch);
static void on_port_removed(void *arg, struct switch_port *p);
static uint64_t waiting(const void *arg);
static void on_pace(struct ev_loop *loop, struct ev_timer *w, int events);
static bool is_slow(const struct lab *lab);
static void let_go(struct lab *lab);
static void set_pace(struct lab *lab);
static bool push(struct lab *lab, int in_port, const struct frame *f);
static struct held *first(struct lab *lab);
static void pop(struct lab *lab);

struct lab *lab_new(struct qswitch *sw)
{
	struct lab *lab = calloc(1, sizeof(*lab));

	if (!lab)
		return NULL;
	lab->sw = sw;
	lab->slow = 1;
	lab->hook = (struct hook){
	    .arg = lab,
	    .on_batch = on_batch,
	    .on_port_removed = on_port_removed,
	    .waiting = waiting,
	};
	ev_init(&lab->pace, on_pace);
	lab->pace.data = lab;
	hook_register(sw, &lab->hook);
	return lab;
}

void lab_free(struct lab *lab)
{
	if (!lab)
		return;
	hook_remove(lab->sw, &lab->hook);
	ev_timer_stop(lab->sw->loop, &lab->pace);
	while (lab->n)
		pop(lab);
	free(lab);
}

void lab_pause(struct lab *lab)
{
	lab->paused = true;
	lab->sw->clock.stopped = true;
	set_pace(lab);
}

void lab_resume(struct lab *lab)
{
	lab->paused = false;
	lab->sw->clock.stopped = false;
	qswitch_arm_tick(lab->sw);
	let_go(lab);
}

void lab_slow(struct lab *lab, double factor)
{
	struct qswitch *sw = lab->sw;

	lab->slow = factor;
	sw->clock.factor = 1 / factor;
	/* the next tick comes at the new speed */
	qswitch_arm_tick(sw);
	ev_timer_stop(sw->loop, &lab->pace);
	let_go(lab);
}

bool lab_step(struct lab *lab)
{
	struct qswitch *sw = lab->sw;

	if (!lab->n)
		return false;
	struct switch_port *p = qswitch_port(sw, first(lab)->in_port);
	sw->batch.n = 1;
	sw->batch.frames[0] = first(lab)->frame;
	datapath_forward(p);
	switch_port_sync(p);
	pop(lab);
	return true;
}

const struct frame *lab_next(const struct lab *lab, int *in_port)
{
	const struct held *held = &lab->ring[lab->first];

	if (!lab->n)
		return NULL;
	*in_port = held->in_port;
	return &held->frame;
}

void lab_state(const struct lab *lab, struct lab_state *state)
{
	*state = (struct lab_state){
	    .paused = lab->paused,
	    .slow = lab->slow,
	    .waiting = lab->n,
	    .bytes = lab->bytes,
	    .dropped = lab->dropped,
	};
}

/* Let the batch wait, if that is the mode. */
static bool on_batch(
    void *arg, struct switch_port *p, const struct batch *batch)
{
	struct lab *lab = arg;

	if (!lab->paused && !is_slow(lab))
		return false;
	for (int i = 0; i < batch->n; i++) {
		if (push(lab, p->port->no, &batch->frames[i]))
			continue;
		bridge_drop(lab->sw->bridge, VERDICT_drop_lab_full, 1);
		lab->dropped++;
	}
	set_pace(lab);
	return true;
}

/* Frames of the port that wait end as if they came from a disabled one. */
static void on_port_removed(void *arg, struct switch_port *p)
{
	struct lab *lab = arg;
	int n = lab->n;

	/* once round: each leaves the front, and those to be kept go back */
	while (n--) {
		struct held held = *first(lab);

		if (held.in_port == p->port->no) {
			bridge_drop(
			    lab->sw->bridge, VERDICT_drop_port_disabled, 1);
			pop(lab);
			continue;
		}
		*first(lab) = (struct held){0};
		lab->ring[(lab->first + lab->n) % LAB_FRAMES] = held;
		lab->first = (lab->first + 1) % LAB_FRAMES;
	}
	set_pace(lab);
}

static uint64_t waiting(const void *arg)
{
	return (uint64_t)((const struct lab *)arg)->n;
}

static void on_pace(struct ev_loop *loop, struct ev_timer *w, int events)
{
	struct lab *lab = w->data;

	(void)loop, (void)events;
	lab_step(lab);
	set_pace(lab);
}

/* Do frames leave one at a time? */
static bool is_slow(const struct lab *lab)
{
	return lab->slow > 1;
}

/* Carry out all that wait, unless something holds them. */
static void let_go(struct lab *lab)
{
	while (!lab->paused && !is_slow(lab) && lab_step(lab))
		;
	set_pace(lab);
}

/* Start or stop the timer, as mode and buffer need it. */
static void set_pace(struct lab *lab)
{
	struct ev_loop *loop = lab->sw->loop;

	if (lab->paused || !is_slow(lab) || !lab->n) {
		ev_timer_stop(loop, &lab->pace);
	} else if (!ev_is_active(&lab->pace)) {
		ev_timer_set(&lab->pace, lab->slow / 1000, lab->slow / 1000);
		ev_timer_start(loop, &lab->pace);
	}
}

static bool push(struct lab *lab, int in_port, const struct frame *f)
{
	size_t len = ETH_ADDRS + f->body_len;
	struct held *held = &lab->ring[(lab->first + lab->n) % LAB_FRAMES];

	if (lab->n == LAB_FRAMES || lab->bytes + len > LAB_BYTES)
		return false;
	uint8_t *bytes = malloc(len);
	if (!bytes)
		return false;
	memcpy(bytes, f->addrs, ETH_ADDRS);
	memcpy(bytes + ETH_ADDRS, f->body, f->body_len);
	*held = (struct held){*f, bytes, in_port};
	held->frame.addrs = bytes;
	held->frame.body = bytes + ETH_ADDRS;
	held->frame.vnet = NULL; /* it lies where the frame came from */
	lab->bytes += len;
	lab->n++;
	return true;
}

static struct held *first(struct lab *lab)
{
	return &lab->ring[lab->first];
}

static void pop(struct lab *lab)
{
	struct held *held = first(lab);

	lab->bytes -= ETH_ADDRS + held->frame.body_len;
	free(held->bytes);
	*held = (struct held){0};
	lab->first = (lab->first + 1) % LAB_FRAMES;
	lab->n--;
}
