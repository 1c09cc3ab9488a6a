/* SPDX-License-Identifier: BSD-2-Clause */
/* nat_spec.c - a network whose addresses we give, as written: nat_spec.h. */
#include "nat_spec.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bsd/stdlib.h>
#include <bsd/string.h>

#include "forwarding/mac.h"

/* Places of a network: of QEMU's user network, and of VMware's host-only. */
enum { AT_ROUTER = 2, AT_DNS = 3, AT_FIRST = 15, AT_FIRST_SMALL = 4 };

static int read_net(
    struct nat_spec *spec, const char *text, uint32_t *address, char *err);
static int refuse(char *err, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
static bool read_address(
    const struct nat_spec *spec, const char *text, uint32_t *ip);
static bool is_guest(const struct nat_spec *spec, uint32_t ip);
static int set_dhcp(struct nat_spec *spec, const char *value, char *err);
static int set_dns(struct nat_spec *spec, const char *value, char *err);
static int set_lease(struct nat_spec *spec, const char *value, char *err);
static int set_forward(struct nat_spec *spec, const char *value, char *err);
static int set_leases(struct nat_spec *spec, const char *value, char *err);
static int set_yes(bool *to, const char *key, const char *value, char *err);
static bool next_end(char **rest, char **address, char **port);
static bool read_end(const struct nat_spec *spec, const char *address,
    const char *port, bool guest, struct nat_forward *f);

int nat_spec_net(struct nat_spec *spec, const char *text, char *err)
{
	uint32_t address = 0;

	*spec = (struct nat_spec){.dhcp = true, .ipv6 = true};
	if (read_net(spec, *text ? text : NAT_NET_DEFAULT, &address, err))
		return -EINVAL;
	if (address != spec->net)
		return refuse(err,
		    "nat:%s is an address of a network: give the network "
		    "itself, such as %s",
		    text, NAT_NET_DEFAULT);
	spec->own = spec->router = spec->net + AT_ROUTER;
	spec->n_dns = 1;
	spec->dns[0] = spec->net + AT_DNS;
	spec->last = (spec->net | ~spec->mask) - 1;
	spec->first = spec->net + AT_FIRST;
	if (spec->first >= spec->last)
		spec->first = spec->net + AT_FIRST_SMALL;
	return 0;
}

int nat_spec_host(struct nat_spec *spec, const char *text, char *err)
{
	*spec = (struct nat_spec){0};
	if (read_net(spec, text, &spec->own, err))
		return -EINVAL;
	uint32_t broadcast = spec->net | ~spec->mask;
	if (spec->own == spec->net || spec->own == broadcast)
		return refuse(err,
		    "host:%s: this address means the whole network: give the "
		    "host one of its own, such as 192.168.57.1/24",
		    text);
	spec->first = spec->net + (~spec->mask + 1) / 2;
	spec->last = broadcast - 2;
	return 0;
}

int nat_spec_set(
    struct nat_spec *spec, const char *key, const char *value, char *err)
{
	if (strcmp(key, "dhcp") == 0)
		return set_dhcp(spec, value, err);
	if (strcmp(key, "dns") == 0)
		return set_dns(spec, value, err);
	if (strcmp(key, "lease") == 0)
		return set_lease(spec, value, err);
	if (strcmp(key, "forward") == 0)
		return set_forward(spec, value, err);
	if (strcmp(key, "leases") == 0)
		return set_leases(spec, value, err);
	if (strcmp(key, "ipv6") == 0)
		return set_yes(&spec->ipv6, key, value, err);
	if (strcmp(key, "loopback") == 0)
		return set_yes(&spec->loopback, key, value, err);
	return 0; /* of the port, not of the network */
}

int nat_spec_forward(const struct nat_spec *spec, const char *text,
    struct nat_forward *f, char *err)
{
	char copy[NAT_FORWARD_TEXT], *rest = copy;
	char *host, *host_port, *guest, *guest_port;

	*f = (struct nat_forward){0};
	if (strlcpy(copy, text, sizeof(copy)) < sizeof(copy)) {
		char *proto = strsep(&rest, ":");

		f->udp = strcmp(proto, "udp") == 0;
		if ((f->udp || strcmp(proto, "tcp") == 0) &&
		    next_end(&rest, &host, &host_port) &&
		    next_end(&rest, &guest, &guest_port) && !rest &&
		    (f->v6 = strchr(host, ':') != NULL,
			read_end(spec, host, host_port, false, f)) &&
		    read_end(spec, guest, guest_port, true, f))
			return 0;
	}
	return refuse(err,
	    "forward %.100s: write PROTO:ADDR:PORT:GUEST:PORT with a guest of "
	    "this network, such as tcp:127.0.0.1:2222:.15:22, or "
	    "tcp:[::1]:2222:[fec0::15]:22",
	    text);
}

char *nat_forward_text(const struct nat_forward *f, char text[NAT_FORWARD_TEXT])
{
	char host[INET6_ADDRSTRLEN], guest[INET6_ADDRSTRLEN];
	const char *left = f->v6 ? "[" : "", *right = f->v6 ? "]" : "";
	int family = f->v6 ? AF_INET6 : AF_INET;

	if (f->v6) {
		inet_ntop(family, &f->host.in6.sin6_addr, host, sizeof(host));
		inet_ntop(
		    family, &f->guest.in6.sin6_addr, guest, sizeof(guest));
	} else {
		inet_ntop(family, &f->host.in.sin_addr, host, sizeof(host));
		inet_ntop(family, &f->guest.in.sin_addr, guest, sizeof(guest));
	}
	/* the port stands at the same place in both families */
	snprintf(text, NAT_FORWARD_TEXT, "%s:%s%s%s:%u:%s%s%s:%u",
	    f->udp ? "udp" : "tcp", left, host, right,
	    ntohs(f->host.in.sin_port), left, guest, right,
	    ntohs(f->guest.in.sin_port));
	return text;
}

bool nat_forward_same(const struct nat_forward *a, const struct nat_forward *b)
{
	if (a->udp != b->udp || a->v6 != b->v6 ||
	    a->host.in.sin_port != b->host.in.sin_port)
		return false;
	if (a->v6)
		return IN6_ARE_ADDR_EQUAL(
		    &a->host.in6.sin6_addr, &b->host.in6.sin6_addr);
	return a->host.in.sin_addr.s_addr == b->host.in.sin_addr.s_addr;
}

char *nat_address_text(uint32_t ip, char text[INET_ADDRSTRLEN])
{
	struct in_addr address = {htonl(ip)};

	inet_ntop(AF_INET, &address, text, INET_ADDRSTRLEN);
	return text;
}

static int read_net(
    struct nat_spec *spec, const char *text, uint32_t *address, char *err)
{
	char copy[32], *len = copy;
	const char *wrong = "missing";
	struct in_addr in;

	if (strlcpy(copy, text, sizeof(copy)) < sizeof(copy)) {
		char *ip = strsep(&len, "/");

		if (len)
			spec->len = (int)strtonum(
			    len, NAT_LEN_MIN, NAT_LEN_MAX, &wrong);
		if (!wrong && inet_pton(AF_INET, ip, &in) == 1) {
			*address = ntohl(in.s_addr);
			spec->mask = UINT32_MAX << (32 - spec->len);
			spec->net = *address & spec->mask;
			return 0;
		}
	}
	return refuse(err,
	    "%.64s is not an IPv4 network: give an address and a prefix length "
	    "from %d to %d, such as 10.0.2.0/24",
	    text, NAT_LEN_MIN, NAT_LEN_MAX);
}

/* Return: -EINVAL */
static int refuse(char *err, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(err, PORT_ERR, fmt, args);
	va_end(args);
	return -EINVAL;
}

/* 10.0.2.15, or .15 for the 15th of the network; .1.15 likewise. */
static bool read_address(
    const struct nat_spec *spec, const char *text, uint32_t *ip)
{
	char copy[INET_ADDRSTRLEN + 4];
	struct in_addr in;
	int dots = 0;

	for (const char *c = text; *c; c++)
		dots += *c == '.';
	const char *front = *text != '.' ? ""
			    : dots == 1	 ? "0.0.0"
			    : dots == 2	 ? "0.0"
					 : "0";
	if ((size_t)snprintf(copy, sizeof(copy), "%s%s", front, text) >=
		sizeof(copy) ||
	    inet_pton(AF_INET, copy, &in) != 1)
		return false;
	*ip = ntohl(in.s_addr);
	if (*text == '.')
		*ip += spec->net;
	return true;
}

/* May a guest have this address? */
static bool is_guest(const struct nat_spec *spec, uint32_t ip)
{
	return (ip & spec->mask) == spec->net && ip != spec->net &&
	       ip != (spec->net | ~spec->mask) && ip != spec->own &&
	       (!spec->router || ip != spec->net + AT_DNS);
}

/* yes, no, or FIRST-LAST */
static int set_dhcp(struct nat_spec *spec, const char *value, char *err)
{
	char copy[64], *last = copy;
	uint32_t from, to;

	spec->dhcp = strcmp(value, "no") != 0;
	if (!spec->dhcp || strcmp(value, "yes") == 0)
		return 0;
	strlcpy(copy, value, sizeof(copy));
	char *first = strsep(&last, "-");
	if (!last || !read_address(spec, first, &from) ||
	    !read_address(spec, last, &to) || !is_guest(spec, from) ||
	    !is_guest(spec, to) || from > to)
		return refuse(err,
		    "dhcp=%.64s: give yes, no, or the first and last address "
		    "of this network for guests, such as .100-.199",
		    value);
	spec->first = from;
	spec->last = to;
	return 0;
}

/* ADDR[+ADDR...], or no */
static int set_dns(struct nat_spec *spec, const char *value, char *err)
{
	char copy[64], *rest = copy;

	spec->n_dns = 0;
	if (strcmp(value, "no") == 0)
		return 0;
	strlcpy(copy, value, sizeof(copy));
	while (rest) {
		char *one = strsep(&rest, "+");

		if (spec->n_dns == NAT_DNS ||
		    !read_address(spec, one, &spec->dns[spec->n_dns++]))
			return refuse(err,
			    "dns=%.64s: give no, or one to %d addresses of "
			    "name servers, such as 9.9.9.9+1.1.1.1",
			    value, NAT_DNS);
	}
	return 0;
}

/* MAC=ADDR */
static int set_lease(struct nat_spec *spec, const char *value, char *err)
{
	char copy[64], *ip = copy;
	struct nat_fixed *fixed = &spec->fixed[spec->n_fixed];

	strlcpy(copy, value, sizeof(copy));
	char *mac = strsep(&ip, "=");
	if (spec->n_fixed == NAT_FIXED)
		return refuse(err, "more than %d fixed leases", NAT_FIXED);
	if (!ip || !mac_parse(mac, fixed->mac) || mac_is_group(fixed->mac) ||
	    !read_address(spec, ip, &fixed->ip) || !is_guest(spec, fixed->ip))
		return refuse(err,
		    "lease=%.64s: write MAC=ADDRESS with an address of this "
		    "network for a guest, such as 52:54:00:00:00:07=.20",
		    value);
	for (int i = 0; i < spec->n_fixed; i++) {
		const struct nat_fixed *other = &spec->fixed[i];

		if (other->ip == fixed->ip ||
		    memcmp(other->mac, fixed->mac, ETH_ADDR) == 0)
			return refuse(err,
			    "lease=%.64s: its MAC or its address has another "
			    "fixed lease",
			    value);
	}
	spec->n_fixed++;
	return 0;
}

static int set_forward(struct nat_spec *spec, const char *value, char *err)
{
	struct nat_forward *f = &spec->forwards[spec->n_forwards];

	if (spec->n_forwards == NAT_FORWARDS)
		return refuse(err, "more than %d forwards", NAT_FORWARDS);
	if (nat_spec_forward(spec, value, f, err))
		return -EINVAL;
	for (int i = 0; i < spec->n_forwards; i++)
		if (nat_forward_same(f, &spec->forwards[i]))
			return refuse(err,
			    "forward=%s: another forward has this port of the "
			    "host",
			    value);
	spec->n_forwards++;
	return 0;
}

static int set_leases(struct nat_spec *spec, const char *value, char *err)
{
	if (*value && strlcpy(spec->leases, value, sizeof(spec->leases)) <
			  sizeof(spec->leases))
		return 0;
	return refuse(err, "leases=%s: give a path", value);
}

static int set_yes(bool *to, const char *key, const char *value, char *err)
{
	*to = strcmp(value, "yes") == 0;
	if (*to || strcmp(value, "no") == 0)
		return 0;
	return refuse(err, "%s=%.64s: give yes or no", key, value);
}

/* [ADDR]:PORT, where an address of IPv6 stands in brackets. */
static bool next_end(char **rest, char **address, char **port)
{
	if (!*rest)
		return false;
	if (**rest == '[') {
		char *end = strchr(*rest, ']');

		if (!end || end[1] != ':')
			return false;
		*address = *rest + 1;
		*end = '\0';
		*rest = end + 2;
	} else {
		*address = strsep(rest, ":");
	}
	*port = *rest ? strsep(rest, ":") : NULL;
	return *port != NULL;
}

/* No address is the host's own, 127.0.0.1, and the first guest's. */
static bool read_end(const struct nat_spec *spec, const char *address,
    const char *port, bool guest, struct nat_forward *f)
{
	const char *wrong;
	uint16_t no = htons((uint16_t)strtonum(port, 1, UINT16_MAX, &wrong));
	uint32_t ip = guest ? spec->first : INADDR_LOOPBACK;

	if (wrong)
		return false;
	if (f->v6) {
		struct sockaddr_in6 *to = guest ? &f->guest.in6 : &f->host.in6;

		*to = (struct sockaddr_in6){
		    .sin6_family = AF_INET6, .sin6_port = no};
		return inet_pton(AF_INET6, address, &to->sin6_addr) == 1;
	}
	struct sockaddr_in *to = guest ? &f->guest.in : &f->host.in;
	if (*address && !read_address(spec, address, &ip))
		return false;
	*to = (struct sockaddr_in){.sin_family = AF_INET,
	    .sin_port = no,
	    .sin_addr.s_addr = htonl(ip)};
	return !guest || is_guest(spec, ip);
}
