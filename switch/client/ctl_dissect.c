/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ctl_dissect.c - a frame in one line, for `capture` without a file.
 *
 * Shows what helps to debug a switch: addresses, tags, ARP, IPv4 and IPv6 with
 * TCP, UDP and ICMP, BPDUs and LLDP. Every layer takes its header off the front
 * of a view and stops when the header is incomplete: the bytes may be any.
 */
#include "ctl_dissect.h"

#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "forwarding/byte_order.h"
#include "forwarding/frame.h"

struct view {
	const uint8_t *bytes;
	size_t len;
};

struct line {
	char *text;
	size_t size;
	size_t len;
};

enum { ARP_LEN = 28, IPV4_LEN = 20, IPV6_LEN = 40, PORTS_LEN = 4 };

static const uint8_t *take(struct view *v, size_t n);
static void put(struct line *out, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
static bool is_tag(uint16_t type);
static void dissect_type(struct line *out, struct view v, uint16_t type);
static void dissect_llc(struct line *out, struct view v);
static void dissect_arp(struct line *out, struct view v);
static void dissect_ipv4(struct line *out, struct view v);
static void dissect_protocol(struct line *out, struct view v, int protocol,
    const char *src, const char *dst);
static void put_flags(struct line *out, uint8_t flags);
static const char *icmp_name(int protocol, int type);
static void dissect_ipv6(struct line *out, struct view v);

void dissect(const uint8_t *frame, size_t caplen, char *text, size_t size)
{
	struct line out = {text, size, 0};
	struct view v = {frame, caplen};
	char src[MAC_TEXT], dst[MAC_TEXT];
	const uint8_t *addrs = take(&v, ETH_ADDRS), *type = take(&v, 2), *tci;

	*text = 0;
	if (!addrs || !type) {
		put(&out, "runt");
		return;
	}
	put(&out, "%s > %s, ", mac_format(addrs + ETH_ADDR, src),
	    mac_format(addrs, dst));
	while (is_tag(be16(type)) && v.len >= VLAN_TAG) {
		tci = take(&v, 2);
		put(&out, "%s VLAN %d PCP %d, ",
		    be16(type) == TPID_8021AD ? "802.1ad" : "802.1Q",
		    be16(tci) & 0xfff, tci[0] >> 5);
		type = take(&v, 2);
	}
	dissect_type(&out, v, be16(type));
}

/* The first @n bytes, which leave @v; NULL if @v has fewer. */
static const uint8_t *take(struct view *v, size_t n)
{
	const uint8_t *bytes = v->bytes;

	if (v->len < n)
		return NULL;
	v->bytes += n;
	v->len -= n;
	return bytes;
}

static void put(struct line *out, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	int n =
	    vsnprintf(out->text + out->len, out->size - out->len, fmt, args);
	va_end(args);
	if (n > 0)
		out->len += (size_t)n;
	if (out->len >= out->size)
		out->len = out->size - 1;
}

static bool is_tag(uint16_t type)
{
	return type == TPID_8021Q || type == TPID_8021AD;
}

static void dissect_type(struct line *out, struct view v, uint16_t type)
{
	if (type < 0x600)
		dissect_llc(out, v);
	else if (type == 0x0806)
		dissect_arp(out, v);
	else if (type == 0x0800)
		dissect_ipv4(out, v);
	else if (type == 0x86dd)
		dissect_ipv6(out, v);
	else if (type == 0x88cc)
		put(out, "LLDP");
	else
		put(out, "type 0x%04x", type);
}

/* 802.2: DSAP, SSAP, control; 42 42 03 for the spanning tree. */
static void dissect_llc(struct line *out, struct view v)
{
	const uint8_t *llc = take(&v, 3), *bpdu = take(&v, 4);

	if (!llc)
		put(out, "802.3");
	else if (llc[0] != 0x42)
		put(out, "LLC DSAP 0x%02x", llc[0]);
	else if (!bpdu)
		put(out, "BPDU");
	else if (bpdu[3] == 0x80)
		put(out, "BPDU topology change notification");
	else
		put(out, "BPDU %s",
		    bpdu[3] == 0   ? "configuration"
		    : bpdu[3] == 2 ? "rapid"
				   : "of unknown type");
}

static void dissect_arp(struct line *out, struct view v)
{
	const uint8_t *arp = take(&v, ARP_LEN);
	char sender[INET_ADDRSTRLEN], target[INET_ADDRSTRLEN], mac[MAC_TEXT];

	if (!arp || be16(arp + 2) != 0x0800 || arp[4] != 6 || arp[5] != 4) {
		put(out, "ARP");
		return;
	}
	inet_ntop(AF_INET, arp + 14, sender, sizeof(sender));
	inet_ntop(AF_INET, arp + 24, target, sizeof(target));
	if (be16(arp + 6) == 1)
		put(out, "ARP who has %s? tell %s", target, sender);
	else
		put(out, "ARP %s is at %s", sender, mac_format(arp + 8, mac));
}

static void dissect_ipv4(struct line *out, struct view v)
{
	const uint8_t *ip = take(&v, IPV4_LEN);
	char src[INET_ADDRSTRLEN], dst[INET_ADDRSTRLEN];

	if (!ip || ip[0] >> 4 != 4) {
		put(out, "IPv4, broken");
		return;
	}
	size_t options = (size_t)(ip[0] & 15) * 4;
	inet_ntop(AF_INET, ip + 12, src, sizeof(src));
	inet_ntop(AF_INET, ip + 16, dst, sizeof(dst));
	bool whole = options >= IPV4_LEN && take(&v, options - IPV4_LEN);
	if (!whole || be16(ip + 6) & 0x1fff)
		put(out, "IPv4 %s > %s, %s", src, dst,
		    whole ? "later fragment" : "broken");
	else
		dissect_protocol(out, v, ip[9], src, dst);
}

static void dissect_protocol(struct line *out, struct view v, int protocol,
    const char *src, const char *dst)
{
	const uint8_t *head = v.bytes;
	bool has_ports = protocol == IPPROTO_TCP || protocol == IPPROTO_UDP;

	if (has_ports && v.len >= PORTS_LEN) {
		put(out, "%s %s.%d > %s.%d",
		    protocol == IPPROTO_TCP ? "TCP" : "UDP", src, be16(head),
		    dst, be16(head + 2));
		if (protocol == IPPROTO_TCP && v.len >= 14)
			put_flags(out, head[13]);
	} else if ((protocol == IPPROTO_ICMP || protocol == IPPROTO_ICMPV6) &&
		   v.len) {
		put(out, "%s %s > %s, %s",
		    protocol == IPPROTO_ICMP ? "ICMP" : "ICMPv6", src, dst,
		    icmp_name(protocol, head[0]));
	} else {
		put(out, "IP %s > %s, protocol %d", src, dst, protocol);
	}
}

static void put_flags(struct line *out, uint8_t flags)
{
	static const char names[] = "FSRP.U";

	put(out, " [");
	for (int i = 0; names[i]; i++)
		if (flags >> i & 1)
			put(out, "%c", names[i]);
	put(out, "]");
}

static const char *icmp_name(int protocol, int type)
{
	static const struct {
		int protocol, type;
		const char *name;
	} names[] = {
	    {1, 0, "echo reply"},
	    {1, 3, "unreachable"},
	    {1, 8, "echo request"},
	    {58, 1, "unreachable"},
	    {58, 2, "packet too big"},
	    {58, 128, "echo request"},
	    {58, 129, "echo reply"},
	    {58, 133, "router solicitation"},
	    {58, 134, "router advertisement"},
	    {58, 135, "neighbor solicitation"},
	    {58, 136, "neighbor advertisement"},
	    {58, 143, "multicast listener report"},
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (names[i].protocol == protocol && names[i].type == type)
			return names[i].name;
	return "message";
}

static void dissect_ipv6(struct line *out, struct view v)
{
	const uint8_t *ip = take(&v, IPV6_LEN);
	char src[INET6_ADDRSTRLEN], dst[INET6_ADDRSTRLEN];

	if (!ip || ip[0] >> 4 != 6) {
		put(out, "IPv6, broken");
		return;
	}
	inet_ntop(AF_INET6, ip + 8, src, sizeof(src));
	inet_ntop(AF_INET6, ip + 24, dst, sizeof(dst));
	int protocol = ip[6];
	const uint8_t *option;
	/* hop-by-hop options: those of multicast listeners */
	while (protocol == 0 && v.len >= 2 &&
	       (option = take(&v, 8 + 8 * (size_t)v.bytes[1])))
		protocol = option[0];
	dissect_protocol(out, v, protocol, src, dst);
}
