/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * netdev_fixture.h - a TAP and a NIC port on real interfaces, what is at their
 * far sides, and plain frames to pass between them.
 *
 *     side: network side of t0       wire: w0, far end of n0's veth
 *       |                              |
 *     port tap:t0 <---- pass() ----> port nic:n0
 */
#ifndef TESTS_UNIT_NETDEV_FIXTURE_H
#define TESTS_UNIT_NETDEV_FIXTURE_H

#include "ports/link.h"

#include "netns.h"

static struct port_host host;

/* The frame that was put on a wire, and the one that came by another. */
static struct netns_frame sent, heard;

struct pair {
	struct port *tap, *nic;
	int side, wire;
};

/* No tag, 802.1Q, 802.1ad. */
static const uint16_t tpids[] = {0, 0x8100, 0x88a8};

/** setup() - make the interfaces and open both ports; @nic_spec is of n0 */
static inline void setup(struct pair *p, const char *nic_spec)
{
	netns_run("ip link add n0 type veth peer name w0 && ip link set w0 up");
	p->tap = netns_open(&host, "tap:t0");
	p->nic = netns_open(&host, nic_spec);
	assert_true(port_up(p->tap));
	assert_true(port_up(p->nic));
	p->side = netns_wire("t0");
	p->wire = netns_wire("w0");
}

/** teardown() - close both ports; the interfaces go */
static inline void teardown(struct pair *p)
{
	port_free(p->tap);
	port_free(p->nic);
	close(p->side);
	close(p->wire);
	assert_int_equal(if_nametoindex("t0"), 0);
	netns_run("ip link del n0");
}

/** pass() - pass one frame from port to port */
static inline void pass(struct port *from, struct port *to)
{
	struct batch batch;
	const struct frame *f = &batch.frames[0];

	assert_int_equal(netns_receive(from, &batch), 1);
	port_send(to, &f, 1);
	port_release(from, &batch);
}

/**
 * put_head() - begin @f: addresses, perhaps a tag, type
 * @tpid: 0: no tag
 *
 * Return: where the rest goes.
 */
static inline uint8_t *put_head(
    struct netns_frame *f, uint16_t tpid, uint16_t type)
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

/** make_plain() - a frame of @len bytes that is not IP */
static inline void make_plain(struct netns_frame *f, uint16_t tpid, size_t len)
{
	uint8_t *p = put_head(f, tpid, 0x88b5);

	memset(p, 0x5a, len);
	f->len = len;
}

/** check_same() - `heard` has the bytes of `sent` */
static inline void check_same(void)
{
	assert_int_equal(heard.len, sent.len);
	assert_memory_equal(heard.bytes, sent.bytes, sent.len);
}

/** resize() - give all interfaces @mtu, and tell the ports */
static inline void resize(struct pair *p, int mtu)
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

#endif
