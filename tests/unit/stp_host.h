/* SPDX-License-Identifier: BSD-2-Clause */
/* stp_host.h - a host for unit tests of the spanning tree entity. It records
 * what the entity tells its callbacks. */
#ifndef TESTS_UNIT_STP_HOST_H
#define TESTS_UNIT_STP_HOST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "stp/bpdu.h"
#include "stp/stp.h"
#include "stp/stp_config.h"
#include "stp/stp_foreign.h"
#include "stp/stp_status.h"

enum { HOST_PORTS = 8 };

/** struct host - an entity and what it told its callbacks */
struct host {
	struct stp *stp;
	uint64_t now_ms;
	enum stp_state states[HOST_PORTS + 1];
	uint32_t ageing_ms;
	int configs[HOST_PORTS + 1]; /* sent since host_quiet() */
	int tcns[HOST_PORTS + 1];
	int probes[HOST_PORTS + 1];
	int loops[HOST_PORTS + 1]; /* how often each was told to be in one */
	struct bpdu last[HOST_PORTS + 1];
	char order[64]; /* of calls: S port state, A ageing, T transmit */
};

/** host_note() - append @what to the order of calls while there is room */
static inline void host_note(struct host *host, const char *what)
{
	if (strlen(host->order) < sizeof(host->order) - 1)
		strcat(host->order, what);
}

/** host_port_state() - the port state callback */
static inline void host_port_state(void *ctx, int port, enum stp_state state)
{
	struct host *host = ctx;

	host->states[port] = state;
	host_note(host, "S");
}

/** host_ageing() - the ageing callback */
static inline void host_ageing(void *ctx, uint32_t ageing_ms)
{
	struct host *host = ctx;

	host->ageing_ms = ageing_ms;
	host_note(host, "A");
}

/** host_transmit() - the transmit callback */
static inline void host_transmit(
    void *ctx, int port, const uint8_t *data, size_t len)
{
	struct host *host = ctx;

	host_note(host, "T");
	if (bpdu_decode(data, len, &host->last[port]) == STP_RX_CONFIG)
		host->configs[port]++;
	else
		host->tcns[port]++;
}

/** host_probe() - the probe callback */
static inline void host_probe(void *ctx, int port)
{
	struct host *host = ctx;

	host->probes[port]++;
}

/** host_loop() - the loop callback */
static inline void host_loop(void *ctx, int port, int by)
{
	struct host *host = ctx;

	(void)by;
	host->loops[port]++;
}

/** host_quiet() - forget the calls so far, but not the port states */
static inline void host_quiet(struct host *host)
{
	memset(host->configs, 0, sizeof(host->configs));
	memset(host->tcns, 0, sizeof(host->tcns));
	memset(host->probes, 0, sizeof(host->probes));
	memset(host->loops, 0, sizeof(host->loops));
	host->order[0] = '\0';
}

/**
 * host_open() - create bridge 8000.00:00:00:00:00:42 with ports 1..@ports, down
 * @ports:  0..HOST_PORTS
 * @bpdu:   the policy of each
 */
static inline void host_open(struct host *host, int ports, enum stp_bpdu bpdu)
{
	static const struct stp_callbacks callbacks = {
	    host_port_state, host_ageing, host_transmit, host_probe, host_loop};
	struct stp_times times = stp_times_default();

	memset(host, 0, sizeof(*host));
	host->stp = stp_new(
	    0x8000000000000042, &times, HOST_PORTS, &callbacks, host, 0);
	assert_non_null(host->stp);
	for (int port = 1; port <= ports; port++) {
		assert_int_equal(stp_port_add(host->stp, port), 0);
		assert_int_equal(
		    stp_port_set_bpdu(host->stp, port, bpdu, 0), 0);
	}
}

/** host_close() - free the bridge */
static inline void host_close(struct host *host)
{
	stp_free(host->stp);
}

/** host_up() - the link of @port comes up */
static inline void host_up(struct host *host, int port)
{
	stp_port_enable(host->stp, port, host->now_ms);
}

/** host_down() - the link of @port goes down */
static inline void host_down(struct host *host, int port)
{
	stp_port_disable(host->stp, port, host->now_ms);
}

/** host_run() - let @ms pass in steps of 100 ms */
static inline void host_run(struct host *host, uint32_t ms)
{
	for (uint64_t end_at_ms = host->now_ms + ms;
	     host->now_ms < end_at_ms;) {
		host->now_ms += 100;
		stp_tick(host->stp, host->now_ms);
	}
}

/**
 * host_hear() - receive a configuration BPDU with default times on @port
 * @root:    the root it claims, at path cost @cost
 * @bridge:  its sender, and @from the sender's port identifier
 */
static inline enum stp_verdict host_hear(struct host *host, int port,
    uint64_t root, uint32_t cost, uint64_t bridge, uint16_t from)
{
	uint8_t data[BPDU_CONFIG_LEN];
	struct bpdu bpdu = {
	    .vector = {root, cost, bridge, from},
	    .times = stp_times_default(),
	};

	bpdu_encode_config(&bpdu, data);
	return stp_receive(host->stp, port, data, sizeof(data), host->now_ms);
}

/** host_hear_tcn() - receive a topology change notification on @port */
static inline enum stp_verdict host_hear_tcn(struct host *host, int port)
{
	uint8_t data[BPDU_TCN_LEN];

	bpdu_encode_tcn(data);
	return stp_receive(host->stp, port, data, sizeof(data), host->now_ms);
}

/** host_port() - read the state of @port, which must exist */
static inline struct stp_port_info host_port(struct host *host, int port)
{
	struct stp_port_info info;

	assert_true(stp_port_info(host->stp, port, host->now_ms, &info));
	return info;
}

/** host_bridge() - read the state of the bridge */
static inline struct stp_bridge_info host_bridge(struct host *host)
{
	struct stp_bridge_info info;

	stp_bridge_info(host->stp, host->now_ms, &info);
	return info;
}

#endif
