/* SPDX-License-Identifier: BSD-2-Clause */
/* test_bridge_pause.c - MAC control frames end below the relay: they move no
 * address, neither when they are dropped nor when they are let through. */
#include "forwarding/bridge.h"

#include <stdlib.h>
#include <string.h>

#include "cm.h"

enum { STATION = 2, LEN = 60, NOW_MS = 5000 };

struct rig {
	struct bridge *br;
	struct egress out;
	struct batch batch;
	uint8_t bytes[LEN];
};

/* The station speaks to 01-80-C2-00-00-@last, or to any group, on @port. */
static void say(struct rig *rig, int port, int last)
{
	const uint8_t head[] = {1, 0x80, 0xc2, 0, 0, (uint8_t)last, 2, 0, 0, 0,
	    0, STATION, 0x88, 8};

	memcpy(rig->bytes, head, sizeof(head));
	frame_parse(&rig->batch.frames[0], rig->bytes, LEN);
	rig->batch.n = 1;
	bridge_forward(rig->br, port, &rig->batch, NOW_MS, &rig->out);
}

static uint32_t known(const struct rig *rig, int port)
{
	return fdb_port_count(bridge_fdb(rig->br), port);
}

static void pause_frames_teach_nothing(void **state)
{
	struct rig *rig = calloc(1, sizeof(*rig));

	(void)state;
	rig->br = bridge_new(&(struct bridge_config){.seed = 7});
	for (int port = 1; port <= 3; port++) {
		bridge_port_add(rig->br, port, 0);
		bridge_port_set_state(rig->br, port, BRIDGE_FORWARDING);
	}
	say(rig, 1, 0x10);
	assert_int_equal(known(rig, 1), 1);
	say(rig, 2, 1);
	assert_int_equal(known(rig, 2), 0);
	bridge_set_forward_reserved(rig->br, true);
	say(rig, 2, 1);
	assert_int_equal(known(rig, 2), 0);
	assert_int_equal(known(rig, 1), 1);
	bridge_set_forward_reserved(rig->br, false);
	say(rig, 2, 2); /* any other reserved address does, as in the kernel */
	assert_int_equal(known(rig, 2), 1);
	bridge_free(rig->br);
	free(rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(pause_frames_teach_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
