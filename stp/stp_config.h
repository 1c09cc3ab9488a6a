/* SPDX-License-Identifier: BSD-2-Clause */
/* stp_config.h - the settings of a spanning tree entity (IEEE 802.1D-1998 8.8),
 * with their defaults and ranges (8.10.2).
 *
 * With bpdu=always on every port and edge=no this is plain 802.1D-1998. The
 * other settings belong to a policy (policy.c) that lets a switch on an office
 * LAN neither hold a host back for 30 seconds nor trip a BPDU guard:
 *
 * - A port with bpdu=filter or guard leads to a machine. It forwards at once,
 *   sends no BPDU, and believes none: policy.c has the table.
 * - An edge port (edge=yes) forwards at once and causes no topology change. It
 *   sends BPDUs, so a loop behind it is detected. Any BPDU received ends edge
 *   until the link goes down and comes up again: the port starts over with the
 *   full delays.
 * - A port with edge=auto, if the bridge has exactly one port with edge=no up,
 *   listens for a hello time and a second, and is then an edge port, if it has
 *   heard no BPDU. Otherwise it is a port with edge=no.
 * - A leaf is a bridge with exactly one non-edge port up. That port, if
 *   bpdu=auto, forwards at once and is silent. It goes on sending if it has
 *   sent since its link came up, because its neighbors count on it.
 * - A silent port (a leaf's, or bpdu=never) believes any bridge that speaks on
 *   its LAN: it never claims to be designated against a bridge that cannot hear
 *   it, and its bridge is not the root while it hears of another root there.
 *
 * The setters are inputs as stp.h describes them: each ends in the callbacks,
 * and none may be called from a callback. */
#ifndef STP_STP_CONFIG_H
#define STP_STP_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stp_words.h"

enum {
	STP_PRIORITY = 0x8000,	 /* 8.10.2, of a bridge; 0..65535 */
	STP_PORT_PRIORITY = 128, /* 8.10.2; 0..240 in steps of 16 */
	STP_COST_MAX = 65535,	 /* 8.10.2; 1..65535 */
};

struct stp;

/**
 * struct stp_times - the timer parameters (8.5.3, ranges in Table 8-3)
 *
 * BPDUs carry them in steps of 1/256 s, rounded down.
 */
struct stp_times {
	uint32_t hello_ms;	   /* 1000..10000, default 2000 */
	uint32_t max_age_ms;	   /* 6000..40000, default 20000 */
	uint32_t forward_delay_ms; /* 4000..30000, default 15000 */
};

/** stp_times_default() - 2, 20 and 15 seconds (Table 8-3) */
struct stp_times stp_times_default(void);

/**
 * stp_times_check() - whether @times may be used (8.10.2)
 * @err:  @errlen bytes, gets one sentence that names the value and its limits
 *
 * Each in its range, and
 * 2 * (forward delay - 1 s) >= max age >= 2 * (hello time + 1 s).
 *
 * Return: 0 or -EINVAL.
 */
int stp_times_check(const struct stp_times *times, char *err, size_t errlen);

/**
 * stp_id() - a bridge identifier from priority and address (9.2.5)
 * @priority:  0..65535; the lowest identifier becomes the root
 */
uint64_t stp_id(uint16_t priority, const uint8_t address[6]);

/**
 * stp_cost_of_speed() - the default path cost of a link (802.1D-1998 Table 8-5)
 * @mbit_s:  0 or less: unknown
 *
 * 10 Gbit/s 2, 1 Gbit/s 4, 100 Mbit/s 19, 10 Mbit/s 100, unknown 100; a speed
 * between two of these costs as much as the slower one.
 */
uint32_t stp_cost_of_speed(int mbit_s);

/**
 * stp_set_bridge_id() - change the bridge's priority or address (8.8.4)
 * @bridge_id:  stp_id(priority, address)
 * @now_ms:     monotonic ms, never smaller than in the last input
 */
void stp_set_bridge_id(struct stp *stp, uint64_t bridge_id, uint64_t now_ms);

/**
 * stp_set_times() - change the bridge's own timer parameters (8.5.3.4-8.5.3.6)
 * @now_ms:  monotonic ms, never smaller than in the last input
 * @err:     see stp_times_check()
 *
 * They are in force while this bridge is the root.
 *
 * Return: 0, or -EINVAL and nothing has changed.
 */
int stp_set_times(struct stp *stp, const struct stp_times *times,
    uint64_t now_ms, char *err, size_t errlen);

/**
 * stp_port_set_priority() - change a port's priority (8.8.5)
 * @priority:  0..240, a multiple of 16
 * @now_ms:    monotonic ms, never smaller than in the last input
 *
 * Return: 0, -ENOENT (no such port) or -EINVAL.
 */
int stp_port_set_priority(
    struct stp *stp, int port, int priority, uint64_t now_ms);

/**
 * stp_port_set_cost() - change a port's path cost (8.8.6)
 * @cost:    1..STP_COST_MAX; see stp_cost_of_speed()
 * @now_ms:  monotonic ms, never smaller than in the last input
 *
 * Return: 0, -ENOENT (no such port) or -EINVAL.
 */
int stp_port_set_cost(
    struct stp *stp, int port, uint32_t cost, uint64_t now_ms);

/**
 * stp_port_set_edge() - say whether only stations are behind a port
 * @edge:    STP_EDGE_NO (false), STP_EDGE_YES (true) or STP_EDGE_AUTO
 * @now_ms:  monotonic ms, never smaller than in the last input
 *
 * Takes effect at once, except that edge=yes waits for the next link up on a
 * port that has received a BPDU.
 *
 * Return: 0, or -ENOENT (no such port).
 */
int stp_port_set_edge(
    struct stp *stp, int port, enum stp_edge edge, uint64_t now_ms);

/**
 * stp_port_set_bpdu() - choose a port's BPDU policy
 * @now_ms:  monotonic ms, never smaller than in the last input
 *
 * Return: 0, or -ENOENT (no such port).
 */
int stp_port_set_bpdu(
    struct stp *stp, int port, enum stp_bpdu bpdu, uint64_t now_ms);

#endif
