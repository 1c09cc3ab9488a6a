/* SPDX-License-Identifier: BSD-2-Clause */
/* stp.c - the life of a spanning tree entity, its operation (IEEE 802.1D-1998
 * 8.7), its management (8.8) and stp_settle(), the one place where it speaks.
 * The elements of procedure that these are made of are in stp_procedures.c. */
#include "entity.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void stp_settle(struct stp *stp);

/* --- life -------------------------------------------------------------- */

/* Everything comes from one calloc(): the entity, the ports, their order. */
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
	stp->last_change_ms = now_ms;
	timer_start(&stp->hello_timer, now_ms); /* 8.8.1 */
	return stp;
}

void stp_free(struct stp *stp)
{
	free(stp);
}

/* Where @number is among the ports, or would be. */
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

struct stp_port *stp_port_of(const struct stp *stp, int number)
{
	int at = position(stp, number);

	if (at < stp->n_ports && stp->ports[at]->number == number)
		return stp->ports[at];
	return NULL;
}

static uint16_t port_id(int priority, int number)
{
	return priority << 8 | number;
}

int stp_port_add(struct stp *stp, int port)
{
	int at = position(stp, port);
	struct stp_port *p;

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

	if (!p)
		return;
	stp_port_disable(stp, port, now_ms);
	stp->n_ports--;
	memmove(&stp->ports[at], &stp->ports[at + 1],
	    (stp->n_ports - at) * sizeof(*stp->ports));
	stp->ports[stp->n_ports] = p;
}

/* --- becoming and ceasing to be the root -------------------------------- */

static void become_root_bridge(struct stp *stp)
{
	stp->times = stp->bridge_times;
	topology_change_detection(stp);
	timer_stop(&stp->tcn_timer);
	configuration_bpdu_generation(stp);
	timer_start(&stp->hello_timer, stp->now_ms);
}

/* A change that we were announcing as the root is now for another to announce:
 * forget it and detect it again. */
static void cease_to_be_root_bridge(struct stp *stp)
{
	timer_stop(&stp->hello_timer);
	if (!stp->topology_change_detected)
		return;
	timer_stop(&stp->topology_change_timer);
	stp->topology_change_detected = false;
	topology_change_detection(stp);
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

/* --- operation (8.7) ----------------------------------------------------- */

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

/* 8.7.3 */
static void hello_timer_expiry(struct stp *stp)
{
	configuration_bpdu_generation(stp);
	timer_start(&stp->hello_timer, stp->now_ms);
}

/* 8.7.4. A silent port cannot ask whether the other is really gone: it waits
 * the two forward delays for it to speak again. */
static void message_age_timer_expiry(struct stp *stp, struct stp_port *p)
{
	timer_stop(&p->message_age_timer);
	if (!policy_speaks(stp, p))
		make_blocking(stp, p);
	become_designated_port(stp, p);
	reconsider(stp);
}

static bool designated_for_some_port(const struct stp *stp)
{
	for (int i = 0; i < stp->n_ports; i++) {
		const struct stp_port *p = stp->ports[i];

		if (p->state != STP_DISABLED &&
		    p->designated.bridge == stp->bridge_id)
			return true;
	}
	return false;
}

/* 8.7.5 */
static void forward_delay_timer_expiry(struct stp *stp, struct stp_port *p)
{
	if (p->state == STP_LISTENING) {
		set_port_state(p, STP_LEARNING);
		timer_start(&p->forward_delay_timer, stp->now_ms);
		return;
	}
	timer_stop(&p->forward_delay_timer);
	set_port_state(p, STP_FORWARDING);
	if (designated_for_some_port(stp) && p->change_detection_enabled)
		topology_change_detection(stp);
}

/* 8.7.6 */
static void topology_change_notification_timer_expiry(struct stp *stp)
{
	if (!policy_speaks(stp, stp->root_port)) {
		topology_change_acknowledged(stp);
		return;
	}
	transmit_topology_change_notification_bpdu(stp);
	timer_start(&stp->tcn_timer, stp->now_ms);
}

/* 8.7.7 */
static void topology_change_timer_expiry(struct stp *stp)
{
	timer_stop(&stp->topology_change_timer);
	stp->topology_change_detected = false;
	stp->topology_change = false;
}

/* 8.7.8 */
static void hold_timer_expiry(struct stp *stp, struct stp_port *p)
{
	timer_stop(&p->hold_timer);
	if (p->configuration_pending)
		transmit_configuration_bpdu(stp, p);
}

/* 8.5.3.13 */
static uint32_t topology_change_time(const struct stp *stp)
{
	return stp->bridge_times.max_age_ms +
	       stp->bridge_times.forward_delay_ms;
}

static void tick_bridge(struct stp *stp)
{
	if (timer_expired(&stp->hello_timer, stp->now_ms, stp->times.hello_ms))
		hello_timer_expiry(stp);
	if (timer_expired(
		&stp->tcn_timer, stp->now_ms, stp->bridge_times.hello_ms))
		topology_change_notification_timer_expiry(stp);
	if (timer_expired(&stp->topology_change_timer, stp->now_ms,
		topology_change_time(stp)))
		topology_change_timer_expiry(stp);
}

static void tick_port(struct stp *stp, struct stp_port *p)
{
	if (timer_expired(
		&p->message_age_timer, stp->now_ms, stp->times.max_age_ms))
		message_age_timer_expiry(stp, p);
	if (timer_expired(&p->forward_delay_timer, stp->now_ms,
		stp->times.forward_delay_ms))
		forward_delay_timer_expiry(stp, p);
	if (timer_expired(&p->hold_timer, stp->now_ms, HOLD_TIME_MS))
		hold_timer_expiry(stp, p);
}

void stp_tick(struct stp *stp, uint64_t now_ms)
{
	stp->now_ms = now_ms;
	tick_bridge(stp);
	for (int i = 0; i < stp->n_ports; i++)
		tick_port(stp, stp->ports[i]);
	stp_settle(stp);
}

static void earliest(
    uint64_t *deadline_ms, const struct timer *timer, uint32_t limit_ms)
{
	if (timer->running && timer->start_ms + limit_ms < *deadline_ms)
		*deadline_ms = timer->start_ms + limit_ms;
}

uint64_t stp_deadline_ms(const struct stp *stp)
{
	uint64_t ms = UINT64_MAX;

	earliest(&ms, &stp->hello_timer, stp->times.hello_ms);
	earliest(&ms, &stp->tcn_timer, stp->bridge_times.hello_ms);
	earliest(&ms, &stp->topology_change_timer, topology_change_time(stp));
	for (int i = 0; i < stp->n_ports; i++) {
		const struct stp_port *p = stp->ports[i];

		earliest(&ms, &p->message_age_timer, stp->times.max_age_ms);
		earliest(
		    &ms, &p->forward_delay_timer, stp->times.forward_delay_ms);
		/* else it expires without effect */
		if (p->configuration_pending)
			earliest(&ms, &p->hold_timer, HOLD_TIME_MS);
	}
	return ms;
}

/* Disabled by whoever: 8.8.3 without the way out. */
static void disable_port(struct stp *stp, struct stp_port *p)
{
	become_designated_port(stp, p);
	set_port_state(p, STP_DISABLED);
	p->topology_change_acknowledge = false;
	p->configuration_pending = false;
	p->tx_config = p->tx_tcn = false;
	timer_stop(&p->message_age_timer);
	timer_stop(&p->forward_delay_timer);
	timer_stop(&p->hold_timer);
	policy_update(stp);
	reconsider(stp);
}

static bool from_this_port(
    const struct stp *stp, const struct stp_port *p, const struct bpdu *bpdu)
{
	return bpdu->vector.bridge == stp->bridge_id &&
	       bpdu->vector.port == p->port_id;
}

static enum stp_verdict receive(
    struct stp *stp, struct stp_port *p, const uint8_t *data, size_t len)
{
	struct bpdu bpdu;
	enum stp_verdict verdict = bpdu_decode(data, len, &bpdu);

	if (verdict >= STP_RX_SHORT)
		return verdict;
	if (!policy_bpdu_heard(stp, p)) {
		disable_port(stp, p);
		return STP_RX_GUARDED;
	}
	if (verdict == STP_RX_CONFIG && from_this_port(stp, p, &bpdu))
		return STP_RX_OWN;
	if (verdict == STP_RX_CONFIG)
		received_configuration_bpdu(stp, p, &bpdu);
	if (verdict == STP_RX_TCN)
		received_topology_change_notification_bpdu(stp, p);
	return verdict;
}

enum stp_verdict stp_receive(
    struct stp *stp, int port, const uint8_t *bpdu, size_t len, uint64_t now_ms)
{
	struct stp_port *p = stp_port_of(stp, port);
	enum stp_verdict verdict = STP_RX_DOWN;

	if (!p)
		return verdict;
	stp->now_ms = now_ms;
	if (p->state != STP_DISABLED)
		verdict = receive(stp, p, bpdu, len);
	p->rx[verdict]++;
	stp_settle(stp);
	return verdict;
}

/* --- management (8.8) ---------------------------------------------------- */

/* 8.8.2 Enable Port */
void stp_port_enable(struct stp *stp, int port, uint64_t now_ms)
{
	struct stp_port *p = stp_port_of(stp, port);

	if (!p || p->state != STP_DISABLED)
		return;
	stp->now_ms = now_ms;
	become_designated_port(stp, p);
	set_port_state(p, STP_BLOCKING);
	policy_link_up(p);
	policy_update(stp);
	reconsider(stp);
	stp_settle(stp);
}

/* 8.8.3 Disable Port */
void stp_port_disable(struct stp *stp, int port, uint64_t now_ms)
{
	struct stp_port *p = stp_port_of(stp, port);

	if (!p || p->state == STP_DISABLED)
		return;
	stp->now_ms = now_ms;
	disable_port(stp, p);
	stp_settle(stp);
}

/* 8.8.4 Set Bridge Priority */
void stp_set_bridge_id(struct stp *stp, uint64_t bridge_id, uint64_t now_ms)
{
	stp->now_ms = now_ms;
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
	if (stp_times_check(times, err, errlen) < 0)
		return -EINVAL;
	stp->now_ms = now_ms;
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

	if (!p)
		return -ENOENT;
	if (priority < 0 || priority > 240 || priority % 16)
		return -EINVAL;
	stp->now_ms = now_ms;
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

	if (!p)
		return -ENOENT;
	if (cost < 1 || cost > STP_COST_MAX)
		return -EINVAL;
	stp->now_ms = now_ms;
	p->path_cost = cost;
	reconsider(stp);
	stp_settle(stp);
	return 0;
}

/* A port that forwards because it was an edge port has not waited: from the
 * start then, as if its link had just come up. */
int stp_port_set_edge(struct stp *stp, int port, bool edge, uint64_t now_ms)
{
	struct stp_port *p = stp_port_of(stp, port);

	if (!p)
		return -ENOENT;
	stp->now_ms = now_ms;
	if (policy_edge(p) && !edge)
		make_blocking(stp, p);
	p->edge_wanted = edge;
	policy_update(stp);
	reconsider(stp);
	stp_settle(stp);
	return 0;
}

int stp_port_set_bpdu(
    struct stp *stp, int port, enum stp_bpdu bpdu, uint64_t now_ms)
{
	struct stp_port *p = stp_port_of(stp, port);

	if (!p)
		return -ENOENT;
	stp->now_ms = now_ms;
	p->bpdu = bpdu;
	p->spoken = false;
	policy_update(stp);
	reconsider(stp);
	stp_settle(stp);
	return 0;
}

/* --- the one exit --------------------------------------------------------- */

static void report_states(struct stp *stp)
{
	for (int i = 0; i < stp->n_ports; i++) {
		struct stp_port *p = stp->ports[i];

		if (p->state == p->reported_state)
			continue;
		p->reported_state = p->state;
		stp->callbacks.port_state(stp->ctx, p->number, p->state);
	}
}

static void report_ageing(struct stp *stp)
{
	uint32_t ageing_ms =
	    stp->topology_change ? stp->times.forward_delay_ms : 0;

	if (stp->topology_change && !stp->change_counted)
		stp->topology_changes++;
	if (stp->topology_change || stp->change_counted)
		stp->last_change_ms = stp->now_ms;
	stp->change_counted = stp->topology_change;
	if (ageing_ms == stp->reported_ageing_ms)
		return;
	stp->reported_ageing_ms = ageing_ms;
	stp->callbacks.ageing(stp->ctx, ageing_ms);
}

/* 8.5.1.5: not younger than it is, and a little older for the way to the next
 * bridge (8.10.1, an overestimate of up to 1 s is allowed). */
static uint32_t message_age_ms(const struct stp *stp)
{
	if (root_bridge(stp))
		return 0;
	return stp->now_ms - stp->root_port->message_age_timer.start_ms +
	       MESSAGE_AGE_INCREMENT_MS;
}

static void send_config(struct stp *stp, struct stp_port *p)
{
	uint8_t data[BPDU_CONFIG_LEN];
	struct bpdu bpdu = {
	    .vector = p->designated,
	    .message_age_ms = message_age_ms(stp),
	    .times = stp->times,
	    .topology_change_ack = p->tx_acknowledge,
	    .topology_change = stp->topology_change,
	};

	if (bpdu.message_age_ms >= bpdu.times.max_age_ms)
		return;
	bpdu_encode_config(&bpdu, data);
	p->sent_config++;
	stp->callbacks.transmit(stp->ctx, p->number, data, sizeof(data));
}

static void send_tcn(struct stp *stp, struct stp_port *p)
{
	uint8_t data[BPDU_TCN_LEN];

	bpdu_encode_tcn(data);
	p->sent_tcn++;
	stp->callbacks.transmit(stp->ctx, p->number, data, sizeof(data));
}

/* What was to be sent when it was noted may be untrue by now. */
static void send_bpdus(struct stp *stp)
{
	for (int i = 0; i < stp->n_ports; i++) {
		struct stp_port *p = stp->ports[i];
		bool config = p->tx_config && designated_port(stp, p);
		bool tcn = p->tx_tcn && p == stp->root_port;

		p->tx_config = p->tx_tcn = false;
		if (config)
			send_config(stp, p);
		if (tcn)
			send_tcn(stp, p);
	}
}

static void stp_settle(struct stp *stp)
{
	report_states(stp);
	report_ageing(stp);
	send_bpdus(stp);
}
