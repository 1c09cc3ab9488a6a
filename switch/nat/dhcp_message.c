/* SPDX-License-Identifier: BSD-2-Clause */
/* dhcp_message.c - a DHCP message in its frame: see dhcp_message.h. Pure. */
#include "dhcp_message.h"

#include <arpa/inet.h>
#include <string.h>

#include "forwarding/mac.h"

enum {
	IP_HEAD = 20,
	UDP_HEAD = 8,
	PORT_SERVER = 67,
	PORT_CLIENT = 68,
	PROTO_UDP = 17,
	/* offsets in the message */
	AT_XID = 4,
	AT_FLAGS = 10,
	AT_CIADDR = 12,
	AT_YIADDR = 16,
	AT_SIADDR = 20,
	AT_GIADDR = 24,
	AT_CHADDR = 28,
	AT_COOKIE = 236,
	AT_OPTIONS = 240,
	MESSAGE_MIN = 300, /* of BOOTP (RFC 1542 2.1); shorter ones get lost */
	/* options */
	OPT_PAD = 0,
	OPT_MASK = 1,
	OPT_ROUTER = 3,
	OPT_DNS = 6,
	OPT_NAME = 12,
	OPT_WANTED = 50,
	OPT_LEASE = 51,
	OPT_TYPE = 53,
	OPT_SERVER = 54,
	OPT_RENEW = 58,
	OPT_REBIND = 59,
	OPT_END = 255,
};

static const uint8_t cookie[4] = {99, 130, 83, 99};

static const uint8_t *udp_payload(
    const uint8_t *frame, size_t len, size_t *size);
static void take_option(struct dhcp_message *message, uint8_t code,
    const uint8_t *value, size_t len);
static uint8_t *put_options(const struct dhcp_reply *reply, uint8_t *to);
static uint8_t *put(uint8_t *to, uint8_t code, const void *value, size_t len);
static uint8_t *put_u32(uint8_t *to, uint8_t code, uint32_t value);
static void address_frame(const struct dhcp_reply *reply,
    const struct dhcp_message *message, uint8_t *frame, size_t size);
static uint16_t checksum(const uint8_t *data, size_t len, uint32_t sum);
static uint32_t get32(const uint8_t *data);
static uint16_t get16(const uint8_t *data);
static void set32(uint8_t *data, uint32_t value);
static void set16(uint8_t *data, size_t value);

bool dhcp_message_is(const uint8_t *frame, size_t len)
{
	size_t size;

	return udp_payload(frame, len, &size) != NULL;
}

bool dhcp_message_parse(
    const uint8_t *frame, size_t len, struct dhcp_message *message)
{
	size_t size, at = AT_OPTIONS;
	const uint8_t *m = udp_payload(frame, len, &size);

	*message = (struct dhcp_message){0};
	if (!m || size < AT_OPTIONS || m[0] != 1 || m[1] != 1 ||
	    m[2] != ETH_ADDR || get32(m + AT_GIADDR) ||
	    memcmp(m + AT_COOKIE, cookie, sizeof(cookie)) != 0)
		return false;
	memcpy(message->mac, m + AT_CHADDR, ETH_ADDR);
	message->xid = get32(m + AT_XID);
	message->ciaddr = get32(m + AT_CIADDR);
	message->broadcast = m[AT_FLAGS] & 0x80;
	message->to = get32(frame + ETH_HEAD + 16);
	while (at < size && m[at] != OPT_END) {
		if (m[at] == OPT_PAD) {
			at++;
			continue;
		}
		if (size - at < 2 || m[at + 1] > size - at - 2)
			break; /* torn: what stands before it counts */
		take_option(message, m[at], m + at + 2, m[at + 1]);
		at += 2 + (size_t)m[at + 1];
	}
	/* A station speaks for itself only. */
	return message->type && !mac_is_group(message->mac) &&
	       memcmp(message->mac, frame + ETH_ADDR, ETH_ADDR) == 0;
}

size_t dhcp_reply_write(const struct dhcp_reply *reply,
    const struct dhcp_message *message, uint8_t *frame)
{
	uint8_t *m = frame + ETH_HEAD + IP_HEAD + UDP_HEAD;

	memset(frame, 0, DHCP_FRAME_MAX);
	m[0] = 2;
	m[1] = 1;
	m[2] = ETH_ADDR;
	set32(m + AT_XID, message->xid);
	m[AT_FLAGS] = message->broadcast ? 0x80 : 0;
	if (reply->type == DHCP_ACK)
		set32(m + AT_CIADDR, message->ciaddr);
	set32(m + AT_YIADDR, reply->address);
	memcpy(m + AT_CHADDR, message->mac, ETH_ADDR);
	memcpy(m + AT_COOKIE, cookie, sizeof(cookie));
	size_t size = (size_t)(put_options(reply, m + AT_OPTIONS) - m);
	if (size < MESSAGE_MIN)
		size = MESSAGE_MIN;
	address_frame(reply, message, frame, size);
	return ETH_HEAD + IP_HEAD + UDP_HEAD + size;
}

/* The payload of a datagram to port 67; NULL for any other frame. */
static const uint8_t *udp_payload(
    const uint8_t *frame, size_t len, size_t *size)
{
	const uint8_t *ip = frame + ETH_HEAD;

	if (len < ETH_HEAD + IP_HEAD + UDP_HEAD || get16(frame + 12) != 0x0800)
		return NULL;
	size_t head = (size_t)(ip[0] & 15) * 4, total = get16(ip + 2);
	if (ip[0] >> 4 != 4 || head < IP_HEAD || total > len - ETH_HEAD ||
	    total < head + UDP_HEAD || ip[9] != PROTO_UDP ||
	    (get16(ip + 6) & 0x3fff))
		return NULL;
	const uint8_t *udp = ip + head;
	size_t udp_len = get16(udp + 4);
	if (get16(udp + 2) != PORT_SERVER || udp_len < UDP_HEAD ||
	    udp_len > total - head)
		return NULL;
	*size = udp_len - UDP_HEAD;
	return udp + UDP_HEAD;
}

static void take_option(struct dhcp_message *message, uint8_t code,
    const uint8_t *value, size_t len)
{
	if (code == OPT_TYPE && len == 1 && value[0] <= DHCP_INFORM)
		message->type = (enum dhcp_type)value[0];
	else if (code == OPT_WANTED && len == 4)
		message->wanted = get32(value);
	else if (code == OPT_SERVER && len == 4)
		message->server = get32(value);
	else if (code == OPT_NAME)
		lease_name(message->name, value, len);
}

static uint8_t *put_options(const struct dhcp_reply *reply, uint8_t *to)
{
	uint8_t type = (uint8_t)reply->type, dns[4 * DHCP_ROUTE_DNS];

	to = put(to, OPT_TYPE, &type, 1);
	to = put_u32(to, OPT_SERVER, reply->server);
	if (reply->lease_s) {
		to = put_u32(to, OPT_LEASE, reply->lease_s);
		to = put_u32(to, OPT_RENEW, reply->lease_s / 2);
		to = put_u32(to, OPT_REBIND, reply->lease_s / 8 * 7);
	}
	if (reply->mask)
		to = put_u32(to, OPT_MASK, reply->mask);
	if (reply->router)
		to = put_u32(to, OPT_ROUTER, reply->router);
	for (int i = 0; i < reply->n_dns; i++)
		set32(dns + (size_t)i * 4, reply->dns[i]);
	if (reply->n_dns)
		to = put(to, OPT_DNS, dns, (size_t)reply->n_dns * 4);
	if (*reply->name)
		to = put(to, OPT_NAME, reply->name, strlen(reply->name));
	*to++ = OPT_END;
	return to;
}

static uint8_t *put(uint8_t *to, uint8_t code, const void *value, size_t len)
{
	to[0] = code;
	to[1] = (uint8_t)len;
	memcpy(to + 2, value, len);
	return to + 2 + len;
}

static uint8_t *put_u32(uint8_t *to, uint8_t code, uint32_t value)
{
	uint8_t bytes[4];

	set32(bytes, value);
	return put(to, code, bytes, sizeof(bytes));
}

/* Ethernet, IPv4 and UDP (RFC 2131 4.1). */
static void address_frame(const struct dhcp_reply *reply,
    const struct dhcp_message *message, uint8_t *frame, size_t size)
{
	uint8_t *ip = frame + ETH_HEAD, *udp = ip + IP_HEAD;
	uint32_t to = message->ciaddr ? message->ciaddr : reply->address;
	bool all = reply->type == DHCP_NAK || !to ||
		   (message->broadcast && !message->ciaddr);

	if (all)
		memset(frame, 0xff, ETH_ADDR);
	else
		memcpy(frame, message->mac, ETH_ADDR);
	memcpy(frame + ETH_ADDR, reply->from, ETH_ADDR);
	set16(frame + 12, 0x0800);
	ip[0] = 0x45;
	set16(ip + 2, IP_HEAD + UDP_HEAD + size);
	ip[8] = 64;
	ip[9] = PROTO_UDP;
	set32(ip + 12, reply->server);
	set32(ip + 16, all ? UINT32_MAX : to);
	set16(ip + 10, checksum(ip, IP_HEAD, 0));
	set16(udp, PORT_SERVER);
	set16(udp + 2, PORT_CLIENT);
	set16(udp + 4, UDP_HEAD + size);
	/* the pseudo header: both addresses, protocol and length */
	uint16_t sum = checksum(ip + 12, 8 + UDP_HEAD + size,
	    PROTO_UDP + UDP_HEAD + (uint32_t)size);
	set16(udp + 6, sum ? sum : 0xffff);
}

static uint16_t checksum(const uint8_t *data, size_t len, uint32_t sum)
{
	for (size_t i = 0; i + 1 < len; i += 2)
		sum += get16(data + i);
	if (len & 1)
		sum += (uint32_t)data[len - 1] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static uint32_t get32(const uint8_t *data)
{
	uint32_t value;

	memcpy(&value, data, sizeof(value));
	return ntohl(value);
}

static uint16_t get16(const uint8_t *data)
{
	return (uint16_t)(data[0] << 8 | data[1]);
}

static void set32(uint8_t *data, uint32_t value)
{
	value = htonl(value);
	memcpy(data, &value, sizeof(value));
}

static void set16(uint8_t *data, size_t value)
{
	data[0] = (uint8_t)(value >> 8);
	data[1] = (uint8_t)value;
}
