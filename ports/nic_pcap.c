/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * nic_pcap.c - `nic:IF,driver=pcap`: an interface through libpcap, in immediate
 * mode.
 *
 * libpcap puts a VLAN tag that the kernel stripped back in band, but does not
 * report unfinished checksums and super-frames: unfinished.c recognizes them.
 * It cannot send unfinished frames either, so all are finished in software
 * first. Nor can it send some frames that are longer than the MTU: those leave
 * as nic_packet.c sends them (txring.h).
 */
#include <errno.h>
#include <linux/if_packet.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <pcap/pcap.h>

#include "kinds.h"
#include "link.h"
#include "nic.h"
#include "sock.h"
#include "steer.h"
#include "txring.h"
#include "unfinished.h"

enum {
	SNAPLEN = ARENA_SLOT,
	/* a slot of the ring holds a super-frame, so this is 250 frames */
	RING_BYTES = 16 << 20,
};

struct nic_pcap {
	struct nic nic;
	pcap_t *pcap;
	struct txring *ring; /* for frames too long for libpcap */
	uint64_t dropped;    /* as pcap_stats() last said */
	uint8_t copy[FRAME_MAX + VLAN_TAG];
};

struct reading {
	struct port *port;
	struct batch *batch;
};

static const char *const keys[] = {"driver", "mtu", "once", "host", NULL};

static int activate(struct port *port, pcap_t *pcap, char *err);
static int ignore_own(pcap_t *pcap);
static void on_frame(
    u_char *user, const struct pcap_pkthdr *head, const u_char *bytes);
static int send_one(struct nic_pcap *priv, const struct frame *f);
static int make_ring(struct port *port, char *err);

static int open_port(struct port *port, char *err)
{
	struct nic_pcap *priv = calloc(1, sizeof(*priv));
	char errbuf[PCAP_ERRBUF_SIZE];
	int result;

	port->priv = priv;
	if (!priv)
		return port_refuse(err, -ENOMEM, "out of memory");
	result = nic_attach(port, err);
	if (result < 0)
		return result;
	priv->pcap = pcap_create(port->link_name, errbuf);
	if (!priv->pcap)
		return port_refuse(err, -EIO, "libpcap cannot open %s: %s",
		    port->spec.arg, errbuf);
	result = activate(port, priv->pcap, err);
	if (result == 0)
		result = make_ring(port, err);
	if (result < 0)
		return result;
	port->fd = pcap_get_selectable_fd(priv->pcap);
	port->events = POLLIN;
	port->can = 0;
	return 0;
}

static int activate(struct port *port, pcap_t *pcap, char *err)
{
	char errbuf[PCAP_ERRBUF_SIZE] = "";
	int result;

	pcap_set_snaplen(pcap, SNAPLEN);
	pcap_set_buffer_size(pcap, RING_BYTES);
	pcap_set_immediate_mode(pcap, 1);
	pcap_set_promisc(pcap, 1);
	result = pcap_activate(pcap);
	if (result == PCAP_ERROR_PERM_DENIED ||
	    result == PCAP_ERROR_PROMISC_PERM_DENIED)
		return nic_not_opened(port, -EPERM, err);
	if (result < 0)
		return port_refuse(err, -EIO, "libpcap cannot open %s: %s: %s",
		    port->spec.arg, pcap_statustostr(result),
		    pcap_geterr(pcap));
	if (pcap_datalink(pcap) != DLT_EN10MB)
		return port_refuse(err, -EMEDIUMTYPE,
		    "libpcap does not deliver Ethernet frames on %s",
		    port->spec.arg);
	if (ignore_own(pcap) < 0 || pcap_setnonblock(pcap, 1, errbuf) < 0)
		return port_refuse(err, -EIO, "libpcap cannot set up %s: %s%s",
		    port->spec.arg, pcap_geterr(pcap), errbuf);
	return 0;
}

/* Receive only what others send. libpcap checks each frame for that; the socket
 * option saves it the work. */
static int ignore_own(pcap_t *pcap)
{
	sock_set(pcap_fileno(pcap), SOL_PACKET, PACKET_IGNORE_OUTGOING, 1);
	steer_ignore_own(pcap_fileno(pcap)); /* of no use without privilege */
	return pcap_setdirection(pcap, PCAP_D_IN);
}

/* #syscalls poll */
static int receive(struct port *port, struct batch *batch)
{
	struct nic_pcap *priv = port->priv;
	struct reading reading = {port, batch};
	int result =
	    pcap_dispatch(priv->pcap, BATCH_MAX, on_frame, (u_char *)&reading);

	if (result >= 0 || batch->n > 0)
		return batch->n;
	return if_nametoindex(port->spec.arg) ? -EIO : -ENODEV;
}

/* libpcap takes the bytes back when this returns. */
static void on_frame(
    u_char *user, const struct pcap_pkthdr *head, const u_char *bytes)
{
	struct reading *reading = (void *)user;
	struct port *port = reading->port;
	const struct nic *nic = port->priv;
	struct batch *batch = reading->batch;
	uint8_t *slot = arena_slot(port->host->arena, batch->n);
	struct frame *f = &batch->frames[batch->n];
	bool whole = head->caplen == head->len && head->caplen <= ARENA_SLOT;

	if (!whole) {
		port->counters.rx_invalid++;
		return;
	}
	memcpy(slot, bytes, head->caplen);
	if (frame_parse(f, slot, head->caplen) &&
	    (!unfinished_recognize(f, slot, nic->link_mtu) ||
		!offload_accept(f)))
		port->counters.rx_invalid++;
	else
		batch->n++;
}

/* #syscalls sendto */
static int send_frames(
    struct port *port, const struct frame *const *frames, int n)
{
	const struct nic *nic = port->priv;
	int row = 0;

	if (n > BATCH_MAX)
		n = BATCH_MAX;
	for (int i = 0; i < n; i++) {
		int error = send_one(port->priv, frames[i]);

		if (!error) {
			row = 0;
			continue;
		}
		if (!nic_refused(nic, frames[i], error, &row))
			return i > 0 ? i : nic_send_result(frames[i], error);
		port->refused |= (uint64_t)1 << i;
	}
	return n;
}

static int send_one(struct nic_pcap *priv, const struct frame *f)
{
	struct iovec iov[FRAME_IOV];
	uint8_t tag[VLAN_TAG];

	if (txring_wants(f, priv->nic.link_mtu))
		return txring_send(priv->ring, f);
	if (frame_iov(f, iov, tag) > 1) {
		iov[0].iov_len = frame_copy(f, priv->copy, sizeof(priv->copy));
		iov[0].iov_base = priv->copy;
	}
	if (pcap_inject(priv->pcap, iov[0].iov_base, iov[0].iov_len) < 0)
		return errno;
	return 0;
}

/* A ring's slots hold frames of the MTU that it was made for. */
static int make_ring(struct port *port, char *err)
{
	struct nic_pcap *priv = port->priv;
	struct txring *ring = txring_new(port->ifindex, priv->nic.link_mtu);

	if (!ring)
		return nic_not_opened(port, -errno, err);
	txring_free(priv->ring);
	priv->ring = ring;
	return 0;
}

static int on_link(struct port *port, const struct link *link, char *err)
{
	const struct nic *nic = port->priv;
	uint32_t mtu = nic->link_mtu;
	int result = nic_link(port, link, err);

	if (result < 0 || nic->link_mtu <= mtu)
		return result;
	return make_ring(port, err);
}

static void facts(struct port *port,
    void (*emit)(const char *key, const char *value, void *arg), void *arg)
{
	struct nic_pcap *priv = port->priv;
	struct pcap_stat stat;

	if (pcap_stats(priv->pcap, &stat) == 0) {
		port->counters.rx_dropped += stat.ps_drop - priv->dropped;
		priv->dropped = stat.ps_drop;
	}
	emit("driver", "pcap", arg);
	emit("library", pcap_lib_version(), arg);
}

static void close_port(struct port *port)
{
	struct nic_pcap *priv = port->priv;

	if (!priv)
		return;
	if (priv->pcap)
		pcap_close(priv->pcap);
	txring_free(priv->ring);
	free(priv);
}

const struct port_kind kind_nic_pcap = {
    .name = "nic",
    .driver = "pcap",
    .help = "IF,driver=pcap[,mtu=N][,once=yes]\na network interface, through "
	    "libpcap",
    .keys = keys,
    .open = open_port,
    .receive = receive,
    .send = send_frames,
    .link = on_link,
    .facts = facts,
    .close = close_port,
    .restore = nic_restore,
};
