/* SPDX-License-Identifier: BSD-2-Clause */
/* frame.c - from bytes to a struct frame, and back. */
#include "frame.h"

#include <string.h>

#include "byte_order.h"

static void put_tag(const struct frame *f, uint8_t tag[VLAN_TAG]);
static bool in_one_piece(const struct frame *f, const uint8_t tag[VLAN_TAG]);

bool frame_parse(struct frame *f, const void *data, size_t len)
{
	static const uint8_t no_addrs[ETH_ADDRS];
	const uint8_t *bytes = data;

	*f = (struct frame){.addrs = no_addrs, .body = bytes};
	if (len < ETH_ADDRS)
		return false;
	f->addrs = bytes;
	f->body = bytes + ETH_ADDRS;
	f->body_len = (uint32_t)(len - ETH_ADDRS);
	if (len >= ETH_HEAD + VLAN_TAG && type_is_tpid(frame_type(f))) {
		f->tpid = frame_type(f);
		f->tci = be16(f->body + 2);
		f->body += VLAN_TAG;
		f->body_len -= VLAN_TAG;
	}
	return !frame_is_runt(f);
}

int frame_iov(
    const struct frame *f, struct iovec iov[FRAME_IOV], uint8_t tag[VLAN_TAG])
{
	int n = 0;

	if (f->tpid)
		put_tag(f, tag);
	if (in_one_piece(f, tag)) {
		iov[0] = (struct iovec){(void *)f->addrs, frame_len(f)};
		return 1;
	}
	iov[n++] = (struct iovec){(void *)f->addrs, ETH_ADDRS};
	if (f->tpid)
		iov[n++] = (struct iovec){tag, VLAN_TAG};
	iov[n++] = (struct iovec){(void *)f->body, f->body_len};
	return n;
}

size_t frame_copy(const struct frame *f, void *buf, size_t size)
{
	struct iovec iov[FRAME_IOV];
	uint8_t tag[VLAN_TAG];
	int n = frame_iov(f, iov, tag);
	size_t done = 0;

	for (int i = 0; i < n && done < size; i++) {
		size_t part = iov[i].iov_len;

		if (part > size - done)
			part = size - done;
		memcpy((uint8_t *)buf + done, iov[i].iov_base, part);
		done += part;
	}
	return done;
}

static void put_tag(const struct frame *f, uint8_t tag[VLAN_TAG])
{
	tag[0] = (uint8_t)(f->tpid >> 8);
	tag[1] = (uint8_t)f->tpid;
	tag[2] = (uint8_t)(f->tci >> 8);
	tag[3] = (uint8_t)f->tci;
}

/* Do the frame's bytes, @tag included, lie in memory in wire order? */
static bool in_one_piece(const struct frame *f, const uint8_t tag[VLAN_TAG])
{
	const uint8_t *after = f->addrs + ETH_ADDRS;

	if (!f->tpid)
		return f->body == after;
	return f->body == after + VLAN_TAG && memcmp(after, tag, VLAN_TAG) == 0;
}
