/* SPDX-License-Identifier: BSD-2-Clause */
/* confine.h - qswitch-nat gives up what it does not need. */
#ifndef SWITCH_NAT_CONFINE_H
#define SWITCH_NAT_CONFINE_H

#include <stdbool.h>

/**
 * confine_privileges() - no capabilities, now or ever again, and if it was
 * root, user nobody where this user namespace has one
 *
 * Return: false if the kernel refuses.
 */
bool confine_privileges(void);

/**
 * confine_calls() - only the system calls that carry frames (seccomp)
 *
 * Files can be read (of resolv.conf libslirp wants news), not written; sockets
 * are of IPv4 and IPv6. Does nothing if libseccomp was not there at build time.
 *
 * Return: false if the kernel refuses.
 */
bool confine_calls(void);

#endif
