/* SPDX-License-Identifier: BSD-2-Clause */
/* rxring.c - a TPACKET_V2 receive ring: see rxring.h. */
#include "rxring.h"

#include <assert.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include "sock.h"

enum {
	PAGE = 4096,	 /* a block is of whole pages */
	BLOCK = 1 << 16, /* bytes, about, of short slots */
};

struct rxring {
	int fd;
	uint8_t *map; /* NULL: none */
	struct tpacket_req shape;
	unsigned per_block;
	unsigned next;	/* slot to look at */
	unsigned taken; /* slots before it that are ours */
};

static void set_shape(struct rxring *ring, unsigned slot, unsigned slots);
static struct tpacket2_hdr *slot(const struct rxring *ring, unsigned i);
static int map(struct rxring *ring);
static size_t map_size(const struct rxring *ring);
static void unmap(struct rxring *ring);
static unsigned after(const struct rxring *ring, unsigned i);

struct rxring *rxring_new(int fd, unsigned slot, unsigned slots)
{
	struct rxring *ring = calloc(1, sizeof(*ring));

	if (!ring)
		return NULL;
	ring->fd = fd;
	set_shape(ring, slot, slots);
	if (map(ring) == 0)
		return ring;
	int error = errno;
	free(ring);
	errno = error;
	return NULL;
}

void rxring_free(struct rxring *ring)
{
	if (ring)
		unmap(ring);
	free(ring);
}

int rxring_renew(struct rxring *ring)
{
	const struct tpacket_req none = {0};

	unmap(ring);
	if (sock_set_bytes(ring->fd, SOL_PACKET, PACKET_RX_RING, &none,
		sizeof(none)) < 0 ||
	    map(ring) < 0)
		return -errno;
	return 0;
}

enum rxring_slot rxring_next(struct rxring *ring, struct rxring_frame *frame)
{
	struct tpacket2_hdr *head = slot(ring, ring->next);

	if (rxring_is_empty(ring))
		return RXRING_EMPTY;
	uint32_t status = head->tp_status;
	ring->next = after(ring, ring->next);
	ring->taken++;
	assert(ring->taken <= ring->shape.tp_frame_nr);
	if (status & TP_STATUS_COPY)
		return RXRING_QUEUED;
	if (head->tp_snaplen < head->tp_len)
		return RXRING_CUT;
	*frame = (struct rxring_frame){.data = (uint8_t *)head + head->tp_mac,
	    .len = head->tp_snaplen,
	    .status = status,
	    .tci = head->tp_vlan_tci,
	    .tpid = head->tp_vlan_tpid};
	return RXRING_FRAME;
}

bool rxring_is_empty(const struct rxring *ring)
{
	const uint32_t *status = &slot(ring, ring->next)->tp_status;

	return ring->taken == ring->shape.tp_frame_nr ||
	       !(__atomic_load_n(status, __ATOMIC_ACQUIRE) & TP_STATUS_USER);
}

bool rxring_is_lent(const struct rxring *ring)
{
	return ring->taken > 0;
}

unsigned rxring_at(const struct rxring *ring)
{
	return ring->next;
}

void rxring_release(struct rxring *ring)
{
	unsigned i = (ring->next + ring->shape.tp_frame_nr - ring->taken) %
		     ring->shape.tp_frame_nr;

	for (; ring->taken > 0; ring->taken--, i = after(ring, i))
		__atomic_store_n(&slot(ring, i)->tp_status, TP_STATUS_KERNEL,
		    __ATOMIC_RELEASE);
}

static void set_shape(struct rxring *ring, unsigned slot, unsigned slots)
{
	unsigned per_block = slot < BLOCK ? BLOCK / slot : 1;
	unsigned blocks = (slots + per_block - 1) / per_block;

	ring->per_block = per_block;
	ring->shape = (struct tpacket_req){
	    .tp_block_size = (per_block * slot + PAGE - 1) / PAGE * PAGE,
	    .tp_block_nr = blocks,
	    .tp_frame_size = slot,
	    .tp_frame_nr = blocks * per_block,
	};
}

static struct tpacket2_hdr *slot(const struct rxring *ring, unsigned i)
{
	const struct tpacket_req *shape = &ring->shape;

	return (void *)(ring->map +
			(size_t)(i / ring->per_block) * shape->tp_block_size +
			(size_t)(i % ring->per_block) * shape->tp_frame_size);
}

static int map(struct rxring *ring)
{
	int fd = ring->fd;
	void *slots;

	if (sock_set(fd, SOL_PACKET, PACKET_VERSION, TPACKET_V2) < 0 ||
	    sock_set(fd, SOL_PACKET, PACKET_COPY_THRESH, 1) < 0 ||
	    sock_set_bytes(fd, SOL_PACKET, PACKET_RX_RING, &ring->shape,
		sizeof(ring->shape)) < 0)
		return -1;
	slots = mmap(
	    NULL, map_size(ring), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (slots == MAP_FAILED)
		return -1;
	ring->map = slots;
	ring->next = ring->taken = 0;
	return 0;
}

static size_t map_size(const struct rxring *ring)
{
	return (size_t)ring->shape.tp_block_nr * ring->shape.tp_block_size;
}

static void unmap(struct rxring *ring)
{
	if (ring->map)
		munmap(ring->map, map_size(ring));
	ring->map = NULL;
}

static unsigned after(const struct rxring *ring, unsigned i)
{
	return i + 1 == ring->shape.tp_frame_nr ? 0 : i + 1;
}
