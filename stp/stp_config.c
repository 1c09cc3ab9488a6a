/* SPDX-License-Identifier: BSD-2-Clause */
/* stp_config.c - the settings of a spanning tree entity and its ports (IEEE
 * 802.1D-1998 8.8.4 to 8.8.6, and those of policy.c) */
#include "stp_config.h"

#include <errno.h>

#include "entity.h"

uint64_t stp_id(uint16_t priority, const uint8_t address[6])
{
	uint64_t id = priority;

	for (int i = 0; i < 6; i++)
		id = id << 8 | address[i];
	return id;
}

uint32_t stp_cost_of_speed(int mbit_s)
{
	static const struct {
		int mbit_s;
		uint32_t cost;
	} table[] = {{10000, 2}, {1000, 4}, {100, 19}};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (mbit_s >= table[i].mbit_s)
			return table[i].cost;
	return 100;
}

/* 8.8.4 Set Bridge Priority */
void stp_set_bridge_id(struct stp *stp, uint64_t bridge_id, uint64_t now_ms)
{
	stp_enter(stp, now_ms);
	for (int i = 0; i < stp->n_ports; i++) {
		struct stp_port *p = stp->ports[i];

		if (designated_port(stp, p))
			p->designated.bridge = bridge_id;
	}
	stp->bridge_id = bridge_id;
	reconsider(stp);
	stp_settle(stp);
}

int stp_set_times(struct stp *stp, const struct stp_times *times,
    uint64_t now_ms, char *err, size_t errlen)
{
	stp_enter(stp, now_ms);
	if (stp_times_check(times, err, errlen) < 0)
		return -EINVAL;
	stp->bridge_times = *times;
	if (root_bridge(stp))
		stp->times = *times;
	stp_settle(stp);
	return 0;
}

/* 8.8.5 Set Port Priority */
int stp_port_set_priority(
    struct stp *stp, int port, int priority, uint64_t now_ms)
{
	struct stp_port *p = stp_port_of(stp, port);
	bool designated;

	stp_enter(stp, now_ms);
	if (!p)
		return -ENOENT;
	if (priority < 0 || priority > 240 || priority % 16)
		return -EINVAL;
	designated = designated_port(stp, p);
	p->port_id = port_id(priority, port);
	if (designated)
		p->designated.port = p->port_id;
	if (p->designated.bridge == stp->bridge_id &&
	    p->port_id < p->designated.port && policy_speaks(stp, p)) {
		become_designated_port(stp, p);
		port_state_selection(stp);
	}
	stp_settle(stp);
	return 0;
}

/* 8.8.6 Set Path Cost */
int stp_port_set_cost(struct stp *stp, int port, uint32_t cost, uint64_t now_ms)
{
	struct stp_port *p = stp_port_of(stp, port);

	stp_enter(stp, now_ms);
	if (!p)
		return -ENOENT;
	if (cost < 1 || cost > STP_COST_MAX)
		return -EINVAL;
	p->path_cost = cost;
	reconsider(stp);
	stp_settle(stp);
	return 0;
}

/* A port that ceases to be an edge port has forwarded without having waited. It
 * starts over, as if its link had just come up. */
int stp_port_set_edge(
    struct stp *stp, int port, enum stp_edge edge, uint64_t now_ms)
{
	struct stp_port *p = stp_port_of(stp, port);

	stp_enter(stp, now_ms);
	if (!p)
		return -ENOENT;
	bool was_edge = policy_edge(stp, p);
	p->edge_wanted = edge;
	policy_update(stp);
	if (was_edge && !policy_edge(stp, p))
		make_blocking(stp, p);
	reconsider(stp);
	stp_settle(stp);
	return 0;
}

int stp_port_set_bpdu(
    struct stp *stp, int port, enum stp_bpdu bpdu, uint64_t now_ms)
{
	struct stp_port *p = stp_port_of(stp, port);

	stp_enter(stp, now_ms);
	if (!p)
		return -ENOENT;
	bool filtered = policy_filters(p);
	p->bpdu = bpdu;
	p->spoken = false;
	loop_forget(p);
	if (filtered && !policy_filters(p))
		make_blocking(stp, p); /* it has not waited, either */
	if (!filtered && policy_filters(p))
		become_designated_port(stp, p); /* it forgets what it heard */
	policy_update(stp);
	reconsider(stp);
	stp_settle(stp);
	return 0;
}
