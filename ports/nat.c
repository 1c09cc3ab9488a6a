/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * nat.c - `nat:NET`: the way out for guests, through sockets of this host.
 *
 *     port <==== socket pair, QEMU's framing ====> qswitch-nat (libslirp)
 *
 * stream.c moves the frames. When qswitch-nat dies, the port is down and opens
 * again, with another one, as any port does. Leases and forwards stay: they
 * belong to what the port remembers.
 */
#include "nat.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "kinds.h"
#include "stream.h"

static const char *const keys[] = {
    "dhcp", "dns", "lease", "leases", "forward", "ipv6", "loopback", NULL};

/* Addresses that are looked at for a fact: a larger network has to do without. */
enum { COUNT_MAX = 1024 };

struct counting {
	uint64_t now_s;
	int running;
};

static int explain(struct port *port, int result);
static void count(const struct lease *lease, void *arg);

static int open_port(struct port *port, char *err)
{
	bool first = !port->past.nat;
	uint8_t mac[ETH_ADDR] = {0x52, 0x55}; /* as libslirp makes the others */
	int pair[2];
	int result;

	if (first)
		port->past.nat =
		    nat_new(&port->spec, false, port->spec.arg, err);
	if (!port->past.nat)
		return -errno;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0,
		pair) < 0)
		return port_refuse(err, -errno,
		    "cannot make sockets for qswitch-nat: %s", strerror(errno));
	uint32_t own = htonl(nat_of(port->past.nat)->own);
	memcpy(mac + 2, &own, sizeof(own));
	result = nat_start(
	    port->past.nat, pair[1], mac, first && !port->host->serving, err);
	close(pair[1]);
	if (result) {
		close(pair[0]);
		return result;
	}
	result = stream_start(port, pair[0], true, err);
	port->carrier = nat_ready(port->past.nat);
	if (!result && !port->carrier)
		port_refuse(err, 0, "qswitch-nat is starting");
	return result;
}

static int receive(struct port *port, struct batch *batch)
{
	int result = explain(port, stream_receive(port, batch));

	/* its first word on the stream is an empty record */
	if (result >= 0 && !port->carrier && nat_ready(port->past.nat)) {
		port->carrier = true;
		*port->reason = '\0';
	}
	return result;
}

static int send_frames(
    struct port *port, const struct frame *const *frames, int n)
{
	return explain(port, stream_send(port, frames, n));
}

static int writable(struct port *port)
{
	return explain(port, stream_writable(port));
}

static void facts(struct port *port,
    void (*emit)(const char *key, const char *value, void *arg), void *arg)
{
	nat_facts(port->past.nat, emit, arg);
}

static void close_port(struct port *port)
{
	stream_close(port);
}

static void restore(struct port *port)
{
	nat_free(port->past.nat);
	port->past.nat = NULL;
}

const struct port_kind kind_nat = {
    .name = "nat",
    .called = "nat",
    .help = "[NET][,dhcp=yes|no|FIRST-LAST][,dns=ADDR][,lease=MAC=ADDR]\n"
	    "        [,leases=FILE][,forward=tcp:127.0.0.1:2222:.15:22]"
	    "[,ipv6=no][,loopback=yes]\n"
	    "a way out through this host's sockets, with DHCP and DNS "
	    "(10.0.2.0/24)",
    .keys = keys,
    .open = open_port,
    .receive = receive,
    .release = stream_release,
    .send = send_frames,
    .writable = writable,
    .facts = facts,
    .close = close_port,
    .restore = restore,
};

struct nat_process *nat_of_port(const struct port *port)
{
	bool ours = port->kind == &kind_nat || port->kind == &kind_host;

	return ours ? port->past.nat : NULL;
}

void nat_facts(struct nat_process *nat,
    void (*emit)(const char *key, const char *value, void *arg), void *arg)
{
	const struct nat_spec *spec = nat_of(nat);
	struct counting counting = {.now_s = (uint64_t)time(NULL)};
	char text[2 * INET_ADDRSTRLEN], first[INET_ADDRSTRLEN];

	nat_address_text(spec->net, first);
	snprintf(text, sizeof(text), "%s/%d", first, spec->len);
	emit("network", text, arg);
	emit(spec->router ? "router" : "host",
	    nat_address_text(spec->own, text), arg);
	snprintf(text, sizeof(text), "%d", nat_pid(nat));
	emit("qswitch-nat", text, arg);
	if (!spec->dhcp || nat_leases(nat, 0, COUNT_MAX, count, &counting))
		return;
	snprintf(text, sizeof(text), "%d", counting.running);
	emit("leases", text, arg);
}

/* Whichever call finds that the stream has ended: why it has. */
static int explain(struct port *port, int result)
{
	if (result < 0 && !port->is_open)
		port_fail(port, "%s", nat_gone(port->past.nat));
	return result;
}

static void count(const struct lease *lease, void *arg)
{
	struct counting *counting = arg;

	counting->running += lease->until_s > counting->now_s;
}
