/* SPDX-License-Identifier: BSD-2-Clause */
/* fuzz_savefile.c - any file is refused or played to its end: each record is a
 * frame or is counted, and nothing is read twice. */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "ports/kinds.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct port_host host;
static struct batch batch;

static void check(bool so)
{
	if (!so)
		abort();
}

static void play(struct port *port, size_t size)
{
	size_t records = 0, before;

	do {
		before = records + (size_t)port->counters.rx_invalid;
		int n = port_receive(port, &batch);
		for (int i = 0; i < n; i++)
			check(frame_len(&batch.frames[i]) <= ARENA_SLOT);
		records += (size_t)n;
		port_release(port, &batch);
	} while (records + port->counters.rx_invalid > before);
	/* a record has a header of at least 16 bytes */
	check(records <= size / 16);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct port_spec spec = {.kind = "pcap", .name = "file"};
	int fd = memfd_create("savefile", 0);

	if (!host.arena)
		host.arena = arena_new();
	check(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	snprintf(spec.arg, sizeof(spec.arg), "/proc/self/fd/%d", fd);
	struct port *port = port_new(&kind_savefile, &spec, &host, 1, NULL);
	check(port);
	if (port_open(port) == 0)
		play(port, size);
	else
		check(port->reason[0]);
	port_free(port);
	close(fd);
	return 0;
}
