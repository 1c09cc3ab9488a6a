/* SPDX-License-Identifier: BSD-2-Clause */
/* link_address.h - addresses of an interface that we made (rtnetlink). */
#ifndef PORTS_LINK_ADDRESS_H
#define PORTS_LINK_ADDRESS_H

#include <stdint.h>

/**
 * link_add_address() - give @ifindex an IPv4 address
 * @ip:  host byte order
 * @len: of the prefix
 *
 * Return: 0, also if it has it already, or -errno.
 */
int link_add_address(int ifindex, uint32_t ip, int len);

/** link_set_forwarding() - may IPv4 go on to other networks from @ifindex?
 * Return: 0 or -errno */
int link_set_forwarding(int ifindex, uint32_t on);

#endif
