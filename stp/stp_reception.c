/* SPDX-License-Identifier: BSD-2-Clause */
/* stp_reception.c - received BPDUs (IEEE 802.1D-1998 8.7.1, 8.7.2, 9.3.3) */
#include "stp.h"

#include "bpdu.h"
#include "entity.h"
#include "stp_foreign.h"

static enum stp_verdict receive(
    struct stp *stp, struct stp_port *p, const uint8_t *data, size_t len);
static enum stp_verdict filter(struct stp *stp, struct stp_port *p,
    enum stp_verdict verdict, const struct bpdu *bpdu);
static bool from_this_port(
    const struct stp *stp, const struct stp_port *p, const struct bpdu *bpdu);
static void received_configuration_bpdu(
    struct stp *stp, struct stp_port *p, const struct bpdu *bpdu);
static void received_topology_change_notification_bpdu(
    struct stp *stp, struct stp_port *p);

enum stp_verdict stp_receive(
    struct stp *stp, int port, const uint8_t *bpdu, size_t len, uint64_t now_ms)
{
	struct stp_port *p = stp_port_of(stp, port);
	enum stp_verdict verdict = STP_RX_DOWN;

	stp_enter(stp, now_ms);
	if (!p)
		return verdict;
	if (p->state != STP_DISABLED)
		verdict = receive(stp, p, bpdu, len);
	p->rx[verdict]++;
	stp_settle(stp);
	return verdict;
}

enum stp_verdict stp_receive_foreign(struct stp *stp, int port, uint64_t now_ms)
{
	/* all that matters here of any protocol but ours (802.1D-2004 9.3.3) */
	static const uint8_t rst[] = {0, 0, 2, 2};

	return stp_receive(stp, port, rst, sizeof(rst), now_ms);
}

static enum stp_verdict receive(
    struct stp *stp, struct stp_port *p, const uint8_t *data, size_t len)
{
	struct bpdu bpdu;
	enum stp_verdict verdict = bpdu_decode(data, len, &bpdu);

	if (verdict >= STP_RX_SHORT)
		return verdict;
	if (policy_filters(p))
		return filter(stp, p, verdict, &bpdu);
	if (verdict == STP_RX_CONFIG && policy_second_path(stp, p, &bpdu))
		return verdict;
	policy_bpdu_heard(stp, p);
	if (verdict == STP_RX_CONFIG && from_this_port(stp, p, &bpdu))
		return STP_RX_OWN;
	if (verdict == STP_RX_CONFIG)
		received_configuration_bpdu(stp, p, &bpdu);
	if (verdict == STP_RX_TCN)
		received_topology_change_notification_bpdu(stp, p);
	return verdict;
}

/* A guest's BPDU ends here. */
static enum stp_verdict filter(struct stp *stp, struct stp_port *p,
    enum stp_verdict verdict, const struct bpdu *bpdu)
{
	if (p->bpdu == STP_BPDU_GUARD) {
		disable_port(stp, p);
		return STP_RX_GUARDED;
	}
	if (verdict != STP_RX_CONFIG || bpdu->vector.bridge != stp->bridge_id)
		return STP_RX_FILTERED;
	loop_own_bpdu(stp, p);
	return STP_RX_LOOP;
}

static bool from_this_port(
    const struct stp *stp, const struct stp_port *p, const struct bpdu *bpdu)
{
	return bpdu->vector.bridge == stp->bridge_id &&
	       bpdu->vector.port == p->port_id;
}

/* 8.7.1 Received Configuration BPDU */
static void received_configuration_bpdu(
    struct stp *stp, struct stp_port *p, const struct bpdu *bpdu)
{
	if (!supersedes_port_info(stp, p, &bpdu->vector) &&
	    !policy_believes(stp, p)) {
		if (designated_port(stp, p))
			reply_to_configuration_bpdu(stp, p);
		return;
	}
	record_configuration_information(stp, p, bpdu);
	reconsider(stp);
	if (p != stp->root_port)
		return;
	record_configuration_timeout_values(stp, bpdu);
	configuration_bpdu_generation(stp);
	if (bpdu->topology_change_ack)
		topology_change_acknowledged(stp);
}

/* 8.7.2 Received Topology Change Notification BPDU */
static void received_topology_change_notification_bpdu(
    struct stp *stp, struct stp_port *p)
{
	if (!designated_port(stp, p))
		return;
	topology_change_detection(stp);
	acknowledge_topology_change(stp, p);
}
