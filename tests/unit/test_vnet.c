/* SPDX-License-Identifier: BSD-2-Clause */
/* test_vnet.c - virtio_net_hdr to and from the offload request (virtio 1.2
 * 5.1.6), above all where the outer tag lies. */
#include "netns.h"

#include "ports/vnet.h"

/* A slot with its header in front: IPv4, TCP, 2000 bytes of payload. */
struct wire {
	_Alignas(16) uint8_t headroom[ARENA_HEADROOM];
	uint8_t bytes[ARENA_SLOT];
	size_t len;
};

static struct port port;
static struct wire wire;

static void set_header(struct virtio_net_hdr hdr)
{
	memcpy(wire.bytes - VNET_HDR, &hdr, VNET_HDR);
}

static void make(bool tagged)
{
	uint8_t *ip = wire.bytes + ETH_HEAD + (tagged ? VLAN_TAG : 0);

	memset(&wire, 0, sizeof(wire));
	memset(&port, 0, sizeof(port));
	if (tagged) {
		wire.bytes[12] = 0x81;
		wire.bytes[15] = 7;
	}
	ip[-2] = 8;
	ip[0] = 0x45;
	ip[2] = 2040 >> 8;
	ip[3] = 2040 & 255;
	ip[9] = 6;
	ip[32] = 0x50;
	wire.len = (size_t)(ip - wire.bytes) + 2040;
}

static struct virtio_net_hdr request(uint16_t tag)
{
	return (struct virtio_net_hdr){
	    .flags = VIRTIO_NET_HDR_F_NEEDS_CSUM,
	    .gso_type = VIRTIO_NET_HDR_GSO_TCPV4 | VIRTIO_NET_HDR_GSO_ECN,
	    .hdr_len = (uint16_t)(54 + tag),
	    .gso_size = 1000,
	    .csum_start = (uint16_t)(34 + tag),
	    .csum_offset = 16,
	};
}

static void check_request(const struct frame *f)
{
	assert_true(f->off.needs_csum);
	assert_true(f->off.ecn);
	assert_int_equal(f->off.gso_type, GSO_TCPV4);
	assert_int_equal(f->off.gso_size, 1000);
	assert_int_equal(f->off.hdr_len, 54);
	assert_int_equal(f->off.csum_start, 34);
	assert_int_equal(f->off.csum_offset, 16);
}

static void check_back(const struct frame *f, uint16_t tag)
{
	struct virtio_net_hdr want = request(tag), got;

	vnet_header(f, &got);
	assert_memory_equal(&got, &want, VNET_HDR);
}

static void test_untagged(void **state)
{
	struct frame f;

	(void)state;
	make(false);
	set_header(request(0));
	assert_true(vnet_receive(&port, &f, wire.bytes, wire.len, NULL));
	assert_int_equal(f.tpid, 0);
	check_request(&f);
	check_back(&f, 0);
}

/* From a TAP: the tag is in the bytes, and the offsets count it. */
static void test_in_band(void **state)
{
	struct frame f;

	(void)state;
	make(true);
	set_header(request(VLAN_TAG));
	assert_true(vnet_receive(&port, &f, wire.bytes, wire.len, NULL));
	assert_int_equal(f.tpid, 0x8100);
	assert_int_equal(f.tci, 7);
	check_request(&f);
	check_back(&f, VLAN_TAG);
}

/* From AF_PACKET: the tag is apart, and the offsets do not know of it; on the
 * way out it is in band and they do. */
static void test_stripped(void **state)
{
	struct vnet_tag tag = {.tpid = 0x88a8, .tci = 0x2009};
	struct frame f;

	(void)state;
	make(false);
	set_header(request(0));
	assert_true(vnet_receive(&port, &f, wire.bytes, wire.len, &tag));
	assert_int_equal(f.tpid, 0x88a8);
	assert_int_equal(f.tci, 0x2009);
	assert_int_equal(frame_len(&f), wire.len + VLAN_TAG);
	check_request(&f);
	check_back(&f, VLAN_TAG);
}

/* Two tags, the outer one stripped: the inner one stays in the body. */
static void test_stripped_and_inner(void **state)
{
	struct vnet_tag tag = {.tpid = 0x88a8, .tci = 9};
	struct frame f;

	(void)state;
	make(true);
	set_header(request(VLAN_TAG));
	assert_true(vnet_receive(&port, &f, wire.bytes, wire.len, &tag));
	assert_int_equal(f.tpid, 0x88a8);
	assert_int_equal(frame_type(&f), 0x8100);
	assert_int_equal(f.off.csum_start, 38);
	check_back(&f, 2 * VLAN_TAG);
}

static void test_finished(void **state)
{
	struct virtio_net_hdr zero = {0}, got;
	struct frame f;

	(void)state;
	make(false);
	set_header(
	    (struct virtio_net_hdr){.flags = VIRTIO_NET_HDR_F_DATA_VALID});
	assert_true(vnet_receive(&port, &f, wire.bytes, wire.len, NULL));
	vnet_header(&f, &got);
	assert_memory_equal(&got, &zero, VNET_HDR);
}

static void check_invalid(struct virtio_net_hdr hdr, bool tagged)
{
	struct frame f;

	make(tagged);
	set_header(hdr);
	assert_false(vnet_receive(&port, &f, wire.bytes, wire.len, NULL));
	assert_int_equal(port.counters.rx_invalid, 1);
}

static void test_invalid(void **state)
{
	struct virtio_net_hdr hdr = request(0);

	(void)state;
	hdr.gso_type = VIRTIO_NET_HDR_GSO_TCPV6;
	check_invalid(hdr, false);
	hdr.gso_type = 99;
	check_invalid(hdr, false);
	hdr = request(0);
	hdr.gso_size = 0;
	check_invalid(hdr, false);
	hdr = (struct virtio_net_hdr){.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM,
	    .csum_start = 2053,
	    .csum_offset = 16};
	check_invalid(hdr, false);
	hdr.csum_start = 15; /* inside the tag's four bytes */
	check_invalid(hdr, true);
	hdr.csum_start = UINT16_MAX;
	hdr.csum_offset = UINT16_MAX;
	check_invalid(hdr, false);
}

/* Runts and frames that fill their slot are the bridge's to drop. */
static void test_lengths(void **state)
{
	struct frame f;

	(void)state;
	make(false);
	set_header(request(0));
	assert_true(vnet_receive(&port, &f, wire.bytes, 13, NULL));
	assert_int_equal(frame_len(&f), 13);
	assert_false(f.off.needs_csum);
	assert_true(vnet_receive(&port, &f, wire.bytes, ARENA_SLOT, NULL));
	assert_int_equal(frame_len(&f), ARENA_SLOT);
	assert_int_equal(f.off.gso_type, GSO_NONE);
	assert_int_equal(port.counters.rx_invalid, 0);
}

/* The kernel refuses a hint beyond the frame's end; ours never is. */
static void test_hint(void **state)
{
	struct virtio_net_hdr hdr = request(0), got;
	struct frame f;

	(void)state;
	make(false);
	hdr.hdr_len = 60000;
	set_header(hdr);
	assert_true(vnet_receive(&port, &f, wire.bytes, wire.len, NULL));
	vnet_header(&f, &got);
	assert_int_equal(got.hdr_len, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_untagged),
	    cmocka_unit_test(test_in_band),
	    cmocka_unit_test(test_stripped),
	    cmocka_unit_test(test_stripped_and_inner),
	    cmocka_unit_test(test_finished),
	    cmocka_unit_test(test_invalid),
	    cmocka_unit_test(test_lengths),
	    cmocka_unit_test(test_hint),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
