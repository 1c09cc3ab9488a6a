/* SPDX-License-Identifier: BSD-2-Clause */
/* bridge_fixture.h - a bridge and a batch of frames to send through it. */
#ifndef TESTS_UNIT_BRIDGE_FIXTURE_H
#define TESTS_UNIT_BRIDGE_FIXTURE_H

#include <stdlib.h>
#include <string.h>

#include "forwarding/bridge.h"

#include "cm.h"

enum { N_PORTS = 4, LEN = 60, NOW = 5000 };

static const char A[] = "\x02\0\0\0\0\x0a", B[] = "\x02\0\0\0\0\x0b",
		  BROADCAST[] = "\xff\xff\xff\xff\xff\xff",
		  MULTICAST[] = "\x01\0\x5e\0\0\x01",
		  BPDU[] = "\x01\x80\xc2\0\0\0",
		  LLDP[] = "\x01\x80\xc2\0\0\x0e", ZERO[] = "\0\0\0\0\0\0";

/* A bridge of N_PORTS forwarding ports, and a batch to send through it. */
struct rig {
	struct bridge *br;
	struct egress out;
	struct batch batch;
	uint8_t bytes[BATCH_MAX][LEN];
};

/** setup() - a bridge of forwarding ports; for cmocka */
static inline int setup(void **state)
{
	struct rig *rig = calloc(1, sizeof(*rig));

	rig->br = bridge_new(&(struct bridge_config){.seed = 7});
	for (int port = 1; port <= N_PORTS; port++) {
		bridge_port_add(rig->br, port, 0);
		bridge_port_set_state(rig->br, port, BRIDGE_FORWARDING);
	}
	*state = rig;
	return rig->br ? 0 : -1;
}

/** teardown() - for cmocka */
static inline int teardown(void **state)
{
	struct rig *rig = *state;

	bridge_free(rig->br);
	free(rig);
	return 0;
}

/** put() - append a frame to the batch */
static inline void put(struct rig *rig, const char *dst, const char *src)
{
	int i = rig->batch.n++;

	memcpy(rig->bytes[i], dst, ETH_ADDR);
	memcpy(rig->bytes[i] + ETH_ADDR, src, ETH_ADDR);
	rig->bytes[i][12] = 8;
	frame_parse(&rig->batch.frames[i], rig->bytes[i], LEN);
}

/** go() - send the batch in through @port */
static inline void go(struct rig *rig, int port, uint64_t now_ms)
{
	bridge_forward(rig->br, port, &rig->batch, now_ms, &rig->out);
	rig->batch.n = 0;
}

/** one() - send one frame in through @port */
static inline const struct decision *one(
    struct rig *rig, int port, const char *dst, const char *src)
{
	put(rig, dst, src);
	go(rig, port, NOW);
	return &rig->out.decisions[0];
}

/** queued() - the ports to which the first frame was queued, a bit per port */
static inline unsigned queued(const struct rig *rig)
{
	unsigned ports = 0;

	for (int port = 1; port <= N_PORTS; port++)
		for (int i = 0; i < rig->out.n[port]; i++)
			if (rig->out.queue[port][i] == &rig->batch.frames[0])
				ports |= 1u << port;
	return ports;
}

/* A test that gets a rig. */
#define ON_RIG(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

#endif
