/* SPDX-License-Identifier: BSD-2-Clause */
/* tap_refusal.c - why a TAP cannot be opened: see tap_refusal.h. */
#include "tap_refusal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "kind.h"
#include "link.h"
#include "whois.h"

enum { BUSY_WAIT_MS = 2000 };

static int refuse_busy(struct port *port, char *err);
static int refuse_kind(const struct link *link, char *err);
static int refuse_user(const char *name, bool existed, char *err);

int tap_refuse_device(int error, char *err)
{
	static const char device[] = "/dev/net/tun";

	if (error == ENOENT || error == ENODEV || error == ENXIO)
		return port_refuse(err, -error,
		    "cannot open %s: %s: load the kernel's tun module with "
		    "\"modprobe tun\"; in a container, pass the device in",
		    device, strerror(error));
	return port_refuse(err, -error, "cannot open %s: %s%s", device,
	    strerror(error),
	    error == EMFILE ? ": raise the limit of open files (ulimit -n)"
			    : ": run as root, or give this user access to it");
}

int tap_refuse_attach(
    struct port *port, int error, const struct link *link, char *err)
{
	const char *name = port->link_name;

	if (error == EBUSY)
		return refuse_busy(port, err);
	if (error == EINVAL && link)
		return refuse_kind(link, err);
	if (error == EPERM)
		return refuse_user(name, link, err);
	return port_refuse(err, -error, "cannot %s %s: %s",
	    link ? "attach to" : "make", name, strerror(error));
}

/* At the start, finding the holder may take a while; later the loop must not
 * wait, and a retry has the answer. */
static int refuse_busy(struct port *port, char *err)
{
	const char *name = port->link_name;
	struct whois_answer holder = {0};
	char who[64] = "another process, which has not been found";

	if (!port->past.holder)
		port->past.holder = whois_tap(name);
	if (whois_wait(port->past.holder, &holder,
		port->host->serving ? 0 : BUSY_WAIT_MS)) {
		whois_free(port->past.holder);
		port->past.holder = NULL;
	}
	if (holder.pid)
		snprintf(who, sizeof(who), "process %d (%s)", (int)holder.pid,
		    holder.command);
	return port_refuse(err, -EBUSY,
	    "%s is held by %s: stop it, or attach to the network side of %s "
	    "with \"--port nic:%s\", for a virtual machine with \"--vm-taps "
	    "%s\"",
	    name, who, name, name, name);
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
		    "make a TAP with \"ip tuntap add NAME mode tap\"",
		    name);
	return port_refuse(err, -EINVAL,
	    "%s was made with multi_queue, which would spread its frames over "
	    "several processes: make it with \"ip tuntap add %s mode tap\"",
	    name, name);
}

static int refuse_user(const char *name, bool existed, char *err)
{
	return port_refuse(err, -EPERM,
	    "not permitted to %s %s: give qswitchd CAP_NET_ADMIN, or make %s "
	    "for its user %swith \"ip tuntap add %s mode tap user USER\"",
	    existed ? "use" : "make", name, name, existed ? "" : "first ",
	    name);
}
