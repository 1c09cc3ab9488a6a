/* SPDX-License-Identifier: BSD-2-Clause */
/* nic.c - interfaces of the host as ports: what their drivers share. */
#include "nic.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <bsd/string.h>

#include "kind.h"

static int refuse_sharing(const struct link *link, char *err);
static int refuse_member(const struct link *link, char *err);
static void master_name(const struct link *link, char name[IFNAMSIZ]);
static int find(struct port *port, struct link *link, char *err);
static int bring_up(const struct link *link, char *err);
static void adopt(struct port *port, const struct link *link, char *err);
static bool has_one_queue(const struct link *link);

int nic_refusal(const struct link *link, char *err)
{
	if (!link->ethernet)
		return port_refuse(err, -EMEDIUMTYPE,
		    "%s is not an Ethernet interface: name one whose frames "
		    "have MAC addresses (\"ip link\" shows link/ether)",
		    link->name);
	if (link->wireless)
		return port_refuse(err, -EOPNOTSUPP,
		    "%s is wireless: its access point accepts frames from this "
		    "host's own address only, so no guest could be reached: "
		    "use a wired interface",
		    link->name);
	if (link->shares)
		return refuse_sharing(link, err);
	/* a VRF only routes */
	if (link->master && strcmp(link->master_kind, "vrf") != 0)
		return refuse_member(link, err);
	return 0;
}

int nic_attach(struct port *port, char *err)
{
	uint32_t mtu = 0;
	struct link link = {0};
	bool once;
	int result;

	result = port_spec_mtu(&port->spec, &mtu, err);
	if (result == 0)
		result = port_spec_yes(&port->spec, "once", &once, err);
	if (result == 0)
		result = find(port, &link, err);
	if (result < 0)
		return result;
	strlcpy(port->link_name, link.name, sizeof(port->link_name));
	port->ifindex = link.ifindex;
	if (!link.up) {
		result = bring_up(&link, err);
		if (result < 0)
			return result;
		port->past.raised = link.ifindex;
		result = find(port, &link, err);
		if (result < 0)
			return result;
	}
	adopt(port, &link, err);
	return 0;
}

void nic_restore(struct port *port)
{
	link_lower(port->past.raised);
}

int nic_link(struct port *port, const struct link *link, char *err)
{
	int result;

	if (link->ifindex != port->ifindex)
		return 0; /* a new one of that name; ours is being deleted */
	if (link->deleted) {
		port_spec_yes(&port->spec, "once", &port->gone, err);
		return port_refuse(err, -ENODEV, "interface %s %s",
		    port->spec.arg,
		    link->moved ? "was moved to another namespace"
				: "was deleted");
	}
	result = nic_refusal(link, err);
	if (result == 0)
		adopt(port, link, err);
	return result;
}

bool nic_refused(
    const struct nic *nic, const struct frame *f, int error, int *row)
{
	if (error != ENOBUFS || f->off.gso_type != GSO_NONE)
		return false;
	return frame_len(f) > nic_longest(nic) || ++*row < NIC_FULL_ROW;
}

bool nic_tells_uso(const char *release)
{
	int major = 0, minor = 0;

	sscanf(release, "%d.%d", &major, &minor);
	return major > 6 || (major == 6 && minor >= 2);
}

int nic_send_result(const struct frame *f, int error)
{
	bool finished = !f->off.needs_csum && f->off.gso_type == GSO_NONE;

	switch (error) {
	case ENOBUFS:
		/* QDISC_BYPASS also returns this for a super-frame to a
		 * device that leaves segmentation to the kernel */
		return f->off.gso_type == GSO_NONE ? -error : -EOPNOTSUPP;
	case EAGAIN:
	case EMSGSIZE:
	case ENETDOWN:
		return -error;
	case EINVAL:
		return finished ? -EIO : -EOPNOTSUPP;
	default:
		return -EIO;
	}
}

int nic_not_opened(const struct port *port, int result, char *err)
{
	if (result == -EPERM || result == -EACCES)
		return port_refuse(err, result,
		    "not permitted to open a packet socket on %s: run as root, "
		    "or give qswitchd the capabilities CAP_NET_RAW and "
		    "CAP_NET_ADMIN (\"setcap cap_net_raw,cap_net_admin+ep\")",
		    port->spec.arg);
	return port_refuse(err, result, "cannot open a packet socket on %s: %s",
	    port->spec.arg, strerror(-result));
}

static int refuse_sharing(const struct link *link, char *err)
{
	bool macvlan = strncmp(link->kind, "macv", 4) == 0;

	return port_refuse(err, -EOPNOTSUPP,
	    "%s is %s %s%s, which takes only frames to its own address, so no "
	    "guest could be reached: use the interface below it%s",
	    link->name, macvlan ? "a" : "an", link->kind,
	    macvlan ? " that shares its lower interface" : "",
	    macvlan ? ", or make it with \"mode passthru\"" : "");
}

static int refuse_member(const struct link *link, char *err)
{
	char master[IFNAMSIZ];

	master_name(link, master);
	return port_refuse(err, -EBUSY,
	    "%s is a member of %s %s, which would see and answer the same "
	    "frames: use %s itself as the port, or remove it with \"ip link "
	    "set %s nomaster\"",
	    link->name, link->master_kind[0] ? link->master_kind : "device",
	    master, master, link->name);
}

static void master_name(const struct link *link, char name[IFNAMSIZ])
{
	if (!if_indextoname((unsigned)link->master, name))
		snprintf(name, IFNAMSIZ, "#%d", link->master);
}

static int find(struct port *port, struct link *link, char *err)
{
	const char *name = port->spec.arg;
	int result = link_find(name, link);

	if (strlen(name) >= LINK_ALTNAME)
		return port_refuse(err, -EINVAL,
		    "nic:%s: the name of an interface has 1 to %d characters",
		    name, LINK_ALTNAME - 1);
	if (result == -ENODEV)
		return port_refuse(err, result,
		    "there is no interface %s here: run \"ip link\" to list "
		    "interfaces",
		    name);
	if (result < 0)
		return port_refuse(err, result,
		    "cannot look up interface %s: %s", name, strerror(-result));
	return nic_refusal(link, err);
}

static int bring_up(const struct link *link, char *err)
{
	int result = link_set_up(link->ifindex);

	if (result < 0)
		return port_refuse(err, result,
		    "%s is down and cannot be brought up: %s: run \"ip link "
		    "set %s up\" as root, or give qswitchd CAP_NET_ADMIN",
		    link->name, strerror(-result), link->name);
	return 0;
}

static void adopt(struct port *port, const struct link *link, char *err)
{
	struct nic *nic = port->priv;
	uint32_t limit = PORT_MTU_MAX;

	nic->link_mtu = link->mtu;
	nic->tso = link->tso;
	nic->tap = strcmp(link->kind, "tun") == 0;
	nic->veth = strcmp(link->kind, "veth") == 0;
	nic->one_queue = has_one_queue(link);
	port_spec_mtu(&port->spec, &limit, err);
	port->mtu = link->mtu < limit ? link->mtu : limit;
	port->speed_mbps = link->speed_mbps;
	port->carrier = link->up && link->carrier;
	if (!link->up)
		port_refuse(err, 0, "%s is down: run \"ip link set %s up\"",
		    link->name, link->name);
	else if (!link->carrier)
		port_refuse(err, 0, "no carrier on %s", link->name);
}

/* Do all frames wait in one queue? Not in a device that sends through another
 * one: a VLAN, a bond, a macvlan. */
static bool has_one_queue(const struct link *link)
{
	static const char *const kinds[] = {"", "tun", "veth"};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(link->kind, kinds[i]) == 0)
			return link->tx_queues == 1;
	return false;
}
