/* SPDX-License-Identifier: BSD-2-Clause */
/* xdptx.c - an AF_XDP socket that transmits: see xdptx.h. */
#include "xdptx.h"

#include <assert.h>
#include <errno.h>
#include <linux/if_xdp.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "forwarding/offload.h"

#include "sock.h"

enum {
	CHUNKS = 128, /* more than a batch: devices let go of them later */
	CHUNK = 2048, /* the least that the kernel allows */
	RING = 2 * CHUNKS,
	/* Frames start at staggered offsets, or all small ones would fall into
	 * the same cache sets. */
	STAGGER = 8,
	LINE = 64,
	ROOM = CHUNK - (STAGGER - 1) * LINE,
	SEND_BUFFER = 4 << 20,
	/* Frames put into the ring at once. When the device is full, those
	 * left are withdrawn, at a system call each. */
	GROUP = 32,
	/* A device that refuses so many frames in a row is full. */
	FULL_ROW = 8,
	/* A call skips one entry that leads nowhere, the last call all that it
	 * has seen. */
	CLEAR_CALLS = GROUP + 2,
};

/* An address outside the umem: the kernel skips it. */
#define NOWHERE UINT64_MAX

struct ring {
	void *map; /* MAP_FAILED: none */
	size_t bytes;
	uint32_t *producer;
	uint32_t *consumer;
	void *entries;
};

struct xdptx {
	int fd;
	uint8_t *umem;
	struct ring tx; /* struct xdp_desc; we produce */
	struct ring cq; /* uint64_t; we consume */
	bool full;	/* the device, in this batch */
	int n_free;
	uint16_t free[CHUNKS];
	bool lent[CHUNKS]; /* to the kernel */
};

/* Frames that are sent together. */
struct group {
	const struct frame *const *frames;
	int n;
	size_t longest;
	uint64_t refused;
};

static int set_up(struct xdptx *tx, int ifindex);
static int register_umem(struct xdptx *tx);
static int make_rings(struct xdptx *tx);
static int map_rings(struct xdptx *tx);
static int map_ring(struct ring *ring, int fd, off_t page_offset,
    const struct xdp_ring_offset *at, size_t entry);
static struct xdp_desc *entry(const struct xdptx *tx, uint32_t at);
static void unmap_ring(const struct ring *ring);
static void reclaim(struct xdptx *tx);
static uint32_t load(const uint32_t *at);
static void take_chunk(struct xdptx *tx, uint64_t addr);
static void store(uint32_t *at, uint32_t value);
static bool is_clear(const struct xdptx *tx);
static int kick(const struct xdptx *tx);
static int send_group(struct xdptx *tx, struct group *group);
static int put(struct xdptx *tx, const struct frame *const *frames, int n);
static int transmit(struct xdptx *tx, struct group *group, uint32_t start);
static void take_back(struct xdptx *tx, uint32_t from);

struct xdptx *xdptx_new(int ifindex)
{
	struct xdptx *tx = calloc(1, sizeof(*tx));
	int error;

	if (!tx)
		return NULL;
	tx->tx.map = tx->cq.map = MAP_FAILED;
	for (int i = 0; i < CHUNKS; i++)
		tx->free[tx->n_free++] = (uint16_t)i;
	if (set_up(tx, ifindex) == 0)
		return tx;
	error = errno;
	xdptx_free(tx);
	errno = error;
	return NULL;
}

void xdptx_free(struct xdptx *tx)
{
	if (!tx)
		return;
	unmap_ring(&tx->tx);
	unmap_ring(&tx->cq);
	if (tx->fd >= 0)
		close(tx->fd);
	if (tx->umem)
		munmap(tx->umem, CHUNKS * CHUNK);
	free(tx);
}

bool xdptx_takes(const struct frame *f)
{
	return f->off.gso_type == GSO_NONE && frame_len(f) <= ROOM;
}

int xdptx_send(struct xdptx *tx, const struct frame *const *frames, int n,
    size_t longest, uint64_t *refused)
{
	int done = 0, result;

	*refused = 0;
	if (tx->full)
		return -ENOBUFS;
	reclaim(tx);
	/* A device that was down may have left some. */
	if (!is_clear(tx))
		return 0;
	do {
		struct group group = {.frames = frames + done,
		    .n = n - done < GROUP ? n - done : GROUP,
		    .longest = longest};

		result = send_group(tx, &group);
		*refused |= group.refused << done;
		done += result > 0 ? result : 0;
	} while (result > 0 && done < n && !tx->full);
	return done > 0 ? done : result;
}

void xdptx_flush(struct xdptx *tx)
{
	tx->full = false;
}

static int set_up(struct xdptx *tx, int ifindex)
{
	struct sockaddr_xdp addr = {.sxdp_family = AF_XDP,
	    .sxdp_flags = XDP_COPY,
	    .sxdp_ifindex = (uint32_t)ifindex};

	tx->fd = socket(AF_XDP, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (tx->fd < 0 || register_umem(tx) < 0 || make_rings(tx) < 0 ||
	    map_rings(tx) < 0)
		return -1;
	sock_set(tx->fd, SOL_SOCKET, SO_SNDBUFFORCE, SEND_BUFFER);
	return bind(tx->fd, (struct sockaddr *)&addr, sizeof(addr));
}

static int register_umem(struct xdptx *tx)
{
	struct xdp_umem_reg reg = {.len = CHUNKS * CHUNK, .chunk_size = CHUNK};
	void *umem = mmap(NULL, reg.len, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (umem == MAP_FAILED)
		return -1;
	tx->umem = umem;
	reg.addr = (uintptr_t)umem;
	return sock_set_bytes(tx->fd, SOL_XDP, XDP_UMEM_REG, &reg, sizeof(reg));
}

/* The fill ring is for receivers, but without one there is no bind(). */
static int make_rings(struct xdptx *tx)
{
	if (sock_set(tx->fd, SOL_XDP, XDP_UMEM_FILL_RING, 1) < 0 ||
	    sock_set(tx->fd, SOL_XDP, XDP_UMEM_COMPLETION_RING, RING) < 0)
		return -1;
	return sock_set(tx->fd, SOL_XDP, XDP_TX_RING, RING);
}

static int map_rings(struct xdptx *tx)
{
	struct xdp_mmap_offsets at;
	socklen_t len = sizeof(at);

	if (getsockopt(tx->fd, SOL_XDP, XDP_MMAP_OFFSETS, &at, &len) < 0)
		return -1;
	if (map_ring(&tx->tx, tx->fd, XDP_PGOFF_TX_RING, &at.tx,
		sizeof(struct xdp_desc)) < 0)
		return -1;
	return map_ring(&tx->cq, tx->fd, XDP_UMEM_PGOFF_COMPLETION_RING, &at.cr,
	    sizeof(uint64_t));
}

static int map_ring(struct ring *ring, int fd, off_t page_offset,
    const struct xdp_ring_offset *at, size_t entry)
{
	ring->bytes = at->desc + RING * entry;
	ring->map = mmap(NULL, ring->bytes, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_POPULATE, fd, page_offset);
	if (ring->map == MAP_FAILED)
		return -1;
	uint8_t *base = ring->map;
	ring->producer = (void *)(base + at->producer);
	ring->consumer = (void *)(base + at->consumer);
	ring->entries = base + at->desc;
	return 0;
}

static struct xdp_desc *entry(const struct xdptx *tx, uint32_t at)
{
	return (struct xdp_desc *)tx->tx.entries + at % RING;
}

static void unmap_ring(const struct ring *ring)
{
	if (ring->map != MAP_FAILED)
		munmap(ring->map, ring->bytes);
}

/* Chunks that the device has let go of. */
static void reclaim(struct xdptx *tx)
{
	const uint64_t *entries = tx->cq.entries;
	uint32_t at = *tx->cq.consumer, end = load(tx->cq.producer);

	for (; at != end; at++)
		take_chunk(tx, entries[at % RING]);
	store(tx->cq.consumer, at);
}

static uint32_t load(const uint32_t *at)
{
	return __atomic_load_n(at, __ATOMIC_ACQUIRE);
}

/* The chunk at @addr is ours again. Some kernels also report entries that led
 * nowhere. */
static void take_chunk(struct xdptx *tx, uint64_t addr)
{
	uint64_t chunk = addr / CHUNK;

	if (chunk >= CHUNKS || !tx->lent[chunk])
		return;
	assert(tx->n_free < CHUNKS);
	tx->lent[chunk] = false;
	tx->free[tx->n_free++] = (uint16_t)chunk;
}

static void store(uint32_t *at, uint32_t value)
{
	__atomic_store_n(at, value, __ATOMIC_RELEASE);
}

/* Lets the kernel skip entries that were withdrawn. Return: false if
 * it has not yet. */
static bool is_clear(const struct xdptx *tx)
{
	int error = 0;

	for (int i = 0; i < CLEAR_CALLS && (!error || error == EAGAIN); i++) {
		if (load(tx->tx.consumer) == *tx->tx.producer)
			return true;
		error = kick(tx);
	}
	return false;
}

/* Return: 0 or a positive errno. */
static int kick(const struct xdptx *tx)
{
	return sendto(tx->fd, NULL, 0, MSG_DONTWAIT, NULL, 0) < 0 ? errno : 0;
}

/* Return: see xdptx_send(). */
static int send_group(struct xdptx *tx, struct group *group)
{
	uint32_t start = *tx->tx.producer;

	group->n = put(tx, group->frames, group->n);
	if (group->n == 0)
		return 0;
	int given = transmit(tx, group, start);
	if (load(tx->tx.consumer) != start + (uint32_t)group->n)
		take_back(tx, start + (uint32_t)given);
	if (given > 0)
		return given;
	return tx->full ? -ENOBUFS : 0;
}

/* Puts frames into the ring, which is empty. Return: how many. */
static int put(struct xdptx *tx, const struct frame *const *frames, int n)
{
	uint32_t at = *tx->tx.producer;
	int i = 0;

	for (; i < n && tx->n_free > 0; i++) {
		unsigned chunk = tx->free[--tx->n_free];
		uint64_t addr = chunk * CHUNK + chunk % STAGGER * LINE;
		size_t len = frame_copy(frames[i], tx->umem + addr, ROOM);

		offload_csum(frames[i], tx->umem + addr);
		tx->lent[chunk] = true;
		*entry(tx, at++) =
		    (struct xdp_desc){.addr = addr, .len = (uint32_t)len};
	}
	store(tx->tx.producer, at);
	return i;
}

/*
 * Lets the kernel send the group, which begins at entry @start. It does 32
 * frames a call and says EAGAIN when there are more, or when the device is
 * busy. EBUSY: the device has dropped the last one that it looked at, which the
 * consumer index counts only if others went before; the next call goes on
 * behind it.
 *
 * Return: frames that it looked at.
 */
static int transmit(struct xdptx *tx, struct group *group, uint32_t start)
{
	int at = 0, row = 0, error = 0;
	bool moved = true;

	while (at < group->n && row < FULL_ROW &&
	       (error == EBUSY || (moved && (!error || error == EAGAIN)))) {
		error = kick(tx);
		int now = (int)(load(tx->tx.consumer) - start);
		int sent = now > at ? now - at : 0;

		moved = sent > 0;
		at += sent;
		if (error != EBUSY)
			continue;
		at += moved ? 0 : 1;
		group->refused |= (uint64_t)1 << (at - 1);
		if (sent > 1)
			row = 0;
		row += frame_len(group->frames[at - 1]) <= group->longest;
	}
	tx->full = row >= FULL_ROW || (at < group->n && error == EAGAIN);
	return at;
}

/* Withdraws the entries from @from on: they will not leave later. */
static void take_back(struct xdptx *tx, uint32_t from)
{
	uint32_t end = *tx->tx.producer;

	for (; from != end; from++) {
		take_chunk(tx, entry(tx, from)->addr);
		entry(tx, from)->addr = NOWHERE;
	}
	is_clear(tx);
}
