/* SPDX-License-Identifier: BSD-2-Clause */
/* stp_show.c - what a person reads of a spanning tree entity: names, snapshots
 * (IEEE 802.1D-1998 14.8) and the reason for a port's state. Changes nothing.
 */
#include "entity.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "stp_status.h"

/* --- words --------------------------------------------------------------- */

#define NAME_OF(name, text, ...)      [name] = text,
#define TEXT_OF(name, text, sentence) [name] = sentence,
static const char *const state_names[] = {STP_STATES(NAME_OF)};
static const char *const role_names[] = {STP_ROLES(NAME_OF)};
static const char *const bpdu_names[] = {STP_POLICIES(NAME_OF)};
static const char *const verdict_names[] = {STP_VERDICTS(NAME_OF)};
static const char *const verdict_texts[] = {STP_VERDICTS(TEXT_OF)};
#undef NAME_OF
#undef TEXT_OF

const char *stp_state_name(enum stp_state state)
{
	return state_names[state];
}

const char *stp_role_name(enum stp_role role)
{
	return role_names[role];
}

const char *stp_bpdu_name(enum stp_bpdu bpdu)
{
	return bpdu_names[bpdu];
}

const char *stp_verdict_name(enum stp_verdict verdict)
{
	return verdict_names[verdict];
}

const char *stp_verdict_text(enum stp_verdict verdict)
{
	return verdict_texts[verdict];
}

int stp_bpdu_parse(const char *word, enum stp_bpdu *bpdu)
{
	for (int i = 0; i < STP_BPDU_COUNT; i++) {
		if (strcmp(word, bpdu_names[i]) == 0) {
			*bpdu = i;
			return 0;
		}
	}
	return -EINVAL;
}

uint64_t stp_id(uint16_t priority, const uint8_t address[6])
{
	uint64_t id = priority;

	for (int i = 0; i < 6; i++)
		id = id << 8 | address[i];
	return id;
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

/* --- snapshots ------------------------------------------------------------ */

static int32_t left_ms(
    const struct timer *timer, uint32_t limit_ms, uint64_t now_ms)
{
	if (!timer->running)
		return -1;
	if (timer_expired(timer, now_ms, limit_ms))
		return 0;
	return limit_ms - (now_ms - timer->start_ms);
}

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
		stp->topology_change ? 0 : now_ms - stp->last_change_ms,
	    .hello_timer_ms =
		left_ms(&stp->hello_timer, stp->times.hello_ms, now_ms),
	    .tcn_timer_ms = left_ms(&stp->tcn_timer, own->hello_ms, now_ms),
	    .topology_change_timer_ms = left_ms(&stp->topology_change_timer,
		own->max_age_ms + own->forward_delay_ms, now_ms),
	    .ports = stp->n_ports,
	    .leaf = stp->leaf != NULL,
	};
}

static enum stp_role role_of(const struct stp *stp, const struct stp_port *p)
{
	if (p->state == STP_DISABLED)
		return STP_ROLE_DISABLED;
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
	info->transitions = p->transitions;
}

bool stp_port_info(const struct stp *stp, int port, uint64_t now_ms,
    struct stp_port_info *info)
{
	const struct stp_port *p = stp_port_of(stp, port);
	int32_t forward_ms;

	if (!p)
		return false;
	forward_ms = left_ms(
	    &p->forward_delay_timer, stp->times.forward_delay_ms, now_ms);
	*info = (struct stp_port_info){
	    .port = p->number,
	    .port_id = p->port_id,
	    .cost = p->path_cost,
	    .role = role_of(stp, p),
	    .state = p->state,
	    .next_state_ms = forward_ms,
	    .edge = policy_edge(p),
	    .edge_wanted = p->edge_wanted,
	    .speaks = policy_speaks(stp, p),
	    .bpdu = p->bpdu,
	    .designated_root = p->designated.root,
	    .designated_cost = p->designated.cost,
	    .designated_bridge = p->designated.bridge,
	    .designated_port = p->designated.port,
	    .topology_change_ack = p->topology_change_acknowledge,
	    .config_pending = p->configuration_pending,
	    .message_age_timer_ms =
		left_ms(&p->message_age_timer, stp->times.max_age_ms, now_ms),
	    .forward_delay_timer_ms = forward_ms,
	    .hold_timer_ms = left_ms(&p->hold_timer, HOLD_TIME_MS, now_ms),
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

/* --- the reason for a port's state ---------------------------------------- */

struct text {
	char *buf;
	size_t len;
	size_t used; /* what the whole paragraph needs, as with snprintf() */
};

__attribute__((format(printf, 2, 3))) static void say(
    struct text *text, const char *format, ...)
{
	bool room = text->used < text->len;
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(room ? text->buf + text->used : NULL,
	    room ? text->len - text->used : 0, format, args);
	va_end(args);
	text->used += n > 0 ? n : 0;
}

static void explain_disabled(
    struct text *text, const struct stp *stp, const struct stp_port *p)
{
	(void)stp;
	say(text, "disabled: ");
	if (p->rx[STP_RX_GUARDED])
		say(text, "a BPDU came in and the port is guarded, or ");
	say(text, "the link is down; it takes no part; 802.1D-1998 8.4.5");
}

static void explain_root(
    struct text *text, const struct stp *stp, const struct stp_port *p)
{
	char bridge[STP_ID_STRLEN], root[STP_ID_STRLEN];

	say(text,
	    "root port: bridge %s offers the root %s at cost %u on this LAN, "
	    "with the port's own %u that is %u, the best of all our ports; "
	    "802.1D-1998 8.6.8",
	    stp_id_format(p->designated.bridge, bridge),
	    stp_id_format(p->designated.root, root), p->designated.cost,
	    p->path_cost, stp->root_path_cost);
}

static void explain_designated(
    struct text *text, const struct stp *stp, const struct stp_port *p)
{
	char root[STP_ID_STRLEN];

	(void)p;
	say(text, "designated: ");
	if (root_bridge(stp))
		say(text, "we are the root");
	else
		say(text, "we reach the root %s at cost %u by port %d",
		    stp_id_format(stp->designated_root, root),
		    stp->root_path_cost, stp->root_port->number);
	say(text, " and no bridge on this LAN offers better; "
		  "802.1D-1998 8.6.9");
}

/* Why another bridge's word on this LAN beats ours: the first difference. */
static void explain_alternate(
    struct text *text, const struct stp *stp, const struct stp_port *p)
{
	const struct vector *d = &p->designated;
	char bridge[STP_ID_STRLEN], root[STP_ID_STRLEN], own[STP_ID_STRLEN];

	say(text, "alternate: bridge %s offers ",
	    stp_id_format(d->bridge, bridge));
	if (d->root != stp->designated_root)
		say(text, "the root %s", stp_id_format(d->root, root));
	else
		say(text, "the root");
	say(text, " at cost %u on this LAN, ", d->cost);
	if (d->root == stp->designated_root && d->cost < stp->root_path_cost)
		say(text, "better than our %u", stp->root_path_cost);
	else if (d->root == stp->designated_root &&
		 d->cost == stp->root_path_cost && d->bridge < stp->bridge_id)
		say(text,
		    "the same as ours, and its identifier is lower than "
		    "our %s",
		    stp_id_format(stp->bridge_id, own));
	else
		say(text, "and we are silent here, so its word counts");
	say(text, "; 802.1D-1998 8.6.9");
}

static void explain_backup(
    struct text *text, const struct stp *stp, const struct stp_port *p)
{
	(void)stp;
	say(text,
	    "backup: our own port %d serves this LAN already, forwarding here "
	    "too would be a loop through ourselves; 802.1D-1998 8.6.9",
	    p->designated.port & STP_PORTS_MAX);
}

static void explain_wait(struct text *text, const struct stp *stp,
    const struct stp_port *p, uint64_t now_ms)
{
	const struct timer *timer = &p->forward_delay_timer;
	const char *next =
	    p->state == STP_LISTENING ? "learning" : "forwarding";

	if (!timer->running)
		return;
	say(text, ". It is %s, then %s in %.1f s; 802.1D-1998 8.7.5",
	    stp_state_name(p->state), next,
	    left_ms(timer, stp->times.forward_delay_ms, now_ms) / 1000.0);
}

static void explain_policy(
    struct text *text, const struct stp *stp, const struct stp_port *p)
{
	if (p->state == STP_DISABLED)
		return;
	if (policy_edge(p))
		say(text, ". It is an edge port: it need not wait");
	else if (p->edge_wanted)
		say(text, ". It was an edge port until it heard a BPDU");
	else if (stp->leaf == p && policy_at_once(stp, p))
		say(text, ". It is our only non-edge port that is up: no loop "
			  "can pass through us, so it need not wait");
	if (!policy_speaks(stp, p))
		say(text, ". It sends no BPDUs (bpdu=%s)",
		    stp_bpdu_name(p->bpdu));
}

int stp_explain(
    const struct stp *stp, int port, uint64_t now_ms, char *buf, size_t len)
{
	static void (*const explain[])(struct text * text,
	    const struct stp *stp, const struct stp_port *p) = {
	    [STP_ROLE_DISABLED] = explain_disabled,
	    [STP_ROLE_ROOT] = explain_root,
	    [STP_ROLE_DESIGNATED] = explain_designated,
	    [STP_ROLE_ALTERNATE] = explain_alternate,
	    [STP_ROLE_BACKUP] = explain_backup,
	};
	const struct stp_port *p = stp_port_of(stp, port);
	struct text text = {.buf = buf, .len = len};

	if (!p)
		return -ENOENT;
	explain[role_of(stp, p)](&text, stp, p);
	explain_wait(&text, stp, p, now_ms);
	explain_policy(&text, stp, p);
	say(&text, ".");
	return text.used;
}
