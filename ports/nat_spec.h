/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * nat_spec.h - a network whose addresses we give: what its operator wrote, read
 * alike by the port (nat.c, hostport.c) and by its process, qswitch-nat.
 *
 *     NET[,KEY=VALUE...]     NET is 10.0.2.0/24, or ADDR/LEN for the host
 *
 * Pure. IPv4 addresses are in host byte order. An address may be written .15:
 * the 15th of the network.
 */
#ifndef PORTS_NAT_SPEC_H
#define PORTS_NAT_SPEC_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include "forwarding/frame.h"

#include "spec.h"

#define NAT_NET_DEFAULT "10.0.2.0/24" /* as QEMU's user network */

enum {
	NAT_FORWARDS = 32,
	NAT_FIXED = 32,
	NAT_DNS = 3,
	NAT_LEN_MIN = 16, /* prefix lengths that a network may have */
	NAT_LEN_MAX = 29,
	NAT_FORWARD_TEXT = 128, /* bytes of a forward as text, NUL counted */
};

/* A port of the host, and the port of a guest to which it leads. */
struct nat_forward {
	bool udp, v6;
	union {
		struct sockaddr any;
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
	} host, guest;
};

/* An address that only one guest gets. */
struct nat_fixed {
	uint8_t mac[ETH_ADDR];
	uint32_t ip;
};

struct nat_spec {
	uint32_t net, mask;
	int len;
	uint32_t own;	 /* whose address the DHCP server has */
	uint32_t router; /* 0: guests get none */
	bool dhcp, ipv6;
	bool loopback; /* the router's address leads to the host's 127.0.0.1 */
	uint32_t first, last; /* of DHCP */
	int n_dns;
	uint32_t dns[NAT_DNS];
	int n_forwards, n_fixed;
	struct nat_forward forwards[NAT_FORWARDS];
	struct nat_fixed fixed[NAT_FIXED];
	char leases[PORT_ARG]; /* file that keeps them, or "" */
};

/**
 * nat_spec_net() - the defaults of NAT network @text
 * @text: "10.0.2.0/24"; "" is NAT_NET_DEFAULT
 * @err:  PORT_ERR bytes
 *
 * Router .2, name server .3, leases from .15 to the end.
 *
 * Return: 0, or -EINVAL with a sentence in @err.
 */
int nat_spec_net(struct nat_spec *spec, const char *text, char *err);

/**
 * nat_spec_host() - the defaults of a host-only network
 * @text: the host's own address and its prefix length, "192.168.57.1/24"
 *
 * Neither router nor name server; leases from .128 to .253, if dhcp=yes.
 *
 * Return: as nat_spec_net().
 */
int nat_spec_host(struct nat_spec *spec, const char *text, char *err);

/** nat_spec_set() - take KEY=VALUE into account. Return: as nat_spec_net() */
int nat_spec_set(
    struct nat_spec *spec, const char *key, const char *value, char *err);

/** nat_spec_forward() - read PROTO:[ADDR]:PORT:[ADDR]:PORT. Return: as above */
int nat_spec_forward(const struct nat_spec *spec, const char *text,
    struct nat_forward *forward, char *err);

/** nat_forward_text() - write @f with all its addresses. Return: @text */
char *nat_forward_text(
    const struct nat_forward *f, char text[NAT_FORWARD_TEXT]);

/** nat_forward_same() - do both take the same port of the host? */
bool nat_forward_same(const struct nat_forward *a, const struct nat_forward *b);

/** nat_forward_size() - of a socket address of @f, for bind(2) */
static inline socklen_t nat_forward_size(const struct nat_forward *f)
{
	return f->v6 ? sizeof(f->host.in6) : sizeof(f->host.in);
}

/** nat_address_text() - @ip as 10.0.2.15. Return: @text */
char *nat_address_text(uint32_t ip, char text[INET_ADDRSTRLEN]);

#endif
