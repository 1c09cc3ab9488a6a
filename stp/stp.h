/* SPDX-License-Identifier: BSD-2-Clause */
/* stp.h - the spanning tree entity of one bridge, IEEE 802.1D-1998 clause 8.
 *
 * Pure: BPDU bytes, link changes, settings and the time go in; port states, an
 * ageing time and BPDU bytes come out. It knows no frames, no filtering
 * database, no kinds of port, no clock and no log, and allocates nothing after
 * stp_new(). A BPDU here begins with its protocol identifier: the caller
 * removes and adds the MAC header, the 802.3 length and LLC 42 42 03.
 *
 *   stp.h         what drives it: links, BPDUs and time
 *   stp_config.h  its settings, their defaults and ranges
 *   stp_status.h  what it is doing and why, for an operator
 *   stp_words.h   states, roles, policies and verdicts by name
 *
 * An input is a function that changes the entity: those below and the setters
 * of stp_config.h. An input changes the state until it is consistent and then,
 * before it returns, makes the calls of struct stp_callbacks in this order: all
 * changed port states, then the ageing time if it changed, then loops found,
 * then the BPDUs and probes to send.
 *
 * Life of a port: stp_port_add(), settings, stp_port_enable() when its link
 * comes up, stp_port_disable() when it goes down, stp_port_remove().
 *
 * The host keeps three rules, which are asserted unless NDEBUG is defined:
 *
 * - A callback calls no input of the same entity. It may read it.
 * - A port number is 1 to STP_PORTS_MAX.
 * - Time is monotonic milliseconds: @now_ms is never smaller than in the last
 *   input. Call stp_tick() at stp_deadline_at_ms() or more often; late is
 *   safe but delays convergence. */
#ifndef STP_STP_H
#define STP_STP_H

#include <stddef.h>
#include <stdint.h>

#include "stp_words.h"

enum {
	STP_PORTS_MAX = 4095, /* 12 bits of port number */
	STP_BPDU_MAX = 35,    /* bytes the transmit callback gets at most */
};

struct stp;
struct stp_times;

/**
 * struct stp_callbacks - what the engine asks of its host
 *
 * Called only at the end of an input, in this order. The first three are
 * required; without the fourth no loop is looked for.
 */
struct stp_callbacks {
	/* Port @port is now in @state (8.4). A port that leaves learning or
	 * forwarding should lose its dynamic filtering entries. */
	void (*port_state)(void *ctx, int port, enum stp_state state);

	/* Age dynamic filtering entries after @ageing_ms from now on (7.9.2:
	 * the forward delay while the topology changes); 0: after the
	 * configured time. */
	void (*ageing)(void *ctx, uint32_t ageing_ms);

	/* Send the @len bytes at @bpdu through @port. They are valid only
	 * during the call. */
	void (*transmit)(void *ctx, int port, const uint8_t *bpdu, size_t len);

	/* Send a probe through @port: a group frame that bridges relay as data,
	 * but this host does not. Where it comes in again, on any port,
	 * stp_probe_heard() is called. */
	void (*probe)(void *ctx, int port);

	/* @port is blocked because what was sent there came in by @by; may be
	 * NULL. */
	void (*loop)(void *ctx, int port, int by);
};

/**
 * stp_new() - a spanning tree entity without ports, which is its own root
 * @bridge_id:  stp_id(priority, address)
 * @times:      must pass stp_times_check(); copied
 * @ports_max:  how many ports it can hold at a time, 1..STP_PORTS_MAX
 * @callbacks:  copied
 * @ctx:        first argument of the callbacks
 *
 * Return: the entity, for stp_free(); or NULL with errno EINVAL or ENOMEM.
 */
struct stp *stp_new(uint64_t bridge_id, const struct stp_times *times,
    int ports_max, const struct stp_callbacks *callbacks, void *ctx,
    uint64_t now_ms);

/** stp_free() - free the entity without calling back; NULL is allowed */
void stp_free(struct stp *stp);

/**
 * stp_port_add() - add a port, disabled
 *
 * Priority 128, cost 100, edge=no, bpdu=auto until set otherwise. Makes no
 * calls.
 *
 * Return: 0, -EINVAL (number out of range), -EEXIST or -ENOSPC (ports_max
 * reached).
 */
int stp_port_add(struct stp *stp, int port);

/** stp_port_remove() - disable a port and forget it; no-op if unknown */
void stp_port_remove(struct stp *stp, int port, uint64_t now_ms);

/** stp_port_enable() - its link came up (8.8.2); no-op if up or unknown */
void stp_port_enable(struct stp *stp, int port, uint64_t now_ms);

/** stp_port_disable() - its link went down (8.8.3); no-op if down or unknown */
void stp_port_disable(struct stp *stp, int port, uint64_t now_ms);

/**
 * stp_receive() - process a BPDU that arrived on @port (8.7.1, 8.7.2, 9.3.3)
 * @bpdu:  @len bytes from the protocol identifier on, with or without padding
 *
 * With STP_RX_GUARDED the engine has disabled the port. The caller takes it
 * down for this reason and calls stp_port_enable() after a hold time.
 *
 * Return: the verdict, which is also counted per port.
 */
enum stp_verdict stp_receive(struct stp *stp, int port, const uint8_t *bpdu,
    size_t len, uint64_t now_ms);

/** stp_tick() - run the timers that have expired by @now_ms (8.7.3-8.7.8) */
void stp_tick(struct stp *stp, uint64_t now_ms);

/**
 * stp_deadline_at_ms() - when stp_tick() next has something to do
 *
 * Return: a moment, perhaps past, or UINT64_MAX while no timer runs.
 */
uint64_t stp_deadline_at_ms(const struct stp *stp);

#endif
