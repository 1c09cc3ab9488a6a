/* SPDX-License-Identifier: BSD-2-Clause */
/* hidden.h - keeps the host's own stack away from a TAP that is not its. */
#ifndef PORTS_HIDDEN_H
#define PORTS_HIDDEN_H

/**
 * hidden_from_host() - no IPv6 and no ARP of the host on interface @name
 *
 * The host's own stack also receives what comes out of a TAP. It would answer
 * ARP for the host's addresses with the TAP's address, bypassing the switch,
 * and send IPv6 router solicitations. A kernel bridge prevents that for its
 * ports. Failures do not matter: the TAP works without it, too.
 * #syscalls openat write close
 */
void hidden_from_host(const char *name);

#endif
