/* SPDX-License-Identifier: BSD-2-Clause */
/* test_port_nic.c - a NIC port comes, goes and comes back with its interface.
 */
#include "ports/nic.h"

#include "life_fixture.h"

static void check_nic_life(const char *text)
{
	struct port *port;

	netns_run("ip link add v0 type veth peer name v1 && ip link set v1 up");
	port = netns_open(&host, text);
	assert_true(look("v0").up);
	assert_true(port_up(port));
	assert_int_equal(port->speed_mbps, 10000);

	netns_run("ip link set v1 down");
	tell(port, "v0");
	assert_false(port_up(port));
	assert_string_equal(port->reason, "no carrier on v0");
	netns_run("ip link set v1 up");
	tell(port, "v0");
	assert_true(port_up(port));

	netns_run("ip link set v0 mtu 1400");
	tell(port, "v0");
	assert_int_equal(port->mtu, 1400);
	port_close(port);
	assert_true(look("v0").up); /* only the end takes it back */
	assert_int_equal(port_open(port), 0);
	port_free(port);
	assert_false(look("v0").up);

	netns_run("ip link set v0 up");
	port_free(netns_open(&host, text));
	assert_true(look("v0").up);
	netns_run("ip link del v0");
}

static void test_nic_life(void **state)
{
	(void)state;
	check_nic_life("nic:v0");
	check_nic_life("nic:v0,driver=pcap");
}

/* Down and up again: the sockets live on. */
static void check_nic_flap(const char *text)
{
	struct port *port;
	struct batch batch;

	netns_run("ip link add v0 type veth peer name v1 && ip link set v1 up");
	port = netns_open(&host, text);
	netns_run("ip link set v0 down");
	send_one(port); /* before the link watch has said so */
	assert_int_equal(port->counters.tx_frames, 0);
	port_receive(port, &batch);
	tell(port, "v0");
	assert_true(port->is_open);
	assert_false(port_up(port));
	assert_string_equal(
	    port->reason, "v0 is down: run \"ip link set v0 up\"");
	netns_run("ip link set v0 up");
	tell(port, "v0");
	port_receive(port, &batch);
	port_release(port, &batch);
	assert_true(port_up(port));
	say_one("v1");
	assert_int_equal(netns_receive(port, &batch), 1);
	port_release(port, &batch);
	send_one(port);
	assert_int_equal(port->counters.tx_frames, 1);
	port_free(port);
	netns_run("ip link del v0");
}

static void test_nic_flap(void **state)
{
	(void)state;
	check_nic_flap("nic:v0");
	check_nic_flap("nic:v0,driver=pcap");
}

static void check_nic_deleted(const char *text)
{
	struct port *port;
	struct batch batch;
	int index;

	netns_run("ip link add v0 type veth peer name v1 && ip link set v1 up");
	port = netns_open(&host, text);
	index = port->ifindex;
	netns_run("ip link del v0");
	port_receive(port, &batch);
	tell_deleted(port, index, "v0");
	assert_false(port->is_open);
	assert_non_null(strstr(port->reason, "v0 was deleted"));
	assert_int_equal(port_open(port), -ENODEV);
	netns_run("ip link add v0 type veth peer name v1 && ip link set v1 up");
	assert_int_equal(port_open(port), 0);
	say_one("v1");
	assert_int_equal(netns_receive(port, &batch), 1);
	port_release(port, &batch);
	port_free(port);
	netns_run("ip link del v0");
}

static void test_nic_deleted(void **state)
{
	(void)state;
	check_nic_deleted("nic:v0");
	check_nic_deleted("nic:v0,driver=pcap");
}

/* Somebody puts it into a kernel bridge while we use it. */
static void test_nic_enslaved(void **state)
{
	struct port *port;

	(void)state;
	netns_run(
	    "ip link add v0 type veth peer name v1 && ip link set v1 up && "
	    "ip link add br0 type bridge");
	port = netns_open(&host, "nic:v0");
	netns_run("ip link set v0 master br0");
	tell(port, "v0");
	assert_false(port->is_open);
	assert_non_null(strstr(port->reason, "v0 is a member of bridge br0"));
	assert_true(look("v0").up);
	netns_run("ip link set v0 nomaster");
	assert_int_equal(port_open(port), 0);
	port_free(port);
	netns_run("ip link del v0 && ip link del br0");
}

/* The network side of a TAP that somebody else holds. */
static void test_nic_of_tap(void **state)
{
	struct port *tap = netns_open(&host, "tap:t0");
	struct port *nic = netns_open(&host, "nic:t0");
	struct batch batch;

	(void)state;
	send_one(nic);
	assert_int_equal(netns_receive(tap, &batch), 1);
	send_one(tap);
	assert_int_equal(netns_receive(nic, &batch), 1);
	port_free(nic);
	port_free(tap);
}

static void note_promiscuous(const char *want)
{
	netns_run("ip -d link show v0 | grep -q 'promiscuity %s '", want);
}

/* Super-frames of UDP are lost by older kernels: the operator is told. */
static void test_kernels_that_know_uso(void **state)
{
	(void)state;
	assert_false(nic_tells_uso("6.1.0-37-amd64"));
	assert_false(nic_tells_uso("5.15.0"));
	assert_true(nic_tells_uso("6.2.0"));
	assert_true(nic_tells_uso("6.18.44-fc"));
	assert_true(nic_tells_uso("7.0"));
}

/* Each remark once. */
static void test_remarks(void **state)
{
	struct port port = {0};

	(void)state;
	port_remark(&port, SAID_UNTOLD, "said %d", 1);
	assert_string_equal(port.remark, "said 1");
	port.remark[0] = 0;
	port_remark(&port, SAID_UNTOLD, "said %d", 2);
	assert_string_equal(port.remark, "");
	port_remark(&port, SAID_TOO_LONG, "said %d", 3);
	assert_string_equal(port.remark, "said 3");
}

/* Promiscuous as long as the port is open, and no longer. */
static void test_promiscuous(void **state)
{
	static const char *const specs[] = {"nic:v0", "nic:v0,driver=pcap"};
	struct port *port;

	(void)state;
	netns_run("ip link add v0 type veth peer name v1");
	for (int i = 0; i < 2; i++) {
		note_promiscuous("0");
		port = netns_open(&host, specs[i]);
		note_promiscuous("1");
		port_free(port);
		note_promiscuous("0");
	}
	netns_run("ip link del v0");
}

static void count_fact(const char *key, const char *value, void *arg)
{
	assert_true(key[0] && value[0]);
	++*(int *)arg;
}

/* What the kernel dropped because nobody read is counted when asked for. */
static void check_drops(const char *text, uint64_t room)
{
	struct port *port;
	struct netns_frame f = {
	    .len = 60, .bytes = {2, 0, 0, 0, 0, 9, 2, 0, 0, 0, 0, 1}};
	int facts = 0, wire;

	netns_run("ip link add v0 type veth peer name v1 && ip link set v1 up");
	port = netns_open(&host, text);
	wire = netns_wire("v1");
	for (int i = 0; i < 20000; i++)
		netns_say(wire, &f);
	port->kind->facts(port, count_fact, &facts);
	assert_true(facts > 0);
	assert_in_range(port->counters.rx_dropped, 1, 20000 - room);
	uint64_t dropped = port->counters.rx_dropped;
	port->kind->facts(port, count_fact, &facts);
	assert_int_equal(port->counters.rx_dropped, dropped);
	close(wire);
	port_free(port);
	netns_run("ip link del v0");
}

static void test_drops(void **state)
{
	(void)state;
	check_drops("nic:v0", 1900);
	check_drops("nic:v0,driver=pcap", 200);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_nic_life),
	    cmocka_unit_test(test_nic_flap),
	    cmocka_unit_test(test_nic_deleted),
	    cmocka_unit_test(test_nic_enslaved),
	    cmocka_unit_test(test_nic_of_tap),
	    cmocka_unit_test(test_kernels_that_know_uso),
	    cmocka_unit_test(test_remarks),
	    cmocka_unit_test(test_promiscuous),
	    cmocka_unit_test(test_drops),
	};
	int failed;

	netns_enter();
	netns_host(&host);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(host.arena);
	return failed;
}
