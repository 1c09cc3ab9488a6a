/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vnet.c - virtio_net_hdr to and from struct offload (virtio 1.2 5.1.6).
 *
 * TAP and AF_PACKET use the host's byte order unless told otherwise.
 */
#include "vnet.h"

#include <string.h>

#include "kind.h"

static void tell_of_long(struct port *port);
static struct offload decode(const struct virtio_net_hdr *hdr);
static bool is_finished(const struct offload *off);
static bool shift(struct offload *off);

bool vnet_receive(struct port *port, struct frame *f, const uint8_t *slot,
    size_t len, const struct vnet_tag *tag)
{
	struct virtio_net_hdr hdr;
	struct offload off;
	bool in_band;

	memcpy(&hdr, slot - VNET_HDR, VNET_HDR);
	off = decode(&hdr);
	if (tag && len >= ETH_HEAD) {
		*f = (struct frame){.addrs = slot,
		    .body = slot + ETH_ADDRS,
		    .body_len = (uint32_t)(len - ETH_ADDRS),
		    .tpid = tag->tpid,
		    .tci = tag->tci};
		in_band = false;
	} else if (frame_parse(f, slot, len)) {
		in_band = f->tpid != 0;
	} else {
		return true; /* a runt: the bridge counts it */
	}
	if (len >= ARENA_SLOT) {
		tell_of_long(port);
		return true; /* it fills its slot, so it is too long: likewise */
	}
	if (is_finished(&off)) {
		f->vnet = slot - VNET_HDR;
		return true;
	}
	if (!in_band || shift(&off)) {
		f->off = off;
		if (offload_accept(f))
			return true;
	}
	port->counters.rx_invalid++;
	return false;
}

const void *vnet_whole(const struct frame *f, size_t *len)
{
	size_t tag = f->tpid ? VLAN_TAG : 0;

	if (!f->vnet || f->vnet + VNET_HDR != f->addrs ||
	    f->body != f->addrs + ETH_ADDRS + tag)
		return NULL;
	*len = VNET_HDR + frame_len(f);
	return f->vnet;
}

void vnet_header(const struct frame *f, struct virtio_net_hdr *hdr)
{
	const struct offload *off = &f->off;
	uint16_t tag = f->tpid ? VLAN_TAG : 0;
	size_t len = frame_len(f);

	memset(hdr, 0, sizeof(*hdr));
	if (off->needs_csum) {
		hdr->flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
		hdr->csum_start = off->csum_start + tag;
		hdr->csum_offset = off->csum_offset;
	}
	if (off->gso_type != GSO_NONE) {
		hdr->gso_type =
		    off->gso_type | (off->ecn ? VIRTIO_NET_HDR_GSO_ECN : 0);
		hdr->gso_size = off->gso_size;
		/* the kernel refuses a hint beyond the frame's end */
		hdr->hdr_len =
		    off->hdr_len + tag <= len ? off->hdr_len + tag : 0;
	}
}

/* BIG TCP: other ports have no room for it, nor has the header's sender. */
static void tell_of_long(struct port *port)
{
	port_remark(port, SAID_TOO_LONG,
	    "dropped a super-frame of more than 64 KiB (BIG TCP): on the "
	    "sender's interface run \"ip link set dev IF gso_max_size 65536 "
	    "gro_max_size 65536\"");
}

static struct offload decode(const struct virtio_net_hdr *hdr)
{
	struct offload off = {0};

	if (hdr->flags & VIRTIO_NET_HDR_F_NEEDS_CSUM) {
		off.needs_csum = true;
		off.csum_start = hdr->csum_start;
		off.csum_offset = hdr->csum_offset;
	}
	if (hdr->gso_type != VIRTIO_NET_HDR_GSO_NONE) {
		off.gso_type = hdr->gso_type & ~VIRTIO_NET_HDR_GSO_ECN;
		off.ecn = hdr->gso_type & VIRTIO_NET_HDR_GSO_ECN;
		off.gso_size = hdr->gso_size;
		off.hdr_len = hdr->hdr_len;
	}
	return off;
}

static bool is_finished(const struct offload *off)
{
	return !off->needs_csum && off->gso_type == GSO_NONE;
}

/* The tag lay in band: subtract it from offsets that count it. */
static bool shift(struct offload *off)
{
	if (off->hdr_len >= VLAN_TAG)
		off->hdr_len -= VLAN_TAG;
	if (!off->needs_csum)
		return true;
	if (off->csum_start < ETH_HEAD + VLAN_TAG)
		return false;
	off->csum_start -= VLAN_TAG;
	return true;
}
