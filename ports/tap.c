/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tap.c - `tap:NAME`: the fd side of a TAP interface.
 *
 * A TAP that does not exist is made, and goes with the process even if that is
 * killed. One that exists is attached to and left behind. The network side
 * belongs to its user, who may move it to another namespace: the link watch
 * then reports a deletion, but the fd still works (tap_far.c). Only EBADFD on
 * the fd says that the interface is gone. If it went in another namespace, it
 * is not made again here: what was a guest's must not appear in the host's.
 */
#include "tap.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <netinet/ether.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <unistd.h>

#include <bsd/string.h>

#include "hidden.h"
#include "kinds.h"
#include "link.h"
#include "tap_far.h"
#include "tap_refusal.h"
#include "vnet.h"
#include "whois.h"

/* Linux 6.2 has USO; headers may be older. */
#ifndef TUN_F_USO4
enum { TUN_F_USO4 = 0x20, TUN_F_USO6 = 0x40 };
#endif

struct tap {
	int fd;
	bool existed;	  /* before us: stays behind */
	bool moved;	  /* to another namespace, where we do not see it */
	uint32_t longest; /* bytes behind the header of what came from there */
};

static const char *const keys[] = {"mtu", "addr", "once", NULL};

static int check_spec(struct port *port, const char *name, char *err);
static int attach(struct port *port, char *err);
static int open_device(char *err);
static int configure(struct port *port, char *err);
static unsigned set_offload(int fd);
static int dress(const struct port *port, const struct link *link, char *err);
static int bring_up(struct port *port, const struct link *link, char *err);
static void adopt(struct port *port, const struct link *link, char *err);
static void take_mtu(struct port *port, uint32_t mtu);
static void note_length(struct port *port, const struct frame *f);
static int lose(struct port *port);
static int write_one(const struct port *port, const struct frame *f);
static int refusal(const struct frame *f, int error);
static bool came_back(const struct port *port, const struct link *link);
static void look_there(struct port *port, char *err);

/* #syscalls openat ioctl */
int tap_open(struct port *port, const char *name, char *err)
{
	struct tap *tap = calloc(1, sizeof(*tap));
	int result;

	port->priv = tap;
	if (!tap)
		return port_refuse(err, -ENOMEM, "out of memory");
	tap->fd = -1;
	result = check_spec(port, name, err);
	if (result == 0)
		result = attach(port, err);
	if (result == 0)
		result = configure(port, err);
	if (result < 0)
		return result;
	port->past.made = !tap->existed;
	port->past.strayed = false;
	port->past.lost_at_ms = 0;
	port->fd = tap->fd;
	port->events = POLLIN;
	return 0;
}

static int check_spec(struct port *port, const char *name, char *err)
{
	const struct port_spec *spec = &port->spec;
	const char *addr = port_spec_get(spec, "addr");
	struct ether_addr *mac = addr ? ether_aton(addr) : NULL;
	uint32_t mtu = 0;
	bool once;

	if (strlen(name) == 0 ||
	    strlcpy(port->link_name, name, sizeof(port->link_name)) >= IFNAMSIZ)
		return port_refuse(err, -EINVAL,
		    "%s:%s: the name of an interface has 1 to %d characters",
		    spec->kind, name, IFNAMSIZ - 1);
	if (addr && (!mac || mac_is_group(mac->ether_addr_octet) ||
			mac_is_zero(mac->ether_addr_octet)))
		return port_refuse(err, -EINVAL,
		    "tap:%s: addr=%s is not a unicast station address: write "
		    "it "
		    "as 02:00:00:00:00:01",
		    port->link_name, addr);
	if (port_spec_yes(spec, "once", &once, err) < 0)
		return -EINVAL;
	return port_spec_mtu(spec, &mtu, err);
}

static int attach(struct port *port, char *err)
{
	struct tap *tap = port->priv;
	const char *name = port->link_name;
	struct ifreq req = {.ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR};
	struct link link;
	int result;

	strlcpy(req.ifr_name, name, sizeof(req.ifr_name));
	result = link_find(name, &link);
	if (result < 0 && result != -ENODEV)
		return port_refuse(err, result,
		    "cannot look up interface %s: %s", name, strerror(-result));
	tap->existed = result == 0;
	result = tap->existed ? 0 : tap_may_make(port, err);
	if (result == 0)
		result = tap->fd = open_device(err);
	if (result < 0)
		return result;
	if (ioctl(tap->fd, TUNSETIFF, &req) < 0)
		return tap_refuse_attach(
		    port, errno, tap->existed ? &link : NULL, err);
	return 0;
}

static int open_device(char *err)
{
	int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);

	return fd < 0 ? tap_refuse_device(errno, err) : fd;
}

static int configure(struct port *port, char *err)
{
	struct tap *tap = port->priv;
	int hdr_len = VNET_HDR, legacy = 0;
	struct link link;
	int result;

	/* a TAP that existed may have been left with other settings */
	if (ioctl(tap->fd, TUNSETVNETHDRSZ, &hdr_len) < 0)
		return port_refuse(err, -errno,
		    "cannot set the header size of %s: %s", port->link_name,
		    strerror(errno));
	ioctl(tap->fd, TUNSETVNETLE, &legacy);
	port->can = set_offload(tap->fd);
	result = link_find(port->link_name, &link);
	if (result == -ENODEV)
		return port_refuse(err, result,
		    "%s was deleted while it was being opened",
		    port->link_name);
	if (result < 0)
		return port_refuse(err, result,
		    "cannot look up interface %s: %s", port->link_name,
		    strerror(-result));
	port->ifindex = link.ifindex;
	if (!tap->existed)
		result = dress(port, &link, err);
	if (result == 0 && !link.up)
		result = bring_up(port, &link, err);
	if (result == 0)
		result = link_find(port->link_name, &link);
	if (result == 0)
		adopt(port, &link, err);
	return result;
}

/* Lets the device deliver unfinished frames, of all kinds the kernel has. */
static unsigned set_offload(int fd)
{
	static const struct {
		unsigned flags, can;
	} tries[] = {
	    {TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6 | TUN_F_TSO_ECN | TUN_F_USO4 |
		    TUN_F_USO6,
		CAN_VNET},
	    {TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6 | TUN_F_TSO_ECN,
		CAN_VNET & ~CAN_USO},
	};

	for (size_t i = 0; i < sizeof(tries) / sizeof(*tries); i++) {
		if (ioctl(fd, TUNSETOFFLOAD, tries[i].flags) == 0)
			return tries[i].can;
	}
	return 0;
}

/* Address and MTU of an interface that we have just made. */
static int dress(const struct port *port, const struct link *link, char *err)
{
	const char *addr = port_spec_get(&port->spec, "addr");
	const char *name = port->link_name;
	uint32_t mtu = 0;
	int result = 0;

	if (port->spec.host)
		hidden_from_host(name);
	port_spec_mtu(&port->spec, &mtu, err);
	if (addr)
		result = link_set_mac(
		    link->ifindex, ether_aton(addr)->ether_addr_octet);
	if (result < 0)
		return port_refuse(err, result,
		    "cannot give %s the address %s: %s", name, addr,
		    strerror(-result));
	if (mtu)
		result = link_set_mtu(link->ifindex, mtu);
	if (result < 0)
		return port_refuse(err, result,
		    "cannot give %s an MTU of %u: %s: a TAP takes up to 65521",
		    name, mtu, strerror(-result));
	return 0;
}

static int bring_up(struct port *port, const struct link *link, char *err)
{
	struct tap *tap = port->priv;
	const char *name = port->link_name;
	int result = link_set_up(link->ifindex);

	if (result == 0) {
		port->past.raised = tap->existed ? link->ifindex : 0;
		return 0;
	}
	/* an owner without privilege may attach to it; wait until somebody with
	 * privilege brings it up */
	if (result == -EPERM && tap->existed)
		return 0;
	return port_refuse(
	    err, result, "cannot bring %s up: %s", name, strerror(-result));
}

static void adopt(struct port *port, const struct link *link, char *err)
{
	take_mtu(port, link->mtu);
	port->events = POLLIN;
	port->carrier = link->up;
	if (!link->up)
		port_refuse(err, 0, "%s is down: run \"ip link set %s up\"",
		    link->name, link->name);
}

static void take_mtu(struct port *port, uint32_t mtu)
{
	struct tap *tap = port->priv;
	uint32_t limit = PORT_MTU_MAX;
	char err[PORT_ERR];

	port_spec_mtu(&port->spec, &limit, err);
	port->mtu = mtu < limit ? mtu : limit;
	tap->longest = port->mtu;
}

/* #syscalls read */
int tap_receive(struct port *port, struct batch *batch)
{
	struct arena *arena = port->host->arena;
	size_t bytes = 0;
	int n = 0;

	for (int i = 0; i < BATCH_MAX && bytes < BATCH_BYTES; i++) {
		uint8_t *slot = arena_slot(arena, n);
		ssize_t len =
		    read(port->fd, slot - VNET_HDR, VNET_HDR + ARENA_SLOT);

		if (len < 0 && errno == EAGAIN)
			break;
		if (len < 0 && errno == EBADFD)
			return n > 0 ? n : lose(port);
		if (len < VNET_HDR) {
			port->counters.rx_invalid++;
			continue;
		}
		if (vnet_receive(port, &batch->frames[n], slot,
			(size_t)len - VNET_HDR, NULL))
			note_length(port, &batch->frames[n++]);
		bytes += (size_t)len;
	}
	return n;
}

/* A frame longer than the MTU that we know says that it was raised there. One
 * that is longer than any before makes us look, so a guest cannot keep us at
 * it. */
static void note_length(struct port *port, const struct frame *f)
{
	struct tap *tap = port->priv;
	uint32_t len;

	if (!tap->moved)
		return;
	len = (uint32_t)offload_mtu_len(f);
	if (len <= tap->longest)
		return;
	look_there(port, port->reason);
	if (len > tap->longest)
		tap->longest = len;
}

/* The interface is gone. */
static int lose(struct port *port)
{
	const struct tap *tap = port->priv;
	bool once = false;
	char err[PORT_ERR];

	port_spec_yes(&port->spec, "once", &once, err);
	port->gone = once;
	port->past.lost_at_ms = port_now_ms();
	port->past.strayed = tap->moved;
	if (tap->moved) {
		tap_may_make(port, err);
		port_fail(port, "%s", err);
	}
	return -ENODEV;
}

/* #syscalls write writev */
int tap_send(struct port *port, const struct frame *const *frames, int n)
{
	const struct tap *tap = port->priv;

	for (int i = 0; i < n; i++) {
		int error = write_one(port, frames[i]);

		if (error == EIO && tap->moved)
			look_there(port, port->reason);
		if (error)
			return i > 0 ? i : refusal(frames[i], error);
	}
	return n;
}

/* The network side has gone up, in another namespace. */
int tap_writable(struct port *port)
{
	look_there(port, port->reason);
	return 0;
}

static int write_one(const struct port *port, const struct frame *f)
{
	struct iovec iov[1 + FRAME_IOV];
	struct virtio_net_hdr hdr;
	uint8_t tag[VLAN_TAG];
	size_t len;
	const void *whole = vnet_whole(f, &len);
	int n;

	if (whole)
		return write(port->fd, whole, len) < 0 ? errno : 0;
	vnet_header(f, &hdr);
	iov[0] = (struct iovec){&hdr, VNET_HDR};
	n = frame_iov(f, iov + 1, tag);
	return writev(port->fd, iov, 1 + n) < 0 ? errno : 0;
}

/* What send() returns when the kernel refuses @f. EIO is an interface that is
 * down, ENETDOWN to our caller; receive() notices a deleted one. */
static int refusal(const struct frame *f, int error)
{
	bool finished = !f->off.needs_csum && f->off.gso_type == GSO_NONE;

	if (error == EAGAIN || error == ENOBUFS || error == ENOMEM)
		return -ENOBUFS;
	if (error == EIO)
		return -ENETDOWN;
	return error == EINVAL && !finished ? -EOPNOTSUPP : -EIO;
}

int tap_link(struct port *port, const struct link *link, char *err)
{
	struct tap *tap = port->priv;

	if (came_back(port, link)) {
		tap->moved = false;
		port->ifindex = link->ifindex;
	}
	if (link->ifindex != port->ifindex)
		return 0;
	if (link->deleted && port->spec.host)
		return port_refuse(
		    err, -ENODEV, "%s was deleted", port->link_name);
	if (!link->deleted) {
		adopt(port, link, err);
		return 0;
	}
	/* a link watch that has missed news does not know that it moved */
	tap->moved = link->moved || tap_far_exists(tap->fd);
	port->ifindex = 0;
	if (tap->moved)
		look_there(port, err); /* if not, read() fails at once */
	return 0;
}

/* Has the network side come back to our namespace, as @link? */
static bool came_back(const struct port *port, const struct link *link)
{
	const struct tap *tap = port->priv;

	return tap->moved && !link->deleted &&
	       strcmp(link->name, port->link_name) == 0 &&
	       tap_far_home(port->fd);
}

/* How is the network side, in another namespace? No link watch tells of what
 * changes there. That it goes down, a failed write says; that it goes up, a
 * writable fd; a new MTU is found when we look for another reason. */
static void look_there(struct port *port, char *err)
{
	const struct tap *tap = port->priv;
	struct link link = {.name = ""};

	if (tap_far_look(tap->fd, &link) == 0)
		take_mtu(port, link.mtu);
	port->carrier = tap_far_up(tap->fd);
	port->events = port->carrier ? POLLIN : POLLIN | POLLOUT;
	err[0] = '\0';
	if (!port->carrier)
		port_refuse(err, 0,
		    "%s is down in its namespace: run \"ip link set %s up\" "
		    "there",
		    port->link_name,
		    link.name[0] ? link.name : port->link_name);
}

void tap_facts(struct port *port,
    void (*emit)(const char *key, const char *value, void *arg), void *arg)
{
	const struct tap *tap = port->priv;

	emit("interface", tap->existed ? "existed before" : "made by us", arg);
	if (tap->moved)
		emit("network side", "in another namespace", arg);
}

void tap_close(struct port *port)
{
	struct tap *tap = port->priv;

	if (!tap)
		return;
	if (tap->existed && port->can)
		ioctl(tap->fd, TUNSETOFFLOAD, 0); /* as it is made */
	if (tap->fd >= 0)
		close(tap->fd);
	free(tap);
}

void tap_restore(struct port *port)
{
	whois_free(port->past.holder);
	link_lower(port->past.raised);
}

static int open_port(struct port *port, char *err)
{
	return tap_open(port, port->spec.arg, err);
}

const struct port_kind kind_tap = {
    .name = "tap",
    .help = "NAME[,mtu=N][,addr=MAC][,once=yes]\n"
	    "a TAP device that the switch holds, made when absent",
    .keys = keys,
    .open = open_port,
    .receive = tap_receive,
    .send = tap_send,
    .writable = tap_writable,
    .link = tap_link,
    .facts = tap_facts,
    .close = tap_close,
    .restore = tap_restore,
};
