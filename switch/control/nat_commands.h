/* SPDX-License-Identifier: BSD-2-Clause */
/* nat_commands.h - what our DHCP servers know, for the list of ports. */
#ifndef SWITCH_CONTROL_NAT_COMMANDS_H
#define SWITCH_CONTROL_NAT_COMMANDS_H

struct json_object;
struct switch_port;

/**
 * nat_put_names() - the names under which guests behind @p got addresses
 * @list: array to fill
 */
void nat_put_names(const struct switch_port *p, struct json_object *list);

#endif
