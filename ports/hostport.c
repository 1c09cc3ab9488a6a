/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hostport.c - `host:ADDR/LEN`: a network of guests and this host, which has
 * ADDR on a TAP of the switch's own. No way leads out of it.
 *
 * With dhcp=yes, qswitch-nat listens on a packet socket on the host's side of
 * the TAP, so the DHCP server is where the host is: no port of its own, and no
 * firewall in its way. When it has died, the next broadcast, which may be a
 * guest that asks for an address, starts another one.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <bsd/string.h>

#include "forwarding/mac.h"

#include "kinds.h"
#include "link.h"
#include "link_address.h"
#include "nat.h"
#include "sock.h"
#include "tap.h"

enum { LOOK_MS = 100, BACK_OFF_MS = 1000 };

static const char *const keys[] = {
    "dhcp", "dns", "lease", "leases", "forward", "if", "mtu", "addr", NULL};

static int prepare(struct port *port, bool *forward, char *err);
static int dress(struct port *port, bool forward, struct link *link, char *err);
static int start_dhcp(
    struct port *port, const struct link *link, bool wait, char *err);
static int open_socket(int ifindex);
static void look_after_dhcp(struct port *port);

static int open_port(struct port *port, char *err)
{
	const char *name = port_spec_get(&port->spec, "if");
	bool forward = false, first = !port->past.nat;
	struct link link;
	int result = prepare(port, &forward, err);

	if (!result)
		result = tap_open(port, name ? name : port->spec.name, err);
	if (!result)
		result = dress(port, forward, &link, err);
	if (!result && nat_of(port->past.nat)->dhcp)
		result =
		    start_dhcp(port, &link, first && !port->host->serving, err);
	return result;
}

static int send_frames(
    struct port *port, const struct frame *const *frames, int n)
{
	for (int i = 0; i < n; i++)
		if (mac_is_broadcast(frame_dst(frames[i]))) {
			look_after_dhcp(port);
			break;
		}
	return tap_send(port, frames, n);
}

static void facts(struct port *port,
    void (*emit)(const char *key, const char *value, void *arg), void *arg)
{
	emit("host interface", port->link_name, arg);
	nat_facts(port->past.nat, emit, arg);
	tap_facts(port, emit, arg);
}

static void close_port(struct port *port)
{
	if (port->past.nat)
		nat_stop(port->past.nat);
	tap_close(port);
}

static void restore(struct port *port)
{
	nat_free(port->past.nat);
	port->past.nat = NULL;
	tap_restore(port);
}

const struct port_kind kind_host = {
    .name = "host",
    .called = "host-only",
    .help = "ADDR/LEN[,dhcp=yes|FIRST-LAST][,lease=MAC=ADDR][,leases=FILE]\n"
	    "        [,dns=ADDR][,forward=yes][,if=NAME][,mtu=][,addr=MAC]\n"
	    "an interface of this host, which has ADDR there; no way out",
    .keys = keys,
    .open = open_port,
    .receive = tap_receive,
    .send = send_frames,
    .link = tap_link,
    .facts = facts,
    .close = close_port,
    .restore = restore,
};

static int prepare(struct port *port, bool *forward, char *err)
{
	int result = port_spec_yes(&port->spec, "forward", forward, err);

	if (!result && !port->past.nat)
		port->past.nat =
		    nat_new(&port->spec, true, port->spec.arg, err);
	return !result && !port->past.nat ? -errno : result;
}

static int dress(struct port *port, bool forward, struct link *link, char *err)
{
	const struct nat_spec *spec = nat_of(port->past.nat);
	int result = link_find(port->link_name, link);

	if (!result)
		result = link_set_forwarding(link->ifindex, forward);
	if (result)
		return port_refuse(err, result,
		    "cannot set up forwarding of %s: %s", port->link_name,
		    strerror(-result));
	result = link_add_address(link->ifindex, spec->own, spec->len);
	if (result)
		return port_refuse(err, result, "cannot give %s address %s: %s",
		    port->link_name, port->spec.arg, strerror(-result));
	return 0;
}

static int start_dhcp(
    struct port *port, const struct link *link, bool wait, char *err)
{
	int fd = open_socket(link->ifindex);

	if (fd < 0)
		return port_refuse(err, -errno,
		    "cannot listen for DHCP on %s: %s; it needs CAP_NET_RAW",
		    port->link_name, strerror(errno));
	int result = nat_start(port->past.nat, fd, link->mac, wait, err);
	close(fd);
	return result;
}

/* Datagrams of UDP to port 67 that are no fragments. Return: -1 with errno */
static int open_socket(int ifindex)
{
	static struct sock_filter code[] = {
	    BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 23),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_UDP, 0, 6),
	    BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 20),
	    BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x3fff, 4, 0),
	    BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 14),
	    BPF_STMT(BPF_LD | BPF_H | BPF_IND, 16),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 67, 0, 1),
	    BPF_STMT(BPF_RET | BPF_K, UINT16_MAX),
	    BPF_STMT(BPF_RET | BPF_K, 0),
	};
	const struct sock_fprog filter = {
	    .len = sizeof(code) / sizeof(*code), .filter = code};
	struct sockaddr_ll to = {.sll_family = AF_PACKET,
	    .sll_protocol = htons(ETH_P_IP),
	    .sll_ifindex = ifindex};
	/* no protocol yet: nothing comes in before the filter is there */
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return -1;
	if (sock_set_bytes(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter,
		sizeof(filter)) == 0 &&
	    bind(fd, (struct sockaddr *)&to, sizeof(to)) == 0)
		return fd;
	int error = errno;
	close(fd);
	errno = error;
	return -1;
}

static void look_after_dhcp(struct port *port)
{
	struct nat_process *nat = port->past.nat;
	uint64_t now_ms = port_now_ms();
	char err[PORT_ERR];
	struct link link;

	if (!nat_of(nat)->dhcp || now_ms < port->past.look_at_ms)
		return;
	port->past.look_at_ms = now_ms + LOOK_MS;
	if (nat_runs(nat))
		return;
	port->past.look_at_ms = now_ms + BACK_OFF_MS;
	if (link_find_index(port->ifindex, &link) == 0)
		start_dhcp(port, &link, false, err);
}
