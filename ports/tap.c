/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tap.c - `tap:NAME`: the fd side of a TAP interface.
 *
 * A TAP that is not there is made and goes with the process, also when that is
 * killed; one that is there is attached to and left behind. The network side
 * belongs to its user, who may take it to another namespace: the link watch
 * then tells of a deletion, but the fd works on. Only EBADFD on the fd says
 * that the interface is gone.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <netinet/ether.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <bsd/string.h>

#include "holder.h"
#include "kinds.h"
#include "link.h"
#include "vnet.h"

/* Linux 6.2 has USO; headers may be older. */
#ifndef TUN_F_USO4
enum { TUN_F_USO4 = 0x20, TUN_F_USO6 = 0x40 };
#endif
#ifndef TUNGETDEVNETNS
#define TUNGETDEVNETNS _IO('T', 227)
#endif

enum {
	/* A TAP of ours that somebody has deleted is left for him to make
	 * anew, for so long; then we make it ourselves. */
	LEAVE_MS = 5000,
};

struct tap {
	int fd;
	bool existed; /* before us: stays behind */
	bool moved;   /* to another namespace, where we do not see it */
};

static const char *const keys[] = {"mtu", "addr", NULL};

static int attach(struct port *port, char *err);
static int configure(struct port *port, char *err);
static void adopt(struct port *port, const struct link *link, char *err);

static int check_spec(const struct port *port, char *err)
{
	const struct port_spec *spec = &port->spec;
	const char *addr = port_spec_get(spec, "addr");
	struct ether_addr *mac = addr ? ether_aton(addr) : NULL;
	uint32_t mtu = 0;

	if (strlen(spec->arg) == 0 || strlen(spec->arg) >= IFNAMSIZ)
		return port_refuse(err, -EINVAL,
		    "tap:%s: the name of an interface has 1 to %d characters",
		    spec->arg, IFNAMSIZ - 1);
	if (addr && (!mac || mac_is_group(mac->ether_addr_octet) ||
			mac_is_zero(mac->ether_addr_octet)))
		return port_refuse(err, -EINVAL,
		    "tap:%s: addr=%s is no station's MAC address: write it as "
		    "02:00:00:00:00:01",
		    spec->arg, addr);
	return port_spec_mtu(spec, &mtu, err);
}

/* #syscalls openat ioctl */
static int open_port(struct port *port, char *err)
{
	struct tap *tap = calloc(1, sizeof(*tap));
	int result;

	port->priv = tap;
	if (!tap)
		return port_refuse(err, -ENOMEM, "out of memory");
	tap->fd = -1;
	result = check_spec(port, err);
	if (result == 0)
		result = attach(port, err);
	if (result == 0)
		result = configure(port, err);
	if (result < 0)
		return result;
	port->past.made = !tap->existed;
	port->past.lost_at_ms = 0;
	port->fd = tap->fd;
	port->events = POLLIN;
	return 0;
}

/* A retry after the TAP was taken from us. May it be made anew? */
static int may_make(const struct port *port, char *err)
{
	const char *name = port->spec.arg;

	if (!port->past.lost_at_ms)
		return 0;
	if (!port->past.made)
		return port_refuse(err, -ENODEV,
		    "%s was deleted, and we had not made it: \"ip tuntap add "
		    "%s "
		    "mode tap\" brings it back",
		    name, name);
	if (port_now_ms() - port->past.lost_at_ms < LEAVE_MS)
		return port_refuse(err, -ENODEV, "%s was deleted", name);
	return 0;
}

static int open_device(char *err)
{
	static const char device[] = "/dev/net/tun";
	int fd = open(device, O_RDWR | O_NONBLOCK | O_CLOEXEC);

	if (fd >= 0)
		return fd;
	if (errno == ENOENT || errno == ENODEV || errno == ENXIO)
		return port_refuse(err, -errno,
		    "cannot open %s: %s: the kernel's tun module is missing: "
		    "\"modprobe tun\" loads it; a container needs the device "
		    "passed in",
		    device, strerror(errno));
	return port_refuse(err, -errno, "cannot open %s: %s%s", device,
	    strerror(errno),
	    errno == EMFILE ? ": raise the limit of open files (ulimit -n)"
			    : ": run as root, or give this user access to it");
}

static int refuse_busy(const char *name, char *err)
{
	struct holder holder;

	if (!tap_holder(name, &holder))
		return port_refuse(err, -EBUSY,
		    "%s is held by another process, which cannot be seen from "
		    "here: stop it, or attach to the network side of %s with "
		    "\"--port nic:%s\", for a virtual machine with "
		    "\"--vm-taps %s\"",
		    name, name, name, name);
	return port_refuse(err, -EBUSY,
	    "%s is held by process %d (%s): stop it, or attach to the network "
	    "side of %s with \"--port nic:%s\", for a virtual machine with "
	    "\"--vm-taps %s\"",
	    name, holder.pid, holder.command, name, name, name);
}

static int refuse_kind(const struct link *link, char *err)
{
	const char *name = link->name;

	if (strcmp(link->kind, "tun") != 0)
		return port_refuse(err, -EINVAL,
		    "%s is not a TAP but %s%s interface: attach to it with "
		    "\"--port nic:%s\"",
		    name, link->kind[0] ? "a " : "a hardware", link->kind,
		    name);
	if (!link->ethernet)
		return port_refuse(err, -EINVAL,
		    "%s is a TUN interface, which carries no Ethernet frames: "
		    "\"ip tuntap add NAME mode tap\" makes a TAP",
		    name);
	return port_refuse(err, -EINVAL,
	    "%s was made with multi_queue, whose queues would share the frames "
	    "out between processes: make it with \"ip tuntap add %s mode tap\"",
	    name, name);
}

static int refuse_attach(const struct port *port, int error,
    const struct link *link, bool existed, char *err)
{
	const char *name = port->spec.arg;

	if (error == EBUSY)
		return refuse_busy(name, err);
	if (error == EINVAL && existed)
		return refuse_kind(link, err);
	if (error == EPERM && existed)
		return port_refuse(err, -EPERM,
		    "not permitted to use %s: give qswitchd CAP_NET_ADMIN, or "
		    "make %s for its user with \"ip tuntap add %s mode tap "
		    "user USER\"",
		    name, name, name);
	if (error == EPERM)
		return port_refuse(err, -EPERM,
		    "not permitted to make %s: give qswitchd CAP_NET_ADMIN, or "
		    "make it beforehand with \"ip tuntap add %s mode tap user "
		    "USER\"",
		    name, name);
	return port_refuse(err, -error, "cannot %s %s: %s",
	    existed ? "attach to" : "make", name, strerror(error));
}

static int attach(struct port *port, char *err)
{
	struct tap *tap = port->priv;
	const char *name = port->spec.arg;
	struct ifreq req = {.ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR};
	struct link link;
	int result;

	strlcpy(port->link_name, name, sizeof(port->link_name));
	strlcpy(req.ifr_name, name, sizeof(req.ifr_name));
	result = link_find(name, &link);
	if (result < 0 && result != -ENODEV)
		return port_refuse(err, result,
		    "cannot look up interface %s: %s", name, strerror(-result));
	tap->existed = result == 0;
	result = tap->existed ? 0 : may_make(port, err);
	if (result == 0)
		result = tap->fd = open_device(err);
	if (result < 0)
		return result;
	if (ioctl(tap->fd, TUNSETIFF, &req) < 0)
		return refuse_attach(port, errno, &link, tap->existed, err);
	return 0;
}

/* Lets the device hand us unfinished frames: as much as the kernel has. */
static unsigned set_offload(int fd)
{
	static const struct {
		unsigned flags, can;
	} tries[] = {
	    {TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6 | TUN_F_TSO_ECN | TUN_F_USO4 |
		    TUN_F_USO6,
		CAN_ALL},
	    {TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6 | TUN_F_TSO_ECN,
		CAN_ALL & ~CAN_USO},
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
	const char *name = port->spec.arg;
	uint32_t mtu = 0;
	int result = 0;

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
	const char *name = port->spec.arg;
	int result = link_set_up(link->ifindex);

	if (result == 0) {
		port->past.raised = tap->existed ? link->ifindex : 0;
		return 0;
	}
	/* its owner without privilege may attach; we wait for who may */
	if (result == -EPERM && tap->existed)
		return 0;
	return port_refuse(
	    err, result, "cannot bring %s up: %s", name, strerror(-result));
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
		    "cannot set the header size of %s: %s", port->spec.arg,
		    strerror(errno));
	ioctl(tap->fd, TUNSETVNETLE, &legacy);
	port->can = set_offload(tap->fd);
	result = link_find(port->spec.arg, &link);
	if (result == -ENODEV)
		return port_refuse(err, result,
		    "%s went away while it was opened", port->spec.arg);
	if (result < 0)
		return port_refuse(err, result,
		    "cannot look up interface %s: %s", port->spec.arg,
		    strerror(-result));
	port->ifindex = link.ifindex;
	if (!tap->existed)
		result = dress(port, &link, err);
	if (result == 0 && !link.up)
		result = bring_up(port, &link, err);
	if (result == 0)
		result = link_find(port->spec.arg, &link);
	if (result == 0)
		adopt(port, &link, err);
	return result;
}

static void adopt(struct port *port, const struct link *link, char *err)
{
	uint32_t limit = PORT_MTU_MAX;

	port_spec_mtu(&port->spec, &limit, err);
	port->mtu = link->mtu < limit ? link->mtu : limit;
	port->carrier = link->up;
	if (!link->up)
		port_refuse(err, 0, "%s is down: \"ip link set %s up\"",
		    link->name, link->name);
}

static void close_port(struct port *port)
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

/* #syscalls read */
static int receive(struct port *port, struct batch *batch)
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
		if (len < 0 && errno == EBADFD) {
			port->past.lost_at_ms = port_now_ms();
			return n > 0 ? n : -ENODEV;
		}
		if (len < VNET_HDR) {
			port->counters.rx_invalid++;
			continue;
		}
		n += vnet_receive(port, &batch->frames[n], slot,
		    (size_t)len - VNET_HDR, NULL);
		bytes += (size_t)len;
	}
	return n;
}

static void restore(struct port *port)
{
	link_lower(port->spec.arg, port->past.raised);
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

/* What the kernel's refusal of one frame means to the caller of send(). EIO
 * is an interface that is down, ENETDOWN to our caller; a deleted one is noticed
 * by receive(). */
static int refusal(const struct frame *f, int error)
{
	bool finished = !f->off.needs_csum && f->off.gso_type == GSO_NONE;

	if (error == EAGAIN || error == ENOBUFS || error == ENOMEM)
		return -ENOBUFS;
	if (error == EIO)
		return -ENETDOWN;
	return error == EINVAL && !finished ? -EOPNOTSUPP : -EIO;
}

/* #syscalls write writev */
static int send_frames(
    struct port *port, const struct frame *const *frames, int n)
{
	for (int i = 0; i < n; i++) {
		int error = write_one(port, frames[i]);

		if (error)
			return i > 0 ? i : refusal(frames[i], error);
	}
	return n;
}

/* Has the network side come back to our namespace, as @link? */
static bool came_back(const struct port *port, const struct link *link)
{
	const struct tap *tap = port->priv;
	struct stat ours, its;
	bool same;
	int fd;

	if (!tap->moved || link->deleted ||
	    strcmp(link->name, port->link_name) != 0)
		return false;
	fd = ioctl(port->fd, TUNGETDEVNETNS);
	if (fd < 0)
		return false;
	same = fstat(fd, &its) == 0 && stat("/proc/self/ns/net", &ours) == 0 &&
	       its.st_dev == ours.st_dev && its.st_ino == ours.st_ino;
	close(fd);
	return same;
}

/* Moved away, or deleted: then read() says so at once. Where it went we cannot
 * see whether it is up, so believe it. */
static void move_away(struct port *port)
{
	struct tap *tap = port->priv;

	tap->moved = true;
	port->ifindex = 0;
	port->carrier = true;
}

static int on_link(struct port *port, const struct link *link, char *err)
{
	struct tap *tap = port->priv;

	if (came_back(port, link)) {
		tap->moved = false;
		port->ifindex = link->ifindex;
	}
	if (link->ifindex != port->ifindex)
		return 0;
	if (link->deleted)
		move_away(port);
	else
		adopt(port, link, err);
	return 0;
}

static void facts(struct port *port,
    void (*emit)(const char *key, const char *value, void *arg), void *arg)
{
	const struct tap *tap = port->priv;

	emit("interface", tap->existed ? "existed before" : "made by us", arg);
	if (tap->moved)
		emit("network side", "in another namespace", arg);
}

const struct port_kind kind_tap = {
    .name = "tap",
    .help = "NAME[,mtu=N][,addr=MAC]\n"
	    "a TAP device that the switch holds, made when absent",
    .keys = keys,
    .open = open_port,
    .receive = receive,
    .send = send_frames,
    .link = on_link,
    .facts = facts,
    .close = close_port,
    .restore = restore,
};
