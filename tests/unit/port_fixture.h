/* SPDX-License-Identifier: BSD-2-Clause */
/* port_fixture.h - ports without a device, and frames for them. */
#ifndef TESTS_UNIT_PORT_FIXTURE_H
#define TESTS_UNIT_PORT_FIXTURE_H

#include "ports/link.h"
#include "ports/mem.h"

#include "netns.h"

static struct port_host host;

/* A kind whose send() answers what a test has queued. */
static int answers[8], n_answers, n_sends;

/** script_open() - a kind's open() */
static inline int script_open(struct port *port, char *err)
{
	(void)err;
	port->can = CAN_ALL;
	port->mtu = 1500;
	port->carrier = true;
	return 0;
}

/** script_receive() - a kind's receive(): nothing */
static inline int script_receive(struct port *port, struct batch *batch)
{
	(void)port, (void)batch;
	return 0;
}

/** script_send() - a kind's send(): the next answer */
static inline int script_send(
    struct port *port, const struct frame *const *frames, int n)
{
	(void)port, (void)frames, (void)n;
	assert_true(n_sends < n_answers);
	return answers[n_sends++];
}

/** script_link() - a kind's link() */
static inline int script_link(
    struct port *port, const struct link *link, char *err)
{
	port->carrier = link->carrier;
	if (link->deleted)
		return port_refuse(err, -ENODEV, "it was deleted");
	if (!link->carrier)
		port_refuse(err, 0, "no carrier");
	return 0;
}

/** script_close() - a kind's close() */
static inline void script_close(struct port *port)
{
	(void)port;
}

static const struct port_kind kind_script = {
    .name = "script",
    .open = script_open,
    .receive = script_receive,
    .send = script_send,
    .link = script_link,
    .close = script_close,
};

/** open_kind() - an open port of @kind */
static inline struct port *open_kind(const struct port_kind *kind)
{
	struct port_spec spec = {.kind = "mem", .arg = "m", .name = "m"};
	struct port *port = port_new(kind, &spec, &host, 1, NULL);

	assert_non_null(port);
	assert_int_equal(port_open(port), 0);
	return port;
}

/** open_script() - a port whose send() answers with @queue */
static inline struct port *open_script(int n, const int *queue)
{
	memcpy(answers, queue, (size_t)n * sizeof(*queue));
	n_answers = n;
	n_sends = 0;
	return open_kind(&kind_script);
}

static uint8_t tcp_bytes[ETH_HEAD + 40 + 50000];

/** tcp_frame() - IPv4 TCP with @payload bytes behind its headers */
static inline struct frame tcp_frame(size_t payload)
{
	size_t len = ETH_HEAD + 40 + payload;
	uint8_t *ip = tcp_bytes + ETH_HEAD;
	struct frame f;

	memset(tcp_bytes, 2, sizeof(tcp_bytes));
	tcp_bytes[12] = 8;
	tcp_bytes[13] = 0;
	memset(ip, 0, 40);
	ip[0] = 0x45;
	ip[2] = (uint8_t)((len - ETH_HEAD) >> 8);
	ip[3] = (uint8_t)(len - ETH_HEAD);
	ip[9] = 6;
	ip[20 + 12] = 0x50;
	assert_true(frame_parse(&f, tcp_bytes, len));
	return f;
}

/** super_frame() - the same, to be cut into segments of 1000 bytes */
static inline struct frame super_frame(size_t payload)
{
	struct frame f = tcp_frame(payload);

	f.off = (struct offload){.needs_csum = true,
	    .csum_start = ETH_HEAD + 20,
	    .csum_offset = 16,
	    .gso_type = GSO_TCPV4,
	    .gso_size = 1000};
	assert_true(offload_valid(&f));
	return f;
}

/** copies() - frames that the port has counted */
static inline uint64_t copies(const struct port *port)
{
	const struct port_counters *c = &port->counters;

	return c->tx_frames + c->tx_full + c->tx_oversize + c->tx_down +
	       c->tx_error;
}

#endif
