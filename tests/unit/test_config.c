/* SPDX-License-Identifier: BSD-2-Clause */
/* test_config.c - the command line: what is read, and what is said of a bad
 * one: the sentence names option, value and remedy. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include <cmocka.h>

#include "switch/config.h"

static struct config config;
static char err[CONFIG_ERR];

/* Parses the words of @line behind the program's name. */
static enum config_result parse(const char *line)
{
	static char copy[4096];
	char *argv[64] = {(char *)(uintptr_t) "qswitchd"};
	int argc = 1;

	config_free(&config);
	assert_true(strlen(line) < sizeof(copy));
	strcpy(copy, line);
	for (char *word = strtok(copy, " "); word; word = strtok(NULL, " "))
		argv[argc++] = word;
	err[0] = '\0';
	return config_parse(&config, argc, argv, err);
}

static int teardown(void **state)
{
	(void)state;
	config_free(&config);
	return 0;
}

static void the_line_of_the_readme(void **state)
{
	(void)state;
	assert_int_equal(parse("--uplink enp3s0 --taps tap0,tap1"), CONFIG_RUN);
	assert_int_equal(config.n_ports, 3);
	assert_string_equal(config.ports[0].kind, "nic");
	assert_string_equal(config.ports[0].arg, "enp3s0");
	assert_true(config.ports[0].uplink);
	assert_string_equal(config.ports[1].kind, "tap");
	assert_string_equal(config.ports[1].name, "tap0");
	assert_false(config.ports[1].uplink);
	assert_string_equal(config.ports[2].name, "tap1");
}

static void defaults(void **state)
{
	(void)state;
	assert_int_equal(parse(""), CONFIG_RUN);
	assert_string_equal(config.name, "qswitch");
	assert_string_equal(config.control, "");
	assert_int_equal(config.ageing_s, 300);
	assert_int_equal(config.fdb_size, 8192);
	assert_int_equal(config.recorder, 4096);
	assert_int_equal(config.log_level, LOG_INFO);
	assert_false(config.daemonize);
	assert_false(config.forward_reserved);
	assert_int_equal(config.n_ports, 0);
}

static void every_option_is_read(void **state)
{
	(void)state;
	assert_int_equal(
	    parse("--name lab --control /run/x.sock --ageing 10 "
		  "--fdb-size 1048576 --flight-recorder 0 --daemon "
		  "--pidfile /run/x.pid --log-level debug --forward-reserved"),
	    CONFIG_RUN);
	assert_string_equal(config.name, "lab");
	assert_string_equal(config.control, "/run/x.sock");
	assert_int_equal(config.ageing_s, 10);
	assert_int_equal(config.fdb_size, 1048576);
	assert_int_equal(config.recorder, 0);
	assert_true(config.daemonize);
	assert_string_equal(config.pidfile, "/run/x.pid");
	assert_int_equal(config.log_level, LOG_DEBUG);
	assert_true(config.forward_reserved);
	assert_int_equal(parse("--help"), CONFIG_HELP);
	assert_int_equal(parse("-h"), CONFIG_HELP);
	assert_int_equal(parse("--version"), CONFIG_VERSION);
}

static void port_options(void **state)
{
	struct config_port port;
	(void)state;

	assert_int_equal(
	    parse("--port tap:tap7,name=web,mtu=9000,fdb-max=5"), CONFIG_RUN);
	assert_string_equal(config.ports[0].name, "web");
	assert_string_equal(config.ports[0].arg, "tap7");
	assert_string_equal(port_spec_get(&config.ports[0], "mtu"), "9000");
	assert_null(port_spec_get(&config.ports[0], "addr"));
	config_port(&config.ports[0], &port);
	assert_int_equal(port.fdb_max, 5);
}

/* A comma behind a backslash belongs to the name of an interface or file. */
static void names_with_a_comma(void **state)
{
	(void)state;
	assert_int_equal(
	    parse("--port nic:a\\,b,name=ab,mtu=1400"), CONFIG_RUN);
	assert_string_equal(config.ports[0].arg, "a,b");
	assert_string_equal(config.ports[0].name, "ab");
	assert_string_equal(port_spec_get(&config.ports[0], "mtu"), "1400");
	assert_int_equal(
	    parse("--port pcap:-,name=x,out=/tmp/\\x\\,y"), CONFIG_RUN);
	assert_string_equal(
	    port_spec_get(&config.ports[0], "out"), "/tmp/\\x,y");
	assert_int_equal(parse("--taps a,b,c"), CONFIG_RUN);
	assert_int_equal(config.n_ports, 3);
	assert_int_not_equal(
	    parse("--taps a\\,b"), CONFIG_RUN); /* needs a name */
}

static void networks_by_name(void **state)
{
	(void)state;
	assert_int_equal(
	    parse("--nat --host-only 192.168.57.1/24"), CONFIG_RUN);
	assert_string_equal(config.ports[0].kind, "nat");
	assert_string_equal(config.ports[0].name, "nat");
	assert_string_equal(config.ports[0].arg, "");
	assert_string_equal(config.ports[1].kind, "host");
	assert_string_equal(config.ports[1].name, "host-only");
	assert_string_equal(config.ports[1].arg, "192.168.57.1/24");
	assert_string_equal(port_spec_get(&config.ports[1], "dhcp"), "yes");
	assert_int_equal(parse("--network vmnet8 --network vmnet1 "
			       "--nat=192.168.122.0/24,name=other"),
	    CONFIG_RUN);
	assert_string_equal(config.ports[0].kind, "nat");
	assert_string_equal(config.ports[1].arg, "192.168.57.1/24");
	assert_string_equal(config.ports[2].arg, "192.168.122.0/24");
	assert_int_equal(
	    parse("--host-only 192.168.57.1/24,dhcp=no"), CONFIG_RUN);
	assert_string_equal(port_spec_get(&config.ports[0], "dhcp"), "no");
	assert_int_equal(parse("--nat=,forward=tcp::1::1,forward=tcp::2::2,"
			       "lease=02:00:00:00:00:01=.9"),
	    CONFIG_RUN);
	assert_int_equal(config.ports[0].n_options, 3);
}

static void limits_on_addresses_by_kind(void **state)
{
	struct config_port port;
	(void)state;

	assert_int_equal(parse("--taps a --uplink b"), CONFIG_RUN);
	config_port(&config.ports[0], &port);
	assert_int_equal(port.fdb_max, 1024);
	config_port(&config.ports[1], &port);
	assert_int_equal(port.fdb_max, 0);
}

/* Only uplinks and interfaces may lead to other bridges. */
static void ports_of_machines_filter_bpdus(void **state)
{
	static const char *const machines[] = {"tap:a", "vmtap:a", "qemu:a",
	    "dgram:a,remote=b", "vde:a", "fd:5,name=a", "pcap:a"};
	char line[64];
	struct config_port port;
	(void)state;

	for (size_t i = 0; i < sizeof(machines) / sizeof(*machines); i++) {
		snprintf(line, sizeof(line), "--port %s", machines[i]);
		assert_int_equal(parse(line), CONFIG_RUN);
		config_port(&config.ports[0], &port);
		assert_int_equal(port.bpdu, STP_BPDU_FILTER);
		assert_int_equal(port.edge, STP_EDGE_YES);
	}
	assert_int_equal(config_port_set(&port, "bpdu", "auto", err), 0);
	assert_int_equal(port.bpdu, STP_BPDU_AUTO);
	/* to listen only would be no protection */
	assert_int_equal(config_port_set(&port, "bpdu", "never", err), 0);
	assert_int_equal(port.bpdu, STP_BPDU_FILTER);
	assert_int_equal(
	    parse("--uplink a --port nic:b --port tap:c,uplink,bpdu=never"),
	    CONFIG_RUN);
	config_port(&config.ports[0], &port);
	assert_int_equal(port.bpdu, STP_BPDU_AUTO);
	assert_int_equal(port.edge, STP_EDGE_NO);
	config_port(&config.ports[1], &port);
	assert_int_equal(port.bpdu, STP_BPDU_AUTO);
	assert_int_equal(port.edge, STP_EDGE_AUTO);
	config_port(&config.ports[2], &port);
	assert_int_equal(port.bpdu, STP_BPDU_NEVER);
}

static void the_name_is_the_last_component(void **state)
{
	(void)state;
	assert_int_equal(parse("--port pcap:/tmp/in.pcap"), CONFIG_RUN);
	assert_string_equal(config.ports[0].name, "in.pcap");
	assert_string_equal(config.ports[0].arg, "/tmp/in.pcap");
}

/* a bad command line, and words that its sentence must have */
static const struct {
	const char *line;
	const char *says[3];
} bad[] = {
    {"--ageing 9", {"--ageing 9", "too small", "10 to 1000000"}},
    {"--ageing 1000001", {"too large", "10 to 1000000"}},
    {"--ageing soon", {"--ageing soon", "invalid"}},
    {"--fdb-size 15", {"16 to 1048576"}},
    {"--fdb-size 1048577", {"16 to 1048576"}},
    {"--flight-recorder -1", {"0 to 1048576"}},
    {"--log-level loud", {"loud", "error, warning, info or debug"}},
    {"--name .hidden", {".hidden", "letters"}},
    {"--name a/b", {"a/b"}},
    {"--name aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", {"longer than 31"}},
    {"--nonsense", {"--nonsense", "no such option"}},
    {"-uplink x", {"-u:", "no such option"}},
    {"--stp-h 2 --st off", {"--st:", "several options"}},
    {"--port tap:", {"tap:", "nothing follows"}},
    {"--ageing", {"--ageing", "needs a value"}},
    {"tap0", {"tap0", "not an option"}},
    {"--taps tap0,tap0", {"tap0", "two ports", "name="}},
    {"--taps tap0 --uplink tap0", {"two ports are named tap0"}},
    {"--taps ,", {"--taps", "name is empty"}},
    {"--taps a,,b", {"--taps", "name is empty"}},
    {"--taps all", {"all", "every port", "name="}},
    {"--nat --nat", {"two ports are named nat", "name="}},
    {"--nat=,dhcp=yes,dhcp=no", {"--nat", "dhcp is given twice"}},
    {"--nat=,mtu=1500", {"no option mtu"}},
    {"--network lan", {"--network lan", "bridged, nat or host-only"}},
    {"--host-only", {"--host-only", "needs a value"}},
    {"--port tap0", {"--port", "KIND:ARG"}},
    {"--port zap:x", {"zap", "no such kind"}},
    {"--port tap:x,mtu=67", {"mtu=67", "68 to 65535"}},
    {"--port tap:x,mtu", {"mtu", "KEY=VALUE"}},
    {"--port tap:x,colour=red", {"no option colour"}},
    {"--port tap:x,mtu=1500,mtu=1500", {"mtu is given twice"}},
    {"--port tap:x,addr=01:00:00:00:00:00", {"addr=", "unicast"}},
    {"--port tap:x,fdb-max=2000000", {"fdb-max"}},
    {"--uplink eth0,host=maybe", {"host=maybe", "yes or no"}},
    {"--port tap:x,host=yes", {"no option host"}},
    {"--port tap:x,name=a/b", {"name=a/b"}},
    {"--uplink x,driver=dpdk", {"driver", "dpdk"}},
};

static void a_bad_line_is_one_good_sentence(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		assert_int_equal(parse(bad[i].line), CONFIG_BAD);
		for (int j = 0; j < 3 && bad[i].says[j]; j++)
			if (!strstr(err, bad[i].says[j]))
				fail_msg("%s: \"%s\" lacks \"%s\"", bad[i].line,
				    err, bad[i].says[j]);
		assert_null(strchr(err, '\n'));
	}
}

static void long_input_is_refused_not_cut(void **state)
{
	char line[2048] = "--port tap:";
	(void)state;

	memset(line + strlen(line), 'a', 300);
	assert_int_equal(parse(line), CONFIG_BAD);
	strcpy(line, "--control /");
	memset(line + strlen(line), 'a', 200);
	assert_int_equal(parse(line), CONFIG_BAD);
	strcpy(line, "--uplink ");
	memset(line + strlen(line), 'a', 1200);
	assert_int_equal(parse(line), CONFIG_BAD);
	strcpy(line, "--port tap:x,addr=");
	memset(line + strlen(line), 'a', 1200);
	assert_int_equal(parse(line), CONFIG_BAD);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_line_of_the_readme),
	    cmocka_unit_test(defaults),
	    cmocka_unit_test(every_option_is_read),
	    cmocka_unit_test(port_options),
	    cmocka_unit_test(names_with_a_comma),
	    cmocka_unit_test(networks_by_name),
	    cmocka_unit_test(limits_on_addresses_by_kind),
	    cmocka_unit_test(ports_of_machines_filter_bpdus),
	    cmocka_unit_test(the_name_is_the_last_component),
	    cmocka_unit_test(a_bad_line_is_one_good_sentence),
	    cmocka_unit_test(long_input_is_refused_not_cut),
	};

	return cmocka_run_group_tests(tests, NULL, teardown);
}
