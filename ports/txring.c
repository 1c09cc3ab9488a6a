/* SPDX-License-Identifier: BSD-2-Clause */
/* txring.c - a TPACKET_V2 transmit ring for a few long frames. */
#include "txring.h"

#include <errno.h>
#include <linux/if_packet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sock.h"
#include "vnet.h"

enum {
	BYTES = 1 << 17, /* of all slots, but for very long MTUs */
	SLOTS_MIN = 4,
	BLOCK_MIN = 4096, /* a block is of whole pages */
	/* where in a slot the kernel looks for the frame */
	DATA = TPACKET2_HDRLEN - sizeof(struct sockaddr_ll),
};

/*
 *     slot  | struct tpacket2_hdr | vnet header | frame, tags in band |
 *           0                     DATA
 */
struct txring {
	int fd;
	uint8_t *slots;
	size_t slot_size; /* a power of 2 */
	unsigned n_slots;
	unsigned next;
};

static size_t slot_size_for(uint32_t mtu);
static int set_up(struct txring *ring, int ifindex);
static int map(struct txring *ring);

struct txring *txring_new(int ifindex, uint32_t mtu)
{
	struct txring *ring = calloc(1, sizeof(*ring));
	size_t fit;
	int error;

	if (!ring)
		return NULL;
	ring->slot_size = slot_size_for(mtu);
	fit = BYTES / ring->slot_size;
	ring->n_slots = fit > SLOTS_MIN ? (unsigned)fit : SLOTS_MIN;
	if (set_up(ring, ifindex) == 0)
		return ring;
	error = errno;
	txring_free(ring);
	errno = error;
	return NULL;
}

void txring_free(struct txring *ring)
{
	if (!ring)
		return;
	if (ring->slots)
		munmap(ring->slots, ring->n_slots * ring->slot_size);
	if (ring->fd >= 0)
		close(ring->fd);
	free(ring);
}

bool txring_wants(const struct frame *f, uint32_t mtu)
{
	size_t room = ETH_HEAD + mtu + (f->tpid == TPID_8021Q ? VLAN_TAG : 0);

	return f->off.gso_type == GSO_NONE && frame_len(f) > room;
}

int txring_send(struct txring *ring, const struct frame *f)
{
	uint8_t *slot = ring->slots + ring->next * ring->slot_size;
	struct tpacket2_hdr *head = (void *)slot;
	struct virtio_net_hdr hdr;
	size_t len = frame_len(f);

	if (DATA + VNET_HDR + len > ring->slot_size)
		return EMSGSIZE;
	if (__atomic_load_n(&head->tp_status, __ATOMIC_ACQUIRE) !=
	    TP_STATUS_AVAILABLE)
		return ENOBUFS;
	vnet_header(f, &hdr);
	memcpy(slot + DATA, &hdr, VNET_HDR);
	frame_copy(f, slot + DATA + VNET_HDR, len);
	head->tp_len = (uint32_t)(VNET_HDR + len);
	__atomic_store_n(
	    &head->tp_status, TP_STATUS_SEND_REQUEST, __ATOMIC_RELEASE);
	if (send(ring->fd, NULL, 0, MSG_DONTWAIT) < 0) {
		/* the kernel will look at this slot again */
		__atomic_store_n(
		    &head->tp_status, TP_STATUS_AVAILABLE, __ATOMIC_RELEASE);
		return errno;
	}
	ring->next = (ring->next + 1) % ring->n_slots;
	return 0;
}

static size_t slot_size_for(uint32_t mtu)
{
	size_t need = DATA + VNET_HDR + ETH_HEAD + 2 * VLAN_TAG + mtu;
	size_t size = BLOCK_MIN / 2;

	while (size < need)
		size *= 2;
	return size;
}

static int set_up(struct txring *ring, int ifindex)
{
	struct sockaddr_ll addr = {
	    .sll_family = AF_PACKET, .sll_ifindex = ifindex};

	ring->fd =
	    socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (ring->fd < 0)
		return -1;
	if (sock_set(ring->fd, SOL_PACKET, PACKET_VERSION, TPACKET_V2) < 0 ||
	    sock_set(ring->fd, SOL_PACKET, PACKET_VNET_HDR, 1) < 0 ||
	    sock_set(ring->fd, SOL_PACKET, PACKET_QDISC_BYPASS, 1) < 0 ||
	    map(ring) < 0)
		return -1;
	return bind(ring->fd, (struct sockaddr *)&addr, sizeof(addr));
}

static int map(struct txring *ring)
{
	size_t block =
	    ring->slot_size > BLOCK_MIN ? ring->slot_size : BLOCK_MIN;
	size_t bytes = ring->n_slots * ring->slot_size;
	struct tpacket_req req = {
	    .tp_block_size = (unsigned)block,
	    .tp_block_nr = (unsigned)(bytes / block),
	    .tp_frame_size = (unsigned)ring->slot_size,
	    .tp_frame_nr = ring->n_slots,
	};
	void *slots;

	if (sock_set_bytes(
		ring->fd, SOL_PACKET, PACKET_TX_RING, &req, sizeof(req)) < 0)
		return -1;
	slots =
	    mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, ring->fd, 0);
	if (slots == MAP_FAILED)
		return -1;
	ring->slots = slots;
	return 0;
}
