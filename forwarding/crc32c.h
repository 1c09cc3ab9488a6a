/* SPDX-License-Identifier: BSD-2-Clause */
/* crc32c.h - the checksum of SCTP. For offload*.c only. */
#ifndef FORWARDING_CRC32C_H
#define FORWARDING_CRC32C_H

#include <stddef.h>
#include <stdint.h>

/**
 * crc32c() - continue a CRC32c over @len bytes (RFC 9260 appendix A)
 * @crc: UINT32_MAX to begin, else the last return value
 *
 * Return: the remainder; its complement, least significant byte first, is the
 * checksum.
 */
uint32_t crc32c(uint32_t crc, const uint8_t *bytes, size_t len);

#endif
