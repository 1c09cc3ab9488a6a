/* SPDX-License-Identifier: BSD-2-Clause */
/* rxring.c - a TPACKET_V2 receive ring: see rxring.h. */
#include "rxring.h"

#include <errno.h>
#include <linux/if_packet.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>

enum {
	/* An ordinary frame with two tags, behind the headers; not a power of
	 * two, or all frames would fall into the same cache sets. */
	SLOT = 2048 + 64,
	BLOCK = 1 << 16,
	PER_BLOCK = BLOCK / SLOT,
	BLOCKS = 32,
	SLOTS = BLOCKS * PER_BLOCK, /* 992: several batches */
};

struct rxring {
	uint8_t *map;
	unsigned next;	/* slot to look at */
	unsigned taken; /* slots before it that are ours */
};

static int set(int fd, int option, const void *value, socklen_t len)
{
	return setsockopt(fd, SOL_PACKET, option, value, len);
}

static int map(struct rxring *ring, int fd)
{
	const int version = TPACKET_V2, queue_long = 1;
	const struct tpacket_req req = {.tp_block_size = BLOCK,
	    .tp_block_nr = BLOCKS,
	    .tp_frame_size = SLOT,
	    .tp_frame_nr = SLOTS};
	void *slots;

	if (set(fd, PACKET_VERSION, &version, sizeof(version)) < 0 ||
	    set(fd, PACKET_COPY_THRESH, &queue_long, sizeof(queue_long)) < 0 ||
	    set(fd, PACKET_RX_RING, &req, sizeof(req)) < 0)
		return -1;
	slots = mmap(NULL, (size_t)BLOCKS * BLOCK, PROT_READ | PROT_WRITE,
	    MAP_SHARED, fd, 0);
	if (slots == MAP_FAILED)
		return -1;
	ring->map = slots;
	return 0;
}

struct rxring *rxring_new(int fd)
{
	struct rxring *ring = calloc(1, sizeof(*ring));

	if (!ring)
		return NULL;
	if (map(ring, fd) == 0)
		return ring;
	int saved = errno;
	free(ring);
	errno = saved;
	return NULL;
}

void rxring_free(struct rxring *ring)
{
	if (!ring)
		return;
	munmap(ring->map, (size_t)BLOCKS * BLOCK);
	free(ring);
}

static struct tpacket2_hdr *slot(const struct rxring *ring, unsigned i)
{
	return (void *)(ring->map + (size_t)(i / PER_BLOCK) * BLOCK +
			(size_t)(i % PER_BLOCK) * SLOT);
}

enum rxring_slot rxring_next(struct rxring *ring, struct rxring_frame *frame)
{
	struct tpacket2_hdr *head = slot(ring, ring->next);
	uint32_t status = __atomic_load_n(&head->tp_status, __ATOMIC_ACQUIRE);

	if (!(status & TP_STATUS_USER) || ring->taken == SLOTS)
		return RXRING_EMPTY;
	ring->next = (ring->next + 1) % SLOTS;
	ring->taken++;
	if (status & TP_STATUS_COPY)
		return RXRING_QUEUED;
	if (head->tp_snaplen < head->tp_len)
		return RXRING_LOST;
	*frame = (struct rxring_frame){.data = (uint8_t *)head + head->tp_mac,
	    .len = head->tp_snaplen,
	    .status = status,
	    .tci = head->tp_vlan_tci,
	    .tpid = head->tp_vlan_tpid};
	return RXRING_FRAME;
}

void rxring_release(struct rxring *ring)
{
	unsigned first = (ring->next + SLOTS - ring->taken) % SLOTS;

	for (unsigned i = 0; i < ring->taken; i++)
		__atomic_store_n(&slot(ring, (first + i) % SLOTS)->tp_status,
		    TP_STATUS_KERNEL, __ATOMIC_RELEASE);
	ring->taken = 0;
}
