/* SPDX-License-Identifier: BSD-2-Clause */
/* test_bridge_stp.c - which frames the relay leaves to the spanning tree */
#include "forwarding/bridge.h"

#include "cm.h"

enum { LEN = 60 };

static const uint8_t A[ETH_ADDR] = {2, 0, 0, 0, 0, 0xa},
		     B[ETH_ADDR] = {2, 0, 0, 0, 0, 0xb},
		     PVST[ETH_ADDR] = {1, 0, 0xc, 0xcc, 0xcc, 0xcd},
		     PROBE[ETH_ADDR] = {3, 0x51, 0x53, 0x57, 0, 1};

static enum verdict verdict(
    const struct bridge *br, const uint8_t *dst, const uint8_t *src)
{
	uint8_t bytes[LEN] = {0};
	struct decision d;
	struct frame f;

	memcpy(bytes, dst, ETH_ADDR);
	memcpy(bytes + ETH_ADDR, src, ETH_ADDR);
	bytes[ETH_ADDRS] = 8;
	frame_parse(&f, bytes, LEN);
	bridge_decide(br, 1, &f, 5000, &d);
	return d.verdict;
}

/* BPDUs of PVST+, and loop probes of this switch but of no other. */
static void pvst_and_probes_go_to_the_spanning_tree(void **state)
{
	struct bridge *br = bridge_new(&(struct bridge_config){.seed = 7});

	(void)state;
	assert_non_null(br);
	for (int port = 1; port <= 2; port++) {
		bridge_port_add(br, port, 0);
		bridge_port_set_state(br, port, BRIDGE_FORWARDING);
	}
	bridge_set_address(br, A);
	assert_int_equal(verdict(br, PVST, B), VERDICT_flood_multicast);
	assert_int_equal(verdict(br, PROBE, A), VERDICT_flood_multicast);
	bridge_set_stp(br, true);
	assert_int_equal(verdict(br, PROBE, B), VERDICT_flood_multicast);
	assert_int_equal(verdict(br, PROBE, A), VERDICT_to_stp);
	assert_int_equal(verdict(br, PVST, B), VERDICT_to_stp);
	/* in every state but one: a loop is looked for as long as it lasts */
	bridge_port_set_state(br, 1, BRIDGE_BLOCKING);
	assert_int_equal(verdict(br, PROBE, A), VERDICT_to_stp);
	assert_int_equal(verdict(br, PVST, B), VERDICT_to_stp);
	bridge_port_set_state(br, 1, BRIDGE_DISABLED);
	assert_int_equal(verdict(br, PROBE, A), VERDICT_drop_port_disabled);
	assert_int_equal(verdict(br, PVST, B), VERDICT_drop_port_disabled);
	bridge_free(br);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(pvst_and_probes_go_to_the_spanning_tree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
