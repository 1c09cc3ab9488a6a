/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bridge_id.h - an address by which this switch is known to other bridges.
 */
#ifndef SWITCH_BRIDGE_ID_H
#define SWITCH_BRIDGE_ID_H

#include <stdint.h>

#include "forwarding/frame.h"

/**
 * bridge_id_address() - a locally administered address that stays the same
 * @name:    of the switch
 * @control: path of its control socket where it was given, else ""
 *
 * Made of the machine's identity (/etc/machine-id, machine-id(5)), the name
 * and the path: other than the address of one of its ports, it does not change
 * with the ports, and is the same after a restart. Two switches on one machine
 * differ in name or path, as their control sockets must.
 * #syscalls openat read close uname
 */
void bridge_id_address(
    const char *name, const char *control, uint8_t address[ETH_ADDR]);

#endif
