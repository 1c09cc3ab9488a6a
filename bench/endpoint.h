/* SPDX-License-Identifier: BSD-2-Clause */
/* endpoint.h - where frames enter and leave the switch under test.
 *
 * Either a network device in a host's namespace, used through packet sockets
 * that bypass every queueing discipline, or a plug: a descriptor on which
 * frames are written and read as a virtual machine monitor does.
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
 * endpoint_open() - use device @ifname in namespace @ns
 * @home: the namespace to be in afterwards
 *
 * Return: 0 or -errno; endpoint_close() is right in both cases.
 */
int endpoint_open(struct endpoint *endpoint, int home, int ns,
    const char *ifname, const uint8_t mac[6]);

/** endpoint_as_host() - send as the host's own stack does: through all that
 * stands in its way out */
void endpoint_as_host(struct endpoint *endpoint);

/** endpoint_plug() - use @plug, which belongs to @endpoint from now on */
void endpoint_plug(
    struct endpoint *endpoint, struct plug *plug, const uint8_t mac[6]);

/** endpoint_close() - close the socket or free the plug; harmless twice */
void endpoint_close(struct endpoint *endpoint);

/**
 * endpoint_send() - send frames, one iovec each
 *
 * Return: how many were accepted, in order; -errno when the first was refused
 * (-ENOBUFS, -EAGAIN: try again after endpoint_back_off()).
 */
int endpoint_send(
    const struct endpoint *endpoint, struct mmsghdr *frames, unsigned int n);

/**
 * endpoint_back_off() - wait a little, after endpoint_send() was refused
 *
 * A socket signals when it has room, which ends the wait, at most 1 ms. A
 * device or a TAP does not signal it; the wait is fixed.
 */
void endpoint_back_off(const struct endpoint *endpoint);

/**
 * endpoint_listen() - open a descriptor that receives what fits @match
 * @home:   the namespace to be in afterwards
 * @buffer: bytes of socket buffer; 0 for the default
 *
 * A plug has at most one listener at a time, which has no filter: the reader
 * checks each frame with frame_fits().
 *
 * Return: a descriptor that the caller closes, or -errno.
 */
int endpoint_listen(const struct endpoint *endpoint, int home,
    const struct match *match, int buffer);

/**
 * endpoint_read() - read one frame from @fd, a listener of @endpoint
 *
 * A device waits up to 10 ms for a frame, a plug does not wait. A frame
 * longer than @size is cut.
 *
 * Return: its length, 0 for none, -errno when no more will come.
 */
ssize_t endpoint_read(
    const struct endpoint *endpoint, int fd, uint8_t *frame, size_t size);

/**
 * endpoint_wait() - sleep until endpoint_read() may have a frame, at most 10 ms
 *
 * Returns at once for a device, where endpoint_read() waits itself.
 */
void endpoint_wait(const struct endpoint *endpoint);

#endif
