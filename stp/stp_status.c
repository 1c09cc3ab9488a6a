/* SPDX-License-Identifier: BSD-2-Clause */
/* stp_status.c - what an operator reads of a spanning tree entity (IEEE
 * 802.1D-1998 14.8). Changes nothing. */
#include "stp_status.h"

#include <stdio.h>

#include "entity.h"

static void count_bpdus(const struct stp_port *p, struct stp_port_info *info);

void stp_bridge_info(
    const struct stp *stp, uint64_t now_ms, struct stp_bridge_info *info)
{
	const struct stp_times *own = &stp->bridge_times;

	*info = (struct stp_bridge_info){
	    .bridge_id = stp->bridge_id,
	    .root_id = stp->designated_root,
	    .root_path_cost = stp->root_path_cost,
	    .root_port = stp->root_port ? stp->root_port->number : 0,
	    .times = stp->times,
	    .own_times = *own,
	    .topology_change = stp->topology_change,
	    .topology_change_pending = stp->topology_change_detected,
	    .topology_changes = stp->topology_changes,
	    .since_change_ms =
		stp->topology_change ? 0 : now_ms - stp->last_change_at_ms,
	    .hello_timer_ms =
		timer_left_ms(&stp->hello_timer, stp->times.hello_ms, now_ms),
	    .tcn_timer_ms =
		timer_left_ms(&stp->tcn_timer, own->hello_ms, now_ms),
	    .topology_change_timer_ms =
		timer_left_ms(&stp->topology_change_timer,
		    own->max_age_ms + own->forward_delay_ms, now_ms),
	    .ports = stp->n_ports,
	    .leaf = stp->leaf != NULL,
	};
}

bool stp_port_info(const struct stp *stp, int port, uint64_t now_ms,
    struct stp_port_info *info)
{
	const struct stp_port *p = stp_port_of(stp, port);
	int32_t forward_ms;

	if (!p)
		return false;
	forward_ms =
	    timer_left_ms(&p->forward_delay_timer, delay_ms(stp, p), now_ms);
	*info = (struct stp_port_info){
	    .port = p->number,
	    .port_id = p->port_id,
	    .cost = p->path_cost,
	    .role = port_role(stp, p),
	    .state = p->state,
	    .next_state_ms = forward_ms,
	    .edge = policy_edge(stp, p),
	    .edge_wanted = p->edge_wanted == STP_EDGE_YES,
	    .edge_setting = p->edge_wanted,
	    .speaks = policy_speaks(stp, p),
	    .bpdu = p->bpdu,
	    .designated_root = p->designated.root,
	    .designated_cost = p->designated.cost,
	    .designated_bridge = p->designated.bridge,
	    .designated_port = p->designated.port,
	    .topology_change_ack = p->topology_change_acknowledge,
	    .config_pending = p->configuration_pending,
	    .message_age_timer_ms = timer_left_ms(
		&p->message_age_timer, stp->times.max_age_ms, now_ms),
	    .forward_delay_timer_ms = forward_ms,
	    .hold_timer_ms =
		timer_left_ms(&p->hold_timer, HOLD_TIME_MS, now_ms),
	};
	count_bpdus(p, info);
	return true;
}

int stp_port_next(const struct stp *stp, int port)
{
	for (int i = 0; i < stp->n_ports; i++)
		if (stp->ports[i]->number > port)
			return stp->ports[i]->number;
	return 0;
}

enum stp_state stp_port_state(const struct stp *stp, int port)
{
	const struct stp_port *p = stp_port_of(stp, port);

	return p ? p->state : STP_DISABLED;
}

const char *stp_id_format(uint64_t id, char buf[STP_ID_STRLEN])
{
	snprintf(buf, STP_ID_STRLEN, "%04x.%02x:%02x:%02x:%02x:%02x:%02x",
	    (unsigned)(id >> 48), (unsigned)(id >> 40 & 0xff),
	    (unsigned)(id >> 32 & 0xff), (unsigned)(id >> 24 & 0xff),
	    (unsigned)(id >> 16 & 0xff), (unsigned)(id >> 8 & 0xff),
	    (unsigned)(id & 0xff));
	return buf;
}

enum stp_role port_role(const struct stp *stp, const struct stp_port *p)
{
	if (p->state == STP_DISABLED)
		return STP_ROLE_DISABLED;
	if (p->loop_by)
		return STP_ROLE_BACKUP;
	if (p == stp->root_port)
		return STP_ROLE_ROOT;
	if (designated_port(stp, p))
		return STP_ROLE_DESIGNATED;
	if (p->designated.bridge == stp->bridge_id)
		return STP_ROLE_BACKUP;
	return STP_ROLE_ALTERNATE;
}

static void count_bpdus(const struct stp_port *p, struct stp_port_info *info)
{
	for (int i = 0; i < STP_VERDICT_COUNT; i++) {
		info->rx[i] = p->rx[i];
		info->rx_total += p->rx[i];
	}
	info->tx_config = p->sent_config;
	info->tx_tcn = p->sent_tcn;
	info->tx_probes = p->sent_probes;
	info->loops = p->loops;
	info->loop_by = p->loop_by;
	info->transitions = p->transitions;
}
