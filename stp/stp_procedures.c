/* SPDX-License-Identifier: BSD-2-Clause */
/* stp_procedures.c - the elements of procedure of IEEE 802.1D-1998 8.6, in its
 * order and with its names. They change the entity but send nothing: they note
 * at the port what to send, and stp_settle() sends it.
 *
 * A line that contains policy_ departs from the standard, but not for ports
 * with edge=no, bpdu=always; policy.c says why. */
#include "entity.h"

static bool root_port_candidate(
    const struct stp *stp, const struct stp_port *p, bool policy_yielding);
static bool better_root_port(
    const struct stp_port *p, const struct stp_port *q);
static struct vector vector_to_tell(
    const struct stp *stp, const struct stp_port *p);

/* 8.6.1 Transmit Configuration BPDU. At most one per hold time; a request in
 * between waits for the hold timer to expire. stp_settle() adds the message age
 * at the time of sending. */
void transmit_configuration_bpdu(struct stp *stp, struct stp_port *p)
{
	if (!policy_speaks(stp, p))
		return;
	if (p->hold_timer.running &&
	    !timer_expired(&p->hold_timer, stp->now_ms, HOLD_TIME_MS)) {
		p->configuration_pending = true;
		return;
	}
	p->tx_config = true;
	p->tx_acknowledge = p->topology_change_acknowledge;
	p->topology_change_acknowledge = false;
	p->configuration_pending = false;
	timer_start(&p->hold_timer, stp->now_ms);
}

/* 8.6.2.2. A repetition by the same bridge supersedes too: otherwise the
 * information could not be refreshed. */
bool supersedes_port_info(const struct stp *stp, const struct stp_port *p,
    const struct vector *received)
{
	int order = vector_compare_bridge(received, &p->designated);

	if (order)
		return order < 0;
	return received->bridge != stp->bridge_id ||
	       received->port <= p->designated.port;
}

/* 8.6.2 Record Configuration Information. The timer starts at the age that the
 * message already has. */
void record_configuration_information(
    struct stp *stp, struct stp_port *p, const struct bpdu *bpdu)
{
	p->designated = bpdu->vector;
	timer_start(&p->message_age_timer, stp->now_ms - bpdu->message_age_ms);
}

/* 8.6.3 Record Configuration Timeout Values. Times outside Table 8-3 are
 * limited to the table: a forward delay of 0 would switch off our protection
 * against loops. */
void record_configuration_timeout_values(
    struct stp *stp, const struct bpdu *bpdu)
{
	struct stp_times times = times_within_table(&bpdu->times);

	adopt_times(stp, &times);
	stp->topology_change = bpdu->topology_change;
}

/* 8.6.4 Configuration BPDU Generation */
void configuration_bpdu_generation(struct stp *stp)
{
	for (int i = 0; i < stp->n_ports; i++) {
		struct stp_port *p = stp->ports[i];

		if (designated_port(stp, p) && p->state != STP_DISABLED)
			transmit_configuration_bpdu(stp, p);
	}
}

/* 8.6.5 Reply to Configuration BPDU */
void reply_to_configuration_bpdu(struct stp *stp, struct stp_port *p)
{
	transmit_configuration_bpdu(stp, p);
}

/* 8.6.6 Transmit Topology Change Notification BPDU */
void transmit_topology_change_notification_bpdu(struct stp *stp)
{
	if (policy_speaks(stp, stp->root_port))
		stp->root_port->tx_tcn = true;
}

/* 8.6.7 Configuration Update */
void configuration_update(struct stp *stp)
{
	root_selection(stp);
	designated_port_selection(stp);
}

/* 8.6.8 Root Selection */
void root_selection(struct stp *stp)
{
	bool policy_yielding = policy_yields(stp);
	struct stp_port *best = NULL;

	for (int i = 0; i < stp->n_ports; i++) {
		struct stp_port *p = stp->ports[i];

		if (root_port_candidate(stp, p, policy_yielding) &&
		    (!best || better_root_port(p, best)))
			best = p;
	}
	stp->root_port = best;
	stp->designated_root = best ? best->designated.root : stp->bridge_id;
	stp->root_path_cost =
	    best ? vector_at_cost(best->designated, best->path_cost).cost : 0;
}

/* 8.6.9 Designated Port Selection. Its five cases a) to e) are one comparison:
 * no port knows of a better root than the one just selected, so "another root"
 * can only be a worse one. */
void designated_port_selection(struct stp *stp)
{
	for (int i = 0; i < stp->n_ports; i++) {
		struct stp_port *p = stp->ports[i];
		struct vector mine = vector_to_tell(stp, p);

		if (designated_port(stp, p) ||
		    (policy_speaks(stp, p) &&
			vector_compare(&mine, &p->designated) <= 0))
			become_designated_port(stp, p);
	}
}

/* 8.6.10 Become Designated Port */
void become_designated_port(struct stp *stp, struct stp_port *p)
{
	p->designated = vector_to_tell(stp, p);
}

/* 8.6.11 Port State Selection */
void port_state_selection(struct stp *stp)
{
	for (int i = 0; i < stp->n_ports; i++) {
		struct stp_port *p = stp->ports[i];

		if (p->loop_by) { /* which the standard knows nothing of */
			make_blocking(stp, p);
			continue;
		}
		if (p != stp->root_port && designated_port(stp, p)) {
			timer_stop(&p->message_age_timer);
			make_forwarding(stp, p);
			continue;
		}
		/* NOLINTNEXTLINE(*NullDereference): ports[] has no gaps */
		p->configuration_pending = false;
		p->topology_change_acknowledge = false;
		if (p == stp->root_port)
			make_forwarding(stp, p);
		else
			make_blocking(stp, p);
	}
}

/* 8.6.12 Make Forwarding: through listening and learning, a forward delay each.
 *
 * A designated port that begins to listen sends a BPDU at once. In the standard
 * of 1998 it waits until the bridge next hears of the root, which may take max
 * age if the root has just gone: two ports on one LAN could then both begin to
 * forward without having heard of each other. 802.1D-2004 sends at once too. */
void make_forwarding(struct stp *stp, struct stp_port *p)
{
	enum stp_state was = p->state;

	if (was == STP_DISABLED || was == STP_FORWARDING)
		return;
	if (policy_at_once(stp, p)) {
		timer_stop(&p->forward_delay_timer);
		set_port_state(p, STP_FORWARDING);
		if (p->change_detection_enabled)
			topology_change_detection(stp);
	} else if (was == STP_BLOCKING) {
		set_port_state(p, STP_LISTENING);
		timer_start(&p->forward_delay_timer, stp->now_ms);
	}
	if (was == STP_BLOCKING && designated_port(stp, p))
		transmit_configuration_bpdu(stp, p);
}

/* 8.6.13 Make Blocking */
void make_blocking(struct stp *stp, struct stp_port *p)
{
	enum stp_state was = p->state;

	if (was == STP_DISABLED || was == STP_BLOCKING)
		return;
	set_port_state(p, STP_BLOCKING);
	timer_stop(&p->forward_delay_timer);
	if ((was == STP_FORWARDING || was == STP_LEARNING) &&
	    p->change_detection_enabled)
		topology_change_detection(stp);
}

/* 8.6.14 Topology Change Detection. A silent root port can notify nobody. */
void topology_change_detection(struct stp *stp)
{
	if (root_bridge(stp)) {
		stp->topology_change = true;
		timer_start(&stp->topology_change_timer, stp->now_ms);
	} else if (!policy_speaks(stp, stp->root_port)) {
		return;
	} else if (!stp->topology_change_detected) {
		transmit_topology_change_notification_bpdu(stp);
		timer_start(&stp->tcn_timer, stp->now_ms);
	}
	stp->topology_change_detected = true;
}

/* 8.6.15 Topology Change Acknowledged */
void topology_change_acknowledged(struct stp *stp)
{
	stp->topology_change_detected = false;
	timer_stop(&stp->tcn_timer);
}

/* 8.6.16 Acknowledge Topology Change */
void acknowledge_topology_change(struct stp *stp, struct stp_port *p)
{
	p->topology_change_acknowledge = true;
	transmit_configuration_bpdu(stp, p);
}

void set_port_state(struct stp_port *p, enum stp_state state)
{
	p->state = state;
	if (state == STP_FORWARDING)
		p->transitions++;
}

/* 8.6.8: may @p be the root port? Not if it is the designated port of its LAN,
 * nor if the root it heard of is not better than this bridge itself.
 *
 * Nor if it is a backup port, which heard of the root from this bridge itself.
 * The standard of 1998 lacks this rule: when such a bridge loses its root port,
 * it takes its own old claim for a path to the root until that ages out.
 * 802.1D-2004 17.6 has the rule. */
static bool root_port_candidate(
    const struct stp *stp, const struct stp_port *p, bool policy_yielding)
{
	if (p->state == STP_DISABLED || p->designated.bridge == stp->bridge_id)
		return false;
	if (policy_yielding)
		return p->designated.root != stp->bridge_id;
	return p->designated.root < stp->bridge_id;
}

static bool better_root_port(const struct stp_port *p, const struct stp_port *q)
{
	struct vector by_p = vector_at_cost(p->designated, p->path_cost);
	struct vector by_q = vector_at_cost(q->designated, q->path_cost);
	int order = vector_compare(&by_p, &by_q);

	return order ? order < 0 : p->port_id < q->port_id;
}

static struct vector vector_to_tell(
    const struct stp *stp, const struct stp_port *p)
{
	return (struct vector){
	    .root = stp->designated_root,
	    .cost = stp->root_path_cost,
	    .bridge = stp->bridge_id,
	    .port = p->port_id,
	};
}
