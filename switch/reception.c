/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * reception.c - frames for the spanning tree, BPDUs and others: see reception.h.
 */
#include "reception.h"

#include <string.h>

#include "ports/kind.h"
#include "stp/stp.h"
#include "stp/stp_foreign.h"
#include "stp/stp_status.h"

#include "datapath.h"
#include "probe.h"
#include "switch.h"

enum { LLC_LEN = 3, ETHERTYPE_MIN = 0x600 };

static const uint8_t llc[LLC_LEN] = {0x42, 0x42, 0x03}; /* of 802.2: BPDUs */

static enum verdict take_probe(struct qswitch *sw, struct stp *stp,
    const struct probes *probes, struct switch_port *p, const struct frame *f);
static enum verdict take_pvst(struct qswitch *sw, struct stp *stp,
    struct switch_port *p, const struct frame *f);
static bool carries_bpdus(
    const struct qswitch *sw, const struct stp *stp, int port);
static enum verdict check_frame(
    const struct frame *f, const uint8_t **bpdu, size_t *len);
static enum verdict verdict_of(enum stp_verdict v);

enum verdict reception(struct qswitch *sw, struct stp *stp,
    const struct probes *probes, struct switch_port *p, const struct frame *f)
{
	enum verdict verdict;
	const uint8_t *bpdu;
	size_t len;

	if (mac_is_probe(frame_dst(f)))
		return take_probe(sw, stp, probes, p, f);
	if (mac_is_pvst(frame_dst(f)))
		return take_pvst(sw, stp, p, f);
	verdict = check_frame(f, &bpdu, &len);
	if (verdict == VERDICT_to_stp)
		verdict = verdict_of(stp_receive(
		    stp, p->port->no, bpdu, len, qswitch_now_ms(sw)));
	return verdict;
}

/* A machine can say no more than it has heard: the secret of its own port. */
static enum verdict take_probe(struct qswitch *sw, struct stp *stp,
    const struct probes *probes, struct switch_port *p, const struct frame *f)
{
	const uint8_t *secret;
	int of = probe_port(f, &secret);

	if (of < 1 || of > PORT_MAX || !sw->ports[of] ||
	    memcmp(secret, probes->secret[of], PROBE_SECRET) != 0)
		return VERDICT_drop_probe;
	return stp_probe_heard(stp, p->port->no, of, qswitch_now_ms(sw)) ==
		       STP_RX_LOOP
		   ? VERDICT_drop_loop
		   : VERDICT_drop_probe;
}

/* Not ours to understand. Bridges behind ports that send BPDUs may need it; a
 * machine and a silent uplink never do. */
static enum verdict take_pvst(struct qswitch *sw, struct stp *stp,
    struct switch_port *p, const struct frame *f)
{
	enum stp_verdict v =
	    stp_receive_foreign(stp, p->port->no, qswitch_now_ms(sw));
	int sent = 0;

	if (v != STP_RX_RST)
		return verdict_of(v);
	if (!carries_bpdus(sw, stp, p->port->no))
		return VERDICT_drop_bpdu_pvst;
	qswitch_foreach (sw, to)
		if (to != p && carries_bpdus(sw, stp, to->port->no)) {
			datapath_send(to, f);
			sent++;
		}
	return sent ? VERDICT_relay_bpdu_pvst : VERDICT_drop_bpdu_pvst;
}

static bool carries_bpdus(
    const struct qswitch *sw, const struct stp *stp, int port)
{
	struct stp_port_info info;

	return stp_port_info(stp, port, qswitch_now_ms(sw), &info) &&
	       info.state == STP_FORWARDING && info.speaks;
}

/* The verdict on a frame to the bridge group address that is no BPDU. */
static enum verdict check_frame(
    const struct frame *f, const uint8_t **bpdu, size_t *len)
{
	uint16_t length = frame_type(f);

	if (length >= ETHERTYPE_MIN)
		return VERDICT_drop_reserved; /* such as LLDP's */
	if (f->tpid || length < LLC_LEN ||
	    length > f->body_len - (ETH_HEAD - ETH_ADDRS) ||
	    memcmp(f->body + 2, llc, LLC_LEN) != 0)
		return VERDICT_drop_bpdu_llc;
	*bpdu = f->body + 2 + LLC_LEN;
	*len = length - LLC_LEN;
	return VERDICT_to_stp;
}

/* What the engine says of a BPDU, as a verdict on its frame. */
static enum verdict verdict_of(enum stp_verdict v)
{
	static const enum verdict verdicts[STP_VERDICT_COUNT] = {
	    [STP_RX_CONFIG] = VERDICT_to_stp,
	    [STP_RX_TCN] = VERDICT_to_stp,
	    [STP_RX_RST] = VERDICT_ignore_bpdu_rst,
	    [STP_RX_GUARDED] = VERDICT_drop_bpdu_guarded,
	    [STP_RX_LOOP] = VERDICT_drop_loop,
	    [STP_RX_FILTERED] = VERDICT_drop_bpdu_filtered,
	    [STP_RX_AGED] = VERDICT_drop_bpdu_aged,
	    [STP_RX_OWN] = VERDICT_drop_bpdu_own,
	    [STP_RX_SHORT] = VERDICT_drop_bpdu_short,
	    [STP_RX_PROTOCOL] = VERDICT_drop_bpdu_protocol,
	    [STP_RX_TYPE] = VERDICT_drop_bpdu_type,
	    [STP_RX_DOWN] = VERDICT_drop_port_disabled,
	};

	return verdicts[v];
}
