/* SPDX-License-Identifier: BSD-2-Clause */
/* test_port_names.c - interfaces by other names than their first, those that
 * take no foreign addresses, and TAPs for several queues and for numbers. */
#include <linux/if_tun.h>
#include <sys/ioctl.h>

#include "ports/nic.h"

#include "life_fixture.h"

#define ALTNAME "enx001122334455-at-the-back"

static void test_altname(void **state)
{
	static const char *const drivers[] = {"packet", "pcap"};

	(void)state;
	netns_run("ip link add v0 type veth peer name v1 && "
		  "ip link set v1 up && ip link property add dev v0 "
		  "altname " ALTNAME);
	for (size_t i = 0; i < 2; i++) {
		char text[80];

		snprintf(text, sizeof(text), "nic:" ALTNAME ",driver=%s",
		    drivers[i]);
		struct port *port = netns_open(&host, text);

		assert_true(look("v0").up);
		assert_string_equal(port->link_name, "v0");
		tell(port, "v0");
		assert_true(port_up(port));
		send_one(port);
		assert_int_equal(port->counters.tx_frames, 1);
		port_free(port); /* and takes it down again, by that name */
		assert_false(look("v0").up);
	}
	refuses("nic:no-interface-has-this-name-here",
	    "there is no interface no-interface-has-this-name-here here: run "
	    "\"ip link\" to list interfaces");
	netns_run("ip link del v0");
}

static void test_macvlan(void **state)
{
	static const char *const modes[] = {"bridge", "vepa", "private"};
	char why[PORT_ERR];

	(void)state;
	netns_run("ip link add v0 type veth peer name v1 && ip link set v1 up");
	for (size_t i = 0; i < 3; i++) {
		netns_run(
		    "ip link add m0 link v0 type macvlan mode %s", modes[i]);
		snprintf(why, sizeof(why),
		    "m0 is a macvlan that shares its lower interface, which "
		    "takes only frames to its own address, so no guest could "
		    "be reached: use the interface below it, or make it with "
		    "\"mode passthru\"");
		refuses("nic:m0", why);
		refuses("nic:m0,driver=pcap", why);
		assert_false(look("m0").up);
		netns_run("ip link del m0");
	}
	netns_run("ip link add m0 link v0 type macvlan mode passthru && "
		  "ip link set v0 up");
	struct port *port = netns_open(&host, "nic:m0");
	port_free(port);
	netns_run("ip link del m0");
	if (system("ip link add m0 link v0 type macvtap mode bridge") == 0)
		assert_true(look("m0").shares);
	netns_run("ip link del v0");
}

/* There may be no ipvlan here, so call the check itself. */
static void test_ipvlan(void **state)
{
	struct link link = {
	    .name = "i0", .kind = "ipvlan", .ethernet = true, .shares = true};
	char err[PORT_ERR];

	(void)state;
	assert_int_equal(nic_refusal(&link, err), -EOPNOTSUPP);
	assert_string_equal(err,
	    "i0 is an ipvlan, which takes only frames to its own address, so "
	    "no guest could be reached: use the interface below it");
}

/* Open t0 like QEMU. Return: the fd, or -errno. */
static int open_like_qemu(int flags)
{
	struct ifreq req = {.ifr_name = "t0",
	    .ifr_flags = (short)(IFF_TAP | IFF_NO_PI | IFF_VNET_HDR | flags)};
	int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);

	assert_true(fd >= 0);
	if (ioctl(fd, TUNSETIFF, &req) == 0)
		return fd;
	int error = errno;
	close(fd);
	return -error;
}

static void test_queues(void **state)
{
	struct port *port = netns_open(&host, "vmtap:t0,queues=2");

	(void)state;
	assert_int_equal(open_like_qemu(0), -EINVAL);
	int one = open_like_qemu(IFF_MULTI_QUEUE);
	int two = open_like_qemu(IFF_MULTI_QUEUE);
	assert_true(one >= 0 && two >= 0);
	close(one);
	close(two);
	port_free(port);
	assert_false(exists("t0")); /* it goes with us, too */

	port = netns_open(&host, "vmtap:t0,queues=1");
	one = open_like_qemu(0);
	assert_true(one >= 0);
	close(one);
	port_free(port);
	assert_false(exists("t0"));
	refuses("vmtap:t0,queues=257",
	    "vmtap:t0: queues=257 is too large: give 1 to 256");
}

static void test_owner_by_number(void **state)
{
	struct port *port =
	    netns_open(&host, "vmtap:t0,owner=12345,group=54321");

	(void)state;
	netns_run("ip -d link show dev t0 | grep -q 'user 12345 group "
		  "54321'");
	port_free(port);
	refuses("vmtap:t0,owner=-1",
	    "owner=-1: there is no such user: give a name or a number");
	refuses("vmtap:t0,group=4294967295",
	    "group=4294967295: there is no such group: give a name or a "
	    "number");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_altname),
	    cmocka_unit_test(test_macvlan),
	    cmocka_unit_test(test_ipvlan),
	    cmocka_unit_test(test_queues),
	    cmocka_unit_test(test_owner_by_number),
	};
	int failed;

	netns_enter();
	netns_host(&host);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(host.arena);
	return failed;
}
