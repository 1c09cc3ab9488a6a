/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_rxring.c - a receive ring in any state. Memory of our own takes the
 * place of what the kernel maps: the input sets slots' status, lengths and tag
 * and decides when slots are given back.
 *
 * Each slot that is taken is one that was ours, in order, and each is given
 * back once.
 */
#include <linux/if_packet.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "ports/rxring.h"
#include "ports/sock.h"

enum { SLOT = RXRING_SHORT_SLOT, SLOTS = 62, STEP = 6, BYTES = 1 << 18 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* In place of sock.c: a memfd is no packet socket. */
int sock_set(int fd, int level, int option, int value)
{
	(void)fd, (void)level, (void)option, (void)value;
	return 0;
}

int sock_set_bytes(
    int fd, int level, int option, const void *value, socklen_t len)
{
	(void)fd, (void)level, (void)option, (void)value, (void)len;
	return 0;
}

static void check(bool so)
{
	if (!so)
		abort();
}

/* 31 slots of SLOT bytes in each block of whole pages. */
static struct tpacket2_hdr *slot_at(uint8_t *map, unsigned i)
{
	unsigned per_block = (1 << 16) / SLOT;
	size_t block = (per_block * SLOT + 4095) / 4096 * 4096;

	return (void *)(map + i / per_block * block + i % per_block * SLOT);
}

static void fill(struct tpacket2_hdr *head, const uint8_t *step)
{
	static const uint32_t states[] = {TP_STATUS_USER,
	    TP_STATUS_USER | TP_STATUS_COPY, TP_STATUS_USER | TP_STATUS_LOSING,
	    TP_STATUS_USER | TP_STATUS_VLAN_VALID};

	head->tp_mac = 90;
	head->tp_len = step[1];
	head->tp_snaplen = step[2] < step[1] ? step[2] : step[1];
	head->tp_vlan_tci = step[3];
	head->tp_vlan_tpid = step[4];
	head->tp_status = states[step[5] % 4];
}

static void read_all(struct rxring *ring, unsigned *next)
{
	struct rxring_frame frame;

	while (!rxring_is_empty(ring)) {
		unsigned at = rxring_at(ring);

		check(at == *next % SLOTS);
		switch (rxring_next(ring, &frame)) {
		case RXRING_FRAME:
			check(frame.len <= 255);
			break;
		case RXRING_QUEUED:
		case RXRING_CUT:
			break;
		case RXRING_EMPTY:
			abort();
		}
		check(rxring_is_lent(ring));
		++*next;
	}
	check(rxring_next(ring, &frame) == RXRING_EMPTY);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("ring", 0);
	unsigned filled = 0, next = 0, given = 0;

	check(fd >= 0 && ftruncate(fd, BYTES) == 0);
	uint8_t *map =
	    mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	struct rxring *ring = rxring_new(fd, SLOT, SLOTS);
	check(map != MAP_FAILED && ring);
	for (; size >= STEP; data += STEP, size -= STEP) {
		if (filled - given < SLOTS)
			fill(slot_at(map, filled++ % SLOTS), data);
		if (data[0] & 1)
			read_all(ring, &next);
		if (data[0] & 2) {
			rxring_release(ring);
			given = next;
			check(!rxring_is_lent(ring));
		}
		if (data[0] == 255) {
			rxring_release(ring);
			memset(map, 0, BYTES);
			check(rxring_renew(ring) == 0);
			filled = next = given = 0;
		}
	}
	rxring_release(ring);
	for (unsigned i = next; i < filled; i++)
		check(slot_at(map, i % SLOTS)->tp_status & TP_STATUS_USER);
	for (unsigned i = given; i < next; i++)
		check(slot_at(map, i % SLOTS)->tp_status == TP_STATUS_KERNEL);
	rxring_free(ring);
	munmap(map, BYTES);
	close(fd);
	return 0;
}
