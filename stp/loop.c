/* SPDX-License-Identifier: BSD-2-Clause */
/* loop.c - loops through the machines behind ports that filter BPDUs.
 *
 * The tree knows nothing of a guest that bridges two of its cards, or a card and
 * a network interface of its own on the same LAN. It cannot learn of it by
 * BPDUs either: they must not go to the LAN, a guest may forge them, and a
 * bridge in the guest that runs a spanning tree keeps ours to itself.
 *
 *        uplink ----- LAN -----+         A probe is sent to each guest. It is
 *          |                   |         an ordinary group frame: where data
 *       +--+---+            [ guest ]    goes round, it comes back. It leaves by
 *       | this |---- g1 --------+        no port of the tree.
 *       +------+
 *
 * Then a port of a guest is blocked, and never one of the tree:
 *
 *   the probe of g1 comes in by   blocked
 *   a port of the tree            g1
 *   g2                            the one whose link came up later
 *   g1                            none: a mirror is no loop
 *
 * Probes go on while it is blocked, so each that comes back prolongs that. A
 * BPDU of our own that comes in by g1, because ports of the tree do send some,
 * is as good as a probe of g1.
 *
 * The host lets a probe count only if it carries a secret that nobody but the
 * machine behind g1 can know (stp_probe_heard()), so a guest can block no port
 * but its own. */
#include "entity.h"

#include "stp.h"
#include "stp_foreign.h"

enum { LOOP_HOLD_MS = 10000, LOOP_SPREAD_MS = 1000 };

static struct stp_port *port_to_block(
    struct stp_port *sender, struct stp_port *hearer);
static void block(struct stp *stp, struct stp_port *p, int by);
static bool probing(const struct stp *stp);
static void probe_all(struct stp *stp);

enum stp_verdict stp_probe_heard(
    struct stp *stp, int port, int of, uint64_t now_ms)
{
	struct stp_port *p = stp_port_of(stp, port);
	struct stp_port *sender = stp_port_of(stp, of), *victim;
	enum stp_verdict verdict = STP_RX_LOOP;

	stp_enter(stp, now_ms);
	if (!p)
		return STP_RX_DOWN;
	if (p->state == STP_DISABLED) {
		verdict = STP_RX_DOWN;
	} else if (!sender || sender == p || !policy_filters(sender) ||
		   sender->state == STP_DISABLED) {
		verdict = STP_RX_OWN;
	} else {
		victim = port_to_block(sender, p);
		block(stp, victim, victim == p ? of : port);
	}
	p->rx[verdict]++;
	stp_settle(stp);
	return verdict;
}

void loop_link_up(struct stp *stp, struct stp_port *p)
{
	p->up_nth = ++stp->ups;
	if (!probing(stp))
		return;
	if (policy_filters(p))
		p->tx_probe = true;
	else
		probe_all(stp);
}

void loop_forget(struct stp_port *p)
{
	p->loop_by = 0;
	timer_stop(&p->loop_timer);
}

void loop_own_bpdu(struct stp *stp, struct stp_port *p)
{
	block(stp, p, p->number);
}

void loop_tick(struct stp *stp)
{
	bool ended = false;

	if (timer_expired(&stp->probe_timer, stp->now_ms, PROBE_TIME_MS) &&
	    probing(stp)) {
		probe_all(stp);
		timer_start(&stp->probe_timer, stp->now_ms);
	}
	for (int i = 0; i < stp->n_ports; i++) {
		struct stp_port *p = stp->ports[i];

		if (!timer_expired(
			&p->loop_timer, stp->now_ms, loop_hold_ms(stp)))
			continue;
		loop_forget(p);
		p->tx_probe = ended = true;
	}
	if (ended)
		port_state_selection(stp);
}

uint64_t loop_deadline_at_ms(const struct stp *stp)
{
	uint64_t next_at_ms = UINT64_MAX;

	if (stp->probe_timer.running && probing(stp))
		next_at_ms = stp->probe_timer.started_at_ms + PROBE_TIME_MS;
	for (int i = 0; i < stp->n_ports; i++) {
		const struct timer *timer = &stp->ports[i]->loop_timer;
		uint64_t end_at_ms = timer->started_at_ms + loop_hold_ms(stp);

		if (timer->running && end_at_ms < next_at_ms)
			next_at_ms = end_at_ms;
	}
	return next_at_ms;
}

/* Two bridges may find one loop at the same moment and block different ports of
 * it. They must not try again at the same moment. */
uint32_t loop_hold_ms(const struct stp *stp)
{
	return LOOP_HOLD_MS + (stp->bridge_id & 7) * LOOP_SPREAD_MS;
}

static struct stp_port *port_to_block(
    struct stp_port *sender, struct stp_port *hearer)
{
	if (sender->loop_by || !policy_filters(hearer))
		return sender;
	if (hearer->loop_by || hearer->up_nth > sender->up_nth)
		return hearer;
	return sender;
}

static void block(struct stp *stp, struct stp_port *p, int by)
{
	timer_start(&p->loop_timer, stp->now_ms);
	if (p->loop_by)
		return;
	p->loop_by = by;
	p->loops++;
	make_blocking(stp, p);
}

/* Can there be such a loop at all? */
static bool probing(const struct stp *stp)
{
	int up = 0, filtering = 0;

	if (!stp->callbacks.probe)
		return false;
	for (int i = 0; i < stp->n_ports && (up < 2 || !filtering); i++) {
		const struct stp_port *p = stp->ports[i];

		up += p->state != STP_DISABLED;
		filtering += p->state != STP_DISABLED && policy_filters(p);
	}
	return up > 1 && filtering;
}

static void probe_all(struct stp *stp)
{
	for (int i = 0; i < stp->n_ports; i++) {
		struct stp_port *p = stp->ports[i];

		p->tx_probe |= p->state != STP_DISABLED && policy_filters(p);
	}
}
