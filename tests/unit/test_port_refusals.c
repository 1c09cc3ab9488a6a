/* SPDX-License-Identifier: BSD-2-Clause */
/* test_port_refusals.c - a port that cannot be opened says why, in a
 * sentence. */
#include <linux/capability.h>
#include <sys/syscall.h>

#include "ports/nic.h"

#include "life_fixture.h"

static void test_tap_busy(void **state)
{
	struct port *first = netns_open(&host, "tap:t0");
	char why[PORT_ERR], comm[32] = "";
	FILE *file = fopen("/proc/self/comm", "r");

	(void)state;
	assert_non_null(fgets(comm, sizeof(comm), file));
	fclose(file);
	comm[strcspn(comm, "\n")] = '\0';
	snprintf(why, sizeof(why),
	    "t0 is held by process %d (%s): stop it, or attach to the network "
	    "side of t0 with \"--port nic:t0\", for a virtual machine with "
	    "\"--vm-taps t0\"",
	    getpid(), comm);
	refuses("tap:t0", why);
	assert_true(look("t0").up);
	send_one(first);
	assert_int_equal(first->counters.tx_frames, 1);
	port_free(first);
}

static void test_tap_refusals(void **state)
{
	(void)state;
	netns_run("ip tuntap add u0 mode tun && "
		  "ip tuntap add m0 mode tap multi_queue && "
		  "ip link add v0 type veth peer name v1");
	refuses("tap:u0",
	    "u0 is a TUN interface, which carries no Ethernet frames: "
	    "make a TAP with \"ip tuntap add NAME mode tap\"");
	refuses("tap:m0",
	    "m0 was made with multi_queue, which would spread its frames over "
	    "several processes: make it with \"ip tuntap add m0 mode tap\"");
	refuses("tap:v0",
	    "v0 is not a TAP but a veth interface: attach to it with "
	    "\"--port nic:v0\"");
	refuses("tap:abcdefghijklmnop",
	    "tap:abcdefghijklmnop: the name of an interface has 1 to 15 "
	    "characters");
	refuses(
	    "tap:t0,mtu=67", "tap:t0: mtu=67 is too small: give 68 to 65535");
	refuses("tap:t0,mtu=65535",
	    "cannot give t0 an MTU of 65535: Invalid argument: a TAP takes up "
	    "to 65521");
	refuses("tap:t0,addr=01:00:00:00:00:00",
	    "tap:t0: addr=01:00:00:00:00:00 is not a unicast station address: "
	    "write it as 02:00:00:00:00:01");
	assert_false(exists("t0"));
	netns_run("ip link del u0 && ip link del m0 && ip link del v0");
}

/* In a child, so that this process keeps what it may do. */
static void without_capabilities(void (*run)(void))
{
	struct __user_cap_header_struct head = {
	    .version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct none[2] = {{0}};
	pid_t child = fork();
	int status = 1;

	if (child == 0) {
		if (syscall(SYS_capset, &head, none) < 0)
			_exit(1);
		run();
		_exit(0);
	}
	waitpid(child, &status, 0);
	assert_int_equal(status, 0);
}

/* cmocka's asserts belong to the parent. */
static void must_refuse(const char *text, const char *why)
{
	struct port *port = netns_port(&host, text);

	if (port_open(port) < 0 && strcmp(port->reason, why) == 0) {
		port_free(port);
		return;
	}
	fprintf(stderr, "%s: \"%s\"\n", text, port->reason);
	_exit(1);
}

static void refuse_unprivileged(void)
{
	must_refuse("tap:t9",
	    "not permitted to make t9: give qswitchd CAP_NET_ADMIN, or make t9 "
	    "for its user first with \"ip tuntap add t9 mode tap user USER\"");
	must_refuse("tap:t0",
	    "not permitted to use t0: give qswitchd CAP_NET_ADMIN, or make t0 "
	    "for its user with \"ip tuntap add t0 mode tap user USER\"");
	must_refuse("nic:v0",
	    "v0 is down and cannot be brought up: Operation not permitted: "
	    "run \"ip link set v0 up\" as root, or give qswitchd "
	    "CAP_NET_ADMIN");
	must_refuse("nic:v1",
	    "not permitted to open a packet socket on v1: run as root, or give "
	    "qswitchd the capabilities CAP_NET_RAW and CAP_NET_ADMIN (\"setcap "
	    "cap_net_raw,cap_net_admin+ep\")");
	must_refuse("nic:v1,driver=pcap",
	    "not permitted to open a packet socket on v1: run as root, or give "
	    "qswitchd the capabilities CAP_NET_RAW and CAP_NET_ADMIN (\"setcap "
	    "cap_net_raw,cap_net_admin+ep\")");
}

static void test_not_permitted(void **state)
{
	(void)state;
	netns_run("ip tuntap add t0 mode tap user 12345 && "
		  "ip link add v0 type veth peer name v1 && ip link set v1 up");
	without_capabilities(refuse_unprivileged);
	netns_run("ip link del t0 && ip link del v0");
}

static void test_nic_refusals(void **state)
{
	(void)state;
	refuses("nic:none",
	    "there is no interface none here: run \"ip link\" to list "
	    "interfaces");
	refuses("nic:lo",
	    "lo is not an Ethernet interface: name one whose frames have MAC "
	    "addresses (\"ip link\" shows link/ether)");
	netns_run("ip link add v0 type veth peer name v1 && "
		  "ip link add br0 type bridge && ip link set v0 master br0");
	refuses("nic:v0",
	    "v0 is a member of bridge br0, which would see and answer the same "
	    "frames: use br0 itself as the port, or remove it with \"ip link "
	    "set v0 nomaster\"");
	assert_false(look("v0").up);
	netns_run("ip link del v0 && ip link del br0");
}

/* An option that is yes or no takes no other value. */
static void test_yes_or_no(void **state)
{
	(void)state;
	netns_run("ip link add v0 type veth peer name v1");
	refuses("nic:v0,xdp=maybe", "nic:v0: xdp=maybe: give yes or no");
	assert_false(look("v0").up);
	refuses("vmtap:t0,create=1", "vmtap:t0: create=1: give yes or no");
	refuses("vmtap:t0,once=", "vmtap:t0: once=: give yes or no");
	assert_int_equal(if_nametoindex("t0"), 0);
	refuses("qemu:/nowhere,connect=on",
	    "qemu:/nowhere: connect=on: give yes or no");
	netns_run("ip link del v0");
}

/* There is no wireless interface here, so call the check itself. */
static void test_wireless(void **state)
{
	struct link link = {
	    .name = "wlan0", .ethernet = true, .wireless = true};
	char err[PORT_ERR];

	(void)state;
	assert_int_equal(nic_refusal(&link, err), -EOPNOTSUPP);
	assert_string_equal(err,
	    "wlan0 is wireless: its access point accepts frames from this "
	    "host's own address only, so no guest could be reached: use a "
	    "wired interface");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_tap_busy),
	    cmocka_unit_test(test_tap_refusals),
	    cmocka_unit_test(test_not_permitted),
	    cmocka_unit_test(test_nic_refusals),
	    cmocka_unit_test(test_yes_or_no),
	    cmocka_unit_test(test_wireless),
	};
	int failed;

	netns_enter();
	netns_host(&host);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(host.arena);
	return failed;
}
