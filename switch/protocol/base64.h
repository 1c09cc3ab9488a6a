/* SPDX-License-Identifier: BSD-2-Clause */
/* base64.h - bytes of frames as text in JSON (RFC 4648 4). */
#ifndef SWITCH_PROTOCOL_BASE64_H
#define SWITCH_PROTOCOL_BASE64_H

#include <stddef.h>
#include <stdint.h>

/* Characters for @len bytes, without a NUL. */
#define BASE64_LEN(len) (((len) + 2) / 3 * 4)

/**
 * base64_encode() - @len bytes as text
 * @text: BASE64_LEN(@len) bytes; no NUL is written
 *
 * Pieces of a multiple of 3 bytes may be encoded one after the other.
 *
 * Return: characters written.
 */
size_t base64_encode(const uint8_t *bytes, size_t len, char *text);

/**
 * base64_decode() - the bytes that @text stands for
 * @bytes: room for @size bytes; what does not fit is left out
 *
 * Ends at the first character that is not a digit of base64, such as '=' or
 * NUL.
 *
 * Return: bytes written.
 */
size_t base64_decode(const char *text, uint8_t *bytes, size_t size);

#endif
