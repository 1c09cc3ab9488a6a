/* SPDX-License-Identifier: BSD-2-Clause */
/* guard.h - what may come in: pure checks of what a browser, or somebody who
 * claims to be one, sends. Fuzzed by tests/fuzz/fuzz_web.c. */
#ifndef LAB_WEB_GUARD_H
#define LAB_WEB_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json_object;

enum {
	GUARD_NAMES = 8,  /* host names, the NULL behind them included */
	GUARD_BODY = 512, /* bytes of a request */
};

struct guard {
	/* host names of this server, not copied; NULL ends the list */
	const char *names[GUARD_NAMES];
	uint16_t port;
};

/**
 * guard_host() - is @host one of our names, with our port?
 * @host: the value of the header Host
 *
 * A page from elsewhere whose name now resolves to this machine (DNS rebinding)
 * still sends its own name.
 */
bool guard_host(const struct guard *g, const char *host);

/**
 * guard_origin() - does the request come from a page of ours?
 * @origin: the value of the header Origin; NULL: none was sent, which is fine
 */
bool guard_origin(const struct guard *g, const char *origin);

/**
 * guard_control() - check a request of the page to pause or step a switch
 * @body:  @len bytes: {"switch":0,"cmd":"step"}, and for `slow` "factor"
 * @n:     number of switches
 * @index: set to the number of the switch, below @n; kept when refused
 *
 * Lets through pause, step, resume and slow, and only their arguments.
 *
 * Return: a request for the switch, which the caller puts; NULL: refused.
 */
struct json_object *guard_control(
    const char *body, size_t len, size_t n, size_t *index);

#endif
