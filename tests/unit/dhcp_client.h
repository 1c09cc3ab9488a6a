/* SPDX-License-Identifier: BSD-2-Clause */
/* dhcp_client.h - what a DHCP client sends, and what it reads in the answer. */
#ifndef TESTS_UNIT_DHCP_CLIENT_H
#define TESTS_UNIT_DHCP_CLIENT_H

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "switch/nat/dhcp.h"

enum { CLIENT_FRAME = 600, CLIENT_MESSAGE = 14 + 20 + 8 };

struct client_frame {
	size_t len;
	uint8_t bytes[CLIENT_FRAME];
};

/** client_put() - append option @code of @len bytes before the end */
static inline void client_put(
    struct client_frame *f, uint8_t code, const void *value, size_t len)
{
	f->bytes[f->len - 1] = code;
	f->bytes[f->len++] = (uint8_t)len;
	memcpy(f->bytes + f->len, value, len);
	f->len += len;
	f->bytes[f->len++] = 255;
}

/** client_put_ip() - append an option that is an address; 0: nothing */
static inline void client_put_ip(
    struct client_frame *f, uint8_t code, uint32_t ip)
{
	uint32_t value = htonl(ip);

	if (ip)
		client_put(f, code, &value, sizeof(value));
}

/** client_lengths() - write the lengths of IP and UDP for what is there */
static inline void client_lengths(struct client_frame *f)
{
	size_t ip = f->len - 14, udp = ip - 20;

	f->bytes[16] = (uint8_t)(ip >> 8);
	f->bytes[17] = (uint8_t)ip;
	f->bytes[38] = (uint8_t)(udp >> 8);
	f->bytes[39] = (uint8_t)udp;
}

/** client_frame() - a message of @type from guest @no; 0: without that field */
static inline struct client_frame client_frame(enum dhcp_type type, uint8_t no,
    uint32_t ciaddr, uint32_t wanted, uint32_t server)
{
	struct client_frame f = {.len = CLIENT_MESSAGE + 241};
	static const uint8_t cookie[] = {99, 130, 83, 99};
	uint8_t mac[] = {2, 0, 0, 0, 0, no}, code = (uint8_t)type;
	uint8_t *m = f.bytes + CLIENT_MESSAGE;
	uint32_t value = htonl(ciaddr);

	memset(f.bytes, 0xff, 6);
	memcpy(f.bytes + 6, mac, 6);
	f.bytes[12] = 8;
	f.bytes[14] = 0x45;
	f.bytes[23] = 17;
	memset(f.bytes + 30, 0xff, 4);
	f.bytes[35] = 68;
	f.bytes[37] = 67;
	m[0] = m[1] = 1;
	m[2] = 6;
	m[4] = no;
	memcpy(m + 12, &value, 4);
	memcpy(m + 28, mac, 6);
	memcpy(m + 236, cookie, 4);
	m[240] = 255;
	client_put(&f, 53, &code, 1);
	client_put_ip(&f, 50, wanted);
	client_put_ip(&f, 54, server);
	client_lengths(&f);
	return f;
}

/** client_option() - option @code of an answer. Return: NULL: it has none */
static inline const uint8_t *client_option(
    const uint8_t *reply, size_t len, uint8_t code)
{
	size_t at = CLIENT_MESSAGE + 240;

	while (at + 1 < len && reply[at] != 255) {
		if (reply[at] == code)
			return reply + at + 2;
		at += reply[at] ? 2 + (size_t)reply[at + 1] : 1;
	}
	return NULL;
}

/** client_type() - the type of an answer */
static inline enum dhcp_type client_type(const uint8_t *reply, size_t len)
{
	const uint8_t *type = client_option(reply, len, 53);

	return type ? (enum dhcp_type) * type : 0;
}

/** client_address() - yiaddr of an answer */
static inline uint32_t client_address(const uint8_t *reply)
{
	uint32_t ip;

	memcpy(&ip, reply + CLIENT_MESSAGE + 16, sizeof(ip));
	return ntohl(ip);
}

#endif
