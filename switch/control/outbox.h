/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * outbox.h - bytes that wait for a client of the control socket to read them.
 *
 * A ring that doubles as needed, up to its limit. outbox_reserve() gives it its
 * final size at once, so that the frame path can write to it without
 * allocating.
 */
#ifndef SWITCH_CONTROL_OUTBOX_H
#define SWITCH_CONTROL_OUTBOX_H

#include <stdbool.h>
#include <stddef.h>

struct outbox {
	char *data; /* size bytes */
	size_t size;
	size_t head;  /* where the oldest byte is */
	size_t len;   /* bytes that wait */
	size_t limit; /* of len */
};

/** outbox_init() - empty; at most @limit bytes will wait in it */
void outbox_init(struct outbox *box, size_t limit);

/** outbox_free() - drop what waits, and the memory */
void outbox_free(struct outbox *box);

/** outbox_fits() - can @len more bytes wait? */
static inline bool outbox_fits(const struct outbox *box, size_t len)
{
	return len <= box->limit - box->len;
}

/**
 * outbox_reserve() - allocate @size bytes now; they are the limit from now on
 *
 * Return: false when out of memory.
 */
bool outbox_reserve(struct outbox *box, size_t size);

/**
 * outbox_put() - add @len bytes
 *
 * Return: false, with nothing added, beyond the limit or out of memory.
 */
bool outbox_put(struct outbox *box, const void *bytes, size_t len);

/**
 * outbox_send() - send as many bytes as the socket takes, without blocking
 *
 * Return: 0, also if some are left; or -errno: the client is gone.
 * #syscalls sendmsg
 */
int outbox_send(struct outbox *box, int fd);

#endif
