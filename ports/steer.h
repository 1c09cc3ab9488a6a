/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * steer.h - leads the host's own frames from an uplink to the switch and back,
 * by three small BPF programs in the kernel.
 *
 *     host --> [1 uplink egress] --address of a guest--> TAP --> switch
 *                    |    \---group or unknown, a copy---^
 *                    v
 *                  wire
 *
 *     switch --> TAP --> [2 TAP ingress] --mark--> uplink --> packet sockets
 *                                        [3 uplink ingress] <----+
 *                              host <-- mark is 0 again --+
 *
 * To the host's stack it looks as if the guests were on the wire: its address
 * stays on the uplink, and its firewall sees them as neighbors. Frames keep
 * their offloads both ways. The mark lets the switch's own packet sockets on
 * the uplink tell what it wrote itself (steer_ignore_own()).
 *
 * The programs are attached by TCX links (Linux 6.6), which end with the
 * process, however it ends; or by a clsact qdisc (clsact.h), which does not.
 */
#ifndef PORTS_STEER_H
#define PORTS_STEER_H

#include <stdbool.h>
#include <stdint.h>

#include "forwarding/frame.h"

enum {
	STEER_MARK = 0x51737769, /* of a frame from the switch to the host */
};

enum steer_way { STEER_BEST, STEER_TCX, STEER_CLSACT };

struct steer;

/**
 * steer_new() - attach the programs; no address is known yet
 * @uplink: ifindex
 * @tap:    ifindex
 * @max:    addresses
 * @way:    STEER_BEST: TCX where the kernel has it
 * @err:    PORT_ERR bytes: a sentence when NULL is returned
 */
struct steer *steer_new(
    int uplink, int tap, uint32_t max, enum steer_way way, char *err);

/** steer_free() - detach them; NULL is fine */
void steer_free(struct steer *steer);

/** steer_way_text() - "TCX": how the programs are attached; static */
const char *steer_way_text(const struct steer *steer);

/**
 * steer_put() - where @mac is
 * @guest: the host's frames to it come to the TAP; false: go to the wire
 */
void steer_put(struct steer *steer, const uint8_t mac[ETH_ADDR], bool guest);

/** steer_del() - not known: they go to the wire, and a copy to the TAP */
void steer_del(struct steer *steer, const uint8_t mac[ETH_ADDR]);

/**
 * steer_next() - the address behind @mac, in no special order
 * @mac: written; begin with zeros, which are nobody's address
 *
 * May begin again if @mac was deleted meanwhile. Return: false at the end.
 */
bool steer_next(const struct steer *steer, uint8_t mac[ETH_ADDR]);

/** steer_guests() - addresses of guests */
uint32_t steer_guests(const struct steer *steer);

/**
 * steer_ignore_own() - packet socket @fd receives nothing from the programs,
 * and what it sends passes them
 *
 * For a socket without a filter of its own. Return: 0 or -errno.
 */
int steer_ignore_own(int fd);

#endif
