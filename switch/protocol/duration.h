/* SPDX-License-Identifier: BSD-2-Clause */
/* duration.h - a span of time as text, in the sentences of both ends. */
#ifndef SWITCH_PROTOCOL_DURATION_H
#define SWITCH_PROTOCOL_DURATION_H

#include <stdint.h>

enum { DURATION_TEXT = 16 }; /* bytes of the text, NUL counted */

/**
 * duration_text() - "850 ms", "12.3 s", "5 min", "3 h"
 * @text: DURATION_TEXT bytes
 *
 * Return: @text.
 */
char *duration_text(uint64_t span_ms, char text[DURATION_TEXT]);

#endif
