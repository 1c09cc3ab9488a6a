/* SPDX-License-Identifier: BSD-2-Clause */
/* guard.h - what is let in: pure checks of what a browser, or somebody who
 * claims to be one, sends. Fuzzed by tests/fuzz/fuzz_web.c. */
#ifndef WEB_GUARD_H
#define WEB_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json_object;

enum { GUARD_NAMES = 8, GUARD_BODY = 512 };

struct guard {
	const char
	    *names[GUARD_NAMES]; /* hosts that we are, NULL behind them */
	uint16_t port;
};

/**
 * guard_host() - is the header Host one of our names, with our port?
 *
 * A page of somebody else's whose name now resolves to this machine (DNS
 * rebinding) still sends its own name.
 */
bool guard_host(const struct guard *g, const char *host);

/* Is the header Origin (NULL: none was sent) a page of ours? */
bool guard_origin(const struct guard *g, const char *origin);

/**
 * guard_control() - a request to hold or let go time, from a page
 * @body:  @len bytes: {"switch":0,"cmd":"step"} and for `slow` "factor"
 * @index: set to the switch, below @n
 *
 * Only pause, step, resume and slow, and only their arguments.
 *
 * Return: a request for the switch, to be put; NULL: refused.
 */
struct json_object *guard_control(
    const char *body, size_t len, size_t n, size_t *index);

#endif
