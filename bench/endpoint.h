/* SPDX-License-Identifier: BSD-2-Clause */
/* endpoint.h - where frames enter and leave the switch under test.
 *
 * Either a network device in a host's namespace, spoken to by packet sockets
 * past every queueing discipline, or a plug: a descriptor that frames are
 * written to and read from as a virtual machine monitor does it.
 */
#ifndef BENCH_ENDPOINT_H
#define BENCH_ENDPOINT_H

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "mark.h"
#include "plug.h"

struct endpoint {
	struct plug *plug; /* NULL: a device */
	int ns;		   /* namespace of the device */
	char ifname[16];
	uint8_t mac[6];
	int tx; /* packet socket of the device, for sending */
};

/**
 * endpoint_open() - speak for device @ifname in namespace @ns
 * @home: the namespace to be in afterwards
 *
 * Return: 0 or -errno. Close with endpoint_close().
 */
int endpoint_open(struct endpoint *endpoint, int home, int ns,
    const char *ifname, const uint8_t mac[6]);

/** endpoint_plug() - speak through @plug, which it takes */
void endpoint_plug(
    struct endpoint *endpoint, struct plug *plug, const uint8_t mac[6]);
void endpoint_close(struct endpoint *endpoint);

/**
 * endpoint_send() - send frames, one iovec each
 *
 * Return: how many were taken, in order; -errno when the first was not
 * (-ENOBUFS, -EAGAIN: after endpoint_back_off()).
 */
int endpoint_send(
    const struct endpoint *endpoint, struct mmsghdr *frames, unsigned int n);

/**
 * endpoint_back_off() - wait a little, as a sender does that was refused
 *
 * A socket says when it has room, which wakes us, within a millisecond; a
 * device or a TAP does not, and has a fixed time.
 */
void endpoint_back_off(const struct endpoint *endpoint);

/**
 * endpoint_listen() - a descriptor that gets what arrives and fits @match
 * @buffer: bytes of socket buffer; 0 for the default
 *
 * Of a plug there can be one listener at a time, and it has no filter: the
 * reader checks with frame_fits(). The reader closes the descriptor.
 */
int endpoint_listen(const struct endpoint *endpoint, int home,
    const struct match *match, int buffer);

/**
 * endpoint_read() - one frame from @fd, a listener of @endpoint
 *
 * At a device it waits for one for 10 ms, at a plug not at all. A frame
 * longer than @size is cut.
 *
 * Return: its length, 0 for none, -errno when there will be none any more.
 */
ssize_t endpoint_read(
    const struct endpoint *endpoint, int fd, uint8_t *frame, size_t size);

/**
 * endpoint_wait() - sleep until endpoint_read() may have one, at most 10 ms
 *
 * At a device it returns at once, as there endpoint_read() waits.
 */
void endpoint_wait(const struct endpoint *endpoint);

#endif
