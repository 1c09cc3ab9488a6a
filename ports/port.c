/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * port.c - the table of kinds, the life of a port, and the one way in and out
 * of it, where every frame is counted.
 */
#include "port.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <bsd/string.h>

#include "kind.h"
#include "kinds.h"
#include "link.h"

/*
 * Frames that super-frames may become in a turn of the loop, at all ports
 * together: about 4 ms of work. A port that receives them has a share of that,
 * and leaves half of what there is to the others. A batch of ordinary ones
 * becomes 220; one whose sender asks for tiny segments, at 30 ports, would keep
 * everybody waiting for seconds.
 */
enum { SEGMENTS_TURN = 4096, SEGMENTS_PORT = 1024 };

struct finishing {
	struct port *port;
	int result; /* of the last send() */
	bool lost;  /* the device refused a segment */
};

/* The first row of a name is its default driver. */
const struct port_kind *const port_kinds[] = {
    &kind_tap,
    &kind_nic_packet,
    &kind_nic_pcap,
    &kind_savefile,
    &kind_vmtap,
    &kind_qemu,
    &kind_dgram,
    &kind_seq,
    &kind_vde,
    &kind_fd,
    &kind_nat,
    &kind_host,
    NULL,
};

static void shut(struct port *port);
static void fail_errno(struct port *port, int error);
static void open_account(struct port *port);
static int count_fitting(
    const struct port *port, const struct frame *const *frames, int n);
static bool is_oversize(const struct port *port, const struct frame *f);
static int send_run(
    struct port *port, const struct frame *const *frames, int n);
static void count_sent(
    struct port *port, const struct frame *const *frames, int n);
static void sort_out(struct port *port, const struct frame *const *frames,
    int n, uint64_t refused);
static int send_finished(struct port *port, const struct frame *f);
static bool charge(struct port_host *host, int segments);
static void count_refused(struct port *port, int n, int error);
static int send_group(const struct frame *const *done, int n, void *arg);
static bool is_of_frame(int error);

struct port *port_new(const struct port_kind *kind,
    const struct port_spec *spec, struct port_host *host, int no, void *seed)
{
	struct port *port = calloc(1, sizeof(*port));

	assert(no >= 1 && no <= PORT_NUMBERS);
	if (!port)
		return NULL;
	port->kind = kind;
	port->spec = *spec;
	port->host = host;
	port->no = no;
	port->seed = seed;
	port->fd = -1;
	port->turn = host->turn - 1;
	return port;
}

void port_free(struct port *port)
{
	if (!port)
		return;
	port_close(port);
	if (port->host->charged == port)
		port->host->charged = NULL;
	if (port->kind->restore)
		port->kind->restore(port);
	free(port);
}

int port_open(struct port *port)
{
	char err[PORT_ERR] = "";
	int result;

	if (port->is_open)
		return 0;
	result = port->kind->open(port, err);
	if (result < 0)
		shut(port);
	else
		port->is_open = true;
	strlcpy(port->reason, port->carrier ? "" : err, sizeof(port->reason));
	return result;
}

void port_want(struct port *port)
{
	port->past.strayed = false;
	port->past.lost_at_ms = 0;
}

void port_close(struct port *port)
{
	if (port->is_open)
		shut(port);
	port->reason[0] = '\0';
}

void port_link(struct port *port, const struct link *link)
{
	char err[PORT_ERR] = "";
	struct link now;
	int result;

	if (!port->is_open || !port->kind->link)
		return;
	/* @link may be older than what open() found out. */
	if (!link->deleted && link_find(link->name, &now) == 0 &&
	    now.ifindex == link->ifindex)
		link = &now;
	result = port->kind->link(port, link, err);
	if (result < 0)
		port_fail(port, "%s", err);
	else
		strlcpy(port->reason, port->carrier ? "" : err,
		    sizeof(port->reason));
}

void port_turn(struct port_host *host)
{
	host->turn++;
	host->segments = 0;
	host->renewed = false;
}

int port_receive(struct port *port, struct batch *batch)
{
	int result;

	batch->n = 0;
	if (!port->is_open)
		return 0;
	open_account(port);
	result = port->kind->receive(port, batch);
	if (result < 0) {
		batch->n = 0;
		fail_errno(port, -result);
		return 0;
	}
	assert(result <= BATCH_MAX);
	batch->n = result;
	port->counters.rx_frames += (uint64_t)result;
	for (int i = 0; i < result; i++)
		port->counters.rx_bytes += frame_len(&batch->frames[i]);
	return result;
}

void port_release(struct port *port, struct batch *batch)
{
#ifndef NDEBUG
	arena_poison(port->host->arena, batch);
#endif
	if (port->is_open && port->kind->release)
		port->kind->release(port, batch);
	batch->n = 0;
}

void port_writable(struct port *port)
{
	int result = 0;

	if (port->is_open && port->kind->writable)
		result = port->kind->writable(port);
	if (result < 0)
		fail_errno(port, -result);
}

void port_send(struct port *port, const struct frame *const *frames, int n)
{
	int done = 0;

	assert(n >= 0);
	while (done < n && port_up(port)) {
		int fit = count_fitting(port, frames + done, n - done);

		if (fit > 0)
			done += send_run(port, frames + done, fit);
		else if (is_oversize(port, frames[done]))
			count_refused(port, 1, EMSGSIZE), done++;
		else
			done += send_finished(port, frames[done]);
	}
	count_refused(port, n - done, EIO);
	if (port->is_open && port->kind->flush)
		port->kind->flush(port);
}

const struct port_kind *port_kind_find(const char *name, const char *driver)
{
	for (const struct port_kind *const *k = port_kinds; *k; k++) {
		if (strcmp((*k)->name, name) != 0)
			continue;
		if (!driver ||
		    ((*k)->driver && strcmp((*k)->driver, driver) == 0))
			return *k;
	}
	return NULL;
}

int port_refuse(char *err, int result, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(err, PORT_ERR, fmt, args);
	va_end(args);
	return result;
}

void port_fail(struct port *port, const char *fmt, ...)
{
	char why[PORT_ERR]; /* the arguments may lie in what close() frees */
	va_list args;

	va_start(args, fmt);
	vsnprintf(why, sizeof(why), fmt, args);
	va_end(args);
	port_close(port);
	strlcpy(port->reason, why, sizeof(port->reason));
}

void port_remark(struct port *port, enum port_said what, const char *fmt, ...)
{
	va_list args;

	if (port->past.said & 1u << what)
		return;
	port->past.said |= 1u << what;
	va_start(args, fmt);
	vsnprintf(port->remark, sizeof(port->remark), fmt, args);
	va_end(args);
}

uint64_t port_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void shut(struct port *port)
{
	port->kind->close(port);
	port->is_open = false;
	port->carrier = false;
	port->fd = -1;
	port->events = 0;
	port->more = false;
	port->ifindex = 0;
	port->priv = NULL;
}

/* A kind with a better sentence has called port_fail() itself. */
static void fail_errno(struct port *port, int error)
{
	if (!port->is_open)
		return;
	if (error == ENODEV)
		port_fail(port, "%s was deleted", port->spec.arg);
	else
		port_fail(port, "%s:%s failed: %s", port->spec.kind,
		    port->spec.arg, strerror(error));
}

/* From now on @port pays for segments. */
static void open_account(struct port *port)
{
	struct port_host *host = port->host;
	int left = (SEGMENTS_TURN - host->segments) / 2;

	host->charged = port;
	if (port->turn == host->turn)
		return;
	port->turn = host->turn;
	port->segments = left < SEGMENTS_PORT ? left : SEGMENTS_PORT;
}

/* How many of the first frames can be sent as they are? */
static int count_fitting(
    const struct port *port, const struct frame *const *frames, int n)
{
	int i = 0;

	while (i < n && !is_oversize(port, frames[i]) &&
	       offload_fits(&frames[i]->off, port->can))
		i++;
	return i;
}

static bool is_oversize(const struct port *port, const struct frame *f)
{
	return offload_mtu_len(f) > port->mtu;
}

/* Sends frames as they are. Return: how many have been counted, at least 1. */
static int send_run(struct port *port, const struct frame *const *frames, int n)
{
	int result = port->kind->send(port, frames, n);

	if (result > 0) {
		assert(result <= n);
		count_sent(port, frames, result);
		return result;
	}
	if (result == -EOPNOTSUPP)
		return send_finished(port, frames[0]);
	if (result == 0)
		result = -EAGAIN;
	if (!is_of_frame(-result))
		fail_errno(port, -result);
	/* what is full stays full for the rest of the batch */
	n = result == -EAGAIN || result == -ENOBUFS ? n : 1;
	count_refused(port, n, -result);
	return n;
}

static void count_sent(
    struct port *port, const struct frame *const *frames, int n)
{
	if (port->refused) {
		uint64_t refused = port->refused;

		port->refused = 0;
		sort_out(port, frames, n, refused);
		return;
	}
	port->counters.tx_frames += (uint64_t)n;
	for (int i = 0; i < n; i++)
		port->counters.tx_bytes += frame_len(frames[i]);
}

/* Counts frames some of which the device refused. */
static void sort_out(struct port *port, const struct frame *const *frames,
    int n, uint64_t refused)
{
	size_t longest = ETH_HEAD + port->mtu + VLAN_TAG;

	for (int i = 0; i < n; i++) {
		if (i >= 64 || !(refused >> i & 1))
			count_sent(port, frames + i, 1);
		else
			count_refused(port, 1,
			    frame_len(frames[i]) > longest ? EMSGSIZE
							   : ENOBUFS);
	}
}

/* Finishes @f in software, then sends it; it counts as one copy. Return: 1. */
static int send_finished(struct port *port, const struct frame *f)
{
	struct finishing fin = {.port = port, .result = -EIO};
	struct port_counters *counters = &port->counters;

	if (!charge(port->host, offload_segments(f))) {
		count_refused(port, 1, EAGAIN);
		return 1;
	}
	int sent = offload_finish(f, port->host->scratch, send_group, &fin);

	if (fin.lost && fin.result > 0)
		fin.result = -ENOBUFS;

	if (fin.result <= 0) {
		int error = fin.result ? -fin.result : EAGAIN;

		count_refused(port, 1, error);
		if (!is_of_frame(error) && error != EOPNOTSUPP)
			fail_errno(port, error);
		return 1;
	}
	count_sent(port, &f, 1);
	if (f->off.gso_type == GSO_NONE) {
		counters->tx_csummed++;
	} else {
		counters->tx_segmented++;
		counters->tx_segments += (uint64_t)sent;
	}
	return 1;
}

/* May @segments more be made? As long as there is anything left, so that the
 * longest frame passes, too. Frames of the switch's own are free. */
static bool charge(struct port_host *host, int segments)
{
	struct port *from = host->charged;

	if (!from)
		return true;
	if (from->segments <= 0)
		return false;
	from->segments -= segments;
	host->segments += segments;
	return true;
}

static void count_refused(struct port *port, int n, int error)
{
	switch (error) {
	case EAGAIN:
	case ENOBUFS:
		port->counters.tx_full += (uint64_t)n;
		break;
	case EMSGSIZE:
		port->counters.tx_oversize += (uint64_t)n;
		break;
	case ENETDOWN:
		port->counters.tx_down += (uint64_t)n;
		break;
	default:
		port->counters.tx_error += (uint64_t)n;
	}
}

/* Return: how many of the first segments were taken. */
static int send_group(const struct frame *const *done, int n, void *arg)
{
	struct finishing *fin = arg;
	struct port *port = fin->port;
	int taken = 0;

	while (taken < n) {
		fin->result = port->kind->send(port, done + taken, n - taken);
		fin->lost = fin->lost || port->refused;
		port->refused = 0;
		if (fin->result <= 0)
			break;
		taken += fin->result;
	}
	return taken;
}

static bool is_of_frame(int error)
{
	return error == EAGAIN || error == ENOBUFS || error == EMSGSIZE ||
	       error == ENETDOWN || error == EIO;
}
