/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vmtap.c - kind vmtap: a TAP for a virtual machine to open.
 *
 * Only one process can hold a TAP's fd, and QEMU wants it. The switch therefore
 * takes the network side through nic_packet.c, offload requests included. This
 * file adds the device itself: it is made when it is absent, persistent so that
 * VMs come and go, and removed at the end only if we made it and no VM holds
 * it. A note on the device says that we made it, for the next switch after a
 * kill -9.
 *
 *     vmtap:tap0[,owner=USER][,group=GROUP]
 *     vmtap:tap0,create=no,once=yes    a TAP that QEMU made: qswitch-ifup
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <bsd/string.h>

#include "hidden.h"
#include "holder.h"
#include "kinds.h"
#include "link.h"
#include "peer.h"
#include "sock.h"

/* A switch that was killed leaves the TAPs that it made; the next one knows
 * them by this note, which "ip link" shows. */
#define NOTE "made by qswitchd, process "

static const char *const keys[] = {
    "owner", "group", "create", "once", NIC_PACKET_KEYS, NULL};

static int check(const struct port *port, char *err);
static int make_if_absent(struct port *port, char *err);
static bool says(const struct port *port, const char *key, const char *value);
static bool is_orphan(const struct link *link);
static pid_t read_note(const struct link *link);
static void write_note(const struct port *port);
static int make(const char *name, const struct sock_access *owner, char *err);
static int open_tap(const char *name, char *err);
static void wait_for_vm(const struct port *port, char *err);
static void remove_if_unused(const struct port *port);

/* #syscalls openat ioctl close */
static int open_port(struct port *port, char *err)
{
	int result = check(port, err);

	strlcpy(port->link_name, port->spec.arg, sizeof(port->link_name));
	if (!result)
		result = make_if_absent(port, err);
	if (!result)
		result = kind_nic_packet.open(port, err);
	if (!result)
		wait_for_vm(port, err);
	return result;
}

static int check(const struct port *port, char *err)
{
	const char *name = port->spec.arg;
	bool unused;
	int result = port_spec_yes(&port->spec, "create", &unused, err);

	if (!result)
		result = port_spec_yes(&port->spec, "once", &unused, err);
	if (!result &&
	    (!*name || strlen(name) >= IFNAMSIZ || strchr(name, '%')))
		result = port_refuse(err, -EINVAL,
		    "vmtap:%s: the name of an interface has 1 to %d "
		    "characters and no %%",
		    name, IFNAMSIZ - 1);
	return result;
}

static int make_if_absent(struct port *port, char *err)
{
	struct sock_access owner;
	struct link link;
	int result = link_find(port->spec.arg, &link);

	if (result == 0 && strcmp(link.kind, "tun") != 0)
		return port_refuse(err, -EINVAL,
		    "%s is not a TAP: attach to it with \"--port nic:%s\"",
		    link.name, link.name);
	if (!result && says(port, "once", "yes"))
		hidden_from_host(link.name);
	if (!result)
		port->past.made =
		    is_orphan(&link) && !says(port, "create", "no");
	if (port->past.made)
		write_note(port);
	if (result != -ENODEV || says(port, "create", "no"))
		return 0; /* nic_packet.c has the sentence when there is none */
	result = sock_access(&owner, &port->spec, err);
	if (!result)
		result = make(port->spec.arg, &owner, err);
	if (result)
		return result;
	port->past.made = true;
	write_note(port);
	hidden_from_host(port->spec.arg);
	return 0;
}

static bool says(const struct port *port, const char *key, const char *value)
{
	const char *said = port_spec_get(&port->spec, key);

	return said && strcmp(said, value) == 0;
}

/* Was it made by a switch that has ended? */
static bool is_orphan(const struct link *link)
{
	pid_t pid = read_note(link);

	return pid > 0 && (pid == getpid() || kill(pid, 0) < 0);
}

/* The switch process that made the TAP; 0: a switch did not make it. */
static pid_t read_note(const struct link *link)
{
	int pid = 0;

	return sscanf(link->alias, NOTE "%d", &pid) == 1 ? pid : 0;
}

static void write_note(const struct port *port)
{
	char note[sizeof((struct link){0}.alias)];
	struct link link;

	snprintf(note, sizeof(note), NOTE "%d", (int)getpid());
	if (link_find(port->spec.arg, &link) == 0)
		link_set_alias(link.ifindex, note);
}

static int make(const char *name, const struct sock_access *owner, char *err)
{
	int fd = open_tap(name, err);
	int result = 0;

	if (fd < 0)
		return fd;
	if ((owner->uid != (uid_t)-1 && ioctl(fd, TUNSETOWNER, owner->uid)) ||
	    (owner->gid != (gid_t)-1 && ioctl(fd, TUNSETGROUP, owner->gid)) ||
	    ioctl(fd, TUNSETPERSIST, 1))
		result = port_refuse(err, -errno,
		    "cannot set the owner of TAP %s: %s", name,
		    strerror(errno));
	close(fd);
	return result;
}

static int open_tap(const char *name, char *err)
{
	struct ifreq request = {
	    .ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR};
	int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);

	strlcpy(request.ifr_name, name, sizeof(request.ifr_name));
	if (fd >= 0 && !ioctl(fd, TUNSETIFF, &request))
		return fd;
	int error = errno;
	if (fd >= 0)
		close(fd);
	return port_refuse(err, -error,
	    "cannot make TAP %s: %s: run as root, or give qswitchd "
	    "CAP_NET_ADMIN",
	    name, strerror(error));
}

static void wait_for_vm(const struct port *port, char *err)
{
	if (!port->carrier)
		port_refuse(err, 0, "no VM has opened %s yet", port->spec.arg);
}

static int receive(struct port *port, struct batch *batch)
{
	return kind_nic_packet.receive(port, batch);
}

static void release(struct port *port, struct batch *batch)
{
	kind_nic_packet.release(port, batch);
}

static int send_frames(
    struct port *port, const struct frame *const *frames, int n)
{
	return kind_nic_packet.send(port, frames, n);
}

static void flush(struct port *port)
{
	kind_nic_packet.flush(port);
}

static int on_link(struct port *port, const struct link *link, char *err)
{
	int result = kind_nic_packet.link(port, link, err);

	if (!result)
		wait_for_vm(port, err);
	else
		port->gone = says(port, "once", "yes");
	return result;
}

static void facts(struct port *port,
    void (*emit)(const char *key, const char *value, void *arg), void *arg)
{
	struct holder holder;
	struct peer peer;

	kind_nic_packet.facts(port, emit, arg);
	if (port->carrier && tap_holder(port->spec.arg, &holder)) {
		peer_of_pid(holder.pid, &peer);
		peer_facts(&peer, emit, arg);
	}
	if (port->past.made)
		emit(
		    "made by", "us; goes at the end unless a VM holds it", arg);
}

static void close_port(struct port *port)
{
	if (!port->priv)
		return;
	kind_nic_packet.close(port);
	port->priv = NULL;
	if (port->past.made)
		remove_if_unused(port);
}

/* We cannot attach to a TAP that a VM holds: it stays with its VM. */
static void remove_if_unused(const struct port *port)
{
	char err[PORT_ERR];
	struct link link;

	if (link_find(port->spec.arg, &link) || link.ifindex != port->ifindex ||
	    read_note(&link) != getpid())
		return;
	int fd = open_tap(port->spec.arg, err);
	if (fd < 0)
		return;
	ioctl(fd, TUNSETPERSIST, 0);
	close(fd);
}

const struct port_kind kind_vmtap = {
    .name = "vmtap",
    .help = "NAME[,owner=USER][,group=GROUP][,create=no][,once=yes]"
	    "[,mtu=][,xdp=yes|no]\n"
	    "a TAP device for a virtual machine to open",
    .keys = keys,
    .open = open_port,
    .receive = receive,
    .release = release,
    .send = send_frames,
    .flush = flush,
    .link = on_link,
    .facts = facts,
    .close = close_port,
};
