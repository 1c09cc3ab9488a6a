/* SPDX-License-Identifier: BSD-2-Clause */
/* stp_timers.c - the timers of the entity and its ports: what their expiry does
 * (IEEE 802.1D-1998 8.7.3 to 8.7.8), and when the next one expires */
#include "stp.h"

#include "entity.h"

static void tick_bridge(struct stp *stp);
static void tick_port(struct stp *stp, struct stp_port *p);
static void hello_timer_expiry(struct stp *stp);
static void message_age_timer_expiry(struct stp *stp, struct stp_port *p);
static void forward_delay_timer_expiry(struct stp *stp, struct stp_port *p);
static bool designated_for_some_port(const struct stp *stp);
static void topology_change_notification_timer_expiry(struct stp *stp);
static void topology_change_timer_expiry(struct stp *stp);
static void hold_timer_expiry(struct stp *stp, struct stp_port *p);
static uint32_t topology_change_time_ms(const struct stp *stp);
static void earliest(
    uint64_t *deadline_at_ms, const struct timer *timer, uint32_t limit_ms);

void stp_tick(struct stp *stp, uint64_t now_ms)
{
	stp_enter(stp, now_ms);
	tick_bridge(stp);
	loop_tick(stp);
	for (int i = 0; i < stp->n_ports; i++)
		tick_port(stp, stp->ports[i]);
	stp_settle(stp);
}

uint64_t stp_deadline_at_ms(const struct stp *stp)
{
	uint64_t next_at_ms = loop_deadline_at_ms(stp);

	earliest(&next_at_ms, &stp->hello_timer, stp->times.hello_ms);
	earliest(&next_at_ms, &stp->tcn_timer, stp->bridge_times.hello_ms);
	earliest(&next_at_ms, &stp->topology_change_timer,
	    topology_change_time_ms(stp));
	earliest(&next_at_ms, &stp->old_times_timer, stp->old_max_age_ms);
	for (int i = 0; i < stp->n_ports; i++) {
		const struct stp_port *p = stp->ports[i];

		earliest(
		    &next_at_ms, &p->message_age_timer, stp->times.max_age_ms);
		earliest(
		    &next_at_ms, &p->forward_delay_timer, delay_ms(stp, p));
		/* otherwise its expiry has no effect */
		if (p->configuration_pending)
			earliest(&next_at_ms, &p->hold_timer, HOLD_TIME_MS);
	}
	return next_at_ms;
}

static void earliest(
    uint64_t *deadline_at_ms, const struct timer *timer, uint32_t limit_ms)
{
	if (timer->running && timer->started_at_ms + limit_ms < *deadline_at_ms)
		*deadline_at_ms = timer->started_at_ms + limit_ms;
}

static void tick_bridge(struct stp *stp)
{
	if (timer_expired(
		&stp->old_times_timer, stp->now_ms, stp->old_max_age_ms))
		timer_stop(&stp->old_times_timer);
	if (timer_expired(&stp->hello_timer, stp->now_ms, stp->times.hello_ms))
		hello_timer_expiry(stp);
	if (timer_expired(
		&stp->tcn_timer, stp->now_ms, stp->bridge_times.hello_ms))
		topology_change_notification_timer_expiry(stp);
	if (timer_expired(&stp->topology_change_timer, stp->now_ms,
		topology_change_time_ms(stp)))
		topology_change_timer_expiry(stp);
}

static void tick_port(struct stp *stp, struct stp_port *p)
{
	if (timer_expired(
		&p->message_age_timer, stp->now_ms, stp->times.max_age_ms))
		message_age_timer_expiry(stp, p);
	if (timer_expired(
		&p->forward_delay_timer, stp->now_ms, delay_ms(stp, p)))
		forward_delay_timer_expiry(stp, p);
	if (timer_expired(&p->hold_timer, stp->now_ms, HOLD_TIME_MS))
		hold_timer_expiry(stp, p);
}

/* 8.7.3 Hello Timer Expiry */
static void hello_timer_expiry(struct stp *stp)
{
	configuration_bpdu_generation(stp);
	timer_start(&stp->hello_timer, stp->now_ms);
}

/* 8.7.4 Message Age Timer Expiry. A silent port cannot ask whether the other
 * bridge is really gone: it waits two forward delays for it to speak again. */
static void message_age_timer_expiry(struct stp *stp, struct stp_port *p)
{
	timer_stop(&p->message_age_timer);
	if (!policy_speaks(stp, p))
		make_blocking(stp, p);
	become_designated_port(stp, p);
	reconsider(stp);
}

/* 8.7.5 Forward Delay Timer Expiry. A port that has listened beside an uplink
 * and heard nothing need not learn. */
static void forward_delay_timer_expiry(struct stp *stp, struct stp_port *p)
{
	if (p->state == STP_LISTENING && !policy_auto_edge(stp, p)) {
		set_port_state(p, STP_LEARNING);
		timer_start(&p->forward_delay_timer, stp->now_ms);
		return;
	}
	timer_stop(&p->forward_delay_timer);
	set_port_state(p, STP_FORWARDING);
	if (designated_for_some_port(stp) && p->change_detection_enabled)
		topology_change_detection(stp);
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

/* 8.7.6 Topology Change Notification Timer Expiry */
static void topology_change_notification_timer_expiry(struct stp *stp)
{
	if (!policy_speaks(stp, stp->root_port)) {
		topology_change_acknowledged(stp);
		return;
	}
	transmit_topology_change_notification_bpdu(stp);
	timer_start(&stp->tcn_timer, stp->now_ms);
}

/* 8.7.7 Topology Change Timer Expiry */
static void topology_change_timer_expiry(struct stp *stp)
{
	timer_stop(&stp->topology_change_timer);
	stp->topology_change_detected = false;
	stp->topology_change = false;
}

/* 8.7.8 Hold Timer Expiry */
static void hold_timer_expiry(struct stp *stp, struct stp_port *p)
{
	timer_stop(&p->hold_timer);
	if (p->configuration_pending)
		transmit_configuration_bpdu(stp, p);
}

/* 8.5.3.13 Topology Change Time */
static uint32_t topology_change_time_ms(const struct stp *stp)
{
	return stp->bridge_times.max_age_ms +
	       stp->bridge_times.forward_delay_ms;
}
