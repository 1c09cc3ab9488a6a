/* SPDX-License-Identifier: BSD-2-Clause */
/* tap_refusal.c - why a TAP cannot be opened: see tap_refusal.h. */
#include "tap_refusal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <bsd/string.h>

#include "kind.h"
#include "link.h"
#include "whois.h"

enum {
	/* Somebody who deletes a TAP that we made has so long to make it
	 * again; then we do. */
	LEAVE_MS = 5000,
	BUSY_WAIT_MS = 2000,
};

static int refuse_busy(struct port *port, char *err);
static struct whois **question_of(struct port *port);
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

int tap_may_make(const struct port *port, char *err)
{
	const char *name = port->link_name;

	if (!port->past.lost_at_ms || port->spec.host)
		return 0;
	if (port->past.strayed)
		return port_refuse(err, -ENODEV,
		    "%s was deleted in another namespace and is not made again "
		    "in this one by itself: run \"qswitchctl port up %s\" to "
		    "make it again",
		    name, port->spec.name);
	if (!port->past.made)
		return port_refuse(err, -ENODEV,
		    "%s was deleted, and qswitchd had not made it: make it "
		    "again with \"ip tuntap add %s mode tap\"",
		    name, name);
	if (port_now_ms() - port->past.lost_at_ms < LEAVE_MS)
		return port_refuse(err, -ENODEV, "%s was deleted", name);
	return 0;
}

/* At the start, finding the holder may take a while. Later the loop must not
 * wait: a retry has the answer, or the client that asks again. */
static int refuse_busy(struct port *port, char *err)
{
	const char *name = port->link_name;
	struct whois_answer holder = {0};
	char who[64] = "another process, which has not been found";

	struct whois **question = question_of(port);

	if (!*question)
		*question = whois_tap(name);
	if (whois_wait(
		*question, &holder, port->host->serving ? 0 : BUSY_WAIT_MS)) {
		whois_free(*question);
		*question = NULL;
	} else if (*question) {
		port->host->again = port->spec.on_request;
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

/* A port that a client asks for is gone when it cannot be opened; what was asked
 * for it stays with the host. */
static struct whois **question_of(struct port *port)
{
	struct port_host *host = port->host;

	if (!port->spec.on_request)
		return &port->past.holder;
	if (strcmp(host->busy_name, port->link_name) != 0) {
		whois_free(host->busy);
		host->busy = NULL;
		strlcpy(
		    host->busy_name, port->link_name, sizeof(host->busy_name));
	}
	return &host->busy;
}

static int refuse_kind(const struct link *link, char *err)
{
	const char *name = link->name;

	if (strcmp(link->kind, "tun") != 0)
		return port_refuse(err, -EMEDIUMTYPE,
		    "%s is not a TAP but %s%s interface: attach to it with "
		    "\"--port nic:%s\"",
		    name, link->kind[0] ? "a " : "a hardware", link->kind,
		    name);
	if (!link->ethernet)
		return port_refuse(err, -EMEDIUMTYPE,
		    "%s is a TUN interface, which carries no Ethernet frames: "
		    "make a TAP with \"ip tuntap add NAME mode tap\"",
		    name);
	return port_refuse(err, -EMEDIUMTYPE,
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
