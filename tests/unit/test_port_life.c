/* SPDX-License-Identifier: BSD-2-Clause */
/* test_port_life.c - TAP and NIC ports come, go and come back, and say what is
 * wrong in a sentence. */
#include "netns.h"

#include <linux/capability.h>
#include <sys/syscall.h>

#include "ports/link.h"
#include "ports/nic.h"

static struct port_host host;

static struct link look(const char *name)
{
	struct link link;

	if (link_find(name, &link) < 0)
		fail_msg("no interface %s", name);
	return link;
}

static bool exists(const char *name)
{
	return if_nametoindex(name) != 0;
}

static void tell(struct port *port, const char *name)
{
	struct link link = look(name);

	port_link(port, &link);
}

static void tell_deleted(struct port *port, int ifindex, const char *name)
{
	struct link link = {.ifindex = ifindex, .deleted = true};

	snprintf(link.name, sizeof(link.name), "%s", name);
	port_link(port, &link);
}

/* open() of @text fails and says @why. */
static void refuses(const char *text, const char *why)
{
	struct port *port = netns_port(&host, text);

	assert_true(port_open(port) < 0);
	assert_string_equal(port->reason, why);
	assert_false(port->is_open);
	assert_int_equal(port->fd, -1);
	port_free(port);
}

static void send_one(struct port *port)
{
	static const uint8_t bytes[60] = {2, 0, 0, 0, 0, 9, 2, 0, 0, 0, 0, 1};
	struct frame f;
	const struct frame *list = &f;

	frame_parse(&f, bytes, sizeof(bytes));
	port_send(port, &list, 1);
}

static void say_one(const char *name)
{
	static struct netns_frame f = {
	    .len = 60, .bytes = {2, 0, 0, 0, 0, 9, 2, 0, 0, 0, 0, 1}};
	int fd = netns_wire(name);

	netns_say(fd, &f);
	close(fd);
}

static void test_tap_made(void **state)
{
	struct port *port =
	    netns_open(&host, "tap:t0,mtu=9000,addr=02:00:00:00:00:2a");
	struct link link = look("t0");

	(void)state;
	assert_true(link.up);
	assert_true(port_up(port));
	assert_int_equal(link.mtu, 9000);
	assert_int_equal(port->mtu, 9000);
	assert_int_equal(mac_u64(link.mac), 0x02000000002a);
	assert_int_equal(port->ifindex, link.ifindex);
	port_close(port);
	assert_false(exists("t0"));
	assert_int_equal(port_open(port), 0);
	assert_true(exists("t0"));
	port_free(port);
	assert_false(exists("t0"));
}

/* What the kernel says of the offload settings of t0. */
static void features(char text[8192])
{
	FILE *pipe = popen("ethtool -k t0 | sed 's, .requested on.,,'", "r");
	size_t n;

	assert_non_null(pipe);
	n = fread(text, 1, 8191, pipe);
	text[n] = '\0';
	assert_true(n > 100);
	assert_int_equal(pclose(pipe), 0);
}

/* It stays as it was: its address, its MTU, and down if it was down. */
static void test_tap_existed(void **state)
{
	struct port *port;
	struct link before, after;
	static char before_features[8192], after_features[8192];

	(void)state;
	netns_run("ip tuntap add t0 mode tap && ip link set t0 mtu 1400");
	netns_run("ip addr add 10.9.9.1/24 dev t0");
	features(before_features);
	before = look("t0");
	assert_false(before.up);
	port = netns_open(&host, "tap:t0,mtu=1300");
	after = look("t0");
	assert_true(after.up);
	assert_int_equal(after.mtu, 1400);
	assert_int_equal(port->mtu, 1300);
	assert_memory_equal(before.mac, after.mac, ETH_ADDR);
	port_free(port);
	after = look("t0");
	assert_false(after.up);
	assert_int_equal(before.ifindex, after.ifindex);
	netns_run("ip addr show dev t0 | grep -q 10.9.9.1/24");
	features(after_features);
	assert_string_equal(before_features, after_features);
	netns_run("ip link del t0");
}

/* What another program set on a TAP before is not what we go by. */
static void test_tap_other_header(void **state)
{
	struct port *port;

	(void)state;
	netns_run("ip tuntap add t0 mode tap vnet_hdr && ip link set t0 up");
	port = netns_open(&host, "tap:t0");
	send_one(port);
	assert_int_equal(port->counters.tx_frames, 1);
	port_free(port);
	assert_true(look("t0").up);
	netns_run("ip link del t0");
}

static void test_tap_down(void **state)
{
	struct port *port = netns_open(&host, "tap:t0");

	(void)state;
	netns_run("ip link set t0 down");
	send_one(port); /* before the link watch has said so: EIO */
	assert_int_equal(port->counters.tx_error, 1);
	assert_true(port->is_open);
	tell(port, "t0");
	assert_false(port_up(port));
	assert_string_equal(port->reason, "t0 is down: \"ip link set t0 up\"");
	netns_run("ip link set t0 up");
	tell(port, "t0");
	assert_true(port_up(port));
	send_one(port);
	assert_int_equal(port->counters.tx_frames, 1);
	port_free(port);
}

static void check_deleted(struct port *port)
{
	struct batch batch;

	while (netns_receive(port, &batch) > 0) /* what came before */
		port_release(port, &batch);
	assert_false(port->is_open);
	assert_string_equal(port->reason, "t0 was deleted");
}

/* A TAP of ours that is deleted: whoever did it may make it anew at once; if
 * he does not, we do. */
static void test_tap_deleted(void **state)
{
	struct port *port = netns_open(&host, "tap:t0");

	(void)state;
	netns_run("ip link del t0");
	check_deleted(port);
	assert_int_equal(port_open(port), -ENODEV);
	assert_string_equal(port->reason, "t0 was deleted");
	netns_run("ip tuntap add t0 mode tap");
	assert_int_equal(port_open(port), 0);
	assert_true(port_up(port));
	port_close(port);
	assert_true(exists("t0"));
	netns_run("ip link del t0");

	assert_int_equal(
	    port_open(port), 0); /* the operator's wish, no retry */
	netns_run("ip link del t0");
	check_deleted(port);
	assert_true(port_open(port) < 0);
	port->past.lost_at_ms -= 5000;
	assert_int_equal(port_open(port), 0);
	assert_true(exists("t0"));
	port_free(port);
	assert_false(exists("t0"));
}

/* Not so a TAP that was there before: it is its owner's to make. */
static void test_tap_existed_deleted(void **state)
{
	struct port *port;

	(void)state;
	netns_run("ip tuntap add t0 mode tap");
	port = netns_open(&host, "tap:t0");
	netns_run("ip link del t0");
	check_deleted(port);
	port->past.lost_at_ms -= 3600000;
	assert_int_equal(port_open(port), -ENODEV);
	assert_string_equal(port->reason,
	    "t0 was deleted, and we had not made it: \"ip tuntap add t0 mode "
	    "tap\" brings it back");
	netns_run("ip tuntap add t0 mode tap");
	assert_int_equal(port_open(port), 0);
	port_free(port);
	netns_run("ip link del t0");
}

/* The network side goes to another namespace, as containers do it: the link
 * watch tells of a deletion, and frames still pass. */
static void test_tap_moved(void **state)
{
	struct port *port = netns_open(&host, "tap:t0");
	struct batch batch;
	int index = port->ifindex, pipes[2];
	char byte = 0;
	pid_t child;

	(void)state;
	assert_int_equal(pipe(pipes), 0);
	child = fork();
	if (child == 0) {
		if (unshare(CLONE_NEWNET) < 0 || write(pipes[1], "", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	assert_int_equal(read(pipes[0], &byte, 1), 1);
	netns_run("ip link set t0 netns %d", child);
	tell_deleted(port, index, "t0");
	assert_int_equal(port_receive(port, &batch), 0);
	assert_true(port_up(port));
	netns_run("nsenter -t %d -n ip link set t0 up", child);
	send_one(port);
	assert_int_equal(port->counters.tx_frames, 1);
	/* it speaks: an address makes it look for others that have it */
	netns_run("nsenter -t %d -n ip addr add 10.9.9.1/24 dev t0", child);
	netns_run("nsenter -t %d -n arping -c1 -w1 -I t0 10.9.9.2 >/dev/null "
		  "2>&1 || nsenter -t %d -n ping -c1 -W1 10.9.9.2 >/dev/null "
		  "2>&1 || true",
	    child, child);
	assert_true(netns_receive(port, &batch) > 0);

	/* another interface of that name here is none of ours */
	netns_run("ip link add t0 type veth peer name t1");
	tell(port, "t0");
	assert_true(port_up(port));
	netns_run("ip link del t0");

	/* it comes back, and goes again */
	netns_run("nsenter -t %d -n ip link set t0 netns %d", child, getpid());
	tell(port, "t0");
	assert_int_equal(port->ifindex, look("t0").ifindex);
	assert_false(port_up(port)); /* a move takes it down */
	netns_run("ip link set t0 up");
	tell(port, "t0");
	assert_true(port_up(port));
	netns_run("ip link set t0 netns %d", child);
	tell_deleted(port, port->ifindex, "t0");
	assert_true(port_up(port));

	/* the namespace ends, and the TAP with it */
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	check_deleted(port);
	port_free(port);
	close(pipes[0]);
	close(pipes[1]);
}

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
	    "\"ip tuntap add NAME mode tap\" makes a TAP");
	refuses("tap:m0",
	    "m0 was made with multi_queue, whose queues would share the frames "
	    "out between processes: make it with \"ip tuntap add m0 mode "
	    "tap\"");
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
	    "tap:t0: addr=01:00:00:00:00:00 is no station's MAC address: write "
	    "it as 02:00:00:00:00:01");
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
	    "not permitted to make t9: give qswitchd CAP_NET_ADMIN, or make it "
	    "beforehand with \"ip tuntap add t9 mode tap user USER\"");
	must_refuse("tap:t0",
	    "not permitted to use t0: give qswitchd CAP_NET_ADMIN, or make t0 "
	    "for its user with \"ip tuntap add t0 mode tap user USER\"");
	must_refuse("nic:v0",
	    "v0 is down and cannot be brought up: Operation not permitted: "
	    "\"ip link set v0 up\" as root, or give qswitchd CAP_NET_ADMIN");
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
	    "there is no interface none here: \"ip link\" lists those that "
	    "there are");
	refuses("nic:lo",
	    "lo is not an Ethernet interface: name one whose frames have MAC "
	    "addresses (\"ip link\" shows link/ether)");
	netns_run("ip link add v0 type veth peer name v1 && "
		  "ip link add br0 type bridge && ip link set v0 master br0");
	refuses("nic:v0",
	    "v0 is a member of bridge br0, which would see and answer the same "
	    "frames: use br0 itself as the port, or take it out with \"ip link "
	    "set v0 nomaster\"");
	assert_false(look("v0").up);
	netns_run("ip link del v0 && ip link del br0");
}

/* An option that is yes or no is nothing else. */
static void test_yes_or_no(void **state)
{
	(void)state;
	netns_run("ip link add v0 type veth peer name v1");
	refuses("nic:v0,xdp=maybe", "nic:v0: xdp=maybe: say yes or no");
	assert_false(look("v0").up);
	refuses("vmtap:t0,create=1", "vmtap:t0: create=1: say yes or no");
	refuses("vmtap:t0,once=", "vmtap:t0: once=: say yes or no");
	assert_int_equal(if_nametoindex("t0"), 0);
	refuses("qemu:/nowhere,connect=on",
	    "qemu:/nowhere: connect=on: say yes or no");
	netns_run("ip link del v0");
}

/* No wireless interface can be had here: the check is asked itself. */
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
	assert_string_equal(port->reason, "v0 is down: \"ip link set v0 up\"");
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
	    cmocka_unit_test(test_tap_made),
	    cmocka_unit_test(test_tap_existed),
	    cmocka_unit_test(test_tap_other_header),
	    cmocka_unit_test(test_tap_down),
	    cmocka_unit_test(test_tap_deleted),
	    cmocka_unit_test(test_tap_existed_deleted),
	    cmocka_unit_test(test_tap_moved),
	    cmocka_unit_test(test_tap_busy),
	    cmocka_unit_test(test_tap_refusals),
	    cmocka_unit_test(test_not_permitted),
	    cmocka_unit_test(test_nic_refusals),
	    cmocka_unit_test(test_yes_or_no),
	    cmocka_unit_test(test_wireless),
	    cmocka_unit_test(test_nic_life),
	    cmocka_unit_test(test_nic_flap),
	    cmocka_unit_test(test_nic_deleted),
	    cmocka_unit_test(test_nic_enslaved),
	    cmocka_unit_test(test_nic_of_tap),
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
