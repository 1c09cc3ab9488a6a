/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * nic_packet.c - `nic:IF` through AF_PACKET sockets: some receive, some
 * transmit.
 *
 * The kernel keeps the outer VLAN tag apart and says what is unfinished about a
 * frame (PACKET_VNET_HDR), so super-frames pass in both directions as they are.
 * The sockets that transmit have protocol 0: they receive nothing, and their
 * buffers fill independently. Promiscuous mode belongs to a socket and ends
 * with the process.
 *
 * System calls dominate the cost of small frames, so they arrive through a ring
 * (nic_packet_rx.h) and leave through AF_XDP, many per call (xdptx.h).
 * Super-frames and long frames, which AF_XDP cannot carry, leave through
 * sendmsg(), and those too long for that through another ring (txring.h). All
 * ways are synchronous, so frames keep their order.
 */
#include <errno.h>
#include <linux/if_packet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "kinds.h"
#include "link.h"
#include "nic.h"
#include "nic_packet_rx.h"
#include "sock.h"
#include "txring.h"
#include "vnet.h"
#include "xdptx.h"

enum {
	TX_BUFFER = 4 << 20, /* bytes of kernel memory for frames that wait */
};

struct nic_packet {
	struct nic nic;
	struct nic_packet_rx *rx;
	int tx_fd;
	struct txring *ring; /* for frames too long for tx_fd */
	struct xdptx *xdp;   /* for short frames; NULL: none */
	int xdp_error;	     /* why there is none though it is wanted, errno */
};

static const char *const keys[] = {"driver", "host", NIC_PACKET_KEYS, NULL};

static int adapt_xdp(struct port *port, char *err);
static int open_rx(struct nic_packet *packet, const struct port *port);
static int open_tx(struct nic_packet *packet, int ifindex);
static void tell_of_uso(struct port *port);
static void set_can(struct port *port);
static int send_short(
    struct port *port, const struct frame *const *frames, int n, int at);
static int send_one(const struct nic_packet *packet, const struct frame *f);
static int renew_ring(struct port *port, char *err);

/* #syscalls socket setsockopt bind */
static int open_port(struct port *port, char *err)
{
	struct nic_packet *packet = calloc(1, sizeof(*packet));
	int result;

	port->priv = packet;
	if (!packet)
		return port_refuse(err, -ENOMEM, "out of memory");
	packet->tx_fd = -1;
	result = nic_attach(port, err);
	if (result < 0)
		return result;
	result = adapt_xdp(port, err);
	if (result < 0)
		return result;
	result = open_rx(packet, port);
	if (result == 0)
		result = open_tx(packet, port->ifindex);
	if (result < 0)
		return nic_not_opened(port, result, err);
	packet->ring = txring_new(port->ifindex, packet->nic.link_mtu);
	if (!packet->ring)
		return nic_not_opened(port, -errno, err);
	port->fd = nic_packet_rx_fd(packet->rx);
	port->events = POLLIN;
	set_can(port);
	tell_of_uso(port);
	return 0;
}

/* The sender is in another namespace: only its owner can change that. */
static void tell_of_uso(struct port *port)
{
	const struct nic_packet *packet = port->priv;
	struct utsname kernel;

	if (!packet->nic.veth || uname(&kernel) < 0 ||
	    nic_tells_uso(kernel.release))
		return;
	port_remark(port, SAID_UNTOLD,
	    "Linux %s loses super-frames of UDP (as QUIC sends them) here: at "
	    "the other end of this veth run \"ethtool -K IF "
	    "tx-udp-segmentation off\", or use Linux 6.2 or newer",
	    kernel.release);
}

/* Use AF_XDP where the device has one queue, or as the operator says. Where
 * there is no AF_XDP, or the interface has such a socket already, AF_PACKET
 * sends all frames. Return: 0, or -EINVAL if the option is wrong. */
static int adapt_xdp(struct port *port, char *err)
{
	struct nic_packet *packet = port->priv;
	bool wanted = packet->nic.one_queue;
	int result = port_spec_yes(&port->spec, "xdp", &wanted, err);

	if (result < 0 || (wanted && packet->xdp))
		return result;
	xdptx_free(packet->xdp);
	packet->xdp = wanted ? xdptx_new(port->ifindex) : NULL;
	packet->xdp_error = wanted && !packet->xdp ? errno : 0;
	return 0;
}

static int open_rx(struct nic_packet *packet, const struct port *port)
{
	packet->rx = nic_packet_rx_new(port->ifindex, packet->nic.tap);
	if (!packet->rx)
		return -errno;
	return nic_packet_rx_carrier(packet->rx, port->carrier);
}

static int open_tx(struct nic_packet *packet, int ifindex)
{
	struct sockaddr_ll addr = {
	    .sll_family = AF_PACKET, .sll_ifindex = ifindex};
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	packet->tx_fd = fd;
	if (fd < 0)
		return -errno;
	int result = sock_set(fd, SOL_PACKET, PACKET_VNET_HDR, 1);
	if (result == 0)
		result = sock_set(fd, SOL_PACKET, PACKET_QDISC_BYPASS, 1);
	if (result < 0)
		return result;
	if (sock_set(fd, SOL_SOCKET, SO_SNDBUFFORCE, TX_BUFFER) < 0)
		sock_set(fd, SOL_SOCKET, SO_SNDBUF, TX_BUFFER);
	return bind(fd, (struct sockaddr *)&addr, sizeof(addr)) < 0 ? -errno
								    : 0;
}

/* With QDISC_BYPASS the kernel refuses frames that it would have to cut for the
 * device, but only after it has cut them. So never send it any. */
static void set_can(struct port *port)
{
	const struct nic_packet *packet = port->priv;

	port->can = packet->nic.tso ? CAN_VNET : CAN_CSUM;
}

static int receive(struct port *port, struct batch *batch)
{
	const struct nic_packet *packet = port->priv;

	return nic_packet_rx_batch(packet->rx, port, batch);
}

static void release(struct port *port, struct batch *batch)
{
	const struct nic_packet *packet = port->priv;

	(void)batch;
	nic_packet_rx_release(packet->rx);
}

/* #syscalls send sendmsg */
static int send_frames(
    struct port *port, const struct frame *const *frames, int n)
{
	const struct nic_packet *packet = port->priv;
	int row = 0, i = 0;

	if (n > BATCH_MAX)
		n = BATCH_MAX;
	while (i < n) {
		int result = send_short(port, frames, n, i);
		bool full = result < 0;

		if (result == 0)
			result = -send_one(packet, frames[i]);
		if (result < 0 && (full || !nic_refused(&packet->nic, frames[i],
					       -result, &row)))
			return i > 0 ? i : nic_send_result(frames[i], -result);
		if (result < 0)
			port->refused |= (uint64_t)1 << i;
		else
			row = 0;
		i += result > 0 ? result : 1;
	}
	return n;
}

/* Sends as many of the frames from @at on as can leave through AF_XDP. Return:
 * see xdptx_send(). */
static int send_short(
    struct port *port, const struct frame *const *frames, int n, int at)
{
	const struct nic_packet *packet = port->priv;
	uint64_t refused = 0;
	int fit = at, sent = 0;

	while (packet->xdp && fit < n && xdptx_takes(frames[fit]))
		fit++;
	if (fit > at)
		sent = xdptx_send(packet->xdp, frames + at, fit - at,
		    nic_longest(&packet->nic), &refused);
	for (int i = 0; i < sent; i++)
		port->counters.tx_csummed +=
		    frames[at + i]->off.needs_csum && !(refused >> i & 1);
	port->refused |= refused << at;
	return sent;
}

static int send_one(const struct nic_packet *packet, const struct frame *f)
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

static void flush(struct port *port)
{
	const struct nic_packet *packet = port->priv;

	if (packet->xdp)
		xdptx_flush(packet->xdp);
	int result = nic_packet_rx_sent(packet->rx, port);
	if (result < 0)
		port_fail(port, "cannot make the receive ring of %s again: %s",
		    port->spec.arg, strerror(-result));
}

static int on_link(struct port *port, const struct link *link, char *err)
{
	struct nic_packet *packet = port->priv;
	uint32_t mtu = packet->nic.link_mtu;
	int result = nic_link(port, link, err);

	if (result < 0)
		return result;
	set_can(port);
	adapt_xdp(port, err); /* its other user may have gone */
	result = nic_packet_rx_carrier(packet->rx, port->carrier);
	if (result < 0)
		return nic_not_opened(port, result, err);
	return packet->nic.link_mtu > mtu ? renew_ring(port, err) : 0;
}

/* A ring's slots hold frames of the MTU that it was made for. */
static int renew_ring(struct port *port, char *err)
{
	struct nic_packet *packet = port->priv;
	struct txring *ring = txring_new(port->ifindex, packet->nic.link_mtu);

	if (!ring)
		return nic_not_opened(port, -errno, err);
	txring_free(packet->ring);
	packet->ring = ring;
	return 0;
}

static void facts(struct port *port,
    void (*emit)(const char *key, const char *value, void *arg), void *arg)
{
	const struct nic_packet *packet = port->priv;
	unsigned renewed = nic_packet_rx_count(packet->rx, port);
	char text[80];

	emit("driver", "packet", arg);
	if (packet->xdp_error)
		snprintf(text, sizeof(text), "AF_PACKET (AF_XDP: %s)",
		    strerror(packet->xdp_error));
	else
		snprintf(text, sizeof(text), "%sAF_PACKET",
		    packet->xdp ? "AF_XDP, " : "");
	emit("sends by", text, arg);
	snprintf(text, sizeof(text), "%u", renewed);
	if (renewed)
		emit("ring renewed", text, arg);
	if (port->past.raised)
		emit("brought up", "by us; goes down again at the end", arg);
}

static void close_port(struct port *port)
{
	struct nic_packet *packet = port->priv;

	if (!packet)
		return;
	nic_packet_rx_free(packet->rx);
	if (packet->tx_fd >= 0)
		close(packet->tx_fd);
	txring_free(packet->ring);
	xdptx_free(packet->xdp);
	free(packet);
}

const struct port_kind kind_nic_packet = {
    .name = "nic",
    .driver = "packet",
    .help = "IF[,driver=packet|pcap][,mtu=N][,xdp=yes|no][,once=yes]"
	    "[,host=yes|no]\n"
	    "a network interface, through AF_PACKET or libpcap",
    .keys = keys,
    .open = open_port,
    .receive = receive,
    .release = release,
    .send = send_frames,
    .flush = flush,
    .link = on_link,
    .facts = facts,
    .close = close_port,
    .restore = nic_restore,
};
