/* SPDX-License-Identifier: BSD-2-Clause */
/* test_recorder.c - the flight recorder remembers the last frames. */
#include "forwarding/recorder.h"

#include <stdlib.h>
#include <string.h>

#include "cm.h"

enum { N_PORTS = 8, LEN = 60 };

static const uint8_t broadcast[ETH_ADDR] = {255, 255, 255, 255, 255, 255};
static const uint8_t host_a[ETH_ADDR] = {2, 0, 0, 0, 0, 0x0a};
static const uint8_t host_b[ETH_ADDR] = {2, 0, 0, 0, 0, 0x0b};

struct rig {
	struct bridge *br;
	struct recorder *rec;
	struct egress out;
	struct batch batch;
	uint8_t bytes[LEN];
};

static int setup(void **state)
{
	struct rig *rig = calloc(1, sizeof(*rig));

	rig->br = bridge_new(&(struct bridge_config){.seed = 7});
	rig->rec = recorder_new(5);
	for (int port = 1; port <= N_PORTS; port++) {
		bridge_port_add(rig->br, port, 0);
		bridge_port_set_state(rig->br, port, BRIDGE_FORWARDING);
	}
	*state = rig;
	return rig->br && rig->rec ? 0 : -1;
}

static int teardown(void **state)
{
	struct rig *rig = *state;

	bridge_free(rig->br);
	recorder_free(rig->rec);
	free(rig);
	return 0;
}

/* @n like frames come in at once. */
static void go(struct rig *rig, int n, int port, const uint8_t *dst,
    const uint8_t *src, uint64_t now_ms)
{
	memcpy(rig->bytes, dst, ETH_ADDR);
	memcpy(rig->bytes + ETH_ADDR, src, ETH_ADDR);
	memcpy(rig->bytes + ETH_ADDRS, "\x08\x06", 2);
	rig->batch.n = n;
	for (int i = 0; i < n; i++)
		frame_parse(&rig->batch.frames[i], rig->bytes, LEN);
	bridge_forward(rig->br, port, &rig->batch, now_ms, &rig->out);
	recorder_note(rig->rec, &rig->batch, &rig->out, now_ms);
}

static void sizes_are_checked(void **state)
{
	(void)state;
	assert_null(recorder_new(RECORDER_MAX + 1));
	recorder_free(NULL);
}

static void an_empty_recorder_finds_nothing(void **state)
{
	struct rig *rig = *state;

	assert_int_equal(recorder_newest(rig->rec), 0);
	for (uint64_t frame = 0; frame < 12; frame++)
		assert_null(recorder_find(rig->rec, frame));
}

static void a_flood_is_recorded(void **state)
{
	struct rig *rig = *state;
	const struct record *r;

	go(rig, 1, 2, broadcast, host_a, 1234);
	r = recorder_find(rig->rec, 1);
	assert_non_null(r);
	assert_int_equal(r->frame, 1);
	assert_int_equal(r->time_ms, 1234);
	assert_memory_equal(r->dst, broadcast, ETH_ADDR);
	assert_memory_equal(r->src, host_a, ETH_ADDR);
	assert_int_equal(r->len, LEN);
	assert_int_equal(r->type, 0x0806);
	assert_int_equal(r->vid, VID_DEFAULT);
	assert_int_equal(r->in_port, 2);
	assert_int_equal(r->verdict, VERDICT_flood_broadcast);
	assert_int_equal(r->learned, FDB_NEW);
	assert_int_equal(r->egress_count, N_PORTS - 1);
	const uint16_t first[RECORD_PORTS] = {1, 3, 4, 5};
	assert_memory_equal(r->egress, first, sizeof(first));
	assert_int_equal(r->fact_port, 0);
}

static void the_fact_that_was_used_is_recorded(void **state)
{
	struct rig *rig = *state;
	const struct record *r;

	go(rig, 1, 2, broadcast, host_a, 1000);
	go(rig, 1, 3, host_a, host_b, 9000);
	r = recorder_find(rig->rec, 2);
	assert_int_equal(r->verdict, VERDICT_forward);
	assert_int_equal(r->egress_count, 1);
	const uint16_t first[RECORD_PORTS] = {2};
	assert_memory_equal(r->egress, first, sizeof(first));
	assert_int_equal(r->fact_port, 2);
	assert_int_equal(r->fact_age_s, 8);
	assert_int_equal(r->fact_taught, 1);
	assert_memory_equal(
	    recorder_find(rig->rec, r->fact_taught)->src, host_a, ETH_ADDR);
}

static void a_few_egress_ports_are_all_named(void **state)
{
	struct rig *rig = *state;
	const struct record *r;

	for (int port = RECORD_PORTS + 2; port <= N_PORTS; port++)
		bridge_port_set_state(rig->br, port, BRIDGE_BLOCKING);
	go(rig, 1, 1, broadcast, host_a, 0);
	r = recorder_find(rig->rec, 1);
	assert_int_equal(r->egress_count, RECORD_PORTS);
	const uint16_t all[RECORD_PORTS] = {2, 3, 4, 5};
	assert_memory_equal(r->egress, all, sizeof(all));
}

static void a_move_is_recorded(void **state)
{
	struct rig *rig = *state;

	go(rig, 1, 2, broadcast, host_a, 0);
	go(rig, 1, 7, broadcast, host_a, 0);
	assert_int_equal(recorder_find(rig->rec, 1)->moved_from, 0);
	assert_int_equal(recorder_find(rig->rec, 2)->learned, FDB_MOVED);
	assert_int_equal(recorder_find(rig->rec, 2)->moved_from, 2);
}

static void tags_and_runts_are_recorded(void **state)
{
	struct rig *rig = *state;
	const struct record *r;

	go(rig, 0, 1, host_b, host_a, 0);
	rig->batch.n = 2;
	frame_parse(&rig->batch.frames[0], rig->bytes, LEN);
	rig->batch.frames[0].tpid = TPID_8021Q;
	rig->batch.frames[0].tci = 0x202a;
	frame_parse(&rig->batch.frames[1], rig->bytes, 7);
	bridge_forward(rig->br, 1, &rig->batch, 0, &rig->out);
	recorder_note(rig->rec, &rig->batch, &rig->out, 0);
	r = recorder_find(rig->rec, 1);
	assert_int_equal(r->tpid, TPID_8021Q);
	assert_int_equal(r->tci, 0x202a);
	assert_int_equal(r->len, LEN + VLAN_TAG);
	r = recorder_find(rig->rec, 2);
	assert_int_equal(r->verdict, VERDICT_drop_runt);
	assert_int_equal(r->type, 0);
	assert_true(mac_is_zero(r->src));
}

static void old_records_are_overwritten(void **state)
{
	struct rig *rig = *state;

	go(rig, 3, 1, broadcast, host_a, 0);
	go(rig, 4, 1, broadcast, host_a, 0);
	assert_int_equal(recorder_newest(rig->rec), 7);
	for (uint64_t frame = 1; frame <= 9; frame++) {
		const struct record *r = recorder_find(rig->rec, frame);

		assert_int_equal(r != NULL, frame >= 3 && frame <= 7);
		if (r)
			assert_int_equal(r->frame, frame);
	}
	go(rig, BATCH_MAX, 1, broadcast, host_a, 0); /* more than it holds */
	assert_int_equal(recorder_newest(rig->rec), 71);
	assert_null(recorder_find(rig->rec, 66));
	assert_int_equal(recorder_find(rig->rec, 67)->frame, 67);
	assert_int_equal(recorder_find(rig->rec, 71)->frame, 71);
}

static void a_recorder_of_size_0_keeps_nothing(void **state)
{
	struct rig *rig = *state;

	recorder_free(rig->rec);
	rig->rec = recorder_new(0);
	assert_non_null(rig->rec);
	go(rig, 2, 1, broadcast, host_a, 0);
	assert_int_equal(recorder_newest(rig->rec), 0);
	assert_null(recorder_find(rig->rec, 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(sizes_are_checked),
#define ON_RIG(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
	    ON_RIG(an_empty_recorder_finds_nothing),
	    ON_RIG(a_flood_is_recorded),
	    ON_RIG(the_fact_that_was_used_is_recorded),
	    ON_RIG(a_few_egress_ports_are_all_named),
	    ON_RIG(a_move_is_recorded),
	    ON_RIG(tags_and_runts_are_recorded),
	    ON_RIG(old_records_are_overwritten),
	    ON_RIG(a_recorder_of_size_0_keeps_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
