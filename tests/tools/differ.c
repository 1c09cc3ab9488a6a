/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * differ.c - random frames through two bridges at once; both must say the same.
 *
 *     differ SECONDS SEED [NS/]ORACLE=[NS/]TESTED...
 *
 * Each pair is the far ends of one port of either bridge. A burst enters one
 * port of both; a marker that is flooded behind it tells when all has come out.
 * What came out of each port must be the same frames in the same order, tags
 * included. Prints the number of frames; ends with 1 and both sides' frames at
 * the first difference.
 *
 * Left out is what is known and meant to differ: BPDUs (a kernel bridge without
 * a spanning tree relays them), frames longer than the MTU allows, and tags
 * with nothing behind them (the kernel drops those at an interface, but not at
 * a TAP's fd).
 */
#include <err.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/uio.h>
#include <time.h>

#include "wire.h"

enum {
	PAIRS = 8,
	BURST = 48,
	HEARD = 2 * BURST, /* more than one burst can become at a port */
	LEN_MAX = 1518,
	HEADER = 14,
	STATIONS = 10,
	WAIT_MS = 10000,
	MARKER = 0x88b6,
};

struct heard {
	size_t len;
	uint32_t tag; /* TPID and TCI that the kernel has stripped, or 0 */
	uint8_t bytes[LEN_MAX + 4];
};

/* The far end of one port of one bridge, and what it has heard of a burst. */
struct end {
	const char *name;
	int fd;
	int n;
	struct heard heard[HEARD];
};

static struct end ends[PAIRS][2]; /* oracle, tested */
static int n_pairs;
static uint64_t state;
static uint32_t sources; /* a bit for each station that sends in this burst */

/* xorshift64* */
static uint32_t pick(uint32_t below)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (uint32_t)((state * UINT64_C(2685821657736338717)) >> 33) %
	       below;
}

/* One of those that send in this burst, or one of the others. The switch learns
 * from a whole batch before it decides on it, so it would know of a station
 * that is first heard in the burst earlier than the kernel does. */
static void put_station(uint8_t *mac, bool source)
{
	uint32_t i;

	do
		i = pick(STATIONS);
	while ((sources >> i & 1) != source);
	memcpy(mac, (const uint8_t[]){2, 0, 0, 0, 1, 0}, 6);
	mac[5] = (uint8_t)i;
}

static void put_source(uint8_t *mac)
{
	put_station(mac, true);
	if (pick(40) == 0)
		mac[0] |= 1; /* a group: no such source */
	else if (pick(40) == 0)
		memset(mac, 0, 6);
}

static void put_destination(uint8_t *mac)
{
	static const uint8_t groups[][6] = {
	    {0xff, 0xff, 0xff, 0xff, 0xff, 0xff},
	    {1, 0, 0x5e, 0, 0, 1},
	    {1, 0, 0x5e, 1, 2, 3},
	    {0x33, 0x33, 0, 0, 0, 1},
	    {1, 0x80, 0xc2, 0, 0, 0x10},
	    {1, 0, 0x0c, 0xcc, 0xcc, 0xcc},
	};

	if (pick(4)) {
		put_station(mac, false);
		return;
	}
	if (pick(4)) {
		memcpy(mac, groups[pick(sizeof(groups) / 6)], 6);
		return;
	}
	/* reserved, but no BPDU */
	memcpy(mac, (const uint8_t[]){1, 0x80, 0xc2, 0, 0, 0}, 6);
	mac[5] = (uint8_t)(1 + pick(15));
}

/* Return: its length. */
static size_t make_frame(uint8_t *f)
{
	static const uint16_t types[] = {0x0800, 0x0806, 0x86dd, 0x8100, 0x88a8,
	    0x8847, 0x8808, 0x88cc, 0x88b5, 0x0026, 0x05dc, 0xffff};
	uint16_t type = types[pick(sizeof(types) / sizeof(*types))];
	size_t max = type == 0x8100 ? LEN_MAX : LEN_MAX - 4;
	size_t len = pick(3) ? HEADER + 6 + pick(90)
			     : HEADER + 6 + pick((uint32_t)max - HEADER - 5);

	put_destination(f);
	put_source(f + 6);
	f[12] = (uint8_t)(type >> 8);
	f[13] = (uint8_t)type;
	for (size_t i = HEADER; i < len; i++)
		f[i] = (uint8_t)pick(256);
	return len;
}

static void say(const struct end *end, const uint8_t *f, size_t len)
{
	if (send(end->fd, f, len, 0) != (ssize_t)len)
		err(1, "%s: send %zu bytes", end->name, len);
}

static void say_both(int in, const uint8_t *f, size_t len)
{
	say(&ends[in][0], f, len);
	say(&ends[in][1], f, len);
}

static bool is_marker(const struct heard *h, uint32_t serial)
{
	static const uint8_t head[HEADER] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	    2, 0, 0, 0, 2, 0, MARKER >> 8, MARKER & 255};
	uint32_t got;

	memcpy(&got, h->bytes + HEADER, sizeof(got));
	return h->len == 60 && memcmp(h->bytes, head, 11) == 0 &&
	       memcmp(h->bytes + 12, head + 12, 2) == 0 && got == serial;
}

static void say_marker(int in, uint32_t serial)
{
	uint8_t f[60] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 2,
	    (uint8_t)in, MARKER >> 8, MARKER & 255};

	memcpy(f + HEADER, &serial, sizeof(serial));
	say_both(in, f, sizeof(f));
}

static bool hear_one(struct end *end, struct heard *h)
{
	char control[CMSG_SPACE(sizeof(struct tpacket_auxdata))];
	struct iovec iov = {h->bytes, sizeof(h->bytes)};
	struct msghdr msg = {.msg_iov = &iov,
	    .msg_iovlen = 1,
	    .msg_control = control,
	    .msg_controllen = sizeof(control)};
	struct tpacket_auxdata aux;
	ssize_t len = recvmsg(end->fd, &msg, MSG_DONTWAIT | MSG_TRUNC);
	struct cmsghdr *cmsg = len < 0 ? NULL : CMSG_FIRSTHDR(&msg);

	if (len < 0)
		return false;
	h->len = (size_t)len;
	h->tag = 0;
	if (!cmsg)
		return true;
	memcpy(&aux, CMSG_DATA(cmsg), sizeof(aux));
	if (aux.tp_status & TP_STATUS_VLAN_VALID)
		h->tag = (uint32_t)aux.tp_vlan_tpid << 16 | aux.tp_vlan_tci;
	return true;
}

/* Hear until the marker. */
static void hear(struct end *end, uint32_t serial)
{
	struct pollfd pfd = {.fd = end->fd, .events = POLLIN};

	for (end->n = 0; end->n < HEARD;) {
		struct heard *h = &end->heard[end->n];

		if (hear_one(end, h)) {
			if (is_marker(h, serial))
				return;
			end->n++;
		} else if (poll(&pfd, 1, WAIT_MS) != 1) {
			errx(1, "%s: the marker %u does not come", end->name,
			    serial);
		}
	}
	errx(1, "%s: hears more than was sent", end->name);
}

static bool same(const struct heard *a, const struct heard *b)
{
	return a->len == b->len && a->tag == b->tag &&
	       memcmp(a->bytes, b->bytes,
		   a->len < sizeof(a->bytes) ? a->len : sizeof(a->bytes)) == 0;
}

static void print_all(const struct end *end)
{
	printf("%s: %d frames\n", end->name, end->n);
	for (int i = 0; i < end->n; i++) {
		const struct heard *h = &end->heard[i];

		printf("  %4zu bytes, tag %08x: ", h->len, h->tag);
		for (int j = 0; j < 24; j++)
			printf("%02x%s", h->bytes[j], j % 6 == 5 ? " " : "");
		putchar('\n');
	}
}

static void compare(int in, int out, uint64_t seed)
{
	const struct end *oracle = &ends[out][0], *tested = &ends[out][1];
	int i = 0;

	while (i < oracle->n && i < tested->n &&
	       same(&oracle->heard[i], &tested->heard[i]))
		i++;
	if (i == oracle->n && i == tested->n)
		return;
	printf("seed %llu: a burst into %s and %s: frame %d of what came out "
	       "differs\n",
	    (unsigned long long)seed, ends[in][0].name, ends[in][1].name, i);
	print_all(oracle);
	print_all(tested);
	exit(1);
}

/* Return: how many frames entered each bridge. */
static int burst(uint32_t serial, uint64_t seed)
{
	int in = (int)pick((uint32_t)n_pairs), n = 1 + (int)pick(BURST);
	uint8_t frame[LEN_MAX];

	sources = 1 + pick((1 << STATIONS) - 2);
	for (int i = 0; i < n; i++)
		say_both(in, frame, make_frame(frame));
	say_marker(in, serial);
	for (int out = 0; out < n_pairs; out++) {
		if (out == in)
			continue;
		hear(&ends[out][0], serial);
		hear(&ends[out][1], serial);
		compare(in, out, seed);
	}
	return n;
}

static void open_pair(char *text)
{
	char *tested = strchr(text, '=');

	if (!tested || n_pairs == PAIRS)
		errx(2, "%s: write ORACLE=TESTED, up to %d times", text, PAIRS);
	*tested++ = '\0';
	ends[n_pairs][0] = (struct end){.name = text, .fd = wire_open(text)};
	ends[n_pairs][1] =
	    (struct end){.name = tested, .fd = wire_open(tested)};
	n_pairs++;
}

int main(int argc, char **argv)
{
	struct timespec now;
	long frames = 0;
	uint32_t serial = 0;

	if (argc < 5)
		errx(2, "differ SECONDS SEED ORACLE=TESTED...");
	uint64_t seed = strtoull(argv[2], NULL, 0);
	state = seed | 1;
	for (int i = 3; i < argc; i++)
		open_pair(argv[i]);
	clock_gettime(CLOCK_MONOTONIC, &now);
	time_t end_at_s = now.tv_sec + atoi(argv[1]);
	while (now.tv_sec < end_at_s) {
		frames += burst(++serial, seed);
		clock_gettime(CLOCK_MONOTONIC, &now);
	}
	printf("%ld\n", frames);
	return 0;
}
