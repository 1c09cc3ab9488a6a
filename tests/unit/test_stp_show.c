/* SPDX-License-Identifier: BSD-2-Clause */
/* test_stp_show.c - names, identifiers, path costs and reasons for a state */
#include "stp_host.h"

#include <errno.h>

static const uint64_t better = 0x8000000000000001;

static void explained(struct host *h, int port, const char *part)
{
	char text[512];

	assert_true(
	    stp_explain(h->stp, port, h->now_ms, text, sizeof(text)) > 0);
	if (!strstr(text, part))
		fail_msg("\"%s\" is not in \"%s\"", part, text);
}

static void every_role_has_its_reason(void **state)
{
	struct host h;

	(void)state;
	host_open(&h, 5, STP_BPDU_ALWAYS);
	for (int port = 1; port <= 4; port++)
		host_up(&h, port);
	explained(&h, 2, "designated: we are the root");
	stp_port_set_cost(h.stp, 1, 19, 0);
	host_hear(&h, 1, better, 0, better, 0x8001);
	host_hear(&h, 2, better, 4, 0x80000000000000aa, 0x8001);
	host_hear(&h, 4, better, 19, 0x8000000000000042, 0x8003);
	explained(&h, 1,
	    "root port: bridge 8000.00:00:00:00:00:01 offers the root "
	    "8000.00:00:00:00:00:01 at cost 0 on this LAN");
	explained(&h, 2,
	    "alternate: bridge 8000.00:00:00:00:00:aa offers the root at "
	    "cost 4 on this LAN, better than our 19; 802.1D-1998 8.6.9");
	explained(&h, 3, "at cost 19 through port 1");
	explained(&h, 3, "listening, then learning in 15.0 s");
	explained(&h, 4, "backup: our own port 3");
	explained(&h, 5, "disabled: the link is down");
	assert_int_equal(stp_explain(h.stp, 6, 0, NULL, 0), -ENOENT);
	host_close(&h);
}

static void policy_is_part_of_the_reason(void **state)
{
	struct host h;

	(void)state;
	host_open(&h, 2, STP_BPDU_AUTO);
	stp_port_set_edge(h.stp, 2, true, 0);
	host_up(&h, 1);
	host_up(&h, 2);
	explained(&h, 1, "our only non-edge port that is up");
	explained(&h, 1, "It sends no BPDUs (bpdu=auto)");
	explained(&h, 2, "It is an edge port");
	host_hear_tcn(&h, 2);
	explained(&h, 2, "until it received a BPDU");
	host_close(&h);
}

static void short_buffers_are_respected(void **state)
{
	char text[16], full[512];
	struct host h;
	int len;

	(void)state;
	host_open(&h, 1, STP_BPDU_ALWAYS);
	host_up(&h, 1);
	len = stp_explain(h.stp, 1, 0, full, sizeof(full));
	assert_int_equal(len, strlen(full));
	assert_int_equal(stp_explain(h.stp, 1, 0, text, sizeof(text)), len);
	assert_int_equal(strlen(text), sizeof(text) - 1);
	assert_int_equal(stp_explain(h.stp, 1, 0, NULL, 0), len);
	host_close(&h);
}

static void identifiers(void **state)
{
	static const uint8_t address[6] = {0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff};
	char text[STP_ID_STRLEN];

	(void)state;
	assert_string_equal(stp_id_format(stp_id(0x8000, address), text),
	    "8000.aa:bb:cc:dd:ee:ff");
	assert_string_equal(stp_id_format(1, text), "0000.00:00:00:00:00:01");
}

static void path_costs_of_table_8_5(void **state)
{
	static const struct {
		int mbit_s;
		uint32_t cost;
	} cases[] = {{100000, 2}, {10000, 2}, {2500, 4}, {1000, 4}, {100, 19},
	    {10, 100}, {0, 100}, {-1, 100}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(
		    stp_cost_of_speed(cases[i].mbit_s), cases[i].cost);
}

static void words(void **state)
{
	enum stp_bpdu bpdu;

	(void)state;
	for (int i = 0; i < STP_BPDU_COUNT; i++) {
		assert_int_equal(stp_bpdu_parse(stp_bpdu_name(i), &bpdu), 0);
		assert_int_equal(bpdu, i);
	}
	assert_int_equal(stp_bpdu_parse("maybe", &bpdu), -EINVAL);
	assert_string_equal(stp_state_name(STP_FORWARDING), "forwarding");
	assert_string_equal(stp_role_name(STP_ROLE_BACKUP), "backup");
	assert_string_equal(stp_verdict_name(STP_RX_DOWN), "down");
	assert_string_equal(
	    stp_verdict_text(STP_RX_DOWN), "the port is disabled");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_role_has_its_reason),
	    cmocka_unit_test(policy_is_part_of_the_reason),
	    cmocka_unit_test(short_buffers_are_respected),
	    cmocka_unit_test(identifiers),
	    cmocka_unit_test(path_costs_of_table_8_5),
	    cmocka_unit_test(words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
