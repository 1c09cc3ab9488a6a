/* SPDX-License-Identifier: BSD-2-Clause */
/* mac.h - MAC addresses: as text, and which kinds of them there are. */
#ifndef FORWARDING_MAC_H
#define FORWARDING_MAC_H

#include <endian.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum {
	ETH_ADDR = 6,  /* bytes in a MAC address */
	MAC_TEXT = 18, /* bytes of its text, NUL included */
};

/**
 * mac_parse() - read aa:bb:cc:dd:ee:ff or aa-bb-cc-dd-ee-ff
 *
 * Return: false if @text is anything else; @mac is then undefined.
 */
bool mac_parse(const char *text, uint8_t mac[ETH_ADDR]);

/** mac_format() - write @mac as aa:bb:cc:dd:ee:ff. Return: @text. */
char *mac_format(const uint8_t mac[ETH_ADDR], char text[MAC_TEXT]);

/** mac_u64() - a MAC address as an integer, first byte most significant */
static inline uint64_t mac_u64(const uint8_t mac[ETH_ADDR])
{
	uint32_t first;
	uint16_t last;

	memcpy(&first, mac, sizeof(first));
	memcpy(&last, mac + sizeof(first), sizeof(last));
	return (uint64_t)be32toh(first) << 16 | be16toh(last);
}

/** mac_is_group() - is the I/G bit set, as in broadcast and multicast? */
static inline bool mac_is_group(const uint8_t mac[ETH_ADDR])
{
	return mac[0] & 1;
}

/** mac_is_broadcast() - is it ff-ff-ff-ff-ff-ff? */
static inline bool mac_is_broadcast(const uint8_t mac[ETH_ADDR])
{
	return mac_u64(mac) == 0xffffffffffff;
}

/** mac_is_zero() - is it 00-00-00-00-00-00, which no station has? */
static inline bool mac_is_zero(const uint8_t mac[ETH_ADDR])
{
	return mac_u64(mac) == 0;
}

/**
 * mac_is_reserved() - is it one of 01-80-C2-00-00-00 to -0F?
 *
 * A bridge never relays these (802.1D-1998 table 7-9).
 */
static inline bool mac_is_reserved(const uint8_t mac[ETH_ADDR])
{
	return mac_u64(mac) >> 4 == 0x0180c200000;
}

/**
 * mac_is_bridge_group() - is it 01-80-C2-00-00-00, the destination of BPDUs?
 * (802.1D-1998 table 7-9)
 */
static inline bool mac_is_bridge_group(const uint8_t mac[ETH_ADDR])
{
	return mac_u64(mac) == 0x0180c2000000;
}

/** mac_is_pvst() - is it 01-00-0C-CC-CC-CD, the destination of PVST+ BPDUs? */
static inline bool mac_is_pvst(const uint8_t mac[ETH_ADDR])
{
	return mac_u64(mac) == 0x01000ccccccd;
}

/**
 * mac_is_probe() - is it 03-51-53-57-00-01, the destination of loop probes?
 *
 * A locally administered group address: other bridges relay it as any other.
 */
static inline bool mac_is_probe(const uint8_t mac[ETH_ADDR])
{
	return mac_u64(mac) == 0x035153570001;
}

#endif
