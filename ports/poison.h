/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * poison.h - debug builds: who still reads a frame that was released sees
 * nonsense at once, and not only when the memory is used again.
 *
 * Only for memory of this process. Ring memory that the kernel shares is never
 * written to: the kernel may be writing the next frame there.
 */
#ifndef PORTS_POISON_H
#define PORTS_POISON_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "forwarding/frame.h"

enum { POISON = 0xa5 }; /* each byte of a released frame */

/**
 * poison_batch() - overwrite the frames of @batch that lie in one area
 * @area: @size bytes; frames that lie elsewhere are left alone
 *
 * Does nothing in a build with NDEBUG.
 */
static inline void poison_batch(
    const struct batch *batch, uint8_t *area, size_t size)
{
#ifndef NDEBUG
	for (int i = 0; i < batch->n; i++) {
		const struct frame *f = &batch->frames[i];
		/* in numbers, as one of a runt's pointers leads elsewhere */
		size_t addrs = (uintptr_t)f->addrs - (uintptr_t)area;
		size_t body = (uintptr_t)f->body - (uintptr_t)area;

		if (addrs < size && ETH_ADDRS <= size - addrs)
			memset(area + addrs, POISON, ETH_ADDRS);
		if (body < size && f->body_len <= size - body)
			memset(area + body, POISON, f->body_len);
	}
#else
	(void)batch, (void)area, (void)size;
#endif
}

#endif
