/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_dgram.c - datagrams of a hostile peer: each is a frame, or is counted.
 * What is sent back to a peer that reads nothing waits in a bounded queue.
 *
 * The input is a sequence of datagrams: two bytes of length, then so many.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ports/dgram_io.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct port_host host;
static struct batch batch;

static void check(bool so)
{
	if (!so)
		abort();
}

/* Return: datagrams of at least one byte that were received. */
static uint64_t receive(struct dgram_io *d, struct port *port)
{
	const struct frame *frames[BATCH_MAX];
	uint64_t before = port->counters.rx_invalid;

	batch.n = 0;
	int n = dgram_io_receive(d, port, &batch);
	check(n == batch.n && n <= BATCH_MAX);
	for (int i = 0; i < n; i++) {
		frames[i] = &batch.frames[i];
		check(frame_len(frames[i]) <= DGRAM_IO_MAX);
	}
	if (n > 0)
		check(dgram_io_send(d, frames, n) != 0);
	return (uint64_t)n + port->counters.rx_invalid - before;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct port port = {.host = &host};
	char err[PORT_ERR];
	uint64_t sent = 0, got = 0;
	struct dgram_io d;
	int ends[2];

	if (!host.arena)
		host.arena = arena_new();
	check(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, ends) == 0);
	check(dgram_io_start(&d, &port, ends[0], ends[0], err) == 0);
	while (size >= 2) {
		size_t len = (size_t)(data[0] << 8 | data[1]);

		data += 2, size -= 2;
		len = len < size ? len : size;
		if (send(ends[1], data, len, 0) >= 0)
			sent += len > 0;
		data += len, size -= len;
		got += receive(&d, &port);
	}
	check(got == sent);
	dgram_io_stop(&d);
	close(ends[1]);
	return 0;
}
