/* SPDX-License-Identifier: BSD-2-Clause */
/* workload.c - batches for the forwarding decision (see workload.h). */
#include "workload.h"

#include <stdlib.h>
#include <string.h>

enum { NOW_MS = 1000, SLOT = 128 };

struct workload {
	struct workload_shape shape;
	struct bridge *bridge;
	struct recorder *recorder;
	int in_port;
	uint64_t random;
	uint32_t next_new; /* the next unused address */
	struct batch batch;
	struct egress egress;
	uint8_t headers[BATCH_MAX][SLOT];
};

static bool make_bridge(struct workload *workload);
static void learn_all(struct workload *workload);
static void address(uint32_t i, uint8_t mac[ETH_ADDR]);
static uint32_t destination(struct workload *workload);
static uint32_t on_port(const struct workload *workload, uint32_t i, int port);
static uint32_t draw(struct workload *workload);
static int other_port(struct workload *workload);
static uint32_t source(struct workload *workload);

struct workload *workload_new(const struct workload_shape *shape)
{
	struct workload *workload = calloc(1, sizeof(*workload));

	if (!workload)
		return NULL;
	workload->shape = *shape;
	workload->random = 0x9e3779b97f4a7c15ULL;
	workload->next_new = shape->addresses;
	if (!make_bridge(workload)) {
		workload_free(workload);
		return NULL;
	}
	learn_all(workload);
	return workload;
}

void workload_free(struct workload *workload)
{
	if (!workload)
		return;
	bridge_free(workload->bridge);
	recorder_free(workload->recorder);
	free(workload);
}

void workload_prepare(struct workload *workload)
{
	workload->in_port = 1 + workload->in_port % workload->shape.ports;
	workload->batch.n = workload->shape.batch;
	for (int i = 0; i < workload->batch.n; i++) {
		uint8_t *header = workload->headers[i];

		address(destination(workload), header);
		address(source(workload), header + ETH_ADDR);
		header[ETH_ADDRS] = 0x08;
		header[ETH_ADDRS + 1] = 0x00;
		workload->batch.frames[i] = (struct frame){.addrs = header,
		    .body = header + ETH_ADDRS,
		    .body_len = workload->shape.len - ETH_ADDRS};
	}
}

void workload_forward(struct workload *workload)
{
	bridge_forward(workload->bridge, workload->in_port, &workload->batch,
	    NOW_MS, &workload->egress);
	if (workload->recorder)
		recorder_note(workload->recorder, &workload->batch,
		    &workload->egress, NOW_MS);
}

uint64_t workload_copies(const struct workload *workload)
{
	return bridge_counters(workload->bridge)->copies_queued;
}

void workload_fdb_stats(struct workload *workload, struct fdb_stats *stats)
{
	fdb_stats(bridge_fdb(workload->bridge), stats);
}

static bool make_bridge(struct workload *workload)
{
	uint32_t addresses = workload->shape.addresses;
	struct bridge_config config = {.fdb_size = addresses > FDB_SIZE_DEFAULT
						       ? addresses
						       : FDB_SIZE_DEFAULT,
	    .seed = 1};

	workload->bridge = bridge_new(&config);
	if (!workload->bridge)
		return false;
	for (int port = 1; port <= workload->shape.ports; port++) {
		bridge_port_add(workload->bridge, port, 0);
		bridge_port_set_state(
		    workload->bridge, port, BRIDGE_FORWARDING);
	}
	if (workload->shape.recorder)
		workload->recorder = recorder_new(RECORDER_DEFAULT);
	return !workload->shape.recorder || workload->recorder;
}

static void learn_all(struct workload *workload)
{
	struct fdb *fdb = bridge_fdb(workload->bridge);
	uint8_t mac[ETH_ADDR];

	for (uint32_t i = 0; i < workload->shape.addresses; i++) {
		int port = 1 + (int)(i % (uint32_t)workload->shape.ports);

		address(i, mac);
		fdb_learn(fdb, VID_DEFAULT, mac, port, 1, NOW_MS, NULL);
	}
}

/* Neighboring numbers become very different addresses. */
static void address(uint32_t i, uint8_t mac[ETH_ADDR])
{
	uint32_t mixed = i * 2654435761U;

	mac[0] = 0x02;
	mac[1] = 0x71;
	memcpy(mac + 2, &mixed, sizeof(mixed));
}

static uint32_t destination(struct workload *workload)
{
	int port = 1 + workload->in_port % workload->shape.ports;

	if (workload->shape.kind == WORKLOAD_FLOW)
		return on_port(workload, 0, port);
	if ((int)(draw(workload) % 100) < workload->shape.flood_percent)
		return UINT32_MAX - draw(workload) % 1000000;
	return on_port(workload, draw(workload), other_port(workload));
}

static uint32_t on_port(const struct workload *workload, uint32_t i, int port)
{
	uint32_t ports = (uint32_t)workload->shape.ports;
	uint32_t rows = workload->shape.addresses / ports;

	return i % rows * ports + (uint32_t)(port - 1);
}

static uint32_t draw(struct workload *workload)
{
	uint64_t x = workload->random;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	workload->random = x;
	return (uint32_t)(x >> 32);
}

static int other_port(struct workload *workload)
{
	int ports = workload->shape.ports;
	int step = 1 + (int)(draw(workload) % (uint32_t)(ports - 1));

	return 1 + (workload->in_port - 1 + step) % ports;
}

static uint32_t source(struct workload *workload)
{
	switch (workload->shape.kind) {
	case WORKLOAD_FLOW:
		return on_port(workload, 0, workload->in_port);
	case WORKLOAD_LEARN:
		return workload->next_new++;
	case WORKLOAD_RANDOM:
		break;
	}
	return on_port(workload, draw(workload), workload->in_port);
}
