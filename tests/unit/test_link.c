/* SPDX-License-Identifier: BSD-2-Clause */
/* test_link.c - interfaces through rtnetlink, in a private namespace. */
#include "ports/link.h"

#include "netns.h"

/* What a watch has reported: the last report on each name. */
struct told {
	int n;
	struct link links[64];
	int events;
};

static void on_change(const struct link *link, void *arg)
{
	struct told *told = arg;
	int i = 0;

	told->events++;
	while (i < told->n && strcmp(told->links[i].name, link->name) != 0)
		i++;
	if (i == 64)
		return;
	told->links[i] = *link;
	if (i == told->n)
		told->n++;
}

static const struct link *told_of(const struct told *told, const char *name)
{
	for (int i = 0; i < told->n; i++) {
		if (strcmp(told->links[i].name, name) == 0)
			return &told->links[i];
	}
	return NULL;
}

/* Reads until nothing more comes at once. */
static void catch_up(struct link_watch *watch, struct told *told)
{
	struct pollfd pfd = {.fd = link_watch_fd(watch), .events = POLLIN};

	while (poll(&pfd, 1, 0) == 1)
		link_watch_read(watch, on_change, told);
	link_watch_read(watch, on_change, told); /* nothing: does not block */
}

/* The kernel reports a carrier some time later. */
static void wait_carrier(
    struct link_watch *watch, struct told *told, const char *name, bool want)
{
	struct pollfd pfd = {.fd = link_watch_fd(watch), .events = POLLIN};

	do {
		catch_up(watch, told);
		if (told_of(told, name) && told_of(told, name)->carrier == want)
			return;
	} while (poll(&pfd, 1, NETNS_WAIT_MS) == 1);
	fail_msg("%s: no news of a carrier", name);
}

static struct link find(const char *name)
{
	struct link link;

	assert_int_equal(link_find(name, &link), 0);
	return link;
}

static void test_find(void **state)
{
	struct link link;

	(void)state;
	assert_int_equal(link_find("none", &link), -ENODEV);
	assert_int_equal(link_find("", &link), -ENODEV);
	assert_int_equal(link_find("a-name-too-long-", &link), -ENODEV);
	link = find("lo");
	assert_int_equal(link.ifindex, if_nametoindex("lo"));
	assert_false(link.ethernet);
	netns_run("ip link add v0 mtu 1400 address 02:00:00:00:00:07 type veth "
		  "peer name v1");
	link = find("v0");
	assert_string_equal(link.name, "v0");
	assert_string_equal(link.kind, "veth");
	assert_true(link.ethernet);
	assert_false(link.up);
	assert_false(link.carrier);
	assert_false(link.wireless);
	assert_false(link.deleted);
	assert_int_equal(link.mtu, 1400);
	assert_int_equal(link.master, 0);
	assert_int_equal(link.speed_mbps, 10000);
	assert_int_equal(mac_u64(link.mac), 0x020000000007);
	netns_run("ip link del v0");
}

static void test_set(void **state)
{
	static const uint8_t mac[ETH_ADDR] = {2, 0, 0, 0, 0, 9};
	struct link link;

	(void)state;
	netns_run("ip link add v0 type veth peer name v1");
	link = find("v0");
	assert_int_equal(link_set_up(link.ifindex), 0);
	assert_int_equal(link_set_mtu(link.ifindex, 1300), 0);
	assert_int_equal(link_set_mtu(link.ifindex, 1), -EINVAL);
	assert_int_equal(link_set_mac(link.ifindex, mac), 0);
	link = find("v0");
	assert_true(link.up);
	assert_int_equal(link.mtu, 1300);
	assert_memory_equal(link.mac, mac, ETH_ADDR);
	link_lower(0);
	link_lower(9999);
	assert_true(find("v0").up);
	netns_run("ip link set v0 down && ip link set v0 name v9 && "
		  "ip link set v9 up");
	assert_int_equal(link_find_index(link.ifindex, &link), 0);
	assert_string_equal(link.name, "v9");
	link_lower(link.ifindex);
	assert_false(find("v9").up);
	netns_run("ip link del v9");
	assert_int_equal(link_find_index(link.ifindex, &link), -ENODEV);
	assert_int_equal(link_set_up(link.ifindex), -ENODEV);
}

static void test_master(void **state)
{
	struct link link;

	(void)state;
	netns_run("ip link add v0 type veth peer name v1 && "
		  "ip link add br0 type bridge && ip link set v0 master br0");
	link = find("v0");
	assert_int_equal(link.master, if_nametoindex("br0"));
	assert_string_equal(link.master_kind, "bridge");
	assert_string_equal(find("br0").kind, "bridge");
	netns_run("ip link del v0 && ip link del br0");
}

static void test_watch(void **state)
{
	struct link_watch *watch = link_watch_new();
	struct told told = {0};
	const struct link *link;

	(void)state;
	assert_non_null(watch);
	catch_up(watch, &told);
	assert_non_null(told_of(&told, "lo")); /* it was there before */

	netns_run(
	    "ip link add v0 type veth peer name v1 && ip link set v0 up && "
	    "ip link set v1 up");
	wait_carrier(watch, &told, "v0", true);
	assert_true(told_of(&told, "v0")->up);

	netns_run("ip link set v1 down && ip link set v0 mtu 1400");
	wait_carrier(watch, &told, "v0", false);
	link = told_of(&told, "v0");
	assert_true(link->up);
	assert_int_equal(link->mtu, 1400);

	netns_run("ip link del v0");
	catch_up(watch, &told);
	assert_true(told_of(&told, "v0")->deleted);
	assert_true(told_of(&told, "v1")->deleted);
	link_watch_free(watch);
	link_watch_free(NULL);
}

/* When an interface leaves a kernel bridge, the kernel sends DELLINK about the
 * bridge's port; the interface is still there. */
static void test_watch_bridge(void **state)
{
	struct link_watch *watch = link_watch_new();
	struct told told = {0};

	(void)state;
	netns_run("ip link add v0 type veth peer name v1 && "
		  "ip link add br0 type bridge && ip link set v0 master br0");
	catch_up(watch, &told);
	assert_int_equal(told_of(&told, "v0")->master, if_nametoindex("br0"));
	netns_run("ip link set v0 nomaster");
	catch_up(watch, &told);
	assert_false(told_of(&told, "v0")->deleted);
	assert_int_equal(told_of(&told, "v0")->master, 0);
	netns_run("ip link del v0 && ip link del br0");
	link_watch_free(watch);
}

/* The kernel's queue overflows while nobody reads: new interfaces are still
 * reported, and those that went as deleted. */
static void test_watch_overflow(void **state)
{
	struct link_watch *watch = link_watch_new();
	struct told told = {0};
	int room = 1; /* the least that the kernel gives */

	(void)state;
	netns_run("ip link add old0 type veth peer name old1");
	catch_up(watch, &told);
	assert_false(told_of(&told, "old0")->deleted);
	assert_int_equal(setsockopt(link_watch_fd(watch), SOL_SOCKET, SO_RCVBUF,
			     &room, sizeof(room)),
	    0);
	for (int i = 0; i < 20; i++)
		netns_run("ip link set lo down && ip link set lo up");
	netns_run("ip link del old0 && ip link add new0 type veth peer name "
		  "new1");
	told.events = 0;
	catch_up(watch, &told);
	assert_true(told_of(&told, "old0")->deleted);
	assert_true(told_of(&told, "old1")->deleted);
	assert_non_null(told_of(&told, "new0"));
	assert_false(told_of(&told, "new0")->deleted);
	assert_in_range(told.events, 1, 39); /* it did overflow */
	netns_run("ip link del new0");
	link_watch_free(watch);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_find),
	    cmocka_unit_test(test_set),
	    cmocka_unit_test(test_master),
	    cmocka_unit_test(test_watch),
	    cmocka_unit_test(test_watch_bridge),
	    cmocka_unit_test(test_watch_overflow),
	};

	netns_enter();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
