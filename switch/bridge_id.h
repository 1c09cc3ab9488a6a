/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bridge_id.h - the address that identifies this switch to other bridges.
 */
#ifndef SWITCH_BRIDGE_ID_H
#define SWITCH_BRIDGE_ID_H

#include <stdint.h>

#include "forwarding/frame.h"

/**
 * bridge_id_address() - a locally administered address that stays the same
 * @name:    of the switch
 * @control: path of its control socket if one was given, else ""
 *
 * Derived from the machine's identity (/etc/machine-id, machine-id(5)), the
 * name and the path. Unlike the address of a port, it does not change when
 * ports do, and it is the same after a restart. Two switches on one machine
 * differ in name or path, because their control sockets must.
 * #syscalls openat read close uname
 */
void bridge_id_address(
    const char *name, const char *control, uint8_t address[ETH_ADDR]);

#endif
