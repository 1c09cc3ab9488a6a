/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * outbox.h - bytes that wait for a client of the control socket to read them.
 *
 * A ring that grows by doubling up to its limit. outbox_reserve() makes it as
 * large as it will be at once, so that who writes to it from the frame path
 * allocates nothing there.
 */
#ifndef SWITCH_OUTBOX_H
#define SWITCH_OUTBOX_H

#include <stdbool.h>
#include <stddef.h>

struct outbox {
	char *data; /* size bytes */
	size_t size;
	size_t head;  /* where the oldest byte is */
	size_t len;   /* bytes that wait */
	size_t limit; /* never more than so many */
};

void outbox_init(struct outbox *box, size_t limit);
void outbox_free(struct outbox *box);

/* Can @len more bytes wait? */
static inline bool outbox_fits(const struct outbox *box, size_t len)
{
	return len <= box->limit - box->len;
}

/* Memory for @size bytes, now; that is the limit from here on.
 * Return: false when out of memory. */
bool outbox_reserve(struct outbox *box, size_t size);

/* Return: false, with nothing put, beyond the limit or out of memory. */
bool outbox_put(struct outbox *box, const void *bytes, size_t len);

/**
 * outbox_send() - as many bytes as the socket takes, without blocking
 *
 * Return: 0, also when some are left; or -errno: the client is gone.
 * #syscalls sendmsg
 */
int outbox_send(struct outbox *box, int fd);

#endif
