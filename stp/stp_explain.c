/* SPDX-License-Identifier: BSD-2-Clause */
/* stp_explain.c - why a port is in its state, in one paragraph: the rule of
 * IEEE 802.1D-1998 that decides it, and the values it depends on */
#include "stp_status.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#include "entity.h"

struct text {
	char *buf;
	size_t len;
	size_t used; /* what the whole paragraph needs, as with snprintf() */
};

static void explain_disabled(
    struct text *text, const struct stp *stp, const struct stp_port *p);
static void explain_root(
    struct text *text, const struct stp *stp, const struct stp_port *p);
static void explain_designated(
    struct text *text, const struct stp *stp, const struct stp_port *p);
static void explain_alternate(
    struct text *text, const struct stp *stp, const struct stp_port *p);
static void explain_backup(
    struct text *text, const struct stp *stp, const struct stp_port *p);
static void explain_loop(struct text *text, const struct stp *stp,
    const struct stp_port *p, uint64_t now_ms);
static void explain_wait(struct text *text, const struct stp *stp,
    const struct stp_port *p, uint64_t now_ms);
static void explain_policy(
    struct text *text, const struct stp *stp, const struct stp_port *p);
__attribute__((format(printf, 2, 3))) static void say(
    struct text *text, const char *format, ...);

int stp_explain(
    const struct stp *stp, int port, uint64_t now_ms, char *buf, size_t len)
{
	static void (*const explain[])(
	    struct text *, const struct stp *, const struct stp_port *) = {
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
	if (p->loop_by)
		explain_loop(&text, stp, p, now_ms);
	else
		explain[port_role(stp, p)](&text, stp, p);
	explain_wait(&text, stp, p, now_ms);
	explain_policy(&text, stp, p);
	say(&text, ".");
	return text.used;
}

static void explain_disabled(
    struct text *text, const struct stp *stp, const struct stp_port *p)
{
	(void)stp;
	say(text, "disabled: ");
	if (p->rx[STP_RX_GUARDED])
		say(text, "a BPDU arrived and the port is guarded, or ");
	say(text,
	    "the link is down; the port takes no part; 802.1D-1998 8.4.5");
}

static void explain_root(
    struct text *text, const struct stp *stp, const struct stp_port *p)
{
	char bridge[STP_ID_STRLEN], root[STP_ID_STRLEN];

	say(text,
	    "root port: bridge %s offers the root %s at cost %u on this LAN, "
	    "plus this port's %u makes %u, the best of all our ports; "
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
		say(text, "we reach the root %s at cost %u through port %d",
		    stp_id_format(stp->designated_root, root),
		    stp->root_path_cost, stp->root_port->number);
	say(text, " and no bridge on this LAN offers better; "
		  "802.1D-1998 8.6.9");
}

/* Why another bridge's claim to this LAN beats ours: the first difference. */
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
		say(text, "and we send nothing here, so its claim stands");
	say(text, "; 802.1D-1998 8.6.9");
}

static void explain_backup(
    struct text *text, const struct stp *stp, const struct stp_port *p)
{
	(void)stp;
	say(text,
	    "backup: our own port %d already serves this LAN; forwarding here "
	    "too would form a loop; 802.1D-1998 8.6.9",
	    p->designated.port & STP_PORTS_MAX);
}

static void explain_loop(struct text *text, const struct stp *stp,
    const struct stp_port *p, uint64_t now_ms)
{
	say(text, "blocked for a loop through the machine behind it: ");
	if (p->loop_by == p->number)
		say(text, "a BPDU of our own came in here");
	else
		say(text, "what we sent here came in by port %d", p->loop_by);
	say(text, "; it forwards again in %.1f s if that does not happen again",
	    timer_left_ms(&p->loop_timer, loop_hold_ms(stp), now_ms) / 1000.0);
}

static void explain_wait(struct text *text, const struct stp *stp,
    const struct stp_port *p, uint64_t now_ms)
{
	const struct timer *timer = &p->forward_delay_timer;
	const char *next =
	    p->state == STP_LISTENING && !policy_auto_edge(stp, p)
		? "learning"
		: "forwarding";

	if (!timer->running)
		return;
	say(text, ". It is %s, then %s in %.1f s; 802.1D-1998 8.7.5",
	    stp_state_name(p->state), next,
	    timer_left_ms(timer, delay_ms(stp, p), now_ms) / 1000.0);
}

static void explain_policy(
    struct text *text, const struct stp *stp, const struct stp_port *p)
{
	if (p->state == STP_DISABLED)
		return;
	if (policy_filters(p))
		say(text, ". It leads to a machine: it need not wait, and no "
			  "BPDU from there is believed");
	else if (policy_auto_edge(stp, p))
		say(text, ". Beside the uplink it is an edge port as long as "
			  "no BPDU comes in");
	else if (policy_edge(stp, p))
		say(text, ". It is an edge port: it need not wait");
	else if (p->edge_wanted == STP_EDGE_YES)
		say(text, ". It was an edge port until it received a BPDU");
	else if (stp->leaf == p && policy_at_once(stp, p))
		say(text, ". It is our only non-edge port that is up: no loop "
			  "can pass through us, so it need not wait");
	if (!policy_speaks(stp, p))
		say(text, ". It sends no BPDUs (bpdu=%s)",
		    stp_bpdu_name(p->bpdu));
}

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
