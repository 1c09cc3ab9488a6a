/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * byte_order.h - integers in a frame: big-endian (RFC 1700's network byte
 * order), at any alignment. The caller has checked that the bytes are there.
 */
#ifndef FORWARDING_BYTE_ORDER_H
#define FORWARDING_BYTE_ORDER_H

#include <stdint.h>

/** be16() - the 2 bytes at @p as a number in host order */
static inline uint16_t be16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

/** be32() - the 4 bytes at @p as a number in host order */
static inline uint32_t be32(const uint8_t *p)
{
	return (uint32_t)be16(p) << 16 | be16(p + 2);
}

/** put_be16() - write the low 16 bits of @value to the 2 bytes at @p */
static inline void put_be16(uint8_t *p, uint32_t value)
{
	p[0] = (uint8_t)(value >> 8);
	p[1] = (uint8_t)value;
}

/** put_be32() - write @value to the 4 bytes at @p */
static inline void put_be32(uint8_t *p, uint32_t value)
{
	put_be16(p, value >> 16);
	put_be16(p + 2, value);
}

#endif
