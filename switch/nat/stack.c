/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stack.c - libslirp as the stack: see stack.h.
 *
 * libslirp remembers 16 neighbors and asks for the others again and again. So
 * its ARP requests for guests with a lease are answered here; they never reach
 * the wire.
 */
#include "stack.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <libslirp.h>

enum {
	CONFIG_VERSION = 4, /* the first with disable_dhcp: Debian 12 has it */
	TIMERS = 4,
	ANSWERS = 64,
	ARP_FRAME = 42,
	IPV4_FRAME = 34, /* to the end of its header */
	ROUTER6 = 2,
	DNS = 3,
};

struct timer {
	bool used, armed;
	SlirpTimerId id;
	void *arg;
	int64_t due_at_ms;
};

struct stack {
	Slirp *slirp;
	struct stack_owner owner;
	struct polls *polls;
	struct timer timers[TIMERS];
	int n_answers;
	uint8_t answers[ANSWERS][ARP_FRAME];
};

static void configure(SlirpConfig *config, const struct nat_spec *spec);
static struct in6_addr address6(uint8_t last);
static int on_add_poll(int fd, int events, void *opaque);
static int on_events(int index, void *opaque);
static bool is_forged(
    const struct stack *stack, const uint8_t *frame, size_t len);
static bool answer_arp(struct stack *stack, const uint8_t *frame, size_t len);
static void deliver_answers(struct stack *stack);
static int64_t now_ns(void *opaque);

static ssize_t on_send(const void *frame, size_t len, void *opaque)
{
	struct stack *stack = opaque;

	if (!answer_arp(stack, frame, len))
		stack->owner.send(stack->owner.arg, frame, len);
	return (ssize_t)len;
}

/* What guests do wrong is no news: anybody could fill the log with it. */
static void on_guest_error(const char *text, void *opaque)
{
	(void)text, (void)opaque;
}

static void *on_timer_new(SlirpTimerId id, void *arg, void *opaque)
{
	struct stack *stack = opaque;

	for (int i = 0; i < TIMERS; i++)
		if (!stack->timers[i].used) {
			stack->timers[i] =
			    (struct timer){.used = true, .id = id, .arg = arg};
			return &stack->timers[i];
		}
	abort(); /* libslirp has one, for router advertisements */
}

static void on_timer_free(void *timer, void *opaque)
{
	(void)opaque;
	((struct timer *)timer)->used = false;
}

static void on_timer_mod(void *timer, int64_t due_at_ms, void *opaque)
{
	struct timer *t = timer;

	(void)opaque;
	t->due_at_ms = due_at_ms;
	t->armed = true;
}

static void on_poll_fd(int fd, void *opaque)
{
	(void)fd, (void)opaque;
}

static void on_notify(void *opaque)
{
	(void)opaque;
}

static const SlirpCb calls = {
    .send_packet = on_send,
    .guest_error = on_guest_error,
    .clock_get_ns = now_ns,
    .timer_free = on_timer_free,
    .timer_mod = on_timer_mod,
    .register_poll_fd = on_poll_fd,
    .unregister_poll_fd = on_poll_fd,
    .notify = on_notify,
    .timer_new_opaque = on_timer_new,
};

struct stack *stack_new(
    const struct nat_spec *spec, const struct stack_owner *owner, char *err)
{
	struct stack *stack = calloc(1, sizeof(*stack));
	SlirpConfig config = {.version = CONFIG_VERSION};

	if (!stack) {
		snprintf(err, PORT_ERR, "out of memory");
		return NULL;
	}
	stack->owner = *owner;
	configure(&config, spec);
	stack->slirp = slirp_new(&config, &calls, stack);
	if (stack->slirp)
		return stack;
	snprintf(err, PORT_ERR,
	    "libslirp %s does not take our settings: use version 4.7 or newer",
	    slirp_version_string());
	free(stack);
	return NULL;
}

void stack_input(struct stack *stack, const uint8_t *frame, size_t len)
{
	if (!is_forged(stack, frame, len))
		slirp_input(stack->slirp, frame, (int)len);
}

int stack_forward(
    struct stack *stack, const struct nat_forward *f, bool add, char *err)
{
	int flags = f->udp ? SLIRP_HOSTFWD_UDP : 0;
	socklen_t size = nat_forward_size(f);
	char text[NAT_FORWARD_TEXT];
	int result;

	if (f->v6)
		flags |= SLIRP_HOSTFWD_V6ONLY;
	errno = 0;
	result = add ? slirp_add_hostxfwd(stack->slirp, &f->host.any, size,
			   &f->guest.any, size, flags)
		     : slirp_remove_hostxfwd(
			   stack->slirp, &f->host.any, size, flags);
	if (result >= 0)
		return 0;
	int error = errno ? errno : EINVAL;
	snprintf(err, PORT_ERR, "forward %s: %s%s", nat_forward_text(f, text),
	    strerror(error),
	    error == EADDRINUSE ? ": choose another port of the host"
	    : error == EACCES
		? ": ports below 1024 need forward= at the start of qswitchd"
		: "");
	return -error;
}

void stack_before(struct stack *stack, struct polls *polls)
{
	uint32_t timeout = UINT32_MAX;
	int64_t now_ms = now_ns(NULL) / 1000000;

	stack->polls = polls;
	slirp_pollfds_fill(stack->slirp, &timeout, on_add_poll, stack);
	for (int i = 0; i < TIMERS; i++) {
		const struct timer *t = &stack->timers[i];
		int64_t left = t->due_at_ms - now_ms;

		if (t->used && t->armed && left < (int64_t)timeout)
			timeout = left > 0 ? (uint32_t)left : 0;
	}
	if (timeout < INT32_MAX)
		polls->timeout_ms = (int)timeout;
}

void stack_after(struct stack *stack, struct polls *polls)
{
	int64_t now_ms = now_ns(NULL) / 1000000;

	stack->polls = polls;
	slirp_pollfds_poll(stack->slirp, 0, on_events, stack);
	for (int i = 0; i < TIMERS; i++) {
		struct timer *t = &stack->timers[i];

		if (!t->used || !t->armed || t->due_at_ms > now_ms)
			continue;
		t->armed = false;
		slirp_handle_timer(stack->slirp, t->id, t->arg);
	}
	deliver_answers(stack);
}

static void configure(SlirpConfig *config, const struct nat_spec *spec)
{
	config->in_enabled = true;
	config->vnetwork.s_addr = htonl(spec->net);
	config->vnetmask.s_addr = htonl(spec->mask);
	config->vhost.s_addr = htonl(spec->router);
	config->vnameserver.s_addr = htonl(spec->net + DNS);
	config->vdhcp_start.s_addr = htonl(spec->first);
	config->in6_enabled = spec->ipv6;
	config->vprefix_addr6 = address6(0);
	config->vprefix_len = 64;
	config->vhost6 = address6(ROUTER6);
	config->vnameserver6 = address6(DNS);
	config->disable_host_loopback = !spec->loopback;
	config->disable_dhcp = true;
}

/* fec0::N, as in QEMU's user network */
static struct in6_addr address6(uint8_t last)
{
	return (struct in6_addr){.s6_addr = {0xfe, 0xc0, [15] = last}};
}

static int on_add_poll(int fd, int events, void *opaque)
{
	struct stack *stack = opaque;
	short wanted = (short)((events & SLIRP_POLL_IN ? POLLIN : 0) |
			       (events & SLIRP_POLL_OUT ? POLLOUT : 0) |
			       (events & SLIRP_POLL_PRI ? POLLPRI : 0));

	return polls_add(stack->polls, fd, wanted);
}

static int on_events(int index, void *opaque)
{
	const struct stack *stack = opaque;
	short events = index < 0 ? 0 : stack->polls->fds[index].revents;

	return (events & POLLIN ? SLIRP_POLL_IN : 0) |
	       (events & POLLOUT ? SLIRP_POLL_OUT : 0) |
	       (events & POLLPRI ? SLIRP_POLL_PRI : 0) |
	       (events & POLLERR ? SLIRP_POLL_ERR : 0) |
	       (events & POLLHUP ? SLIRP_POLL_HUP : 0);
}

/* Does a guest send as another that has a lease? libslirp would believe it, and
 * send to it what is meant for the other. */
static bool is_forged(
    const struct stack *stack, const uint8_t *frame, size_t len)
{
	static const uint8_t ipv4[] = {0x08, 0x00}, arp[] = {0x08, 0x06};
	size_t at = 0;
	uint32_t ip;

	if (len >= IPV4_FRAME && memcmp(frame + 12, ipv4, sizeof(ipv4)) == 0)
		at = 26;
	else if (len >= ARP_FRAME && memcmp(frame + 12, arp, sizeof(arp)) == 0)
		at = 28;
	if (!at)
		return false;
	memcpy(&ip, frame + at, sizeof(ip));
	const uint8_t *mac = stack->owner.mac_of(stack->owner.arg, ntohl(ip));
	return mac && (memcmp(mac, frame + 6, 6) != 0 ||
			  (at == 28 && memcmp(mac, frame + 22, 6) != 0));
}

/* Is it an ARP request whose answer we know? That waits until libslirp is at
 * rest. */
static bool answer_arp(struct stack *stack, const uint8_t *frame, size_t len)
{
	static const uint8_t request[] = {8, 6, 0, 1, 8, 0, 6, 4, 0, 1};
	const uint8_t *mac;
	uint32_t ip;

	if (len < ARP_FRAME || stack->n_answers == ANSWERS ||
	    memcmp(frame + 12, request, sizeof(request)) != 0)
		return false;
	memcpy(&ip, frame + 38, sizeof(ip));
	mac = stack->owner.mac_of(stack->owner.arg, ntohl(ip));
	if (!mac)
		return false;
	uint8_t *answer = stack->answers[stack->n_answers++];
	memcpy(answer, frame + 6, 6);
	memcpy(answer + 6, mac, 6);
	memcpy(answer + 12, request, sizeof(request));
	answer[21] = 2;
	memcpy(answer + 22, mac, 6);
	memcpy(answer + 28, frame + 38, 4);
	memcpy(answer + 32, frame + 22, 10);
	return true;
}

static void deliver_answers(struct stack *stack)
{
	uint8_t frame[ARP_FRAME];

	while (stack->n_answers) {
		memcpy(frame, stack->answers[--stack->n_answers], ARP_FRAME);
		slirp_input(stack->slirp, frame, ARP_FRAME);
	}
}

static int64_t now_ns(void *opaque)
{
	struct timespec now;

	(void)opaque;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}
