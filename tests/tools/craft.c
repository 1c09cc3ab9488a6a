/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * craft.c - sends crafted frames on interfaces and checks where they come out.
 *
 * Reads a script from standard input, one statement a line:
 *
 *     open A [NS/]IF          call an interface A (NS: of ip netns)
 *     open A tap:IF           the same, but as the program behind a TAP
 *     deaf A                  do not look at what arrives at A
 *     timeout MS              how long an expect waits; 5000
 *     send A FRAME            send one frame
 *     expect A [FRAME]        the next test frame at A is this one, byte for
 *                             byte, tags included; without FRAME the last sent
 *     stream A B n=N FRAME    N frames from A, all of them at B in order; at
 *                             most WINDOW are under way, so that no queue
 *                             overflows
 *     refuse A FRAME          the interface rejects this one (EMSGSIZE)
 *
 *     FRAME  dst=ADDR src=ADDR [tag=TPID:TCI]... type=HEX len=N | hex=BYTES
 *     ADDR   aa:bb:cc:dd:ee:ff, bcast, or a hex number N up to ffff for
 *            02:c0:ff:ee:N; `src=1+` counts up with each frame of a stream
 *     len    bytes on the wire, including tags, without FCS
 *
 * Test frames are those from 02:c0:ff:ee:*; all other frames are ignored.
 * Expectations are strict: an unexpected frame makes the next expect fail, and
 * a frame left over at the end of the script is an error. To check that nothing
 * comes out at B, send one more frame that does, and expect that one.
 *
 * Payload differs from frame to frame: it begins with a serial number.
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "forwarding/byte_order.h"

#include "wire.h"

enum {
	IFS = 16,
	WORDS = 32,
	FRAME_LEN = 65600,
	WINDOW = 32,
};

/* An interface under test. */
struct wire {
	char name[16];
	int fd;
	bool deaf;
};

/* A frame as a script describes it. */
struct recipe {
	uint8_t head[14 + 4 * 8]; /* addresses and tags */
	size_t head_len;
	uint16_t type;
	size_t len;
	unsigned count;
	bool src_counts;
	bool raw; /* bytes[] as they are */
};

struct frame {
	size_t len;
	uint8_t bytes[FRAME_LEN];
};

static struct wire wires[IFS];
static int n_wires;
static int line_no;
static int timeout_ms = 5000;
static uint32_t serial;
static struct frame sent, got, want;

#define die(...)                                       \
	(fprintf(stderr, "craft: line %d: ", line_no), \
	    fprintf(stderr, __VA_ARGS__), fputc('\n', stderr), exit(1))

static struct wire *wire_find(const char *name)
{
	for (int i = 0; i < n_wires; i++)
		if (strcmp(wires[i].name, name) == 0)
			return &wires[i];
	die("%s: open this interface first", name);
}

static void parse_address(uint8_t mac[6], const char *text)
{
	unsigned b[6];

	if (strcmp(text, "bcast") == 0) {
		memset(mac, 0xff, 6);
	} else if (sscanf(text, "%2x:%2x:%2x:%2x:%2x:%2x", &b[0], &b[1], &b[2],
		       &b[3], &b[4], &b[5]) == 6) {
		for (int i = 0; i < 6; i++)
			mac[i] = (uint8_t)b[i];
	} else {
		unsigned long n = strtoul(text, NULL, 16);
		const uint8_t numbered[6] = {
		    2, 0xc0, 0xff, 0xee, (uint8_t)(n >> 8), (uint8_t)n};
		memcpy(mac, numbered, 6);
	}
}

static void parse_tag(struct recipe *r, const char *text)
{
	unsigned tpid, tci;

	if (sscanf(text, "%x:%u", &tpid, &tci) != 2 ||
	    r->head_len + 4 > sizeof(r->head))
		die("tag=%s: not TPID:TCI", text);
	put_be16(r->head + r->head_len, tpid);
	put_be16(r->head + r->head_len + 2, tci);
	r->head_len += 4;
}

static void parse_hex(const char *text)
{
	unsigned byte;

	for (sent.len = 0; sscanf(text, "%2x", &byte) == 1; text += 2) {
		sent.bytes[sent.len++] = (uint8_t)byte;
		if (sent.len == FRAME_LEN || !text[1])
			break;
	}
}

static void parse_field(struct recipe *r, const char *key, const char *value)
{
	if (strcmp(key, "dst") == 0) {
		parse_address(r->head, value);
	} else if (strcmp(key, "src") == 0) {
		parse_address(r->head + 6, value);
		r->src_counts = value[strlen(value) - 1] == '+';
	} else if (strcmp(key, "tag") == 0) {
		parse_tag(r, value);
	} else if (strcmp(key, "type") == 0) {
		r->type = (uint16_t)strtoul(value, NULL, 16);
	} else if (strcmp(key, "len") == 0) {
		r->len = strtoul(value, NULL, 10);
	} else if (strcmp(key, "n") == 0) {
		r->count = (unsigned)strtoul(value, NULL, 10);
	} else if (strcmp(key, "hex") == 0) {
		parse_hex(value);
		r->raw = true;
	} else {
		die("%s=: unknown field", key);
	}
}

static struct recipe parse_recipe(char **words)
{
	struct recipe r = {
	    .head_len = 12, .type = 0x88b5, .len = 64, .count = 1};

	for (; *words; words++) {
		char *value = strchr(*words, '=');
		if (!value)
			die("%s: not KEY=VALUE", *words);
		*value = '\0';
		parse_field(&r, *words, value + 1);
	}
	if (!r.raw && (r.len < r.head_len + 2 || r.len > FRAME_LEN))
		die("len=%zu: the length must be %zu to %d", r.len,
		    r.head_len + 2, FRAME_LEN);
	return r;
}

/* Frame number @nth of a stream of such frames. */
static void build(struct frame *f, const struct recipe *r, unsigned nth)
{
	uint8_t *p = f->bytes;

	if (r->raw)
		return;
	memcpy(p, r->head, r->head_len);
	if (r->src_counts)
		put_be16(p + 10, (unsigned)(p[10] << 8 | p[11]) + nth);
	put_be16(p + r->head_len, r->type);
	serial++;
	for (size_t i = r->head_len + 2, k = 0; i < r->len; i++, k++)
		p[i] = (uint8_t)(k < 4 ? serial >> (24 - 8 * k) : serial + k);
	f->len = r->len;
}

static int transmit(const struct wire *w, const struct frame *f)
{
	for (int tries = 0; write(w->fd, f->bytes, f->len) < 0; tries++) {
		if (errno != ENOBUFS || tries == 1000)
			return -errno;
		/* no event reports room in a full device queue */
		poll(NULL, 0, 1);
	}
	return 0;
}

/* Put the tag that the kernel removed back between addresses and type. */
static void retag(struct frame *f, const struct tpacket_auxdata *aux)
{
	if (!(aux->tp_status & TP_STATUS_VLAN_VALID))
		return;
	memmove(f->bytes + 16, f->bytes + 12, f->len - 12);
	put_be16(f->bytes + 12, aux->tp_status & TP_STATUS_VLAN_TPID_VALID
				    ? aux->tp_vlan_tpid
				    : ETH_P_8021Q);
	put_be16(f->bytes + 14, aux->tp_vlan_tci);
	f->len += 4;
}

/* Return: false when there is nothing to read. */
static bool receive_any(const struct wire *w, struct frame *f)
{
	struct iovec iov = {f->bytes, sizeof(f->bytes) - 4};
	char control[CMSG_SPACE(sizeof(struct tpacket_auxdata))];
	struct msghdr msg = {.msg_iov = &iov,
	    .msg_iovlen = 1,
	    .msg_control = control,
	    .msg_controllen = sizeof(control)};
	ssize_t n = recvmsg(w->fd, &msg, MSG_DONTWAIT);

	if (n < 0 && errno == ENOTSOCK) { /* a TAP */
		msg.msg_controllen = 0;
		n = read(w->fd, iov.iov_base, iov.iov_len);
	}
	if (n < 0 && errno != EAGAIN && errno != ENETDOWN)
		die("%s: %s", w->name, strerror(errno));
	if (n < 0)
		return false;
	f->len = (size_t)n;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&msg); c;
	     c = CMSG_NXTHDR(&msg, c))
		if (c->cmsg_level == SOL_PACKET &&
		    c->cmsg_type == PACKET_AUXDATA && n >= 14) {
			struct tpacket_auxdata aux;
			memcpy(&aux, CMSG_DATA(c), sizeof(aux));
			retag(f, &aux);
		}
	return true;
}

static bool is_test_frame(const struct frame *f)
{
	return f->len >= 12 && memcmp(f->bytes + 6, "\2\xc0\xff\xee", 4) == 0;
}

static int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* The next test frame at @w. Return: false when none came in time. */
static bool receive(const struct wire *w, struct frame *f, int wait_ms)
{
	struct pollfd pfd = {.fd = w->fd, .events = POLLIN};
	int64_t end_at_ms = now_ms() + wait_ms, left_ms;

	/* other frames, such as BPDUs, must not restart the wait */
	do {
		while (receive_any(w, f))
			if (is_test_frame(f))
				return true;
		left_ms = end_at_ms - now_ms();
	} while (left_ms > 0 && poll(&pfd, 1, (int)left_ms) > 0);
	return false;
}

static void show(const char *what, const struct frame *f)
{
	fprintf(stderr, "  %s %5zu bytes:", what, f->len);
	for (size_t i = 0; i < f->len && i < 40; i++)
		fprintf(stderr, "%s%02x", i % 2 ? "" : " ", f->bytes[i]);
	fputs(f->len > 40 ? " ...\n" : "\n", stderr);
}

static void expect(const struct wire *w, const struct frame *f)
{
	if (!receive(w, &got, timeout_ms)) {
		show("want", f);
		die("%s: no frame arrived within %d ms", w->name, timeout_ms);
	}
	if (got.len != f->len || memcmp(got.bytes, f->bytes, f->len) != 0) {
		show("want", f);
		show("got ", &got);
		die("%s: a different frame arrived", w->name);
	}
}

static void do_open(char **words)
{
	if (n_wires == IFS || !words[0] || !words[1])
		die("usage: open NAME [NS/]IF, at most %d times", IFS);
	struct wire *w = &wires[n_wires++];

	snprintf(w->name, sizeof(w->name), "%s", words[0]);
	w->fd = wire_open(words[1]);
}

static void do_send(char **words)
{
	const struct wire *w = wire_find(words[0]);
	struct recipe r = parse_recipe(words + 1);

	build(&sent, &r, 0);
	int result = transmit(w, &sent);
	if (result)
		die("%s: send: %s", w->name, strerror(-result));
}

static void do_expect(char **words)
{
	const struct wire *w = wire_find(words[0]);

	if (words[1]) {
		struct recipe r = parse_recipe(words + 1);
		serial--;
		build(&want, &r, 0);
	}
	expect(w, words[1] ? &want : &sent);
}

static void do_refuse(char **words)
{
	const struct wire *w = wire_find(words[0]);
	struct recipe r = parse_recipe(words + 1);

	build(&sent, &r, 0);
	int result = transmit(w, &sent);
	if (result != -EMSGSIZE)
		die("%s: expected EMSGSIZE, got: %s", w->name,
		    result ? strerror(-result) : "the frame was sent");
}

static void do_stream(char **words)
{
	const struct wire *from = wire_find(words[0]);
	const struct wire *to = wire_find(words[1]);
	struct recipe r = parse_recipe(words + 2);
	uint32_t first = serial;
	unsigned done = 0;

	for (unsigned i = 0; done < r.count;) {
		while (i < r.count && i < done + WINDOW) {
			serial = first + i;
			build(&sent, &r, i++);
			int result = transmit(from, &sent);
			if (result)
				die("%s: send: %s", from->name,
				    strerror(-result));
		}
		serial = first + done;
		build(&want, &r, done++);
		expect(to, &want);
	}
	serial = first + r.count;
}

static void do_deaf(char **words)
{
	wire_find(words[0])->deaf = true;
}

static void do_timeout(char **words)
{
	timeout_ms = words[0] ? atoi(words[0]) : 0;
}

static const struct {
	const char *name;
	int words; /* it needs at least so many */
	void (*run)(char **words);
} statements[] = {
    {"open", 2, do_open},
    {"deaf", 1, do_deaf},
    {"timeout", 1, do_timeout},
    {"send", 1, do_send},
    {"expect", 1, do_expect},
    {"stream", 2, do_stream},
    {"refuse", 1, do_refuse},
};

static void run_line(char *line)
{
	char *words[WORDS + 1] = {NULL};
	int n = 0;

	line[strcspn(line, "#\n")] = '\0';
	for (char *w = strtok(line, " \t"); w && n < WORDS;
	     w = strtok(NULL, " \t"))
		words[n++] = w;
	if (!n)
		return;
	for (size_t i = 0; i < sizeof(statements) / sizeof(*statements); i++)
		if (strcmp(words[0], statements[i].name) == 0) {
			if (n <= statements[i].words)
				die("%s: too few words", words[0]);
			statements[i].run(words + 1);
			return;
		}
	die("%s: unknown statement", words[0]);
}

/* A frame that is left was not expected. */
static void check_leftovers(void)
{
	for (int i = 0; i < n_wires; i++)
		if (!wires[i].deaf && receive(&wires[i], &got, 0)) {
			show("left", &got);
			die("%s: an unexpected frame", wires[i].name);
		}
}

int main(void)
{
	char line[4096];

	while (fgets(line, sizeof(line), stdin)) {
		line_no++;
		run_line(line);
	}
	check_leftovers();
	return 0;
}
