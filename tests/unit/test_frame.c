/* SPDX-License-Identifier: BSD-2-Clause */
/* test_frame.c - bytes to frame and back. */
#include "forwarding/frame.h"

#include <stdlib.h>
#include <string.h>

#include "cm.h"

static const uint8_t plain[] = {
    0x02, 0, 0, 0, 0, 2,	      /* destination */
    0x02, 0, 0, 0, 0, 1,	      /* source */
    0x08, 0, 'p', 'l', 'a', 'i', 'n', /* type, payload */
};
static const uint8_t tagged[] = {
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, /* destination */
    0x02, 0, 0, 0, 0, 1,		/* source */
    0x81, 0, 0x60, 0x2a,		/* 802.1Q, priority 3, VID 42 */
    0x86, 0xdd, 't', 'a', 'g',		/* type, payload */
};
static const uint8_t stacked[] = {
    0x02, 0, 0, 0, 0, 2,    /* destination */
    0x02, 0, 0, 0, 0, 1,    /* source */
    0x88, 0xa8, 0x00, 0x07, /* 802.1ad, VID 7 */
    0x81, 0, 0x00, 0x2a,    /* 802.1Q, VID 42 */
    0x08, 0, 'q', 'i', 'q', /* type, payload */
};

/* The bytes of the wire come back, through a copy and through an iovec. */
static void assert_bytes(const struct frame *f, const void *bytes, size_t len)
{
	struct iovec iov[FRAME_IOV];
	uint8_t tag[VLAN_TAG], copy[64];
	size_t done = 0;
	int n = frame_iov(f, iov, tag);

	assert_int_equal(frame_len(f), len);
	assert_in_range(n, 1, FRAME_IOV);
	for (int i = 0; i < n; i++) {
		assert_true(done + iov[i].iov_len <= len);
		assert_memory_equal((const uint8_t *)bytes + done,
		    iov[i].iov_base, iov[i].iov_len);
		done += iov[i].iov_len;
	}
	assert_int_equal(done, len);
	assert_int_equal(frame_copy(f, copy, sizeof(copy)), len);
	assert_memory_equal(copy, bytes, len);
}

static void an_untagged_frame(void **state)
{
	struct iovec iov[FRAME_IOV];
	uint8_t tag[VLAN_TAG];
	struct frame f;

	(void)state;
	assert_true(frame_parse(&f, plain, sizeof(plain)));
	assert_int_equal(f.tpid, 0);
	assert_int_equal(frame_type(&f), 0x0800);
	assert_ptr_equal(frame_dst(&f), plain);
	assert_ptr_equal(frame_src(&f), plain + 6);
	assert_int_equal(f.off.needs_csum, 0);
	assert_int_equal(f.off.gso_type, GSO_NONE);
	assert_bytes(&f, plain, sizeof(plain));
	assert_int_equal(frame_iov(&f, iov, tag), 1);
}

static void a_tag_becomes_metadata(void **state)
{
	struct iovec iov[FRAME_IOV];
	uint8_t tag[VLAN_TAG];
	struct frame f;

	(void)state;
	assert_true(frame_parse(&f, tagged, sizeof(tagged)));
	assert_int_equal(f.tpid, TPID_8021Q);
	assert_int_equal(f.tci, 0x602a);
	assert_int_equal(frame_type(&f), 0x86dd);
	assert_int_equal(f.body_len, 5);
	assert_bytes(&f, tagged, sizeof(tagged));
	assert_int_equal(frame_iov(&f, iov, tag), 1);
}

static void only_the_outer_tag_does(void **state)
{
	struct frame f;

	(void)state;
	assert_true(frame_parse(&f, stacked, sizeof(stacked)));
	assert_int_equal(f.tpid, TPID_8021AD);
	assert_int_equal(f.tci, 7);
	assert_int_equal(frame_type(&f), TPID_8021Q);
	assert_bytes(&f, stacked, sizeof(stacked));
}

/* As AF_PACKET delivers it: the tag is not in the bytes. */
static void a_tag_may_come_apart(void **state)
{
	struct iovec iov[FRAME_IOV];
	uint8_t tag[VLAN_TAG];
	struct frame f;
	const uint8_t wire[] = {0x02, 0, 0, 0, 0, 2, 0x02, 0, 0, 0, 0, 1, 0x88,
	    0xa8, 0x0f, 0xff, 0x08, 0, 'p', 'l', 'a', 'i', 'n'};

	(void)state;
	assert_true(frame_parse(&f, plain, sizeof(plain)));
	f.tpid = TPID_8021AD;
	f.tci = 0x0fff;
	assert_bytes(&f, wire, sizeof(wire));
	assert_int_equal(frame_iov(&f, iov, tag), 3);
}

/* The tag of the struct frame leaves, whatever the bytes received say. */
static void a_changed_tag_leaves_changed(void **state)
{
	uint8_t wire[sizeof(tagged)];
	struct frame f;

	(void)state;
	assert_true(frame_parse(&f, tagged, sizeof(tagged)));
	f.tci = 1;
	memcpy(wire, tagged, sizeof(wire));
	wire[14] = 0;
	wire[15] = 1;
	assert_bytes(&f, wire, sizeof(wire));
	f.tpid = 0;
	f.tci = 0;
	memmove(wire + 12, tagged + 16, 5);
	assert_bytes(&f, wire, sizeof(wire) - VLAN_TAG);
}

/* Every length, in memory of exactly that size, so that the sanitizer sees a
 * read past the end. */
static void runts_are_told_from_frames(void **state)
{
	(void)state;
	for (size_t len = 0; len <= sizeof(plain); len++) {
		uint8_t *bytes = malloc(len ? len : 1), copy[64];
		struct frame f;

		memcpy(bytes, plain, len);
		assert_int_equal(frame_parse(&f, bytes, len), len >= ETH_HEAD);
		assert_int_equal(frame_is_runt(&f), len < ETH_HEAD);
		assert_int_equal(frame_copy(&f, copy, sizeof(copy)),
		    len < ETH_ADDRS ? ETH_ADDRS : len);
		free(bytes);
	}
}

static void a_cut_tag_makes_a_runt(void **state)
{
	(void)state;
	for (size_t len = 0; len <= sizeof(tagged); len++) {
		uint8_t *bytes = malloc(len ? len : 1);
		struct frame f;
		bool whole = len >= ETH_HEAD + VLAN_TAG;

		memcpy(bytes, tagged, len);
		assert_int_equal(frame_parse(&f, bytes, len), whole);
		assert_int_equal(frame_is_runt(&f), !whole);
		assert_int_equal(f.tpid, whole ? TPID_8021Q : 0);
		if (len >= ETH_ADDRS)
			assert_bytes(&f, tagged, len);
		free(bytes);
	}
}

/* A tag behind a tag taken apart is payload, however short. */
static void a_cut_inner_tag_is_payload(void **state)
{
	struct frame f;

	(void)state;
	assert_false(frame_parse(&f, tagged, ETH_HEAD));
	f.tpid = TPID_8021AD;
	assert_false(frame_is_runt(&f));
}

static void a_copy_is_cut_to_the_buffer(void **state)
{
	uint8_t copy[sizeof(plain) + VLAN_TAG + 1];
	struct frame f;

	(void)state;
	assert_true(frame_parse(&f, plain, sizeof(plain)));
	f.tpid = TPID_8021Q;
	for (size_t size = 0; size <= sizeof(plain) + VLAN_TAG; size++) {
		memset(copy, 0xee, sizeof(copy));
		assert_int_equal(frame_copy(&f, copy, size), size);
		assert_int_equal(copy[size], 0xee);
	}
}

static void addresses_are_classified(void **state)
{
	const uint8_t zero[6] = {0}, uni[6] = {0x02, 0, 0, 0, 0, 1};
	const uint8_t bpdu[6] = {0x01, 0x80, 0xc2, 0, 0, 0};
	const uint8_t lldp[6] = {0x01, 0x80, 0xc2, 0, 0, 0x0e};
	const uint8_t gmrp[6] = {0x01, 0x80, 0xc2, 0, 0, 0x20};
	const uint8_t last[6] = {0x01, 0x80, 0xc2, 0, 0, 0x0f};
	const uint8_t next[6] = {0x01, 0x80, 0xc2, 0, 0, 0x10};
	const uint8_t all[6] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};

	(void)state;
	assert_true(mac_is_zero(zero) && !mac_is_group(zero));
	assert_true(!mac_is_zero(uni) && !mac_is_group(uni));
	assert_true(mac_is_group(all) && mac_is_broadcast(all));
	assert_true(mac_is_group(bpdu) && !mac_is_broadcast(bpdu));
	assert_true(mac_is_bridge_group(bpdu) && mac_is_reserved(bpdu));
	assert_true(!mac_is_bridge_group(lldp) && mac_is_reserved(lldp));
	assert_true(mac_is_reserved(last) && !mac_is_reserved(next));
	assert_false(mac_is_reserved(gmrp));
	assert_int_equal(mac_u64(lldp), 0x0180c200000e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_untagged_frame),
	    cmocka_unit_test(a_tag_becomes_metadata),
	    cmocka_unit_test(only_the_outer_tag_does),
	    cmocka_unit_test(a_tag_may_come_apart),
	    cmocka_unit_test(a_changed_tag_leaves_changed),
	    cmocka_unit_test(runts_are_told_from_frames),
	    cmocka_unit_test(a_cut_tag_makes_a_runt),
	    cmocka_unit_test(a_cut_inner_tag_is_payload),
	    cmocka_unit_test(a_copy_is_cut_to_the_buffer),
	    cmocka_unit_test(addresses_are_classified),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
