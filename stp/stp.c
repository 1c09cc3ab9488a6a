/* SPDX-License-Identifier: BSD-2-Clause */
/* stp.c - a spanning tree entity, its ports and their links (IEEE 802.1D-1998
 * 8.8.1 to 8.8.3), and becoming or ceasing to be the root */
#include "stp.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "entity.h"

static int position(const struct stp *stp, int number);
static void become_root_bridge(struct stp *stp);
static void cease_to_be_root_bridge(struct stp *stp);

/* One calloc() holds the entity, its ports and their order. */
struct stp *stp_new(uint64_t bridge_id, const struct stp_times *times,
    int ports_max, const struct stp_callbacks *callbacks, void *ctx,
    uint64_t now_ms)
{
	struct stp_port *pool;
	struct stp *stp;
	char err[128];

	if (ports_max < 1 || ports_max > STP_PORTS_MAX ||
	    stp_times_check(times, err, sizeof(err)) < 0) {
		errno = EINVAL;
		return NULL;
	}
	stp =
	    calloc(1, sizeof(*stp) + (size_t)ports_max *
					 (sizeof(*pool) + sizeof(*stp->ports)));
	if (!stp)
		return NULL;
	pool = (struct stp_port *)(stp + 1);
	stp->ports = (struct stp_port **)(pool + ports_max);
	for (int i = 0; i < ports_max; i++)
		stp->ports[i] = &pool[i];
	stp->ports_max = ports_max;
	stp->bridge_id = stp->designated_root = bridge_id;
	stp->bridge_times = stp->times = *times;
	stp->callbacks = *callbacks;
	stp->ctx = ctx;
	stp->now_ms = stp->last_change_at_ms = now_ms;
	timer_start(&stp->hello_timer, now_ms); /* 8.8.1 */
	timer_start(&stp->probe_timer, now_ms);
	return stp;
}

void stp_free(struct stp *stp)
{
	assert(!stp || !stp->calling);
	free(stp);
}

int stp_port_add(struct stp *stp, int port)
{
	int at = position(stp, port);
	struct stp_port *p;

	assert(!stp->calling);
	if (port < 1 || port > STP_PORTS_MAX)
		return -EINVAL;
	if (stp_port_of(stp, port))
		return -EEXIST;
	if (stp->n_ports == stp->ports_max)
		return -ENOSPC;
	p = stp->ports[stp->n_ports];
	memmove(&stp->ports[at + 1], &stp->ports[at],
	    (stp->n_ports - at) * sizeof(*stp->ports));
	stp->ports[at] = p;
	stp->n_ports++;
	*p = (struct stp_port){
	    .number = port,
	    .port_id = port_id(STP_PORT_PRIORITY, port),
	    .path_cost = stp_cost_of_speed(0),
	};
	become_designated_port(stp, p);
	return 0;
}

void stp_port_remove(struct stp *stp, int port, uint64_t now_ms)
{
	struct stp_port *p = stp_port_of(stp, port);
	int at = position(stp, port);

	stp_enter(stp, now_ms);
	if (!p)
		return;
	stp_port_disable(stp, port, now_ms);
	stp->n_ports--;
	memmove(&stp->ports[at], &stp->ports[at + 1],
	    (stp->n_ports - at) * sizeof(*stp->ports));
	stp->ports[stp->n_ports] = p;
}

/* 8.8.2 Enable Port */
void stp_port_enable(struct stp *stp, int port, uint64_t now_ms)
{
	struct stp_port *p = stp_port_of(stp, port);

	stp_enter(stp, now_ms);
	if (!p || p->state != STP_DISABLED)
		return;
	become_designated_port(stp, p);
	set_port_state(p, STP_BLOCKING);
	policy_link_up(p);
	policy_update(stp);
	reconsider(stp);
	loop_link_up(stp, p);
	stp_settle(stp);
}

/* 8.8.3 Disable Port */
void stp_port_disable(struct stp *stp, int port, uint64_t now_ms)
{
	struct stp_port *p = stp_port_of(stp, port);

	stp_enter(stp, now_ms);
	if (!p || p->state == STP_DISABLED)
		return;
	disable_port(stp, p);
	stp_settle(stp);
}

void disable_port(struct stp *stp, struct stp_port *p)
{
	become_designated_port(stp, p);
	set_port_state(p, STP_DISABLED);
	p->topology_change_acknowledge = false;
	p->configuration_pending = false;
	p->tx_config = p->tx_tcn = p->tx_probe = false;
	loop_forget(p);
	timer_stop(&p->message_age_timer);
	timer_stop(&p->forward_delay_timer);
	timer_stop(&p->hold_timer);
	policy_update(stp);
	reconsider(stp);
}

void reconsider(struct stp *stp)
{
	bool root = root_bridge(stp);

	configuration_update(stp);
	port_state_selection(stp);
	if (root_bridge(stp) && !root)
		become_root_bridge(stp);
	else if (!root_bridge(stp) && root)
		cease_to_be_root_bridge(stp);
}

struct stp_port *stp_port_of(const struct stp *stp, int number)
{
	int at = position(stp, number);

	assert(number >= 1 && number <= STP_PORTS_MAX);
	if (at < stp->n_ports && stp->ports[at]->number == number)
		return stp->ports[at];
	return NULL;
}

uint16_t port_id(int priority, int number)
{
	return priority << 8 | number;
}

static void become_root_bridge(struct stp *stp)
{
	adopt_times(stp, &stp->bridge_times);
	topology_change_detection(stp);
	timer_stop(&stp->tcn_timer);
	configuration_bpdu_generation(stp);
	timer_start(&stp->hello_timer, stp->now_ms);
}

/* Another root must now announce a change that we were announcing: forget it
 * and detect it again, which notifies that root. */
static void cease_to_be_root_bridge(struct stp *stp)
{
	timer_stop(&stp->hello_timer);
	if (!stp->topology_change_detected)
		return;
	timer_stop(&stp->topology_change_timer);
	stp->topology_change_detected = false;
	topology_change_detection(stp);
}

/* The index of port @number in ports[], or the one where it belongs. */
static int position(const struct stp *stp, int number)
{
	int low = 0, high = stp->n_ports;

	while (low < high) {
		int middle = (low + high) / 2;

		if (stp->ports[middle]->number < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}
