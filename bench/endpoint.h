/* SPDX-License-Identifier: BSD-2-Clause */
/* endpoint.h - where frames enter and leave the switch under test.
 *
 * Either a network device in a host's namespace, spoken to by packet sockets
 * past every queueing discipline, or the descriptor of a TAP, held as a
 * virtual machine monitor holds it.
 *
 * Frames of the bench have the ethertype for local experiments and say which
 * run they belong to, so that nothing else on the link is ever counted:
 *
 *     0     6     12    14     16    18      22        30       38
 *     | dst | src | 88b5| "qs" | tag | run id | sequence | sent ns | zeros
 */
#ifndef BENCH_ENDPOINT_H
#define BENCH_ENDPOINT_H

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

enum {
	FRAME_MIN = 60,
	FRAME_MAX = 1514,
	FRAME_TAG_FLOOD = 0x0001, /* counted */
	FRAME_TAG_PROBE = 0x0002, /* carries its time of departure */
	FRAME_TAG_PING = 0x0003,
	FRAME_TAG_PONG = 0x0004,
	FRAME_TAG_HELLO = 0x0005, /* teaches the switch an address */
};

struct endpoint {
	int ns;	  /* namespace of the device */
	int held; /* TAP descriptor, or -1: a device */
	char ifname[16];
	uint8_t mac[6];
	int tx; /* socket or descriptor for sending */
};

/* What a listener lets through; 0 or NULL lets all through. */
struct match {
	uint32_t run_id;
	uint16_t tag;
	const uint8_t *dst;
};

/**
 * endpoint_open() - speak for device @ifname in namespace @ns
 * @home: the namespace to be in afterwards
 *
 * Return: 0 or -errno. Close with endpoint_close().
 */
int endpoint_open(struct endpoint *endpoint, int home, int ns,
    const char *ifname, const uint8_t mac[6]);

/** endpoint_hold() - speak through TAP descriptor @held, which it takes */
void endpoint_hold(struct endpoint *endpoint, int held, const uint8_t mac[6]);
void endpoint_close(struct endpoint *endpoint);

/**
 * endpoint_send() - send frames, one iovec each
 *
 * Return: how many were taken, in order; -errno when the first was not
 * (-ENOBUFS, -EAGAIN: later).
 */
int endpoint_send(
    const struct endpoint *endpoint, struct mmsghdr *frames, unsigned int n);

/**
 * endpoint_listen() - a descriptor that gets what arrives and fits @match
 * @buffer: bytes of socket buffer; 0 for the default
 *
 * For a held TAP it is a duplicate of the descriptor, with no filter: the
 * reader checks with frame_fits(). Reading gives one frame. The reader closes
 * it.
 */
int endpoint_listen(const struct endpoint *endpoint, int home,
    const struct match *match, int buffer);

/** frame_write() - fill all @len bytes of a frame */
void frame_write(uint8_t *frame, size_t len, const uint8_t dst[6],
    const uint8_t src[6], uint16_t tag, uint32_t run_id);
void frame_set_tag(uint8_t *frame, uint16_t tag);
void frame_set_sequence(uint8_t *frame, uint64_t sequence);
void frame_set_time(uint8_t *frame, uint64_t sent_ns);
uint64_t frame_sequence(const uint8_t *frame);
uint64_t frame_time(const uint8_t *frame);
int frame_fits(const uint8_t *frame, size_t len, const struct match *match);

#endif
