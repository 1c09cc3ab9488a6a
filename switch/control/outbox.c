/* SPDX-License-Identifier: BSD-2-Clause */
/* outbox.c - bytes that wait for a client to read them: see outbox.h. */
#include "outbox.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

enum { OUTBOX_MIN = 4096 };

static bool grow(struct outbox *box, size_t need);
static int parts(const struct outbox *box, struct iovec iov[2]);

void outbox_init(struct outbox *box, size_t limit)
{
	*box = (struct outbox){.limit = limit};
}

void outbox_free(struct outbox *box)
{
	free(box->data);
	*box = (struct outbox){0};
}

bool outbox_reserve(struct outbox *box, size_t size)
{
	if (!grow(box, size))
		return false;
	box->limit = box->size;
	return true;
}

bool outbox_put(struct outbox *box, const void *bytes, size_t len)
{
	if (!outbox_fits(box, len) || !grow(box, box->len + len))
		return false;
	if (!len)
		return true;
	size_t tail = (box->head + box->len) % box->size;
	size_t first = box->size - tail < len ? box->size - tail : len;

	memcpy(box->data + tail, bytes, first);
	memcpy(box->data, (const char *)bytes + first, len - first);
	box->len += len;
	return true;
}

int outbox_send(struct outbox *box, int fd)
{
	while (box->len) {
		struct iovec iov[2];
		struct msghdr msg = {.msg_iov = iov};

		msg.msg_iovlen = (size_t)parts(box, iov);
		ssize_t n = sendmsg(fd, &msg, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN ? 0 : -errno;
		box->head = (box->head + (size_t)n) % box->size;
		box->len -= (size_t)n;
	}
	box->head = 0;
	return 0;
}

/* Make room for @need bytes in all; what waits moves to the front. */
static bool grow(struct outbox *box, size_t need)
{
	size_t size = box->size ? box->size : OUTBOX_MIN;
	struct iovec iov[2];

	if (need <= box->size)
		return true;
	while (size < need)
		size *= 2;
	char *data = malloc(size);
	if (!data)
		return false;
	if (box->len) {
		parts(box, iov);
		memcpy(data, iov[0].iov_base, iov[0].iov_len);
		memcpy(data + iov[0].iov_len, iov[1].iov_base, iov[1].iov_len);
	}
	free(box->data);
	box->data = data;
	box->size = size;
	box->head = 0;
	return true;
}

/* What waits, as one or two pieces. */
static int parts(const struct outbox *box, struct iovec iov[2])
{
	size_t to_end = box->size - box->head;

	iov[0].iov_base = box->data + box->head;
	iov[0].iov_len = box->len < to_end ? box->len : to_end;
	iov[1].iov_base = box->data;
	iov[1].iov_len = box->len - iov[0].iov_len;
	return iov[1].iov_len ? 2 : 1;
}
