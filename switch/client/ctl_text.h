/* SPDX-License-Identifier: BSD-2-Clause */
/* ctl_text.h - text that several printers use. */
#ifndef SWITCH_CLIENT_CTL_TEXT_H
#define SWITCH_CLIENT_CTL_TEXT_H

#include <stdbool.h>
#include <stdint.h>

struct json_object;

enum { DAY_TEXT = 24, STATE_TEXT = 64 }; /* bytes, NUL counted */

/**
 * day_text() - "12:34:56.789": time of the day, local
 * @time_ns: since the epoch
 * @digits:  behind the point, at most 9
 *
 * Return: @text.
 */
char *day_text(uint64_t time_ns, int digits, char text[DAY_TEXT]);

/**
 * state_text() - state of @port, and seconds left in it: "listening, 12 s"
 * @port: of an answer to "ports" or "stp"
 *
 * Return: @text.
 */
char *state_text(struct json_object *port, char text[STATE_TEXT]);

/**
 * count_text() - "1234567", and for people "1.2M"
 * @human: at most four characters, by thousands
 *
 * Return: @text.
 */
char *count_text(uint64_t count, bool human, char text[STATE_TEXT]);

/** plural() - "s" if @n things are not one */
const char *plural(uint64_t n);

#endif
