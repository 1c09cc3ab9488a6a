/* SPDX-License-Identifier: BSD-2-Clause */
/* test_commands.c - what the commands of the control socket do and say. */
#include "control_fixture.h"

#include "switch/control/commands.h"

static struct json_object *element(
    struct json_object *o, const char *list, size_t i)
{
	return json_object_array_get_idx(member(o, list), i);
}

static size_t length(struct json_object *o, const char *list)
{
	return json_object_array_length(member(o, list));
}

static void ports_have_their_fields(void **state)
{
	static const char *const fields[] = {"name", "kind", "up", "state",
	    "reason", "mtu", "rx_frames", "rx_bytes", "tx_frames", "tx_bytes",
	    "tx_full", "tx_oversize", "tx_down", "tx_error"};
	struct fixture *fixture = *state;

	come_in(fixture, 1, 1, 2, 60);
	struct json_object *answer = ask(fixture, "{\"cmd\":\"ports\"}");
	assert_int_equal(length(answer, "ports"), 2);
	struct json_object *p = element(answer, "ports", 0);
	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++)
		member(p, fields[i]);
	assert_string_equal(text_of(p, "name"), "m-1");
	assert_string_equal(text_of(p, "state"), "forwarding");
	assert_int_equal(number(p, "up"), 1);
	assert_int_equal(number(p, "rx_frames"), 1);
	assert_int_equal(number(p, "rx_bytes"), 60);
	assert_int_equal(number(element(answer, "ports", 1), "tx_frames"), 1);
	assert_null(member(answer, "next"));
	json_object_put(answer);
}

static void ports_come_in_pages(void **state)
{
	struct fixture *fixture = *state;
	int seen = 0;
	int64_t next = 1;
	char line[64];

	while (fixture->sw->port_high < 150)
		add_port(fixture->sw);
	while (next) {
		snprintf(line, sizeof(line), "{\"cmd\":\"ports\",\"from\":%d}",
		    (int)next);
		struct json_object *answer = ask(fixture, line);
		seen += (int)length(answer, "ports");
		next = number(answer, "next");
		json_object_put(answer);
	}
	assert_int_equal(seen, 150);
}

static void port_up_and_down(void **state)
{
	struct fixture *fixture = *state;

	ask_ok(fixture, "{\"cmd\":\"port down\",\"port\":\"m-1\"}");
	struct json_object *answer = ask(fixture, "{\"cmd\":\"ports\"}");
	struct json_object *p = element(answer, "ports", 0);
	assert_int_equal(number(p, "up"), 0);
	assert_string_equal(text_of(p, "state"), "disabled");
	assert_string_equal(text_of(p, "reason"), "taken down by the operator");
	json_object_put(answer);
	answer = ask(fixture, "{\"cmd\":\"port up\",\"port\":\"m-1\"}");
	assert_int_equal(number(answer, "up"), 1);
	assert_string_equal(text_of(answer, "reason"), "");
	json_object_put(answer);
}

static void port_del_and_wrong_names(void **state)
{
	struct fixture *fixture = *state;

	ask_ok(fixture, "{\"cmd\":\"port del\",\"port\":\"m-1\"}");
	ask_bad(fixture, "{\"cmd\":\"port del\",\"port\":\"m-1\"}",
	    "no port is named m-1");
	ask_bad(fixture, "{\"cmd\":\"port del\"}", "port is missing");
	ask_bad(fixture, "{\"cmd\":\"port add\",\"spec\":\"nix:1\"}", "nix");
	ask_bad(fixture, "{\"cmd\":\"port add\",\"spec\":\"mem:1\"}", "mem");
}

static void networks_that_are_not_there(void **state)
{
	struct fixture *fixture = *state;

	ask_bad(fixture, "{\"cmd\":\"nat forward list\"}", "no port nat:");
	ask_bad(fixture, "{\"cmd\":\"nat leases\",\"port\":\"m-1\"}",
	    "port m-1 is neither nat: nor host:");
	ask_bad(fixture,
	    "{\"cmd\":\"nat forward add\",\"forward\":\"tcp::1::1\"}",
	    "no port nat:");
	ask_bad(fixture, "{\"cmd\":\"nat forward del\"}", "forward is missing");
}

static void static_entries(void **state)
{
	struct fixture *fixture = *state;
	static const char *const find =
	    "{\"cmd\":\"fdb\",\"mac\":\"02-00-00-00-00-AA\"}";

	ask_ok(fixture, "{\"cmd\":\"fdb add\",\"mac\":\"02:00:00:00:00:aa\","
			"\"port\":\"m-2\"}");
	struct json_object *answer = ask(fixture, find);
	struct json_object *entry = element(answer, "fdb", 0);
	assert_string_equal(text_of(entry, "mac"), "02:00:00:00:00:aa");
	assert_string_equal(text_of(entry, "port"), "m-2");
	assert_int_equal(number(entry, "vlan"), 1);
	assert_int_equal(number(entry, "age_s"), 0);
	assert_int_equal(number(entry, "static"), 1);
	json_object_put(answer);
	ask_ok(fixture, "{\"cmd\":\"fdb del\",\"mac\":\"02:00:00:00:00:aa\"}");
	ask_bad(fixture, "{\"cmd\":\"fdb del\",\"mac\":\"02:00:00:00:00:aa\"}",
	    "02:00:00:00:00:aa in VLAN 1 is not in the filtering database");
	ask_bad(fixture,
	    "{\"cmd\":\"fdb add\",\"mac\":\"03:00:00:00:00:aa\","
	    "\"port\":\"m-2\"}",
	    "not a unicast");
	ask_bad(fixture,
	    "{\"cmd\":\"fdb add\",\"mac\":\"02:00\",\"port\":\"m-2\"}",
	    "not an Ethernet address");
}

static int64_t flush(struct fixture *fixture, const char *line)
{
	struct json_object *answer = ask(fixture, line);
	int64_t n = number(answer, "flushed");

	json_object_put(answer);
	return n;
}

static void flush_by_port_address_and_kind(void **state)
{
	struct fixture *fixture = *state;

	for (int i = 1; i <= 5; i++)
		come_in(fixture, i <= 3 ? 1 : 2, i, 99, 60);
	ask_ok(fixture, "{\"cmd\":\"fdb add\",\"mac\":\"02:00:00:00:00:aa\","
			"\"port\":\"m-2\"}");
	assert_int_equal(
	    flush(fixture, "{\"cmd\":\"fdb flush\",\"vlan\":2}"), 0);
	assert_int_equal(flush(fixture, "{\"cmd\":\"fdb flush\","
					"\"mac\":\"02:00:00:00:00:01\"}"),
	    1);
	assert_int_equal(
	    flush(fixture, "{\"cmd\":\"fdb flush\",\"port\":\"m-1\"}"), 2);
	assert_int_equal(flush(fixture, "{\"cmd\":\"fdb flush\"}"), 2);
	assert_int_equal(
	    flush(fixture, "{\"cmd\":\"fdb flush\",\"static\":true}"), 1);
}

/* Every entry is in exactly one page. */
static void fdb_comes_in_pages(void **state)
{
	enum { ENTRIES = 3000 };
	struct fixture *fixture = *state;
	struct fdb *fdb = bridge_fdb(fixture->sw->bridge);
	static bool seen[ENTRIES];
	int pages = 0;
	int64_t next = 0;
	char line[64];

	memset(seen, 0, sizeof(seen));
	for (int i = 0; i < ENTRIES; i++)
		fdb_add_static(fdb, 1,
		    (uint8_t[]){2, 0, 0, 0, (uint8_t)(i >> 8), (uint8_t)i}, 1,
		    0);
	do {
		snprintf(line, sizeof(line), "{\"cmd\":\"fdb\",\"from\":%d}",
		    (int)next);
		struct json_object *answer = ask(fixture, line);
		for (size_t i = 0; i < length(answer, "fdb"); i++) {
			uint8_t mac[ETH_ADDR];
			struct json_object *e = element(answer, "fdb", i);
			assert_true(mac_parse(text_of(e, "mac"), mac));
			bool *at = &seen[mac[4] << 8 | mac[5]];
			assert_false(*at);
			*at = true;
		}
		next = number(answer, "next");
		json_object_put(answer);
		pages++;
	} while (next);
	assert_true(pages > 1);
	for (int i = 0; i < ENTRIES; i++)
		assert_true(seen[i]);
}

static void counters_balance(void **state)
{
	struct fixture *fixture = *state;

	come_in(fixture, 1, 1, 2, 60);
	come_in(fixture, 2, 2, 1, 60);
	come_in(fixture, 1, 1, 2, 13);
	ask_ok(fixture, "{\"cmd\":\"port del\",\"port\":\"m-2\"}");
	struct json_object *answer = ask(fixture, "{\"cmd\":\"counters\"}");
	struct json_object *verdicts = member(answer, "verdicts");
	assert_int_equal(json_object_object_length(verdicts), VERDICT_COUNT);
	assert_int_equal(number(verdicts, "flood_unknown"), 1);
	assert_int_equal(number(verdicts, "forward"), 1);
	assert_int_equal(number(verdicts, "drop_runt"), 1);
	assert_int_equal(number(answer, "rx_frames"), 3);
	assert_int_equal(number(answer, "copies_queued"), 2);
	assert_int_equal(number(answer, "unaccounted"), 0);
	json_object_put(answer);
	/* and it is no constant */
	fixture->sw->ports[1]->port->counters.tx_frames++;
	answer = ask(fixture, "{\"cmd\":\"counters\"}");
	assert_int_equal(number(answer, "unaccounted"), 1);
	json_object_put(answer);
	fixture->sw->ports[1]->port->counters.tx_frames--;
}

static void explain_foresees_what_happens(void **state)
{
	static const char *const line =
	    "{\"cmd\":\"explain\",\"port\":\"m-2\","
	    "\"src\":\"02:00:00:00:00:02\",\"dst\":\"02:00:00:00:00:01\"}";
	struct fixture *fixture = *state;

	struct json_object *answer = ask(fixture, line);
	assert_string_equal(text_of(answer, "verdict"), "flood_unknown");
	assert_null(member(answer, "fdb_entry"));
	json_object_put(answer);

	come_in(fixture, 1, 1, 2, 60);
	answer = ask(fixture, line);
	assert_string_equal(text_of(answer, "verdict"), "forward");
	assert_string_equal(text_of(answer, "clause"), "7.7");
	assert_string_equal(text_of(answer, "learned"), "new");
	assert_string_equal(
	    json_object_get_string(element(answer, "egress", 0)), "m-1");
	assert_int_equal(number(member(answer, "fdb_entry"), "frame"), 1);
	assert_int_equal(
	    number(member(answer, "fdb_entry"), "frame_recorded"), 1);
	json_object_put(answer);

	/* It changed nothing. */
	assert_int_equal(fdb_port_count(bridge_fdb(fixture->sw->bridge), 2), 0);
	ask_bad(fixture, "{\"cmd\":\"explain\",\"port\":\"m-2\"}",
	    "src is missing");
}

static void why_tells_the_last_frames(void **state)
{
	struct fixture *fixture = *state;

	come_in(fixture, 1, 1, 2, 60);
	come_in(fixture, 2, 2, 1, 64);
	come_in(fixture, 2, 3, 3, 68);
	struct json_object *answer = ask(fixture, "{\"cmd\":\"why\"}");
	assert_int_equal(length(answer, "frames"), 3);
	struct json_object *f = element(answer, "frames", 0);
	assert_int_equal(number(f, "frame"), 3);
	assert_string_equal(text_of(f, "verdict"), "filter_same_port");
	f = element(answer, "frames", 1);
	assert_string_equal(text_of(f, "verdict"), "forward");
	assert_string_equal(text_of(f, "in_port"), "m-2");
	assert_int_equal(number(f, "len"), 64);
	assert_int_equal(number(member(f, "fdb_entry"), "frame"), 1);
	assert_true(length(f, "sentences") >= 4);
	json_object_put(answer);

	answer =
	    ask(fixture, "{\"cmd\":\"why\",\"mac\":\"02:00:00:00:00:01\"}");
	assert_int_equal(length(answer, "frames"), 2);
	json_object_put(answer);
	answer = ask(fixture, "{\"cmd\":\"why\",\"port\":\"m-1\",\"last\":1}");
	assert_int_equal(length(answer, "frames"), 1);
	assert_int_equal(number(element(answer, "frames", 0), "frame"), 2);
	json_object_put(answer);
}

static void why_comes_in_pages(void **state)
{
	struct fixture *fixture = *state;
	int seen = 0;
	int64_t next = 0, expected = 5000;
	char line[96] = "{\"cmd\":\"why\",\"last\":100000}";

	for (int i = 0; i < 5000; i++)
		come_in(fixture, 1, 1, 2, 60);
	do {
		struct json_object *answer = ask(fixture, line);
		for (size_t i = 0; i < length(answer, "frames"); i++, seen++)
			assert_int_equal(
			    number(element(answer, "frames", i), "frame"),
			    expected--);
		next = number(answer, "next");
		json_object_put(answer);
		snprintf(line, sizeof(line),
		    "{\"cmd\":\"why\",\"last\":100000,\"from\":%d}", (int)next);
	} while (next);
	assert_int_equal(seen, RECORDER_DEFAULT);
}

/* The answer leaves before the switch does. */
static void shutdown_stops_the_loop(void **state)
{
	struct fixture *fixture = *state;
	struct reader r = {.fd = dial(fixture->path)};

	say(r.fd, "{\"cmd\":\"shutdown\"}\n");
	qswitch_run(fixture->sw);
	struct json_object *answer = hear(fixture, &r);
	assert_non_null(answer);
	assert_int_equal(number(answer, "ok"), 1);
	json_object_put(answer);
	close(r.fd);
}

static void help_lists_every_command(void **state)
{
	struct json_object *answer = ask(*state, "{\"cmd\":\"help\"}");
	size_t n = 0;

	while (commands[n].name)
		n++;
	assert_int_equal(length(answer, "commands"), n);
	json_object_put(answer);
}

static void show_has_brctls_columns(void **state)
{
	struct json_object *answer = ask(*state, "{\"cmd\":\"show\"}");

	assert_string_equal(text_of(answer, "name"), "qswitch");
	member(answer, "bridge_id");
	member(answer, "stp_enabled");
	assert_int_equal(length(answer, "interfaces"), 2);
	json_object_put(answer);
	answer = ask(*state, "{\"cmd\":\"info\"}");
	assert_int_equal(number(answer, "pid"), getpid());
	assert_string_equal(
	    text_of(answer, "control"), ((struct fixture *)*state)->path);
	json_object_put(answer);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(ports_have_their_fields),
	    TEST(ports_come_in_pages),
	    TEST(port_up_and_down),
	    TEST(port_del_and_wrong_names),
	    TEST(networks_that_are_not_there),
	    TEST(static_entries),
	    TEST(flush_by_port_address_and_kind),
	    TEST(fdb_comes_in_pages),
	    TEST(counters_balance),
	    TEST(explain_foresees_what_happens),
	    TEST(why_tells_the_last_frames),
	    TEST(why_comes_in_pages),
	    TEST(shutdown_stops_the_loop),
	    TEST(help_lists_every_command),
	    TEST(show_has_brctls_columns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
