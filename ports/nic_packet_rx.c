/* SPDX-License-Identifier: BSD-2-Clause */
/* nic_packet_rx.c - receive from an interface: see nic_packet_rx.h. */
#include "nic_packet_rx.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kind.h"
#include "rxring.h"
#include "sock.h"
#include "steer.h"
#include "vnet.h"

enum {
	/* Frames that fit: some milliseconds of what a LAN sends unasked;
	 * less from one machine. */
	SLOTS_NIC = 2000,
	SLOTS_TAP = 500,
	SLOTS_LONG = 64,     /* 4 MiB: what a TCP has under way */
	RX_BUFFER = 4 << 20, /* bytes of kernel memory for long frames */
	/* Other ports wait while a ring is made: one in a turn, and seldom. */
	RENEW_MS = 1000,
};

/* A socket that receives, and its ring. */
struct ear {
	int fd; /* -1: none */
	struct rxring *ring;
};

struct nic_packet_rx {
	int ifindex;
	bool tap;
	struct ear ear;
	struct ear ear_long; /* of a TAP with carrier */
	unsigned missing;    /* marks without a frame, one after another */
	int stray; /* slot of a frame without a mark, perhaps; or -1 */

	int unheard;   /* batches sent since a frame was received, up to 3 */
	uint64_t lost; /* frames meanwhile */
	unsigned renewed;
	uint64_t renewed_at_ms;
};

static int set_up(struct nic_packet_rx *rx);
static int ear_open(struct ear *ear);
static void set_buffer(int fd);
static int filter(int fd, uint32_t of_long, uint32_t of_short);
static int ear_listen(
    struct ear *ear, int ifindex, unsigned slot, unsigned slots);
static int be_promiscuous(const struct nic_packet_rx *rx);
static void ear_close(struct ear *ear);
static int receive_one(struct nic_packet_rx *rx, struct port *port,
    struct frame *f, uint8_t *slot);
static int take(
    struct port *port, struct frame *f, const struct rxring_frame *got);
static const struct vnet_tag *stripped(
    struct vnet_tag *tag, uint32_t status, uint16_t tci, uint16_t tpid);
static int take_queued(const struct nic_packet_rx *rx, struct port *port,
    struct frame *f, uint8_t *slot);
static const struct vnet_tag *stripped_tag(
    struct msghdr *msg, struct vnet_tag *tag);
static int take_marked(
    struct nic_packet_rx *rx, struct port *port, struct frame *f);
static int trouble(const struct nic_packet_rx *rx);
static void drop_stray(struct nic_packet_rx *rx);
static bool is_deaf(struct nic_packet_rx *rx, struct port *port);
static void count_lost(struct nic_packet_rx *rx, struct port *port);

struct nic_packet_rx *nic_packet_rx_new(int ifindex, bool tap)
{
	struct nic_packet_rx *rx = calloc(1, sizeof(*rx));

	if (!rx)
		return NULL;
	rx->ifindex = ifindex;
	rx->tap = tap;
	rx->ear.fd = rx->ear_long.fd = -1;
	if (set_up(rx) == 0)
		return rx;
	int error = errno;
	nic_packet_rx_free(rx);
	errno = error;
	return NULL;
}

void nic_packet_rx_free(struct nic_packet_rx *rx)
{
	if (!rx)
		return;
	ear_close(&rx->ear_long);
	ear_close(&rx->ear);
	free(rx);
}

int nic_packet_rx_fd(const struct nic_packet_rx *rx)
{
	return rx->ear.fd;
}

int nic_packet_rx_carrier(struct nic_packet_rx *rx, bool carrier)
{
	struct ear *ear = &rx->ear_long;

	if (!rx->tap || carrier == (ear->fd >= 0))
		return 0;
	if (!carrier) {
		ear_close(ear);
		return 0;
	}
	rx->stray = -1;
	rx->missing = 0;
	/* bound after the other, and so called before it */
	if (ear_open(ear) == 0 && filter(ear->fd, UINT32_MAX, 0) == 0 &&
	    ear_listen(ear, rx->ifindex, RXRING_LONG_SLOT, SLOTS_LONG) == 0)
		return 0;
	int result = -errno;
	ear_close(ear);
	return result;
}

int nic_packet_rx_batch(
    struct nic_packet_rx *rx, struct port *port, struct batch *batch)
{
	size_t bytes = 0;
	int n = 0;

	for (int i = 0; i < BATCH_MAX && bytes < BATCH_BYTES; i++) {
		int result = receive_one(rx, port, &batch->frames[n],
		    arena_slot(port->host->arena, n));

		if (result == -EAGAIN)
			return i > 0 ? n : trouble(rx);
		if (result < 0)
			return n > 0 ? n : result;
		rx->unheard = 0;
		bytes += result ? batch->frames[n].body_len : 0;
		n += result;
	}
	return n;
}

void nic_packet_rx_release(struct nic_packet_rx *rx)
{
	rxring_release(rx->ear.ring);
	if (!rx->ear_long.ring)
		return;
	rxring_release(rx->ear_long.ring);
	drop_stray(rx);
}

int nic_packet_rx_sent(struct nic_packet_rx *rx, struct port *port)
{
	int result;

	/* The port may be sending a BPDU that answers one of the batch, whose
	 * frames are still in use. */
	if (rxring_is_lent(rx->ear.ring) || !is_deaf(rx, port))
		return 0;
	if (port->host->renewed ||
	    (rx->renewed && port_now_ms() - rx->renewed_at_ms < RENEW_MS))
		return 0;
	port->host->renewed = true;
	result = rxring_renew(rx->ear.ring);
	if (result == 0 && rx->ear_long.ring)
		result = rxring_renew(rx->ear_long.ring);
	port_remark(port, SAID_UNTOLD,
	    "lost super-frames that this kernel cannot describe (SCTP; UDP "
	    "before Linux 6.2): on the sender's interface run \"ethtool -K IF "
	    "tx-sctp-segmentation off tx-udp-segmentation off\"");
	rx->unheard = 0;
	rx->missing = 0;
	rx->renewed++;
	rx->renewed_at_ms = port_now_ms();
	return result;
}

unsigned nic_packet_rx_count(struct nic_packet_rx *rx, struct port *port)
{
	count_lost(rx, port);
	return rx->renewed;
}

static int set_up(struct nic_packet_rx *rx)
{
	if (ear_open(&rx->ear) < 0)
		return -1;
	set_buffer(rx->ear.fd);
	if (filter(rx->ear.fd, rx->tap ? 1 : UINT32_MAX, UINT32_MAX) < 0)
		return -1;
	if (ear_listen(&rx->ear, rx->ifindex, RXRING_SHORT_SLOT,
		rx->tap ? SLOTS_TAP : SLOTS_NIC) < 0)
		return -1;
	return be_promiscuous(rx);
}

/* With protocol 0 the socket receives nothing until bind(), so it never gets
 * another interface's frames. */
static int ear_open(struct ear *ear)
{
	ear->fd = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (ear->fd < 0 ||
	    sock_set(ear->fd, SOL_PACKET, PACKET_VNET_HDR, 1) < 0 ||
	    sock_set(ear->fd, SOL_PACKET, PACKET_AUXDATA, 1) < 0)
		return -1;
	return sock_set(ear->fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, 1);
}

static void set_buffer(int fd)
{
	if (sock_set(fd, SOL_SOCKET, SO_RCVBUFFORCE, RX_BUFFER) < 0)
		sock_set(fd, SOL_SOCKET, SO_RCVBUF, RX_BUFFER);
}

/* Keeps @of_long bytes of long frames, and @of_short of others; nothing of what
 * the switch itself has sent to the host. */
static int filter(int fd, uint32_t of_long, uint32_t of_short)
{
	struct sock_filter code[] = {
	    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, SKF_AD_OFF + SKF_AD_MARK),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, STEER_MARK, 4, 0),
	    BPF_STMT(BPF_LD | BPF_W | BPF_LEN, 0),
	    BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, RXRING_SHORT, 0, 1),
	    BPF_STMT(BPF_RET | BPF_K, of_long),
	    BPF_STMT(BPF_RET | BPF_K, of_short),
	    BPF_STMT(BPF_RET | BPF_K, 0),
	};
	struct sock_fprog program = {
	    .len = sizeof(code) / sizeof(code[0]), .filter = code};

	return sock_set_bytes(
	    fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program));
}

static int ear_listen(
    struct ear *ear, int ifindex, unsigned slot, unsigned slots)
{
	struct sockaddr_ll addr = {.sll_family = AF_PACKET,
	    .sll_protocol = htons(ETH_P_ALL),
	    .sll_ifindex = ifindex};

	ear->ring = rxring_new(ear->fd, slot, slots);
	if (!ear->ring)
		return -1;
	return bind(ear->fd, (struct sockaddr *)&addr, sizeof(addr));
}

static int be_promiscuous(const struct nic_packet_rx *rx)
{
	struct packet_mreq mreq = {
	    .mr_ifindex = rx->ifindex, .mr_type = PACKET_MR_PROMISC};

	return sock_set_bytes(
	    rx->ear.fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &mreq, sizeof(mreq));
}

static void ear_close(struct ear *ear)
{
	rxring_free(ear->ring);
	if (ear->fd >= 0)
		close(ear->fd);
	*ear = (struct ear){.fd = -1};
}

/* Return: as take_queued(); -EAGAIN when there is none. */
static int receive_one(
    struct nic_packet_rx *rx, struct port *port, struct frame *f, uint8_t *slot)
{
	struct rxring_frame got;

	switch (rxring_next(rx->ear.ring, &got)) {
	case RXRING_FRAME:
		return take(port, f, &got);
	case RXRING_QUEUED:
		return take_queued(rx, port, f, slot);
	case RXRING_CUT:
		return take_marked(rx, port, f);
	case RXRING_EMPTY:
		break;
	}
	return -EAGAIN;
}

/* Return: 1 if @f holds the frame, 0 if it was lost. */
static int take(
    struct port *port, struct frame *f, const struct rxring_frame *got)
{
	struct vnet_tag tag;

	return vnet_receive(port, f, got->data, got->len,
	    stripped(&tag, got->status, got->tci, got->tpid));
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

/* A long frame from the socket's queue. Return: as take(), or -errno. */
static int take_queued(const struct nic_packet_rx *rx, struct port *port,
    struct frame *f, uint8_t *slot)
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

	/* The socket reports once that the device went down; the frame is
	 * still there. */
	do
		n = recvmsg(rx->ear.fd, &msg, MSG_DONTWAIT);
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

/* Takes the frame that a mark stands for, unless there was no room for it. */
static int take_marked(
    struct nic_packet_rx *rx, struct port *port, struct frame *f)
{
	struct rxring *ring = rx->ear_long.ring;
	struct rxring_frame got;

	if (ring && rxring_next(ring, &got) == RXRING_FRAME) {
		rx->missing = 0;
		return take(port, f, &got);
	}
	rx->missing++;
	port->counters.rx_dropped++;
	return 0;
}

/* Takes the error of a socket that has no frames: as long as it stays there,
 * the loop calls again and again. The link watch notices a device that went
 * down or was deleted. Return: 0 or -errno. */
static int trouble(const struct nic_packet_rx *rx)
{
	int error = 0;
	socklen_t len = sizeof(error);

	getsockopt(rx->ear.fd, SOL_SOCKET, SO_ERROR, &error, &len);
	return error == ENETDOWN ? 0 : -error;
}

/* A frame whose mark found no room has been counted as dropped. It must go, or
 * it would be taken for the next one. It is such a frame if it is still there
 * when the marks have run out a second time. */
static void drop_stray(struct nic_packet_rx *rx)
{
	struct rxring *ring = rx->ear_long.ring;
	struct rxring_frame got;
	int last = rx->stray;

	rx->stray = -1;
	if (!ring || !rxring_is_empty(rx->ear.ring) || rxring_is_empty(ring))
		return;
	if (last != (int)rxring_at(ring)) {
		rx->stray = (int)rxring_at(ring);
		return;
	}
	rxring_next(ring, &got);
	rxring_release(ring);
}

/* Has the kernel lost hold of a slot of the first ring, or of the second? */
static bool is_deaf(struct nic_packet_rx *rx, struct port *port)
{
	/* more than a time when the ring was full can have left over */
	if (rx->missing > 2 * SLOTS_TAP)
		return rx->ear_long.ring && rxring_is_empty(rx->ear_long.ring);
	if (rx->unheard < 3)
		rx->unheard++;
	if (rx->unheard == 1)
		return false;
	count_lost(rx, port);
	if (rx->unheard == 2)
		rx->lost = 0; /* it may have been full before */
	return rx->lost > 0 && rxring_is_empty(rx->ear.ring);
}

static void count_lost(struct nic_packet_rx *rx, struct port *port)
{
	struct tpacket_stats stats = {0};
	socklen_t len = sizeof(stats);

	/* reading resets it */
	if (getsockopt(
		rx->ear.fd, SOL_PACKET, PACKET_STATISTICS, &stats, &len) < 0)
		return;
	port->counters.rx_dropped += stats.tp_drops;
	rx->lost += stats.tp_drops;
}
