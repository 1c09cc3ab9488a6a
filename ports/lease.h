/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lease.h - a lease as a line of fixed length, which is how qswitch-nat keeps
 * its leases: in memory of the daemon's, from which the next qswitch-nat goes
 * on, and in the file that leases= names.
 *
 *     52:54:00:12:34:56 10.0.2.15 1764405872 debian               \n
 *     MAC               address   until      host name, or -
 *
 * Pure. Line 0 is the first address of the network.
 */
#ifndef PORTS_LEASE_H
#define PORTS_LEASE_H

#include <stdbool.h>
#include <stdint.h>

#include "forwarding/frame.h"

enum {
	LEASE_LINE = 128, /* bytes of a line, newline counted */
	LEASE_NAME = 64,  /* bytes of a host name, NUL counted */
};

struct lease {
	uint8_t mac[ETH_ADDR];
	uint32_t ip;	  /* host byte order */
	uint64_t until_s; /* seconds of the clock on the wall; 0: free */
	char name[LEASE_NAME];
};

/** lease_write() - write @lease as LEASE_LINE bytes, without NUL */
void lease_write(const struct lease *lease, char line[LEASE_LINE]);

/**
 * lease_read() - read @line, LEASE_LINE bytes, which may be any
 *
 * Return: false if it is none.
 */
bool lease_read(const char line[LEASE_LINE], struct lease *lease);

/**
 * lease_name() - take over a host name from a stranger
 * @text: @len bytes, which may be any
 *
 * Keeps up to the first byte that is no letter, digit, dash or dot.
 */
void lease_name(char name[LEASE_NAME], const void *text, size_t len);

#endif
