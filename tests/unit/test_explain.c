/* SPDX-License-Identifier: BSD-2-Clause */
/* test_explain.c - decisions in sentences. */
#include "cm.h"

#include <string.h>

#include "switch/control/explain.h"

static const uint8_t src[] = {2, 0, 0, 0, 0, 1}, dst[] = {2, 0, 0, 0, 0, 2};
static const uint8_t all[] = {255, 255, 255, 255, 255, 255};

static struct story flooded(void)
{
	return (struct story){
	    .happened = true,
	    .frame = 12,
	    .len = 60,
	    .src = src,
	    .dst = dst,
	    .vid = 1,
	    .in_port = "tap0",
	    .verdict = VERDICT_flood_unknown,
	    .n_egress = 2,
	    .egress = {"tap1", "enp3s0"},
	};
}

static void expect(
    const struct story *story, int n, const char *const *sentences)
{
	struct explanation e;

	explain(story, &e);
	for (int i = 0; i < n && i < e.n; i++)
		assert_string_equal(e.sentences[i], sentences[i]);
	assert_int_equal(e.n, n);
}

static void a_flooded_frame(void **state)
{
	struct story s = flooded();

	(void)state;
	expect(&s, 3,
	    (const char *[]){
		"Frame 12 of 60 bytes arrived on tap0, untagged, from "
		"02:00:00:00:00:01 to 02:00:00:00:00:02; it was classified to "
		"VLAN 1.",
		"It was flooded: the destination has not been heard on any "
		"port (IEEE 802.1D-1998 7.7).",
		"It was sent to tap1 and enp3s0."});
}

static void the_frame_that_taught(void **state)
{
	struct story s = flooded();

	(void)state;
	s.verdict = VERDICT_forward;
	s.n_egress = 1;
	s.fact_port = "tap1";
	s.fact_age_s = 3;
	s.fact_taught = 9;
	s.teacher_known = true;
	s.teacher_ago_ms = 3210;
	s.teacher_dst = all;
	expect(&s, 5,
	    (const char *[]){
		"Frame 12 of 60 bytes arrived on tap0, untagged, from "
		"02:00:00:00:00:01 to 02:00:00:00:00:02; it was classified to "
		"VLAN 1.",
		"It was forwarded to the port where the destination was heard "
		"(IEEE 802.1D-1998 7.7).",
		"It was sent to tap1.",
		"The filtering database had 02:00:00:00:00:02 in VLAN 1 on "
		"tap1, last heard there 3 s before (IEEE 802.1D-1998 "
		"7.9.2).",
		"Learned from frame 9, sent to ff:ff:ff:ff:ff:ff 3.2 s "
		"ago."});
	s.teacher_known = false;
	struct explanation e;
	explain(&s, &e);
	assert_string_equal(e.sentences[4],
	    "Learned from frame 9, which is no longer in the flight "
	    "recorder.");
}

static void what_might_happen(void **state)
{
	struct story s = flooded();

	(void)state;
	s.happened = false;
	s.tpid = TPID_8021Q;
	s.tci = 5 << 13 | 7;
	s.verdict = VERDICT_filter_same_port;
	s.n_egress = 0;
	s.fact_port = "tap0";
	s.fact_static = true;
	s.learned = FDB_MOVED;
	s.moved_from = "tap1";
	expect(&s, 4,
	    (const char *[]){
		"A frame that arrives on tap0, with an 802.1Q tag (VLAN 7, "
		"PCP 5), from 02:00:00:00:00:01 to 02:00:00:00:00:02 is "
		"classified to VLAN 1.",
		"It would be filtered: the destination is on the port it came "
		"from (IEEE 802.1D-1998 7.7.2).",
		"The filtering database has a static entry for "
		"02:00:00:00:00:02 in VLAN 1, on tap0 (IEEE 802.1D-1998 "
		"7.9.1).",
		"Its source 02:00:00:00:00:01 is known on tap1 and would be "
		"moved to tap0 (IEEE 802.1D-1998 7.8)."});
}

static void a_split_horizon_is_told(void **state)
{
	struct story s = flooded();
	struct explanation e;

	(void)state;
	s.left_out = "eth0-host";
	explain(&s, &e);
	assert_non_null(strstr(e.sentences[3],
	    "It was not sent to eth0-host: the uplink and the host behind it "
	    "are one LAN"));
	s.learned = FDB_CLAIMED;
	s.moved_from = "tap1";
	explain(&s, &e);
	assert_non_null(strstr(e.sentences[e.n - 1],
	    "has a static entry on tap1 and was not "
	    "learned on"));
}

static const char *ports_sentence(
    struct story *s, int n, int named, struct explanation *e)
{
	static const char *const names[] = {
	    "a", "b", "c", "d", "e", "f", "g", "h"};

	s->n_egress = n;
	for (int i = 0; i < STORY_PORTS; i++)
		s->egress[i] = i < named ? names[i] : NULL;
	explain(s, e);
	return e->sentences[2];
}

static void ports_are_listed(void **state)
{
	struct story s = flooded();
	struct explanation e;

	(void)state;
	assert_string_equal(ports_sentence(&s, 1, 1, &e), "It was sent to a.");
	assert_string_equal(
	    ports_sentence(&s, 3, 3, &e), "It was sent to a, b and c.");
	assert_string_equal(ports_sentence(&s, 8, 8, &e),
	    "It was sent to a, b, c, d, e, f, g and h.");
	assert_string_equal(ports_sentence(&s, 1000, 4, &e),
	    "It was sent to a, b, c, d and 996 more.");
	assert_string_equal(ports_sentence(&s, 9, 8, &e),
	    "It was sent to a, b, c, d, e, f, g, h and 1 more.");
}

/* Whatever the verdict, there is a sentence with a clause, and it fits. */
static void every_verdict_has_a_sentence(void **state)
{
	struct story s = flooded();
	struct explanation e;

	(void)state;
	for (int v = 0; v < VERDICT_COUNT; v++) {
		s.verdict = (enum verdict)v;
		explain(&s, &e);
		assert_non_null(
		    strstr(e.sentences[1], verdict_text(s.verdict)));
		assert_non_null(
		    strstr(e.sentences[1], verdict_clause(s.verdict)));
		assert_string_equal(
		    e.sentences[1] + strlen(e.sentences[1]) - 2, ").");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_flooded_frame),
	    cmocka_unit_test(the_frame_that_taught),
	    cmocka_unit_test(what_might_happen),
	    cmocka_unit_test(a_split_horizon_is_told),
	    cmocka_unit_test(ports_are_listed),
	    cmocka_unit_test(every_verdict_has_a_sentence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
