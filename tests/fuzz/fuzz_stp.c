/* SPDX-License-Identifier: BSD-2-Clause */
/* fuzz_stp.c - feeds one spanning tree entity BPDUs, link changes, settings and
 * time in any order. The input is a list of steps: the kind, the port, and its
 * argument: for a BPDU the length and bytes, otherwise one byte. */
#include <stdlib.h>
#include <string.h>

#include "stp/stp.h"
#include "stp/stp_config.h"
#include "stp/stp_foreign.h"
#include "stp/stp_status.h"

enum { PORTS = 6 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
	const uint8_t *data;
	size_t size;
};

struct host {
	struct stp *stp;
	uint64_t now_ms;
	bool up[PORTS + 1];
	bool settled; /* no input at work: callbacks must not come */
};

static void step(struct host *host, struct input *in);
static uint8_t next(struct input *in);
static void receive(struct host *host, int port, struct input *in);
static void link_change(struct host *host, int port, bool up);
static void manage(struct host *host, int port, uint8_t what, uint8_t value);
static void look(struct host *host);
static void on_port_state(void *ctx, int port, enum stp_state state);
static void on_ageing(void *ctx, uint32_t ageing_ms);
static void on_transmit(void *ctx, int port, const uint8_t *bpdu, size_t len);
static void on_probe(void *ctx, int port);
static void on_loop(void *ctx, int port, int by);
static void expect(bool truth);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct stp_callbacks callbacks = {
	    on_port_state, on_ageing, on_transmit, on_probe, on_loop};
	struct stp_times times = stp_times_default();
	struct input in = {data, size};
	struct host host = {.settled = true};

	host.stp = stp_new((uint64_t)STP_PRIORITY << 48 | 0x42, &times, PORTS,
	    &callbacks, &host, 0);
	expect(host.stp != NULL);
	for (int port = 1; port <= PORTS; port++)
		expect(stp_port_add(host.stp, port) == 0);
	while (in.size) {
		step(&host, &in);
		look(&host);
	}
	stp_free(host.stp);
	return 0;
}

static void step(struct host *host, struct input *in)
{
	uint8_t what = next(in);
	int port = 1 + next(in) % PORTS;

	host->settled = false;
	if (what % 4 == 0)
		receive(host, port, in);
	else if (what % 4 == 1)
		link_change(host, port, next(in) & 1);
	else if (what % 4 == 2)
		stp_tick(host->stp, host->now_ms += next(in) * 50);
	else
		manage(host, port, what >> 2, next(in));
	host->settled = true;
}

static uint8_t next(struct input *in)
{
	if (!in->size)
		return 0;
	in->size--;
	return *in->data++;
}

static void receive(struct host *host, int port, struct input *in)
{
	uint8_t *bpdu;
	size_t len = next(in);
	enum stp_verdict verdict;

	if (len > in->size)
		len = in->size;
	bpdu = malloc(len ? len : 1); /* reads beyond it are detected */
	expect(bpdu != NULL);
	memcpy(bpdu, in->data, len);
	in->data += len;
	in->size -= len;
	verdict = stp_receive(host->stp, port, bpdu, len, host->now_ms);
	if (verdict == STP_RX_GUARDED)
		host->up[port] = false;
	free(bpdu);
}

static void link_change(struct host *host, int port, bool up)
{
	host->up[port] = up;
	if (up)
		stp_port_enable(host->stp, port, host->now_ms);
	else
		stp_port_disable(host->stp, port, host->now_ms);
}

static void manage(struct host *host, int port, uint8_t what, uint8_t value)
{
	struct stp_times times = {
	    1000 + 40 * value, 2000 + 160 * value, 2000 + 120 * value};
	char err[128];

	switch (what % 8) {
	case 0:
		stp_set_bridge_id(
		    host->stp, (uint64_t)value << 56 | port, host->now_ms);
		break;
	case 1:
		stp_port_set_priority(host->stp, port, value, host->now_ms);
		break;
	case 2:
		stp_port_set_cost(host->stp, port, value << 8, host->now_ms);
		break;
	case 3:
		stp_port_set_edge(
		    host->stp, port, value % STP_EDGE_COUNT, host->now_ms);
		break;
	case 4:
		stp_port_set_bpdu(
		    host->stp, port, value % STP_BPDU_COUNT, host->now_ms);
		break;
	case 5:
		stp_set_times(
		    host->stp, &times, host->now_ms, err, sizeof(err));
		break;
	case 6:
		stp_probe_heard(
		    host->stp, port, 1 + value % PORTS, host->now_ms);
		break;
	default:
		stp_port_remove(host->stp, port, host->now_ms);
		host->up[port] = false;
		expect(stp_port_add(host->stp, port) == 0);
	}
}

static void look(struct host *host)
{
	struct stp_bridge_info bridge;
	struct stp_port_info port;
	char text[80];

	stp_bridge_info(host->stp, host->now_ms, &bridge);
	expect(bridge.times.forward_delay_ms >= 4000);
	expect(!bridge.root_port == (bridge.root_id == bridge.bridge_id));
	for (int i = 1; i <= PORTS; i++) {
		expect(stp_port_info(host->stp, i, host->now_ms, &port));
		expect(host->up[i] == (port.state != STP_DISABLED));
		expect((bridge.root_port == i) == (port.role == STP_ROLE_ROOT));
		expect(stp_explain(
			   host->stp, i, host->now_ms, text, sizeof(text)) > 0);
		expect(strlen(text) < sizeof(text));
	}
}

static void on_port_state(void *ctx, int port, enum stp_state state)
{
	struct host *host = ctx;

	expect(!host->settled && port >= 1 && port <= PORTS);
	expect(state < STP_STATE_COUNT);
}

static void on_ageing(void *ctx, uint32_t ageing_ms)
{
	struct host *host = ctx;

	expect(!host->settled && ageing_ms <= 30000);
}

static void on_transmit(void *ctx, int port, const uint8_t *bpdu, size_t len)
{
	struct host *host = ctx;

	expect(!host->settled && port >= 1 && port <= PORTS);
	expect(stp_port_state(host->stp, port) != STP_DISABLED);
	expect(len == (bpdu[3] ? 4 : 35));
}

static void on_probe(void *ctx, int port)
{
	struct host *host = ctx;

	expect(!host->settled && host->up[port]);
}

static void on_loop(void *ctx, int port, int by)
{
	struct host *host = ctx;

	expect(!host->settled && host->up[port]);
	expect(by >= 1 && by <= PORTS);
}

static void expect(bool truth)
{
	if (!truth)
		abort();
}
