/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * observe.c - which IP addresses live behind a port: see observe.h. Pure.
 */
#include "observe.h"

#include <arpa/inet.h>
#include <string.h>

#include "forwarding/byte_order.h"

/* What is left to be read: every step takes its bytes or fails. */
struct bytes {
	const uint8_t *at;
	size_t len;
};

static const uint8_t *take(struct bytes *b, size_t n);
static bool see_arp(struct bytes b, struct sighting *s);
static bool see(
    struct sighting *s, const uint8_t *mac, const uint8_t *ip, size_t ip_len);
static bool is_station(const uint8_t *ip, size_t ip_len);
static bool all_zero(const uint8_t *at, size_t n);
static bool see_ipv4(struct bytes b, struct sighting *s);
static bool see_dhcp(struct bytes b, struct sighting *s);
static bool is_dhcp_ack(struct bytes b);
static bool see_ipv6(struct bytes b, const uint8_t *mac, struct sighting *s);
static int place(const struct observed *o, const struct sighting *s);
static bool same(const struct sighting *a, const struct sighting *b);

bool observe_frame(const struct frame *f, struct sighting *s)
{
	struct bytes b = {f->body, f->body_len};

	if (!observe_wants(f) || !take(&b, 2))
		return false;
	switch (frame_type(f)) {
	case 0x0806:
		return see_arp(b, s);
	case 0x0800:
		return see_ipv4(b, s);
	default:
		return see_ipv6(b, frame_src(f), s);
	}
}

void observe_note(struct observed *o, const struct sighting *s, uint64_t now_ms)
{
	int i = place(o, s);

	if (i == o->n)
		o->n++;
	o->entries[i].what = *s;
	o->entries[i].seen_at_ms = now_ms;
}

int observe_hosts(const struct observed *o)
{
	int n = 0;

	for (int i = 0; i < o->n; i++) {
		int j = 0;
		while (j < i && memcmp(o->entries[j].what.mac,
				    o->entries[i].what.mac, ETH_ADDR) != 0)
			j++;
		n += j == i;
	}
	return n;
}

const char *observe_text(const struct sighting *s, char text[OBSERVE_TEXT])
{
	inet_ntop(s->v6 ? AF_INET6 : AF_INET, s->ip, text, OBSERVE_TEXT);
	return text;
}

static const uint8_t *take(struct bytes *b, size_t n)
{
	const uint8_t *taken = b->at;

	if (n > b->len)
		return NULL;
	b->at += n;
	b->len -= n;
	return taken;
}

/* RFC 826: Ethernet and IPv4; a probe (RFC 5227) has no sender yet. */
static bool see_arp(struct bytes b, struct sighting *s)
{
	static const uint8_t kind[] = {0, 1, 8, 0, 6, 4};
	const uint8_t *arp = take(&b, 28);

	return arp && memcmp(arp, kind, sizeof(kind)) == 0 &&
	       see(s, arp + 8, arp + 14, 4);
}

static bool see(
    struct sighting *s, const uint8_t *mac, const uint8_t *ip, size_t ip_len)
{
	memset(s, 0, sizeof(*s));
	memcpy(s->mac, mac, ETH_ADDR);
	memcpy(s->ip, ip, ip_len);
	s->v6 = ip_len == 16;
	return is_station(ip, ip_len) && !mac_is_group(mac) &&
	       !mac_is_zero(mac);
}

/* May a machine have this address? Not 0.0.0.0/8, loopback, multicast and
 * above, 255.255.255.255 among them (RFC 6890); nor ::, ::1 and ff00::/8
 * (RFC 4291). */
static bool is_station(const uint8_t *ip, size_t ip_len)
{
	if (ip_len == 4)
		return ip[0] != 0 && ip[0] != 127 && ip[0] < 224;
	return ip[0] != 0xff && !(all_zero(ip, ip_len - 1) && ip[15] <= 1);
}

static bool all_zero(const uint8_t *at, size_t n)
{
	while (n--)
		if (at[n])
			return false;
	return true;
}

/* From a DHCP server to a client, in one piece. */
static bool see_ipv4(struct bytes b, struct sighting *s)
{
	enum { UDP = 17, SERVER = 67, CLIENT = 68, FRAGMENT = 0x3fff };
	const uint8_t *ip = take(&b, 20), *udp;
	size_t options = ip && (ip[0] & 0xf) > 5 ? ((ip[0] & 0xfu) - 5) * 4 : 0;

	if (!ip || ip[0] >> 4 != 4 || ip[9] != UDP || be16(ip + 6) & FRAGMENT ||
	    !take(&b, options))
		return false;
	udp = take(&b, 8);
	return udp && be16(udp) == SERVER && be16(udp + 2) == CLIENT &&
	       see_dhcp(b, s);
}

/* RFC 2131: the server tells the client its address (yiaddr). */
static bool see_dhcp(struct bytes b, struct sighting *s)
{
	enum { BOOTREPLY = 2, YIADDR = 16, CHADDR = 28, FIXED = 236 };
	static const uint8_t cookie[] = {99, 130, 83, 99};
	const uint8_t *bootp = take(&b, FIXED);
	const uint8_t *magic = take(&b, sizeof(cookie));

	if (!bootp || !magic || memcmp(magic, cookie, sizeof(cookie)) != 0 ||
	    bootp[0] != BOOTREPLY || bootp[1] != 1 || bootp[2] != ETH_ADDR)
		return false;
	if (!is_dhcp_ack(b) || !see(s, bootp + CHADDR, bootp + YIADDR, 4))
		return false;
	s->of_receiver = true;
	return true;
}

/* RFC 2132 9.6: is it an acknowledgement? */
static bool is_dhcp_ack(struct bytes b)
{
	enum { PAD = 0, MESSAGE_TYPE = 53, END = 255, ACK = 5 };
	const uint8_t *tag, *len, *value;

	while ((tag = take(&b, 1)) && *tag != END) {
		if (*tag == PAD)
			continue;
		len = take(&b, 1);
		value = len ? take(&b, *len) : NULL;
		if (!value)
			return false;
		if (*tag == MESSAGE_TYPE)
			return *len == 1 && *value == ACK;
	}
	return false;
}

/* RFC 4861: who solicits shows its source, who advertises the target. */
static bool see_ipv6(struct bytes b, const uint8_t *mac, struct sighting *s)
{
	enum { ICMPV6 = 58, HOPS = 255, SOLICITATION = 135, ADVERTISEMENT };
	const uint8_t *ip = take(&b, 40);
	const uint8_t *nd = take(&b, 24);

	if (!ip || !nd || ip[0] >> 4 != 6 || ip[6] != ICMPV6 || ip[7] != HOPS)
		return false;
	if (nd[0] == SOLICITATION)
		return see(s, mac, ip + 8, 16);
	return nd[0] == ADVERTISEMENT && see(s, mac, nd + 8, 16);
}

/* The place of @s: where it is, a free one, or the oldest one's. */
static int place(const struct observed *o, const struct sighting *s)
{
	int oldest = 0;

	for (int i = 0; i < o->n; i++) {
		if (same(&o->entries[i].what, s))
			return i;
		if (o->entries[i].seen_at_ms < o->entries[oldest].seen_at_ms)
			oldest = i;
	}
	return o->n < OBSERVE_PORT ? o->n : oldest;
}

static bool same(const struct sighting *a, const struct sighting *b)
{
	return a->v6 == b->v6 && memcmp(a->ip, b->ip, sizeof(a->ip)) == 0;
}
