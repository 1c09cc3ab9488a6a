/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * packet.c - `nic:IF` by AF_PACKET sockets: one that hears, one that speaks.
 *
 * The kernel keeps the outer VLAN tag apart (PACKET_AUXDATA) and says what is
 * unfinished about a frame (PACKET_VNET_HDR), so super-frames and partial
 * checksums pass in both directions as they are. The second socket has
 * protocol 0: it receives nothing, and its buffer fills apart from the first
 * one's. Promiscuous mode belongs to the socket and ends with the process.
 *
 * System calls are what small frames cost, so these come by a ring (rxring.h)
 * and go by AF_XDP, many a call (xdptx.h); what that cannot carry, super-frames
 * and long ones, goes by sendmsg(), and what is too long for that by another
 * ring (txring.h). All are synchronous: frames keep their order.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kinds.h"
#include "link.h"
#include "nic.h"
#include "rxring.h"
#include "txring.h"
#include "vnet.h"
#include "xdptx.h"

enum {
	/* bytes of kernel memory for frames that wait: long ones in receive */
	RX_BUFFER = 4 << 20,
	TX_BUFFER = 4 << 20,
};

struct packet {
	struct nic nic;
	int rx_fd;
	int tx_fd;
	struct rxring *rx;
	struct txring *ring; /* for what tx_fd finds too long */
	struct xdptx *xdp;   /* for short frames; NULL: none */
	bool wants_xdp;
	int xdp_error; /* why there is none though it is wanted, errno */

	/* see look_after_ring() */
	int unheard;   /* batches sent since a frame was received, up to 3 */
	uint64_t lost; /* frames meanwhile */
	int renewed;
};

static const char *const keys[] = {"driver", PACKET_KEYS, NULL};

/* Like setsockopt, for an int. Return: 0 or -errno. */
static int set(int fd, int level, int option, int value)
{
	if (setsockopt(fd, level, option, &value, sizeof(value)) < 0)
		return -errno;
	return 0;
}

static void set_buffer(int fd, int forced, int limited, int bytes)
{
	if (set(fd, SOL_SOCKET, forced, bytes) < 0)
		set(fd, SOL_SOCKET, limited, bytes);
}

static int bind_to(int fd, int ifindex, uint16_t protocol)
{
	struct sockaddr_ll addr = {.sll_family = AF_PACKET,
	    .sll_protocol = htons(protocol),
	    .sll_ifindex = ifindex};

	return bind(fd, (struct sockaddr *)&addr, sizeof(addr)) < 0 ? -errno
								    : 0;
}

static int be_promiscuous(int fd, int ifindex)
{
	struct packet_mreq mreq = {
	    .mr_ifindex = ifindex, .mr_type = PACKET_MR_PROMISC};

	if (setsockopt(
		fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &mreq, sizeof(mreq)) < 0)
		return -errno;
	return 0;
}

/* Protocol 0 hears nothing until bind(), so no other interface's frames. */
static int open_socket(void)
{
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	return fd < 0 ? -errno : fd;
}

static int open_rx(struct packet *packet, int ifindex)
{
	int fd = packet->rx_fd = open_socket();
	int rc = fd < 0 ? fd : set(fd, SOL_PACKET, PACKET_VNET_HDR, 1);

	if (rc == 0)
		rc = set(fd, SOL_PACKET, PACKET_AUXDATA, 1);
	if (rc == 0)
		rc = set(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, 1);
	if (rc < 0)
		return rc;
	set_buffer(fd, SO_RCVBUFFORCE, SO_RCVBUF, RX_BUFFER);
	packet->rx =
	    rxring_new(fd, packet->nic.tap ? RXRING_SMALL : RXRING_LARGE);
	if (!packet->rx)
		return -errno;
	rc = bind_to(fd, ifindex, ETH_P_ALL);
	return rc < 0 ? rc : be_promiscuous(fd, ifindex);
}

static int open_tx(struct packet *packet, int ifindex)
{
	int fd = packet->tx_fd = open_socket();
	int rc = fd < 0 ? fd : set(fd, SOL_PACKET, PACKET_VNET_HDR, 1);

	if (rc == 0)
		rc = set(fd, SOL_PACKET, PACKET_QDISC_BYPASS, 1);
	if (rc < 0)
		return rc;
	set_buffer(fd, SO_SNDBUFFORCE, SO_SNDBUF, TX_BUFFER);
	return bind_to(fd, ifindex, 0);
}

/* QDISC_BYPASS refuses what the kernel would have to cut for the device, but
 * only after it has cut it. Better not to ask. */
static void set_can(struct port *port)
{
	const struct packet *packet = port->priv;

	port->can = packet->nic.tso ? CAN_ALL : CAN_CSUM;
}

/* Where there is no AF_XDP, or the interface has such a socket already, all is
 * sent by AF_PACKET. */
static void open_xdp(struct packet *packet, int ifindex)
{
	if (packet->xdp || !packet->wants_xdp)
		return;
	packet->xdp = xdptx_new(ifindex);
	packet->xdp_error = packet->xdp ? 0 : errno;
}

/* #syscalls socket setsockopt bind */
static int packet_open(struct port *port, char *err)
{
	struct packet *packet = calloc(1, sizeof(*packet));
	int rc;

	port->priv = packet;
	if (!packet)
		return port_refuse(err, -ENOMEM, "out of memory");
	packet->rx_fd = packet->tx_fd = -1;
	rc = nic_attach(port, err);
	if (rc < 0)
		return rc;
	packet->wants_xdp = packet->nic.one_queue;
	rc = port_spec_yes(&port->spec, "xdp", &packet->wants_xdp, err);
	if (rc < 0)
		return rc;
	rc = open_rx(packet, port->ifindex);
	if (rc == 0)
		rc = open_tx(packet, port->ifindex);
	if (rc < 0)
		return nic_not_opened(port, rc, err);
	packet->ring = txring_new(port->ifindex, packet->nic.link_mtu);
	if (!packet->ring)
		return nic_not_opened(port, -errno, err);
	open_xdp(packet, port->ifindex);
	port->fd = packet->rx_fd;
	port->events = POLLIN;
	set_can(port);
	return 0;
}

/* A ring's slots hold frames of the MTU that it was made for. */
static int renew_ring(struct port *port, char *err)
{
	struct packet *packet = port->priv;
	struct txring *ring = txring_new(port->ifindex, packet->nic.link_mtu);

	if (!ring)
		return nic_not_opened(port, -errno, err);
	txring_free(packet->ring);
	packet->ring = ring;
	return 0;
}

static int packet_link(struct port *port, const struct link *link, char *err)
{
	struct packet *packet = port->priv;
	uint32_t mtu = packet->nic.link_mtu;
	int rc = nic_link(port, link, err);

	set_can(port);
	/* who had it may have gone */
	open_xdp(packet, port->ifindex);
	if (rc == 0 && packet->nic.link_mtu > mtu)
		rc = renew_ring(port, err);
	return rc;
}

static void packet_close(struct port *port)
{
	struct packet *packet = port->priv;

	if (!packet)
		return;
	rxring_free(packet->rx);
	if (packet->rx_fd >= 0)
		close(packet->rx_fd);
	if (packet->tx_fd >= 0)
		close(packet->tx_fd);
	txring_free(packet->ring);
	xdptx_free(packet->xdp);
	free(packet);
}

/* The tag that the kernel took out of the frame; NULL: it took none. */
static const struct vnet_tag *stripped(
    struct vnet_tag *tag, uint32_t status, uint16_t tci, uint16_t tpid)
{
	if (!(status & TP_STATUS_VLAN_VALID))
		return NULL;
	tag->tci = tci;
	tag->tpid = status & TP_STATUS_VLAN_TPID_VALID ? tpid : TPID_8021Q;
	return tag;
}

static const struct vnet_tag *stripped_tag(
    struct msghdr *msg, struct vnet_tag *tag)
{
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(msg);
	struct tpacket_auxdata aux;

	if (!cmsg || cmsg->cmsg_level != SOL_PACKET ||
	    cmsg->cmsg_type != PACKET_AUXDATA)
		return NULL;
	memcpy(&aux, CMSG_DATA(cmsg), sizeof(aux));
	return stripped(tag, aux.tp_status, aux.tp_vlan_tci, aux.tp_vlan_tpid);
}

/* A frame too long for the ring. Return: 1 if @f holds it, 0 if it was lost,
 * -errno. */
static int receive_long(struct port *port, struct frame *f, uint8_t *slot)
{
	_Alignas(struct cmsghdr) char
	    control[CMSG_SPACE(sizeof(struct tpacket_auxdata))];
	struct iovec iov = {slot - VNET_HDR, VNET_HDR + ARENA_SLOT};
	struct msghdr msg = {.msg_iov = &iov,
	    .msg_iovlen = 1,
	    .msg_control = control,
	    .msg_controllen = sizeof(control)};
	struct vnet_tag tag;
	ssize_t n;

	/* That the device went down is said once, and the frame is there. */
	do
		n = recvmsg(port->fd, &msg, MSG_DONTWAIT);
	while (n < 0 && errno == ENETDOWN);
	if (n < 0 && errno != EINVAL && errno != EMSGSIZE)
		return -errno;
	if (n < VNET_HDR) {
		port->counters.rx_invalid++;
		return 0;
	}
	return vnet_receive(
	    port, f, slot, (size_t)n - VNET_HDR, stripped_tag(&msg, &tag));
}

/* Return: as receive_long(); -EAGAIN when there is none. */
static int receive_one(struct port *port, struct frame *f, uint8_t *arena)
{
	const struct packet *packet = port->priv;
	struct rxring_frame got;
	struct vnet_tag tag;

	switch (rxring_next(packet->rx, &got)) {
	case RXRING_FRAME:
		return vnet_receive(port, f, got.data, got.len,
		    stripped(&tag, got.status, got.tci, got.tpid));
	case RXRING_QUEUED:
		return receive_long(port, f, arena);
	case RXRING_LOST:
		port->counters.rx_dropped++;
		return 0;
	case RXRING_EMPTY:
		break;
	}
	return -EAGAIN;
}

/* What a socket has to say for itself while it has no frames, once: while it
 * is not taken, the loop calls again and again. That a device went down, or was
 * deleted, the link watch says. Return: 0 or -errno. */
static int trouble(const struct packet *packet)
{
	int error = 0;
	socklen_t len = sizeof(error);

	getsockopt(packet->rx_fd, SOL_SOCKET, SO_ERROR, &error, &len);
	return error == ENETDOWN ? 0 : -error;
}

/* #syscalls recvmsg getsockopt */
static int packet_receive(struct port *port, struct batch *batch)
{
	struct packet *packet = port->priv;
	size_t bytes = 0;
	int n = 0;

	for (int i = 0; i < BATCH_MAX && bytes < BATCH_BYTES; i++) {
		int rc = receive_one(
		    port, &batch->frames[n], arena_slot(port->host->arena, n));

		if (rc == -EAGAIN)
			return i > 0 ? n : trouble(packet);
		if (rc < 0)
			return n > 0 ? n : rc;
		packet->unheard = 0;
		bytes += rc ? batch->frames[n].body_len : 0;
		n += rc;
	}
	return n;
}

/* #syscalls getsockopt */
static void count_lost(struct port *port)
{
	struct packet *packet = port->priv;
	struct tpacket_stats stats = {0};
	socklen_t len = sizeof(stats);

	/* reading resets it */
	if (getsockopt(
		packet->rx_fd, SOL_PACKET, PACKET_STATISTICS, &stats, &len) < 0)
		return;
	port->counters.rx_dropped += stats.tp_drops;
	packet->lost += stats.tp_drops;
}

/*
 * A super-frame for which the kernel has no virtio_net_hdr (UFO, that old
 * guests send; SCTP) makes it lose hold of a slot: it waits there for ever,
 * drops what comes, and no poll says so. That frames were dropped while the
 * ring had room is the sign. It is looked for when we send again and have heard
 * nothing, which costs nothing where traffic goes both ways; no frame of the
 * ring is borrowed then.
 *
 * Return: 0 or -errno.
 */
static int look_after_ring(struct port *port)
{
	struct packet *packet = port->priv;

	if (packet->unheard < 3)
		packet->unheard++;
	if (packet->unheard == 1)
		return 0;
	count_lost(port);
	if (packet->unheard == 2)
		packet->lost = 0; /* it may have been full before */
	if (!packet->lost || !rxring_is_empty(packet->rx))
		return 0;
	packet->unheard = 0;
	packet->renewed++;
	int rc = rxring_renew(packet->rx);
	if (rc < 0)
		port_fail(port, "%s: its receive ring cannot be renewed: %s",
		    port->spec.arg, strerror(-rc));
	return rc;
}

static void packet_release(struct port *port, struct batch *batch)
{
	const struct packet *packet = port->priv;

	(void)batch;
	rxring_release(packet->rx);
}

static int send_one(const struct packet *packet, const struct frame *f)
{
	struct iovec iov[1 + FRAME_IOV];
	struct msghdr msg = {.msg_iov = iov};
	struct virtio_net_hdr hdr;
	uint8_t tag[VLAN_TAG];
	size_t len;
	const void *whole = vnet_whole(f, &len);

	if (txring_wants(f, packet->nic.link_mtu))
		return txring_send(packet->ring, f);
	if (whole)
		return send(packet->tx_fd, whole, len, MSG_DONTWAIT) < 0 ? errno
									 : 0;
	vnet_header(f, &hdr);
	iov[0] = (struct iovec){&hdr, VNET_HDR};
	msg.msg_iovlen = 1 + (size_t)frame_iov(f, iov + 1, tag);
	return sendmsg(packet->tx_fd, &msg, MSG_DONTWAIT) < 0 ? errno : 0;
}

/* Sends what of the first frames can go by AF_XDP. Return: see xdptx_send(). */
static int send_short(
    struct port *port, const struct frame *const *frames, int n)
{
	const struct packet *packet = port->priv;
	int fit = 0;

	while (packet->xdp && fit < n && xdptx_takes(frames[fit]))
		fit++;
	int sent = fit > 0 ? xdptx_send(packet->xdp, frames, fit) : 0;
	for (int i = 0; i < sent; i++)
		port->counters.tx_csummed += frames[i]->off.needs_csum;
	return sent;
}

/* Return: how many of the first were taken, at least 1; or -errno. */
static int send_some(
    struct port *port, const struct frame *const *frames, int n)
{
	int rc = send_short(port, frames, n);

	if (rc != 0)
		return rc;
	int error = send_one(port->priv, frames[0]);
	return error ? -error : 1;
}

/* #syscalls send sendmsg */
static int packet_send(
    struct port *port, const struct frame *const *frames, int n)
{
	int rc = look_after_ring(port);

	if (rc < 0)
		return rc;
	for (int i = 0; i < n; i += rc) {
		rc = send_some(port, frames + i, n - i);
		if (rc < 0)
			return i > 0 ? i : nic_send_result(frames[i], -rc);
	}
	return n;
}

static void packet_flush(struct port *port)
{
	const struct packet *packet = port->priv;

	if (packet->xdp)
		xdptx_flush(packet->xdp);
}

static void packet_facts(struct port *port,
    void (*emit)(const char *key, const char *value, void *arg), void *arg)
{
	const struct packet *packet = port->priv;
	char text[80];

	count_lost(port);
	emit("driver", "packet", arg);
	if (packet->xdp_error)
		snprintf(text, sizeof text, "AF_PACKET (AF_XDP: %s)",
		    strerror(packet->xdp_error));
	else
		snprintf(text, sizeof text, "%sAF_PACKET",
		    packet->xdp ? "AF_XDP, " : "");
	emit("sends by", text, arg);
	snprintf(text, sizeof text, "%d", packet->renewed);
	if (packet->renewed)
		emit("ring renewed", text, arg);
	if (port->past.raised)
		emit("brought up", "by us; goes down again at the end", arg);
}

const struct port_kind kind_packet = {
    .name = "nic",
    .driver = "packet",
    .help = "IF[,driver=packet|pcap][,mtu=N][,xdp=yes|no]\n"
	    "a network interface, by AF_PACKET or libpcap",
    .keys = keys,
    .open = packet_open,
    .receive = packet_receive,
    .release = packet_release,
    .send = packet_send,
    .flush = packet_flush,
    .link = packet_link,
    .facts = packet_facts,
    .close = packet_close,
    .restore = nic_restore,
};
