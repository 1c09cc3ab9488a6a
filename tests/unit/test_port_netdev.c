/* SPDX-License-Identifier: BSD-2-Clause */
/* test_port_netdev.c - frames between TAP and NIC ports on real interfaces:
 * tags, unfinished checksums, super-frames and sizes. */
#include "netns.h"

#include <fcntl.h>
#include <linux/if_tun.h>
#include <sys/ioctl.h>

#include "forwarding/byte_order.h"
#include "ports/link.h"
#include "ports/vnet.h"

static struct port_host host;

/* A TAP and one end of a veth as ports, and what is at their far sides. */
struct pair {
	struct port *tap, *nic;
	int side, wire;
};

static struct netns_frame sent, heard;

static void setup(struct pair *p, const char *nic_spec)
{
	netns_run("ip link add n0 type veth peer name w0 && ip link set w0 up");
	p->tap = netns_open(&host, "tap:t0");
	p->nic = netns_open(&host, nic_spec);
	assert_true(port_up(p->tap));
	assert_true(port_up(p->nic));
	p->side = netns_wire("t0");
	p->wire = netns_wire("w0");
}

static void teardown(struct pair *p)
{
	port_free(p->tap);
	port_free(p->nic);
	close(p->side);
	close(p->wire);
	assert_int_equal(if_nametoindex("t0"), 0);
	netns_run("ip link del n0");
}

/* One frame from port to port. */
static void pass(struct port *from, struct port *to)
{
	struct batch batch;
	const struct frame *f = &batch.frames[0];

	assert_int_equal(netns_receive(from, &batch), 1);
	port_send(to, &f, 1);
	port_release(from, &batch);
}

/* The addresses, perhaps a tag, the type; returns where the rest goes. */
static uint8_t *put_head(struct netns_frame *f, uint16_t tpid, uint16_t type)
{
	static const uint8_t addrs[12] = {2, 0, 0, 0, 0, 9, 2, 0, 0, 0, 0, 1};
	static const uint16_t tci = 0x2005;
	uint8_t *p = f->bytes + 12;

	memset(f, 0, sizeof(*f));
	memcpy(f->bytes, addrs, 12);
	if (tpid) {
		*p++ = (uint8_t)(tpid >> 8);
		*p++ = (uint8_t)tpid;
		*p++ = tci >> 8;
		*p++ = tci & 255;
	}
	*p++ = (uint8_t)(type >> 8);
	*p++ = (uint8_t)type;
	return p;
}

static void make_plain(struct netns_frame *f, uint16_t tpid, size_t len)
{
	uint8_t *p = put_head(f, tpid, 0x88b5);

	memset(p, 0x5a, len);
	f->len = len;
}

static void check_same(void)
{
	assert_int_equal(heard.len, sent.len);
	assert_memory_equal(heard.bytes, sent.bytes, sent.len);
}

static const uint16_t tpids[] = {0, 0x8100, 0x88a8};

static void check_tags(const char *nic_spec)
{
	struct pair p;

	setup(&p, nic_spec);
	for (size_t i = 0; i < 3; i++) {
		make_plain(&sent, tpids[i], 64);
		netns_say(p.wire, &sent);
		pass(p.nic, p.tap);
		netns_hear(p.side, &heard);
		check_same();
		netns_say(p.side, &sent);
		pass(p.tap, p.nic);
		netns_hear(p.wire, &heard);
		check_same();
	}
	assert_int_equal(p.nic->counters.tx_frames, 3);
	assert_int_equal(p.tap->counters.tx_frames, 3);
	teardown(&p);
}

static void test_tags(void **state)
{
	(void)state;
	check_tags("nic:n0");
}

static void test_tags_pcap(void **state)
{
	(void)state;
	check_tags("nic:n0,driver=pcap");
}

/* IPv4 or IPv6, TCP or UDP, @payload bytes, checksum left to others. */
struct flow {
	const char *name;
	bool ipv6;
	uint8_t proto;
	uint8_t gso_type;
};

static const struct flow flows[] = {
    {"TCP over IPv4", false, 6, GSO_TCPV4},
    {"TCP over IPv6", true, 6, GSO_TCPV6},
    {"UDP over IPv4", false, 17, GSO_UDP_L4},
    {"UDP over IPv6", true, 17, GSO_UDP_L4},
};

static uint32_t sum16(const uint8_t *p, size_t len, uint32_t sum)
{
	for (size_t i = 0; i < len; i += 2)
		sum += (uint32_t)(p[i] << 8) + (i + 1 < len ? p[i + 1] : 0);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

static uint8_t *put_ip(uint8_t *ip, const struct flow *flow, size_t len)
{
	if (flow->ipv6) {
		ip[0] = 0x60;
		put_be16(ip + 4, len);
		ip[6] = flow->proto;
		ip[7] = 64;
		memset(ip + 8, 0xfd, 32);
		return ip + 40;
	}
	ip[0] = 0x45;
	put_be16(ip + 2, len + 20);
	ip[8] = 64;
	ip[9] = flow->proto;
	memcpy(ip + 12, "\x0a\0\0\1\x0a\0\0\2", 8);
	put_be16(ip + 10, 0xffff & ~sum16(ip, 20, 0));
	return ip + 20;
}

static size_t l4_head(const struct flow *flow)
{
	return flow->proto == 6 ? 20 : 8;
}

/* Sum of the pseudo-header of the packet whose TCP or UDP starts at @l4. */
static uint32_t pseudo(const struct flow *flow, const uint8_t *l4, size_t len)
{
	size_t addrs = flow->ipv6 ? 32 : 8;

	return sum16(l4 - addrs, addrs, flow->proto + (uint32_t)len);
}

static void make_flow(struct netns_frame *f, const struct flow *flow,
    uint16_t tpid, size_t payload, uint16_t gso_size)
{
	uint8_t *ip = put_head(f, tpid, flow->ipv6 ? 0x86dd : 0x0800);
	size_t len = l4_head(flow) + payload;
	uint8_t *l4 = put_ip(ip, flow, len);
	size_t field = flow->proto == 6 ? 16 : 6;

	put_be16(l4, 1234);
	put_be16(l4 + 2, 5678);
	if (flow->proto == 6)
		l4[12] = 0x50;
	else
		put_be16(l4 + 4, len);
	put_be16(l4 + field, pseudo(flow, l4, len));
	for (size_t i = 0; i < payload; i++)
		l4[l4_head(flow) + i] = (uint8_t)(i * 7 + i / 251);
	f->len = (size_t)(l4 - f->bytes) + len;
	f->vnet.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
	f->vnet.csum_start = (uint16_t)(l4 - f->bytes);
	f->vnet.csum_offset = (uint16_t)field;
	if (gso_size) {
		f->vnet.gso_type = flow->gso_type;
		f->vnet.gso_size = gso_size;
		f->vnet.hdr_len =
		    (uint16_t)(f->vnet.csum_start + l4_head(flow));
	}
}

/* @f is finished and its checksum right; returns its payload. */
static size_t check_finished(const struct netns_frame *f,
    const struct flow *flow, uint16_t tpid, const uint8_t **payload)
{
	size_t start = ETH_HEAD + (tpid ? 4u : 0) + (flow->ipv6 ? 40 : 20);
	const uint8_t *l4 = f->bytes + start;
	size_t len = f->len - start;

	assert_int_equal(f->vnet.flags & VIRTIO_NET_HDR_F_NEEDS_CSUM, 0);
	assert_int_equal(f->vnet.gso_type, VIRTIO_NET_HDR_GSO_NONE);
	assert_int_equal(sum16(l4, len, pseudo(flow, l4, len)), 0xffff);
	*payload = l4 + l4_head(flow);
	return len - l4_head(flow);
}

/* The frame comes out as it went in, with its request. */
static void check_untouched(void)
{
	check_same();
	assert_int_equal(heard.vnet.flags & 1, sent.vnet.flags & 1);
	assert_int_equal(heard.vnet.gso_type, sent.vnet.gso_type);
	assert_int_equal(heard.vnet.gso_size, sent.vnet.gso_size);
	assert_int_equal(heard.vnet.csum_start, sent.vnet.csum_start);
	assert_int_equal(heard.vnet.csum_offset, sent.vnet.csum_offset);
}

static void both_ways(struct pair *p)
{
	netns_say(p->wire, &sent);
	pass(p->nic, p->tap);
	netns_hear(p->side, &heard);
	check_untouched();
	netns_say(p->side, &sent);
	pass(p->tap, p->nic);
	netns_hear(p->wire, &heard);
	check_untouched();
}

/* Requests pass from TAP to NIC and back as they are, tagged or not; but for
 * AF_XDP, which has no words for them. */
static void test_offloads_pass(void **state)
{
	struct pair p;

	(void)state;
	setup(&p, "nic:n0,xdp=no");
	for (size_t i = 0; i < 4; i++) {
		for (size_t t = 0; t < 3; t++) {
			printf("%s, TPID %04x\n", flows[i].name, tpids[t]);
			make_flow(&sent, &flows[i], tpids[t], 1000, 0);
			both_ways(&p);
			make_flow(&sent, &flows[i], tpids[t], 40000, 1400);
			both_ways(&p);
		}
	}
	assert_int_equal(p.nic->counters.tx_segmented, 0);
	assert_int_equal(p.tap->counters.tx_segmented, 0);
	assert_int_equal(p.nic->counters.tx_csummed, 0);
	teardown(&p);
}

/* What left a TAP unfinished arrives finished at the far side of a port that
 * can take nothing unfinished, in order and whole. */
static void check_cut(struct pair *p, const struct flow *flow, uint16_t tpid,
    size_t payload, uint16_t gso_size)
{
	const uint8_t *part, *want;
	size_t done = 0;

	make_flow(&sent, flow, tpid, payload, gso_size);
	want = sent.bytes + sent.len - payload;
	netns_say(p->side, &sent);
	pass(p->tap, p->nic);
	while (done < payload) {
		netns_hear(p->wire, &heard);
		size_t n = check_finished(&heard, flow, tpid, &part);
		assert_true(n > 0 && done + n <= payload);
		assert_memory_equal(part, want + done, n);
		assert_memory_equal(heard.bytes, sent.bytes, 16);
		done += n;
	}
	netns_silent(p->wire);
}

/* A short frame's checksum is finished on the way into AF_XDP; a super-frame
 * passes as it is. */
static void test_finished_for_xdp(void **state)
{
	struct pair p;

	(void)state;
	setup(&p, "nic:n0");
	for (size_t i = 0; i < 4; i++) {
		for (size_t t = 0; t < 3; t++) {
			printf("%s, TPID %04x\n", flows[i].name, tpids[t]);
			check_cut(&p, &flows[i], tpids[t], 1, 0);
			check_cut(&p, &flows[i], tpids[t], 1001, 0);
			make_flow(&sent, &flows[i], tpids[t], 40000, 1400);
			both_ways(&p);
		}
	}
	assert_int_equal(p.nic->counters.tx_frames, 36);
	assert_int_equal(p.nic->counters.tx_csummed, 24);
	assert_int_equal(p.nic->counters.tx_segmented, 0);
	teardown(&p);
}

static void test_finished_for_pcap(void **state)
{
	struct pair p;

	(void)state;
	setup(&p, "nic:n0,driver=pcap");
	for (size_t i = 0; i < 4; i++) {
		for (size_t t = 0; t < 3; t++) {
			printf("%s, TPID %04x\n", flows[i].name, tpids[t]);
			check_cut(&p, &flows[i], tpids[t], 1001, 0);
			check_cut(&p, &flows[i], tpids[t], 30001, 1200);
		}
	}
	assert_int_equal(p.nic->counters.tx_frames, 24);
	assert_int_equal(p.nic->counters.tx_csummed, 12);
	assert_int_equal(p.nic->counters.tx_segmented, 12);
	assert_int_equal(p.nic->counters.tx_segments, 12 * 26);
	teardown(&p);
}

/* The same for a NIC whose device leaves cutting to the kernel. */
static void test_finished_for_nic(void **state)
{
	struct link link;
	struct pair p;

	(void)state;
	setup(&p, "nic:n0");
	assert_int_equal(p.nic->can, CAN_ALL);
	netns_run("ethtool -K n0 tso off >/dev/null");
	assert_int_equal(link_find("n0", &link), 0);
	port_link(p.nic, &link);
	assert_int_equal(p.nic->can, CAN_CSUM);
	check_cut(&p, &flows[0], 0, 30001, 1200);
	assert_int_equal(p.nic->counters.tx_segmented, 1);
	p.nic->can = CAN_ALL; /* as if it was not known */
	check_cut(&p, &flows[0], 0, 30001, 1200);
	assert_int_equal(p.nic->counters.tx_segmented, 2);
	assert_int_equal(p.nic->counters.tx_frames, 2);
	netns_run("ethtool -K n0 tso on >/dev/null");
	assert_int_equal(link_find("n0", &link), 0);
	port_link(p.nic, &link);
	assert_int_equal(p.nic->can, CAN_ALL);
	teardown(&p);
}

/* libpcap does not say so, but what comes in is unfinished, and the TAP is
 * told. */
static void test_recognised_by_pcap(void **state)
{
	struct pair p;

	(void)state;
	setup(&p, "nic:n0,driver=pcap");
	for (size_t i = 0; i < 4; i++) {
		for (size_t t = 0; t < 3; t++) {
			make_flow(&sent, &flows[i], tpids[t], 1001, 0);
			netns_say(p.wire, &sent);
			pass(p.nic, p.tap);
			netns_hear(p.side, &heard);
			check_untouched();
		}
	}
	for (size_t i = 0; i < 2; i++) {
		for (size_t t = 0; t < 3; t++) {
			size_t headers = flows[i].ipv6 ? 60 : 40;

			make_flow(&sent, &flows[i], tpids[t], 30001,
			    (uint16_t)(1500 - headers));
			netns_say(p.wire, &sent);
			pass(p.nic, p.tap);
			netns_hear(p.side, &heard);
			check_untouched();
		}
	}
	assert_int_equal(p.nic->counters.rx_invalid, 0);
	teardown(&p);
}

/* Where a UDP super-frame is to be cut is not to be seen: it is counted. */
static void test_udp_super_by_pcap(void **state)
{
	struct batch batch;
	struct pair p;

	(void)state;
	setup(&p, "nic:n0,driver=pcap");
	make_flow(&sent, &flows[2], 0, 30000, 1200);
	netns_say(p.wire, &sent);
	netns_wait(p.nic->fd, POLLIN);
	assert_int_equal(port_receive(p.nic, &batch), 0);
	assert_int_equal(p.nic->counters.rx_invalid, 1);
	assert_true(port_up(p.nic));
	teardown(&p);
}

/* Nobody hears his own voice. */
static void check_no_echo(const char *nic_spec)
{
	struct batch batch;
	struct pair p;

	setup(&p, nic_spec);
	make_plain(&sent, 0, 60);
	netns_say(p.side, &sent);
	pass(p.tap, p.nic);
	netns_hear(p.wire, &heard);
	assert_int_equal(port_receive(p.nic, &batch), 0);
	teardown(&p);
}

static void test_no_echo(void **state)
{
	(void)state;
	check_no_echo("nic:n0");
	check_no_echo("nic:n0,driver=pcap");
}

/* 14 bytes pass and are not padded. */
static void test_short(void **state)
{
	struct pair p;

	(void)state;
	setup(&p, "nic:n0");
	make_plain(&sent, 0, 14);
	netns_say(p.wire, &sent);
	pass(p.nic, p.tap);
	netns_hear(p.side, &heard);
	check_same();
	netns_say(p.side, &sent);
	pass(p.tap, p.nic);
	netns_hear(p.wire, &heard);
	check_same();
	teardown(&p);
}

static void resize(struct pair *p, int mtu)
{
	struct link link;

	netns_run("ip link set n0 mtu %d && ip link set w0 mtu %d", mtu, mtu);
	netns_run("ip link set t0 mtu %d", mtu);
	assert_int_equal(link_find("n0", &link), 0);
	port_link(p->nic, &link);
	assert_int_equal(link_find("t0", &link), 0);
	port_link(p->tap, &link);
	assert_int_equal(p->nic->mtu, mtu);
	assert_int_equal(p->tap->mtu, mtu);
}

/* Jumbo frames pass where the MTU has room, to the last byte, a tag on top. */
static void test_jumbo(void **state)
{
	struct pair p;

	(void)state;
	setup(&p, "nic:n0");
	resize(&p, 9000);
	for (size_t t = 0; t < 2; t++) {
		size_t tag = tpids[t] ? 4 : 0;

		make_plain(&sent, tpids[t], 9014 + tag);
		netns_say(p.wire, &sent);
		pass(p.nic, p.tap);
		netns_hear(p.side, &heard);
		check_same();
		netns_say(p.side, &sent);
		pass(p.tap, p.nic);
		netns_hear(p.wire, &heard);
		check_same();
	}
	teardown(&p);
}

/* AF_PACKET's sendmsg() has room on top of the MTU for one 802.1Q tag only;
 * with an 802.1ad tag a full frame goes another way. Many of them, so that what
 * is used is also given back; and one that is refused holds up none. */
static void check_full_8021ad(const char *nic_spec, bool finishes)
{
	struct pair p;

	setup(&p, nic_spec);
	/* the test sends by AF_PACKET, too */
	netns_run("ip link set t0 mtu 2000 && ip link set w0 mtu 2000");
	for (int i = 0; i < 300; i++) {
		make_plain(&sent, 0x88a8, 1518);
		sent.bytes[100] = (uint8_t)i;
		netns_say(p.side, &sent);
		if (i == 200)
			netns_run("ip link set n0 down");
		pass(p.tap, p.nic);
		if (i == 200) {
			netns_run("ip link set n0 up");
			continue;
		}
		netns_hear(p.wire, &heard);
		check_same();
		netns_say(p.wire, &sent);
		pass(p.nic, p.tap);
		netns_hear(p.side, &heard);
		check_same();
	}
	assert_int_equal(p.nic->counters.tx_frames, 299);
	assert_int_equal(p.nic->counters.tx_error + p.nic->counters.tx_full, 1);
	if (finishes) {
		check_cut(&p, &flows[0], 0x88a8, 1460, 0);
	} else {
		make_flow(&sent, &flows[0], 0x88a8, 1460, 0);
		netns_say(p.side, &sent);
		pass(p.tap, p.nic);
		netns_hear(p.wire, &heard);
		check_untouched();
	}
	teardown(&p);
}

static void test_full_8021ad(void **state)
{
	(void)state;
	check_full_8021ad("nic:n0", true);
	check_full_8021ad("nic:n0,xdp=no", false);
}

/* What is too long for the other side is dropped whole, and counted. */
static void test_mismatch(void **state)
{
	struct link link;
	struct pair p;

	(void)state;
	setup(&p, "nic:n0");
	resize(&p, 9000);
	netns_run("ip link set t0 mtu 1500");
	assert_int_equal(link_find("t0", &link), 0);
	port_link(p.tap, &link);
	make_plain(&sent, 0, 1515);
	netns_say(p.wire, &sent);
	pass(p.nic, p.tap);
	assert_int_equal(p.tap->counters.tx_oversize, 1);
	sent.len = 1514;
	netns_say(p.wire, &sent);
	pass(p.nic, p.tap);
	netns_hear(p.side, &heard);
	check_same();
	teardown(&p);
}

/* More than a batch waits: it is drained by batches, in order. */
static void test_drain(void **state)
{
	struct batch batch;
	struct pair p;
	int n = 0;

	(void)state;
	setup(&p, "nic:n0");
	for (int i = 0; i < 150; i++) {
		make_plain(&sent, 0, 60);
		sent.bytes[20] = (uint8_t)i;
		netns_say(p.side, &sent);
	}
	while (n < 150) {
		assert_true(netns_receive(p.tap, &batch) > 0);
		for (int i = 0; i < batch.n; i++)
			assert_int_equal(batch.frames[i].body[8], n++);
		port_release(p.tap, &batch);
	}
	assert_int_equal(port_receive(p.tap, &batch), 0);
	teardown(&p);
}

/* --- rings --------------------------------------------------------------- */

/* Short and long frames in turn, many times round the ring: in order, and of
 * those that nobody read in time the books are right. */
static void test_receive_ring(void **state)
{
	struct batch batch;
	struct pair p;
	int n = 0;

	(void)state;
	setup(&p, "nic:n0");
	resize(&p, 9000);
	for (int i = 0; i < 4000; i++) {
		make_plain(&sent, 0, i % 3 ? 60 : 9014);
		sent.bytes[20] = (uint8_t)i;
		netns_say(p.wire, &sent);
		if (i % 40 < 39)
			continue;
		while (n <= i) {
			assert_true(netns_receive(p.nic, &batch) > 0);
			for (int f = 0; f < batch.n; f++, n++) {
				assert_int_equal(
				    batch.frames[f].body[8], n & 255);
				assert_int_equal(frame_len(&batch.frames[f]),
				    n % 3 ? 60 : 9014);
			}
			port_release(p.nic, &batch);
		}
	}
	assert_int_equal(port_receive(p.nic, &batch), 0);
	assert_int_equal(p.nic->counters.rx_frames, 4000);
	teardown(&p);
}

/* An interface that goes down is an error of its socket, which must not be
 * left there: the loop would call without end. */
static void test_error_is_taken(void **state)
{
	struct batch batch;
	struct pair p;

	(void)state;
	setup(&p, "nic:n0");
	netns_run("ip link set n0 down");
	netns_wait(p.nic->fd, POLLIN);
	assert_int_equal(port_receive(p.nic, &batch), 0);
	netns_silent(p.nic->fd);
	assert_true(p.nic->is_open);
	teardown(&p);
}

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

/* One interface has room for one such socket: who comes second does without. */
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

/* Where queues are added while the port is open, it gives AF_XDP up. */
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

/* Of several queues it would use one, and a device that stands on another asks
 * for the protocol: neither has it unless told to. */
static void test_where_xdp(void **state)
{
	(void)state;
	netns_run("ip link add m0 type veth peer name m1 && "
		  "ip link add link m0 name v0 type macvlan && "
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

/* An old guest's UDP super-frame, for which there is no header any more: it is
 * lost, but what comes after it is not. */
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

/* The interface goes down and up while short and long frames wait: in order,
 * and nothing is left behind. */
static void test_flap_while_frames_wait(void **state)
{
	static const size_t sizes[] = {60, 4000, 60, 4000, 60};
	struct batch batch;
	struct pair p;

	(void)state;
	setup(&p, "nic:n0");
	resize(&p, 9000);
	for (int i = 0; i < 5; i++) {
		make_plain(&sent, 0, sizes[i]);
		netns_say(p.wire, &sent);
	}
	netns_run("ip link set n0 down && ip link set n0 up");
	assert_int_equal(netns_receive(p.nic, &batch), 5);
	for (int i = 0; i < 5; i++)
		assert_int_equal(frame_len(&batch.frames[i]), sizes[i]);
	port_release(p.nic, &batch);
	assert_int_equal(port_receive(p.nic, &batch), 0);
	netns_silent(p.nic->fd);
	teardown(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_tags),
	    cmocka_unit_test(test_tags_pcap),
	    cmocka_unit_test(test_offloads_pass),
	    cmocka_unit_test(test_finished_for_xdp),
	    cmocka_unit_test(test_finished_for_pcap),
	    cmocka_unit_test(test_finished_for_nic),
	    cmocka_unit_test(test_recognised_by_pcap),
	    cmocka_unit_test(test_udp_super_by_pcap),
	    cmocka_unit_test(test_no_echo),
	    cmocka_unit_test(test_short),
	    cmocka_unit_test(test_jumbo),
	    cmocka_unit_test(test_full_8021ad),
	    cmocka_unit_test(test_mismatch),
	    cmocka_unit_test(test_drain),
	    cmocka_unit_test(test_receive_ring),
	    cmocka_unit_test(test_error_is_taken),
	    cmocka_unit_test(test_receive_from_tap),
	    cmocka_unit_test(test_send_ring),
	    cmocka_unit_test(test_full),
	    cmocka_unit_test(test_down_and_up),
	    cmocka_unit_test(test_second_sender),
	    cmocka_unit_test(test_where_xdp),
	    cmocka_unit_test(test_after_ufo),
	    cmocka_unit_test(test_flap_while_frames_wait),
	};
	int failed;

	netns_enter();
	netns_host(&host);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(host.arena);
	return failed;
}
