/* SPDX-License-Identifier: BSD-2-Clause */
/* test_bpdu.c - decoding and encoding BPDUs (IEEE 802.1D-1998 clause 9) */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "stp/bpdu.h"

/* Sent by the Linux bridge with hello 1 s, max age 6 s, forward delay 4 s. */
static const uint8_t recorded[] = {0, 0, 0, 0, 0x01, 0x40, 0x00, 0x42, 0xca,
    0x61, 0x8e, 0x45, 0x07, 0, 0, 0, 4, 0x80, 0x00, 0x42, 0xee, 0x7c, 0xde,
    0xa0, 0xa2, 0x80, 0x02, 0x00, 0x01, 0x06, 0x00, 0x01, 0x00, 0x04, 0x00};

static void config_of_figure_9_1(void **state)
{
	struct bpdu bpdu;

	(void)state;
	assert_int_equal(
	    bpdu_decode(recorded, sizeof(recorded), &bpdu), STP_RX_CONFIG);
	assert_true(bpdu.vector.root == 0x400042ca618e4507);
	assert_int_equal(bpdu.vector.cost, 4);
	assert_true(bpdu.vector.bridge == 0x800042ee7cdea0a2);
	assert_int_equal(bpdu.vector.port, 0x8002);
	assert_int_equal(bpdu.message_age_ms, 4); /* 1/256 s, rounded up */
	assert_int_equal(bpdu.times.max_age_ms, 6000);
	assert_int_equal(bpdu.times.hello_ms, 1000);
	assert_int_equal(bpdu.times.forward_delay_ms, 4000);
	assert_true(bpdu.topology_change);
	assert_false(bpdu.topology_change_ack);
}

static void encoding_restores_the_bytes(void **state)
{
	uint8_t data[BPDU_CONFIG_LEN];
	struct bpdu bpdu;

	(void)state;
	bpdu_decode(recorded, sizeof(recorded), &bpdu);
	bpdu_encode_config(&bpdu, data);
	assert_memory_equal(data, recorded, sizeof(data));
}

static void every_timer_value_survives(void **state)
{
	uint8_t in[BPDU_CONFIG_LEN], out[BPDU_CONFIG_LEN];
	struct bpdu bpdu;

	(void)state;
	memcpy(in, recorded, sizeof(in));
	for (int value = 0; value < 0x10000; value++) {
		in[33] = value >> 8;
		in[34] = value & 0xff;
		bpdu_decode(in, sizeof(in), &bpdu);
		bpdu_encode_config(&bpdu, out);
		assert_memory_equal(in, out, sizeof(in));
	}
}

static void padding_is_ignored_but_short_bpdus_are_not(void **state)
{
	uint8_t padded[43] = {0};
	struct bpdu bpdu;

	(void)state;
	memcpy(padded, recorded, sizeof(recorded));
	assert_int_equal(
	    bpdu_decode(padded, sizeof(padded), &bpdu), STP_RX_CONFIG);
	for (size_t len = 0; len < sizeof(recorded); len++)
		assert_int_equal(
		    bpdu_decode(recorded, len, &bpdu), STP_RX_SHORT);
}

static void header_decides(void **state)
{
	static const struct {
		uint8_t header[4];
		enum stp_verdict verdict;
	} cases[] = {
	    {{0, 0, 0, 0x80}, STP_RX_TCN},
	    {{0, 0, 9, 0x80},
		STP_RX_TCN}, /* later versions are read as version 0 */
	    {{0, 0, 2, 0x02}, STP_RX_RST},
	    {{0, 0, 3, 0x02}, STP_RX_RST},
	    {{0, 0, 0, 0x01}, STP_RX_TYPE},
	    {{0, 0, 0, 0x81}, STP_RX_TYPE},
	    {{0, 1, 0, 0x00}, STP_RX_PROTOCOL},
	    {{1, 0, 0, 0x80}, STP_RX_PROTOCOL},
	};
	struct bpdu bpdu;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(
		    bpdu_decode(cases[i].header, 4, &bpdu), cases[i].verdict);
}

static void message_at_max_age_is_refused(void **state)
{
	uint8_t data[BPDU_CONFIG_LEN];
	struct bpdu bpdu;

	(void)state;
	memcpy(data, recorded, sizeof(data));
	data[27] = 6; /* message age = max age */
	data[28] = 0;
	assert_int_equal(bpdu_decode(data, sizeof(data), &bpdu), STP_RX_AGED);
	data[27] = 5;
	data[28] = 0xff;
	assert_int_equal(bpdu_decode(data, sizeof(data), &bpdu), STP_RX_CONFIG);
}

static void notification(void **state)
{
	static const uint8_t tcn[] = {0, 0, 0, 0x80};
	uint8_t data[BPDU_TCN_LEN];

	(void)state;
	bpdu_encode_tcn(data);
	assert_memory_equal(data, tcn, sizeof(tcn));
}

static void vectors_compare_member_by_member(void **state)
{
	/* ascending: each is worse than the one before */
	static const struct vector sorted[] = {
	    {.root = 1, .cost = 9, .bridge = 9, .port = 9},
	    {.root = 2, .cost = 0, .bridge = 9, .port = 9},
	    {.root = 2, .cost = 1, .bridge = 3, .port = 9},
	    {.root = 2, .cost = 1, .bridge = 4, .port = 1},
	    {.root = 2, .cost = 1, .bridge = 4, .port = 2},
	    {.root = UINT64_MAX, .cost = 0},
	};

	(void)state;
	for (int i = 0; i < 6; i++)
		for (int j = 0; j < 6; j++)
			assert_int_equal(vector_compare(&sorted[i], &sorted[j]),
			    (i > j) - (i < j));
	assert_int_equal(vector_compare_bridge(&sorted[3], &sorted[4]), 0);
	assert_int_equal(vector_at_cost(sorted[2], 4).cost, 5);
	assert_int_equal(
	    vector_at_cost((struct vector){.cost = UINT32_MAX - 3}, 4).cost,
	    UINT32_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(config_of_figure_9_1),
	    cmocka_unit_test(encoding_restores_the_bytes),
	    cmocka_unit_test(every_timer_value_survives),
	    cmocka_unit_test(padding_is_ignored_but_short_bpdus_are_not),
	    cmocka_unit_test(header_decides),
	    cmocka_unit_test(message_at_max_age_is_refused),
	    cmocka_unit_test(notification),
	    cmocka_unit_test(vectors_compare_member_by_member),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
