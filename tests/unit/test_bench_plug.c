/* SPDX-License-Identifier: BSD-2-Clause */
/* Frames through plugs whose other ends the test holds. */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "bench/mark.h"
#include "bench/plug.h"

enum { RUN = 77 };

static const uint8_t here[6] = {2, 0, 0, 0, 0, 1};
static const uint8_t there[6] = {2, 0, 0, 0, 0, 2};

static struct plug *open_pair(enum plug_kind kind, int type, int *other)
{
	int fds[2];

	assert_int_equal(socketpair(AF_UNIX, type, 0, fds), 0);
	*other = fds[1];
	struct plug *plug = plug_new(kind, fds[0]);

	assert_non_null(plug);
	return plug;
}

static int send_one(struct plug *plug, uint8_t *frame, size_t len)
{
	struct iovec bytes = {frame, len};
	struct mmsghdr header = {
	    .msg_hdr = {.msg_iov = &bytes, .msg_iovlen = 1}};

	return plug_send(plug, &header, 1);
}

static void say(int fd, const void *data, size_t len)
{
	assert_int_equal(write(fd, data, len), (ssize_t)len);
}

/* One byte at a time, several records at once, and empty records. */
static void a_stream_is_cut_into_its_records(void **state)
{
	static const uint8_t wire[] = {0, 0, 0, 2, 'a', 'b', 0, 0, 0, 0, 0, 0,
	    0, 1, 'c', 0, 0, 0, 3, 'd', 'e', 'f', 0, 0};
	uint8_t frame[16];
	int other;
	struct plug *plug = open_pair(PLUG_STREAM, SOCK_STREAM, &other);

	(void)state;
	for (int i = 0; i < 5; i++) {
		say(other, wire + i, 1);
		assert_int_equal(plug_read(plug, frame, sizeof(frame)), 0);
	}
	assert_false(plug_wait(plug, POLLIN, 0));
	say(other, wire + 5, sizeof(wire) - 5);
	assert_int_equal(plug_read(plug, frame, sizeof(frame)), 2);
	assert_memory_equal(frame, "ab", 2);
	/* Data that was read already needs no wait. */
	assert_true(plug_wait(plug, POLLIN, 0));
	assert_int_equal(plug_read(plug, frame, sizeof(frame)), 1);
	assert_memory_equal(frame, "c", 1);
	assert_int_equal(plug_read(plug, frame, 2), 2);
	assert_memory_equal(frame, "de", 2);
	assert_int_equal(plug_read(plug, frame, sizeof(frame)), 0);
	close(other);
	assert_int_equal(plug_read(plug, frame, sizeof(frame)), -ECONNRESET);
	plug_free(plug);
}

/* The buffer has room only for a part of the first frame. */
static void a_torn_record_is_finished_first(void **state)
{
	static uint8_t first[40000], second[60], got[FRAME_BUFFER];
	const int small = 4096;
	int other, sent;
	struct plug *plug = open_pair(PLUG_STREAM, SOCK_STREAM, &other);
	struct plug *peer = plug_new(PLUG_STREAM, other);
	ssize_t n;

	(void)state;
	setsockopt(plug_fd(plug), SOL_SOCKET, SO_SNDBUF, &small, sizeof(small));
	memset(first, 1, sizeof(first));
	memset(second, 2, sizeof(second));
	assert_int_equal(send_one(plug, first, sizeof(first)), 1);
	assert_int_equal(send_one(plug, second, sizeof(second)), -EAGAIN);
	do {
		n = plug_read(peer, got, sizeof(got));
		sent = send_one(plug, second, sizeof(second));
	} while (n == 0 && sent == -EAGAIN);
	while (n == 0)
		n = plug_read(peer, got, sizeof(got));
	assert_int_equal(n, sizeof(first));
	assert_memory_equal(got, first, sizeof(first));
	assert_int_equal(sent, 1);
	assert_int_equal(plug_read(peer, got, sizeof(got)), sizeof(second));
	assert_memory_equal(got, second, sizeof(second));
	plug_free(plug);
	plug_free(peer);
}

static void a_stream_without_sense_is_an_error(void **state)
{
	static uint8_t nonsense[4] = {0x7f}, waste[60000], frame[2048];
	int other;
	struct plug *plug = open_pair(PLUG_STREAM, SOCK_STREAM, &other);
	ssize_t n = 0;

	(void)state;
	say(other, nonsense, sizeof(nonsense));
	for (int i = 0; i < 4 && n == 0; i++) {
		say(other, waste, sizeof(waste));
		n = plug_read(plug, frame, sizeof(frame)); /* reads a chunk */
		if (n == 0)
			n = plug_read(plug, frame, sizeof(frame));
	}
	assert_int_equal(n, -EBADMSG);
	plug_free(plug);
	close(other);
}

static void a_datagram_is_a_frame(void **state)
{
	uint8_t frame[60] = {0}, got[64];
	int other;
	struct plug *plug = open_pair(PLUG_DGRAM, SOCK_DGRAM, &other);

	(void)state;
	assert_int_equal(plug_read(plug, got, sizeof(got)), 0);
	assert_int_equal(send_one(plug, frame, sizeof(frame)), 1);
	assert_int_equal(read(other, got, sizeof(got)), 60);
	say(other, "frame", 5);
	assert_int_equal(plug_read(plug, got, sizeof(got)), 5);
	plug_free(plug);
	close(other);
}

/* A socket pair instead of a TAP shows what the kernel would receive. */
static void a_tap_is_told_what_is_unfinished(void **state)
{
	static uint8_t frame[FRAME_SUPER], got[FRAME_BUFFER];
	static const uint8_t plain[10] = {0};
	int other;
	struct plug *plug = open_pair(PLUG_TAP, SOCK_SEQPACKET, &other);

	(void)state;
	frame_write(frame, 60, there, here, FRAME_TAG_FLOOD, RUN);
	assert_int_equal(send_one(plug, frame, 60), 1);
	assert_int_equal(read(other, got, sizeof(got)), 70);
	assert_memory_equal(got, plain, sizeof(plain));
	assert_memory_equal(got + 10, frame, 60);

	frame_write(frame, FRAME_SUPER, there, here, FRAME_TAG_FLOOD, RUN);
	assert_int_equal(send_one(plug, frame, FRAME_SUPER), 1);
	assert_int_equal(read(other, got, sizeof(got)), 10 + FRAME_SUPER);
	assert_int_equal(got[0], 1); /* NEEDS_CSUM */
	assert_int_equal(got[1], 1); /* GSO_TCPV4 */
	say(other, got, 70);
	assert_int_equal(plug_read(plug, got, sizeof(got)), 60);
	assert_memory_equal(got, frame, 60);
	plug_free(plug);
	close(other);
}

static uint16_t sum16(const uint8_t *data, size_t len, uint32_t total)
{
	for (size_t i = 0; i < len; i += 2)
		total += (uint32_t)data[i] << 8 | data[i + 1];
	while (total >> 16)
		total = (total & 0xffff) + (total >> 16);
	return (uint16_t)total;
}

/* The IPv4 header's checksum is complete. TCP's is the sum of the
 * pseudo-header: adding the rest completes it. */
static void a_super_frame_is_tcp(void **state)
{
	static uint8_t frame[FRAME_SUPER];
	uint8_t pseudo[12] = {[9] = 6};

	(void)state;
	frame_write(frame, FRAME_SUPER, there, here, FRAME_TAG_FLOOD, RUN);
	assert_true(frame_is_super(frame));
	assert_int_equal(sum16(frame + 14, 20, 0), 0xffff);
	assert_int_equal(frame[16] << 8 | frame[17], FRAME_SUPER - 14);
	memcpy(pseudo, frame + 26, 8);
	pseudo[10] = (FRAME_SUPER - 34) >> 8;
	pseudo[11] = (FRAME_SUPER - 34) & 0xff;
	assert_int_equal(
	    sum16(pseudo, 12, 0), frame[34 + 16] << 8 | frame[34 + 17]);
}

static void a_super_frame_counts_whole(void **state)
{
	static uint8_t frame[FRAME_SUPER];
	struct match match = {.run_id = RUN, .tag = FRAME_TAG_PROBE};

	(void)state;
	frame_write(frame, FRAME_SUPER, there, here, FRAME_TAG_FLOOD, RUN);
	frame_set_tag(frame, FRAME_TAG_PROBE);
	frame_set_sequence(frame, 1ULL << 40);
	frame_set_time(frame, 123456789);
	assert_memory_equal(frame + 54, "qs", 2);
	assert_int_equal(frame_sequence(frame), 1ULL << 40);
	assert_int_equal(frame_time(frame), 123456789);
	assert_true(frame_fits(frame, FRAME_SUPER, &match));
	/* the first segment after someone cut it */
	assert_false(frame_fits(frame, 54 + 1460, &match));
	match.run_id = RUN + 1;
	assert_false(frame_fits(frame, FRAME_SUPER, &match));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_stream_is_cut_into_its_records),
	    cmocka_unit_test(a_torn_record_is_finished_first),
	    cmocka_unit_test(a_stream_without_sense_is_an_error),
	    cmocka_unit_test(a_datagram_is_a_frame),
	    cmocka_unit_test(a_tap_is_told_what_is_unfinished),
	    cmocka_unit_test(a_super_frame_is_tcp),
	    cmocka_unit_test(a_super_frame_counts_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
