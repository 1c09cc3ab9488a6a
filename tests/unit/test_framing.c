/* SPDX-License-Identifier: BSD-2-Clause */
/* test_framing.c - frames in QEMU's byte stream. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ports/framing.h"

static void one_frame(void **state)
{
	static const uint8_t data[] = "\0\0\0\3abc\0\0";
	const uint8_t *frame;
	size_t len, used;

	(void)state;
	assert_int_equal(framing_next(data, 9, &frame, &len, &used), 1);
	assert_ptr_equal(frame, data + 4);
	assert_int_equal(len, 3);
	assert_int_equal(used, 7);
	assert_int_equal(framing_next(data + 7, 2, &frame, &len, &used), 0);
	assert_int_equal(used, 0);
}

static void every_fragment_waits(void **state)
{
	static const uint8_t data[] = "\0\0\0\3abc";
	const uint8_t *frame;
	size_t len, used;

	(void)state;
	for (size_t n = 0; n < 7; n++) {
		assert_int_equal(framing_next(data, n, &frame, &len, &used), 0);
		assert_int_equal(used, 0);
	}
}

static void empty_records_are_skipped(void **state)
{
	static const uint8_t data[] = "\0\0\0\0\0\0\0\0\0\0\0\1x";
	const uint8_t *frame;
	size_t len, used;

	(void)state;
	assert_int_equal(framing_next(data, 8, &frame, &len, &used), 0);
	assert_int_equal(used, 8);
	assert_int_equal(framing_next(data, 13, &frame, &len, &used), 1);
	assert_int_equal(used, 13);
	assert_int_equal(*frame, 'x');
}

static void too_long_is_refused(void **state)
{
	const uint8_t *frame;
	size_t len, used;
	uint8_t data[4] = {0, 1, 0, 0x16}; /* FRAMING_FRAME_MAX */

	(void)state;
	assert_int_equal(framing_next(data, 4, &frame, &len, &used), 0);
	data[3]++;
	assert_int_equal(framing_next(data, 4, &frame, &len, &used), -EBADMSG);
	assert_int_equal(len, FRAMING_FRAME_MAX + 1);
	memset(data, 0xff, 4);
	assert_int_equal(framing_next(data, 4, &frame, &len, &used), -EBADMSG);
	assert_int_equal(len, 0xffffffff);
}

static void records_of_frames(void **state)
{
	uint8_t bytes[20] = {1, 2, 3}, buf[64], flat[64];
	struct frame f;
	struct framing_head head;
	struct iovec iov[FRAMING_IOV];
	size_t at = 0;

	(void)state;
	assert_true(frame_parse(&f, bytes, sizeof(bytes)));
	f.tpid = TPID_8021Q; /* leaves tagged: 24 bytes */
	f.tci = 5;
	int n = framing_iov(&f, iov, &head);
	for (int i = 0; i < n; i++) {
		memcpy(flat + at, iov[i].iov_base, iov[i].iov_len);
		at += iov[i].iov_len;
	}
	assert_int_equal(at, 28);
	assert_int_equal(framing_copy(&f, buf), 28);
	assert_memory_equal(buf, flat, 28);
	assert_memory_equal(buf, "\0\0\0\x18\1\2\3", 7);
	assert_memory_equal(buf + 16, "\x81\0\0\5", 4);
}

static void short_writes(void **state)
{
	static const struct {
		size_t sent;
		int taken;
		size_t part;
	} rows[] = {
	    {0, 0, 0},
	    {1, 1, 1},
	    {23, 1, 23},
	    {24, 1, 0},
	    {25, 2, 1},
	    {48, 2, 0},
	};
	uint8_t bytes[20] = {0};
	struct frame f;
	const struct frame *frames[] = {&f, &f};

	(void)state;
	frame_parse(&f, bytes, sizeof(bytes));
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		size_t part = 99;

		assert_int_equal(framing_taken(frames, 2, rows[i].sent, &part),
		    rows[i].taken);
		assert_int_equal(part, rows[i].part);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(one_frame),
	    cmocka_unit_test(every_fragment_waits),
	    cmocka_unit_test(empty_records_are_skipped),
	    cmocka_unit_test(too_long_is_refused),
	    cmocka_unit_test(records_of_frames),
	    cmocka_unit_test(short_writes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
