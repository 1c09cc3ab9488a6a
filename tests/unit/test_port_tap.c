/* SPDX-License-Identifier: BSD-2-Clause */
/* test_port_tap.c - a TAP port comes, goes and comes back. */
#include <sys/prctl.h>

#include "life_fixture.h"

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

/* Settings that another program left on a TAP do not matter. */
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
	assert_int_equal(port->counters.tx_down, 1);
	assert_int_equal(port->counters.tx_error, 0);
	assert_true(port->is_open);
	tell(port, "t0");
	assert_false(port_up(port));
	assert_string_equal(
	    port->reason, "t0 is down: run \"ip link set t0 up\"");
	netns_run("ip link set t0 up");
	tell(port, "t0");
	assert_true(port_up(port));
	send_one(port);
	assert_int_equal(port->counters.tx_frames, 1);
	port_free(port);
}

#define STRAYED                                                              \
	"t0 was deleted in another namespace and is not made again in this " \
	"one by itself: run \"qswitchctl port up t0\" to make it again"

static void check_deleted(struct port *port, const char *why)
{
	struct batch batch;

	while (netns_receive(port, &batch) > 0) /* what came before */
		port_release(port, &batch);
	assert_false(port->is_open);
	assert_string_equal(port->reason, why);
}

/* A TAP that we made is deleted: whoever did that may make it again at once;
 * otherwise we do. */
static void test_tap_deleted(void **state)
{
	struct port *port = netns_open(&host, "tap:t0");

	(void)state;
	netns_run("ip link del t0");
	check_deleted(port, "t0 was deleted");
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
	check_deleted(port, "t0 was deleted");
	assert_true(port_open(port) < 0);
	port->past.lost_at_ms -= 5000;
	assert_int_equal(port_open(port), 0);
	assert_true(exists("t0"));
	port_free(port);
	assert_false(exists("t0"));
}

/* A TAP that existed before is left to its owner to make again. */
static void test_tap_existed_deleted(void **state)
{
	struct port *port;

	(void)state;
	netns_run("ip tuntap add t0 mode tap");
	port = netns_open(&host, "tap:t0");
	netns_run("ip link del t0");
	check_deleted(port, "t0 was deleted");
	port->past.lost_at_ms -= 3600000;
	assert_int_equal(port_open(port), -ENODEV);
	assert_string_equal(port->reason,
	    "t0 was deleted, and qswitchd had not made it: make it again with "
	    "\"ip tuntap add t0 mode tap\"");
	netns_run("ip tuntap add t0 mode tap");
	assert_int_equal(port_open(port), 0);
	port_free(port);
	netns_run("ip link del t0");
}

/* A process in a namespace of its own; ends with kill_far(). */
static pid_t start_far(void)
{
	int pipes[2];
	char byte = 0;
	pid_t child;

	assert_int_equal(pipe(pipes), 0);
	child = fork();
	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (unshare(CLONE_NEWNET) < 0 || write(pipes[1], "", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	assert_int_equal(read(pipes[0], &byte, 1), 1);
	close(pipes[0]);
	close(pipes[1]);
	return child;
}

static void kill_far(pid_t child)
{
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}

/* The network side of t0 moves there; that takes it down. */
static void move_far(struct port *port, pid_t child)
{
	int index = port->ifindex;
	struct batch batch;

	netns_run("ip link set t0 netns %d", child);
	tell_deleted(port, index, "t0");
	while (port_receive(port, &batch) > 0) /* what came before */
		port_release(port, &batch);
	assert_false(port_up(port));
	assert_string_equal(port->reason,
	    "t0 is down in its namespace: run \"ip link set t0 up\" there");
	assert_int_equal(port->events, POLLIN | POLLOUT);
}

static void check_up_far(struct port *port, uint32_t mtu)
{
	netns_wait(port->fd, POLLOUT);
	port_writable(port);
	assert_true(port_up(port));
	assert_string_equal(port->reason, "");
	assert_int_equal(port->events, POLLIN);
	assert_int_equal(port->mtu, mtu);
}

/* The network side moves to another namespace, as with containers: the link
 * watch reports a deletion, and frames still pass. */
static void test_tap_moved(void **state)
{
	struct port *port = netns_open(&host, "tap:t0");
	struct batch batch;
	pid_t child = start_far();

	(void)state;
	move_far(port, child);
	netns_run("nsenter -t %d -n ip link set t0 mtu 1400 up", child);
	check_up_far(port, 1400);
	send_one(port);
	assert_int_equal(port->counters.tx_frames, 1);
	/* it transmits: a new address makes it look for others that have it */
	netns_run("nsenter -t %d -n ip addr add 10.9.9.1/24 dev t0", child);
	netns_run("nsenter -t %d -n arping -c1 -w1 -I t0 10.9.9.2 >/dev/null "
		  "2>&1 || nsenter -t %d -n ping -c1 -W1 10.9.9.2 >/dev/null "
		  "2>&1 || true",
	    child, child);
	assert_true(netns_receive(port, &batch) > 0);

	/* another interface of that name here is not ours */
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
	move_far(port, child);

	/* the namespace ends, and the TAP with it: not to be made again here */
	kill_far(child);
	check_deleted(port, STRAYED);
	port->past.lost_at_ms -= 3600000;
	assert_int_equal(port_open(port), -ENODEV);
	assert_string_equal(port->reason, STRAYED);
	assert_false(exists("t0"));
	port_want(port);
	assert_int_equal(port_open(port), 0);
	port_free(port);
}

/* What happens to the network side in the other namespace. */
static void test_tap_changes_far(void **state)
{
	struct port *port = netns_open(&host, "tap:t0");
	struct batch batch;
	pid_t child = start_far();

	(void)state;
	move_far(port, child);
	netns_run("nsenter -t %d -n ip link set t0 up", child);
	check_up_far(port, 1500);

	/* it goes down: a failed write says so; that tells its MTU, too */
	netns_run("nsenter -t %d -n ip link set t0 down mtu 9000", child);
	send_one(port);
	assert_int_equal(port->counters.tx_down, 1);
	assert_false(port_up(port));
	assert_int_equal(port->mtu, 9000);
	netns_run("nsenter -t %d -n ip link set t0 name other up", child);
	check_up_far(port, 9000);
	netns_run("nsenter -t %d -n ip link set other down", child);
	send_one(port);
	assert_string_equal(port->reason,
	    "t0 is down in its namespace: run \"ip link set other up\" there");
	netns_run("nsenter -t %d -n ip link set other name t0 up", child);
	check_up_far(port, 9000);

	/* a longer frame than ever says that its MTU was raised */
	netns_run("nsenter -t %d -n ip link set t0 mtu 9900", child);
	assert_int_equal(port->mtu, 9000);
	netns_run("nsenter -t %d -n ip addr add 10.9.9.1/24 dev t0", child);
	netns_run("nsenter -t %d -n ip neigh replace 10.9.9.2 lladdr "
		  "02:00:00:00:00:09 dev t0",
	    child);
	netns_run("nsenter -t %d -n ping -c1 -W0.01 -s 9600 10.9.9.2 "
		  ">/dev/null 2>&1 || true",
	    child);
	while (port->mtu == 9000 && netns_receive(port, &batch) > 0)
		port_release(port, &batch);
	assert_int_equal(port->mtu, 9900);
	port_free(port);
	kill_far(child);
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
	    cmocka_unit_test(test_tap_changes_far),
	};
	int failed;

	netns_enter();
	netns_host(&host);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(host.arena);
	return failed;
}
