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
#include "kinds.h"
#include "link.h"
#include "nic.h"
#include "peer.h"
#include "shield.h"
#include "sock.h"
#include "whois.h"

enum {
	ASK_AGAIN_MS = 1000,
	QUEUES_MAX = 256, /* of a TAP: MAX_TAP_QUEUES */
};

/* A switch that was killed leaves the TAPs that it made; the next one knows
 * them by this note, which "ip link" shows. */
#define NOTE "made by qswitchd, process "

/* A TAP has this name until it has its note: udev hears of it at once, and the
 * host's network managers must know from the beginning that it is not theirs
 * (packaging/60-qswitch.rules). */
#define NAME_AT_FIRST "qswitch%d"

static const char *const keys[] = {
    "owner", "group", "create", "queues", NIC_PACKET_KEYS, NULL};

static int open_port(struct port *port, char *err);
static int check(const struct port *port, char *err);
static int make_if_absent(struct port *port, char *err);
static bool is_orphan(const struct link *link);
static pid_t read_note(const struct link *link);
static bool says(const struct port *port, const char *key, const char *value);
static void write_note(const char *name);
static int make(
    const struct port *port, const struct sock_access *owner, char *err);
static int open_tap(const struct port *port, const char *name, char *err);
static bool has_queues(const struct port *port);
static int give_note_and_name(int fd, const char *name, char *err);
static void hide_from_host(struct port *port);
static void wait_for_vm(struct port *port, char *err);
static void ask_holder(struct port *port);
static void forget_holder(struct port *port);
static int receive(struct port *port, struct batch *batch);
static void release(struct port *port, struct batch *batch);
static int send_frames(
    struct port *port, const struct frame *const *frames, int n);
static void flush(struct port *port);
static int on_link(struct port *port, const struct link *link, char *err);
static void facts(struct port *port,
    void (*emit)(const char *key, const char *value, void *arg), void *arg);
static void tell_holder(const struct whois_answer *found,
    void (*emit)(const char *key, const char *value, void *arg), void *arg);
static void close_port(struct port *port);
static void remove_if_unused(const struct port *port);
static void restore(struct port *port);

/* QEMU opens a TAP of several queues in another way than one of one; a TAP is
 * made for one of both. */
static bool has_queues(const struct port *port)
{
	const char *queues = port_spec_get(&port->spec, "queues");

	return queues && strcmp(queues, "1") != 0;
}

const struct port_kind kind_vmtap = {
    .name = "vmtap",
    .help = "NAME[,owner=USER][,group=GROUP][,create=no][,once=yes]"
	    "[,queues=N]"
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
    .restore = restore,
};

/* #syscalls openat ioctl close */
static int open_port(struct port *port, char *err)
{
	int result = check(port, err);

	strlcpy(port->link_name, port->spec.arg, sizeof(port->link_name));
	if (!result)
		result = make_if_absent(port, err);
	if (!result)
		hide_from_host(port);
	if (!result)
		result = kind_nic_packet.open(port, err);
	if (!result)
		wait_for_vm(port, err);
	return result;
}

static int check(const struct port *port, char *err)
{
	const char *name = port->spec.arg;
	uint32_t queues;
	bool unused;
	int result = port_spec_yes(&port->spec, "create", &unused, err);

	if (!result)
		result = port_spec_yes(&port->spec, "once", &unused, err);
	if (!result)
		result = port_spec_number(
		    &port->spec, "queues", 1, QUEUES_MAX, &queues, err);
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
		return port_refuse(err, -EMEDIUMTYPE,
		    "%s is not a TAP: attach to it with \"--port nic:%s\"",
		    link.name, link.name);
	if (!result)
		port->past.made =
		    is_orphan(&link) && !says(port, "create", "no");
	if (port->past.made)
		write_note(link.name);
	if (result != -ENODEV || says(port, "create", "no"))
		return 0; /* nic_packet.c has the sentence when there is none */
	result = sock_access(&owner, &port->spec, err);
	if (!result)
		result = make(port, &owner, err);
	if (!result)
		port->past.made = true;
	return result;
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

static bool says(const struct port *port, const char *key, const char *value)
{
	const char *said = port_spec_get(&port->spec, key);

	return said && strcmp(said, value) == 0;
}

static void write_note(const char *name)
{
	char note[sizeof((struct link){0}.alias)];
	struct link link;

	snprintf(note, sizeof(note), NOTE "%d", (int)getpid());
	if (link_find(name, &link) == 0)
		link_set_alias(link.ifindex, note);
}

static int make(
    const struct port *port, const struct sock_access *owner, char *err)
{
	const char *name = port->spec.arg;
	int fd = open_tap(port, NAME_AT_FIRST, err);
	int result = 0;

	if (fd < 0)
		return fd;
	result = give_note_and_name(fd, name, err);
	if (!result &&
	    ((owner->uid != (uid_t)-1 && ioctl(fd, TUNSETOWNER, owner->uid)) ||
		(owner->gid != (gid_t)-1 &&
		    ioctl(fd, TUNSETGROUP, owner->gid)) ||
		ioctl(fd, TUNSETPERSIST, 1)))
		result = port_refuse(err, -errno, "cannot give TAP %s away: %s",
		    name, strerror(errno));
	close(fd);
	return result;
}

/* @name: or a pattern for it */
static int open_tap(const struct port *port, const char *name, char *err)
{
	int flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR;
	struct ifreq request = {
	    .ifr_flags =
		(short)(has_queues(port) ? flags | IFF_MULTI_QUEUE : flags)};
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
	    port->spec.arg, strerror(error));
}

static int give_note_and_name(int fd, const char *name, char *err)
{
	struct ifreq request = {0};
	struct link link;
	int result = ioctl(fd, TUNGETIFF, &request) ? -errno : 0;

	if (!result)
		result = link_find(request.ifr_name, &link);
	if (!result) {
		write_note(link.name);
		result = link_set_name(link.ifindex, name);
	}
	return result ? port_refuse(err, result, "cannot name TAP %s: %s", name,
			    strerror(-result))
		      : 0;
}

/*
 * What a VM sends, the host's own stack hears as well: it would answer ARP for
 * the host's addresses with the TAP's address, take packets for them past the
 * switch, and a DHCP client of the host would believe the VM. A kernel bridge
 * keeps its ports from that; here a shield does, for a TAP that is there for
 * the VM alone. Settings do the most of it where the kernel has no shield, and
 * when the TAP outlives the switch.
 */
static void hide_from_host(struct port *port)
{
	struct link link;

	if ((!port->past.made && !says(port, "once", "yes")) ||
	    link_find(port->spec.arg, &link))
		return;
	hidden_from_host(link.name);
	shield_free(port->past.shield);
	port->past.shield = shield_new(link.ifindex);
}

static void wait_for_vm(struct port *port, char *err)
{
	if (port->carrier) {
		ask_holder(port);
		return;
	}
	forget_holder(port);
	if (port->counters.rx_frames)
		port_refuse(err, 0,
		    "the VM that had opened %s has left, and no other has "
		    "opened it",
		    port->spec.arg);
	else
		port_refuse(err, 0, "no VM has opened %s yet", port->spec.arg);
}

/* Once for each VM: finding it takes a walk through all processes, and a VM may
 * come and go as often as it likes. */
static void ask_holder(struct port *port)
{
	uint64_t now_ms = port_now_ms();
	char name[IFNAMSIZ];

	if (port->past.holder ||
	    (port->past.asked_at_ms &&
		now_ms - port->past.asked_at_ms < ASK_AGAIN_MS))
		return;
	if (if_indextoname((unsigned)port->ifindex, name))
		port->past.holder = whois_tap(name);
	port->past.asked_at_ms = now_ms;
}

static void forget_holder(struct port *port)
{
	whois_free(port->past.holder);
	port->past.holder = NULL;
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
	struct whois_answer found;

	kind_nic_packet.facts(port, emit, arg);
	if (port->carrier)
		ask_holder(port);
	if (port->carrier && whois_answer(port->past.holder, &found) &&
	    found.pid)
		tell_holder(&found, emit, arg);
	if (port->past.made || says(port, "once", "yes"))
		emit("host's stack",
		    port->past.shield ? "shut out"
				      : "silenced by settings alone: shutting "
					"it out needs Linux 6.6 and CAP_BPF",
		    arg);
	if (has_queues(port))
		emit("queues", port_spec_get(&port->spec, "queues"), arg);
	if (port->past.made)
		emit(
		    "made by", "us; goes at the end unless a VM holds it", arg);
}

static void tell_holder(const struct whois_answer *found,
    void (*emit)(const char *key, const char *value, void *arg), void *arg)
{
	struct peer peer = {.pid = found->pid, .uid = (uid_t)-1};

	strlcpy(peer.program, found->program, sizeof(peer.program));
	strlcpy(peer.vm, found->vm, sizeof(peer.vm));
	peer_facts(&peer, emit, arg);
}

static void close_port(struct port *port)
{
	forget_holder(port);
	shield_free(port->past.shield);
	port->past.shield = NULL;
	if (!port->priv)
		return;
	kind_nic_packet.close(port);
	port->priv = NULL;
	if (port->past.made)
		remove_if_unused(port);
}

/* One that a VM holds cannot be attached to, and stays with its VM. */
static void remove_if_unused(const struct port *port)
{
	char err[PORT_ERR];
	struct link link;

	if (link_find_index(port->ifindex, &link) ||
	    read_note(&link) != getpid())
		return;
	int fd = open_tap(port, link.name, err);
	if (fd < 0)
		return;
	ioctl(fd, TUNSETPERSIST, 0);
	close(fd);
}

/* A TAP that we made is gone by now, or stays with its VM. */
static void restore(struct port *port)
{
	if (!port->past.made)
		nic_restore(port);
}
