/* SPDX-License-Identifier: BSD-2-Clause */
/* test_port_rings.c - the rings of a NIC port at a TAP: order, full queues, an
 * interface that goes down, and where AF_XDP is used. */
#include <fcntl.h>
#include <linux/if_tun.h>
#include <sys/ioctl.h>

#include "ports/link.h"
#include "ports/vnet.h"

#include "flow_fixture.h"

/* A port on the network side of TAP t0, whose other side we hold. */
struct held {
	int fd;
	struct port *port;
};

static void hold_as(struct held *h, const char *spec, int flags)
{
	struct ifreq req = {.ifr_flags = (short)(IFF_TAP | IFF_NO_PI | flags)};

	strcpy(req.ifr_name, "t0");
	h->fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);
	assert_true(h->fd >= 0);
	assert_int_equal(ioctl(h->fd, TUNSETIFF, &req), 0);
	netns_run("ip link set t0 txqueuelen 100 up");
	h->port = netns_open(&host, spec);
	assert_true(port_up(h->port));
}

static void hold(struct held *h, const char *spec)
{
	hold_as(h, spec, 0);
}

static void let_go(struct held *h)
{
	port_free(h->port);
	close(h->fd);
}

static void count_facts(const char *key, const char *value, void *arg)
{
	(void)arg;
	assert_true(key[0] && value[0]);
}

static struct frame many[BATCH_MAX];
static uint8_t many_bytes[BATCH_MAX][60];

/* @n frames, numbered from @first on, out of the port, as one batch. */
static void send_many(struct port *port, int first, int n)
{
	const struct frame *frames[BATCH_MAX];

	for (int i = 0; i < n; i++) {
		make_plain(&sent, 0, 60);
		memcpy(many_bytes[i], sent.bytes, 60);
		many_bytes[i][20] = (uint8_t)(first + i);
		many_bytes[i][21] = (uint8_t)((first + i) >> 8);
		assert_true(frame_parse(&many[i], many_bytes[i], 60));
		frames[i] = &many[i];
	}
	port_send(port, frames, n);
}

/* The number of the next frame at @fd; -1: none is there. */
static int next_number(int fd)
{
	uint8_t bytes[2048];
	ssize_t n = read(fd, bytes, sizeof(bytes));

	if (n < 0)
		return -1;
	assert_int_equal(n, 60);
	return bytes[20] | bytes[21] << 8;
}

static void write_one(int fd, int number, size_t len)
{
	make_plain(&sent, 0, len);
	sent.bytes[20] = (uint8_t)number;
	sent.bytes[21] = (uint8_t)(number >> 8);
	assert_int_equal(write(fd, sent.bytes, len), len);
}

/* Receives what there is; each frame's number is above the last one's, and its
 * length as of write_one() with i % 3. Return: how many. */
static int read_all(struct port *port, int *last)
{
	struct batch batch;
	int n = 0;

	while (port_receive(port, &batch) > 0) {
		for (int i = 0; i < batch.n; i++, n++) {
			const struct frame *f = &batch.frames[i];
			int number = f->body[8] | f->body[9] << 8;

			assert_true(number > *last);
			assert_int_equal(frame_len(f), number % 3 ? 60 : 4000);
			*last = number;
		}
		port_release(port, &batch);
	}
	port_release(port, &batch);
	return n;
}

/* From a machine behind a TAP short and long frames come by two rings: in
 * order; and when nobody reads in time, what is lost is counted and order
 * returns. */
static void test_receive_from_tap(void **state)
{
	struct held h;
	int number = 0, last = -1, heard_all = 0;

	(void)state;
	hold(&h, "nic:t0");
	for (; number < 3000; number++) {
		write_one(h.fd, number, number % 3 ? 60 : 4000);
		if (number % 50 == 49)
			heard_all += read_all(h.port, &last);
	}
	assert_int_equal(heard_all, 3000);
	for (; number < 5000; number++)
		write_one(h.fd, number, number % 3 ? 60 : 4000);
	heard_all += read_all(h.port, &last);
	h.port->kind->facts(h.port, count_facts, NULL);
	assert_true(heard_all < 5000);
	assert_int_equal(heard_all + h.port->counters.rx_dropped, 5000);
	for (int i = 0; i < 3; i++, number++) { /* a frame without its mark */
		write_one(h.fd, number, number % 3 ? 60 : 4000);
		read_all(h.port, &last);
	}
	for (; number < 6000; number++) {
		write_one(h.fd, number, number % 3 ? 60 : 4000);
		assert_int_equal(read_all(h.port, &last), 1);
		assert_int_equal(last, number);
	}
	let_go(&h);
}

/* By batches of all sizes, many times round the rings: each frame arrives
 * once, in order. */
static void check_send_ring(const char *spec)
{
	struct held h;
	int sent_all = 0, heard_all = 0, number;

	hold(&h, spec);
	for (int n = 1; n <= BATCH_MAX; n++) {
		send_many(h.port, sent_all, n);
		sent_all += n;
		while ((number = next_number(h.fd)) >= 0)
			assert_int_equal(number, heard_all++);
		assert_int_equal(heard_all, sent_all);
	}
	assert_int_equal(h.port->counters.tx_frames, sent_all);
	let_go(&h);
}

static void test_send_ring(void **state)
{
	(void)state;
	check_send_ring("nic:t0");
	check_send_ring("nic:t0,xdp=no");
}

/*
 * The other side does not read: what its queue does not take is counted, and
 * never arrives later, though it was in a ring. Then it reads again.
 */
static void check_full(const char *spec)
{
	struct held h;
	int last = -1, number;
	uint64_t heard_all = 0;

	hold(&h, spec);
	for (int round = 0; round < 50; round++) {
		for (int i = 0; i < 5; i++)
			send_many(h.port, (round * 5 + i) * 40, 40);
		assert_true(h.port->counters.tx_full > 0);
		while ((number = next_number(h.fd)) >= 0) {
			assert_true(number > last);
			last = number;
			heard_all++;
		}
		assert_int_equal(h.port->counters.tx_frames, heard_all);
		assert_int_equal(
		    h.port->counters.tx_frames + h.port->counters.tx_full,
		    (round + 1) * 200);
	}
	let_go(&h);
}

static void test_full(void **state)
{
	(void)state;
	check_full("nic:t0");
	check_full("nic:t0,xdp=no");
}

/* What could not be sent while the interface was down does not leave when it
 * is up again, and the rest goes the same way as before. */
static void test_down_and_up(void **state)
{
	struct held h;

	(void)state;
	hold(&h, "nic:t0");
	for (int round = 0; round < 3; round++) {
		netns_run("ip link set t0 down");
		send_many(h.port, 1000, 40);
		netns_run("ip link set t0 up");
		send_many(h.port, 5, 1);
		assert_int_equal(next_number(h.fd), 5);
		assert_int_equal(next_number(h.fd), -1);
		assert_int_equal(h.port->counters.tx_frames, round + 1);
	}
	let_go(&h);
}

static void find_fact(const char *key, const char *value, void *arg)
{
	if (strcmp(key, "sends by") == 0)
		snprintf(arg, 64, "%s", value);
}

/* One interface has room for one AF_XDP socket: the second port has none. */
static void test_second_sender(void **state)
{
	char first[64] = "", second[64] = "";
	struct port *other;
	struct held h;

	(void)state;
	hold(&h, "nic:t0");
	h.port->kind->facts(h.port, find_fact, first);
	assert_string_equal(first, "AF_XDP, AF_PACKET");
	other = netns_open(&host, "nic:t0");
	other->kind->facts(other, find_fact, second);
	assert_string_equal(
	    second, "AF_PACKET (AF_XDP: Device or resource busy)");
	send_many(other, 7, 1);
	assert_int_equal(next_number(h.fd), 7);
	port_free(other);
	let_go(&h);
}

static void check_sends_by(const char *nic, const char *want)
{
	char text[64] = "";
	struct port *port = netns_open(&host, nic);

	port->kind->facts(port, find_fact, text);
	assert_string_equal(text, want);
	port_free(port);
}

/* A port gives up AF_XDP when queues are added while it is open. */
static void check_queues_change(void)
{
	struct port *port;
	struct link link;
	char text[64] = "";

	netns_run("ethtool -L m0 tx 1");
	port = netns_open(&host, "nic:m0");
	port->kind->facts(port, find_fact, text);
	assert_string_equal(text, "AF_XDP, AF_PACKET");
	netns_run("ethtool -L m0 tx 2");
	assert_int_equal(link_find("m0", &link), 0);
	port_link(port, &link);
	port->kind->facts(port, find_fact, text);
	assert_string_equal(text, "AF_PACKET");
	port_free(port);
}

/* AF_XDP would use one of several queues, and a device that stands on another
 * one needs the protocol: neither uses it unless told to. */
static void test_where_xdp(void **state)
{
	(void)state;
	netns_run("ip link add m0 type veth peer name m1 && "
		  "ip link add link m0 name v0 type macvlan mode passthru && "
		  "ip link set m1 up");
	check_sends_by("nic:m1", "AF_XDP, AF_PACKET");
	check_sends_by("nic:v0", "AF_PACKET");
	check_sends_by("nic:v0,xdp=yes", "AF_XDP, AF_PACKET");
	check_sends_by("nic:m1,xdp=no", "AF_PACKET");
	netns_run("ip link del m0");
	netns_run("ip link add m0 numtxqueues 2 type veth peer name m1");
	check_sends_by("nic:m0", "AF_PACKET");
	check_queues_change();
	netns_run("ip link del m0");
	netns_run("ip tuntap add q0 mode tap multi_queue");
	check_sends_by("nic:q0", "AF_PACKET");
	netns_run("ip tuntap del q0 mode tap multi_queue");
}

/* An old guest's UDP super-frame, for which there is no header any more, is
 * lost, but the frames after it are not. */
static void test_after_ufo(void **state)
{
	static uint8_t ufo[VNET_HDR + 2042];
	struct virtio_net_hdr hdr = {.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM,
	    .gso_type = VIRTIO_NET_HDR_GSO_UDP,
	    .hdr_len = 42,
	    .gso_size = 1000,
	    .csum_start = 34,
	    .csum_offset = 6};
	struct batch batch;
	struct held h;
	int n = 0;

	(void)state;
	hold_as(&h, "nic:t0", IFF_VNET_HDR);
	make_flow(&sent, &flows[2], 0, 2000, 0);
	memcpy(ufo, &hdr, sizeof(hdr));
	memcpy(ufo + sizeof(hdr), sent.bytes, sent.len);
	for (int i = 0; i < 10 && n < 5; i++) {
		if (i == 0)
			assert_int_equal(
			    write(h.fd, ufo, sizeof(hdr) + sent.len),
			    sizeof(hdr) + sent.len);
		send_many(h.port, 0, 1); /* as others do to that guest */
		memset(ufo, 0, sizeof(hdr));
		assert_true(write(h.fd, ufo, sizeof(hdr) + 60) > 0);
		n += port_receive(h.port, &batch);
		port_release(h.port, &batch);
	}
	assert_int_equal(n, 5);
	assert_true(h.port->counters.rx_dropped > 0);
	let_go(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_receive_from_tap),
	    cmocka_unit_test(test_send_ring),
	    cmocka_unit_test(test_full),
	    cmocka_unit_test(test_down_and_up),
	    cmocka_unit_test(test_second_sender),
	    cmocka_unit_test(test_where_xdp),
	    cmocka_unit_test(test_after_ufo),
	};
	int failed;

	netns_enter();
	netns_host(&host);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(host.arena);
	return failed;
}
