/* SPDX-License-Identifier: BSD-2-Clause */
/* policy.c - what an office LAN needs and IEEE 802.1D-1998 does not have: edge
 * ports, the silent leaf, ports that only listen, and ports of machines. No rule
 * in this file touches a port with edge=no, bpdu=always.
 *
 * The rule above all: what a guest sends never changes what this bridge says to
 * the LAN. A port of a machine has bpdu=filter, unless it was told otherwise.
 *
 *   port              bpdu=   we send there            we believe of it
 *   ----------------  ------  -----------------------  -------------------------
 *   of a machine      filter  no BPDU; probes, if two  no BPDU; what we sent and
 *                             ports are up (loop.c)    comes back: it may be
 *                                                      blocked, no other port
 *   of a machine      guard   the same                 a BPDU takes it down
 *   uplink, the only  auto    nothing until a BPDU of  every BPDU; what it tells
 *   one (edge=no)             another bridge comes by  of us: see second path
 *                             another port
 *   beside an uplink  auto    BPDUs, always; listens   every BPDU: it is then a
 *   (edge=auto)               for a hello time and a   second path, and all of
 *                             second, then forwards    these ports speak
 *   two uplinks, or   auto    BPDUs where designated,  every BPDU
 *   links of bridges          TCNs on the root port
 *   edge=yes          auto    BPDUs, always            every BPDU: edge ends
 *   any               always  BPDUs as in the standard every BPDU
 *   any               never   nothing                  every BPDU: it gives in
 *
 * A port that filters takes no part in the tree: it is designated, it counts
 * neither for the leaf nor as a change of the topology, and its BPDUs end before
 * clause 8.7 sees them. So a guest has no way to the root, to the roles and
 * states of other ports, or to the ageing time.
 *
 * Why no loop forms:
 *
 * - A loop through this bridge needs two of its ports forwarding. At most one
 *   of the non-edge ports has not waited for the two forward delays: the leaf,
 *   which was the only one when it came up. Every other port came up while all
 *   of them were sending BPDUs.
 *
 *       leaf A ==P1== leaf B        both silent, both forwarding: a line
 *          \\===P2====//            P2 comes up second: all speak, P2 waits
 *
 * - An edge port forwards at once, so it sends BPDUs at once: when its link
 *   comes up and every hello time. If there is a loop behind it, some port of
 *   the loop receives one of them and blocks. A loop through ports that are
 *   wrongly configured as edge ports lasts about a hello time.
 *
 * - A port beside an uplink (edge=auto) does the same, but listens first: the
 *   bridges of a LAN answer a worse claim at once, and repeat a better one every
 *   hello time. If its BPDU arrives at the silent uplink, or there a bridge
 *   names us as the root, that is a second path too.
 *
 * - A port that filters forwards at once, and what joins it to another port is
 *   found by probes, which travel as data does: see loop.c.
 *
 * - A silent port cannot win: it may know a better root, but nobody hears it,
 *   and both ends would forward. So it gives in. It believes the first
 *   bridge that speaks (then the best, as 8.6.2 says) and does not claim the
 *   LAN until that information has aged out. A bridge that heard of another
 *   root on a silent port does not claim to be the root. It then has one path
 *   to that root; its other ports there block. */
#include "entity.h"

static struct stp_port *find_uplink(const struct stp *stp);
static struct stp_port *find_leaf(const struct stp *stp);
static bool end_auto_edge(struct stp *stp, int number);
static void end_edge(struct stp *stp, struct stp_port *p);
static bool up(const struct stp_port *p);

void policy_update(struct stp *stp)
{
	stp->uplink = find_uplink(stp);
	stp->leaf = find_leaf(stp);
	for (int i = 0; i < stp->n_ports; i++) {
		struct stp_port *p = stp->ports[i];
		bool auto_edge = policy_auto_edge(stp, p);

		/* It was the leaf, and silent, until an uplink came up: it has
		 * not listened yet. */
		if (up(p) && auto_edge && !p->spoken)
			make_blocking(stp, p);
		if (up(p) && stp->leaf != p &&
		    (auto_edge || !policy_edge(stp, p)))
			p->spoken = true;
		p->change_detection_enabled =
		    !policy_edge(stp, p) && policy_speaks(stp, p);
	}
}

void policy_bpdu_heard(struct stp *stp, struct stp_port *p)
{
	if (policy_edge(stp, p))
		end_edge(stp, p);
	p->bpdu_heard = true;
}

bool policy_second_path(
    struct stp *stp, struct stp_port *p, const struct bpdu *bpdu)
{
	const struct vector *heard = &bpdu->vector;
	bool found = false;

	if (policy_speaks(stp, p))
		return false;
	if (heard->bridge == stp->bridge_id)
		return end_auto_edge(stp, heard->port & STP_PORTS_MAX);
	/* A bridge there knows us, but not from this port. Any of the ports
	 * that speak may be the one. */
	if (heard->root == stp->bridge_id)
		for (int i = 0; i < stp->n_ports; i++)
			found |= end_auto_edge(stp, stp->ports[i]->number);
	return found;
}

void policy_link_up(struct stp_port *p)
{
	p->bpdu_heard = false;
	p->spoken = false;
}

bool policy_filters(const struct stp_port *p)
{
	return p->bpdu == STP_BPDU_FILTER || p->bpdu == STP_BPDU_GUARD;
}

bool policy_edge(const struct stp *stp, const struct stp_port *p)
{
	return policy_filters(p) ||
	       (p->edge_wanted == STP_EDGE_YES && !p->bpdu_heard) ||
	       policy_auto_edge(stp, p);
}

bool policy_auto_edge(const struct stp *stp, const struct stp_port *p)
{
	return p->edge_wanted == STP_EDGE_AUTO && stp->uplink &&
	       !p->bpdu_heard && !policy_filters(p);
}

bool policy_speaks(const struct stp *stp, const struct stp_port *p)
{
	if (p->bpdu == STP_BPDU_NEVER || policy_filters(p))
		return false;
	return p->bpdu == STP_BPDU_ALWAYS || p->spoken || stp->leaf != p;
}

bool policy_at_once(const struct stp *stp, const struct stp_port *p)
{
	bool edge_ended = p->edge_wanted == STP_EDGE_YES && p->bpdu_heard;

	if (policy_edge(stp, p))
		return !policy_auto_edge(stp, p);
	return stp->leaf == p && !edge_ended && p->bpdu != STP_BPDU_ALWAYS;
}

bool policy_believes(const struct stp *stp, const struct stp_port *p)
{
	return !policy_speaks(stp, p) && designated_port(stp, p);
}

bool policy_yields(const struct stp *stp)
{
	for (int i = 0; i < stp->n_ports; i++) {
		const struct stp_port *p = stp->ports[i];

		if (up(p) && !policy_speaks(stp, p) &&
		    !designated_port(stp, p) &&
		    p->designated.root != stp->bridge_id)
			return true;
	}
	return false;
}

/* The only port up that was declared to lead to other bridges. */
static struct stp_port *find_uplink(const struct stp *stp)
{
	struct stp_port *uplink = NULL;

	for (int i = 0; i < stp->n_ports; i++) {
		struct stp_port *p = stp->ports[i];

		if (!up(p) || policy_filters(p) ||
		    p->edge_wanted != STP_EDGE_NO)
			continue;
		if (uplink)
			return NULL;
		uplink = p;
	}
	return uplink;
}

static struct stp_port *find_leaf(const struct stp *stp)
{
	struct stp_port *leaf = NULL;

	for (int i = 0; i < stp->n_ports; i++) {
		struct stp_port *p = stp->ports[i];

		if (!up(p) || policy_edge(stp, p))
			continue;
		if (leaf)
			return NULL;
		leaf = p;
	}
	return leaf;
}

/* Return: whether port @number was such a port. */
static bool end_auto_edge(struct stp *stp, int number)
{
	struct stp_port *p = number ? stp_port_of(stp, number) : NULL;

	if (!p || !up(p) || !policy_auto_edge(stp, p))
		return false;
	end_edge(stp, p);
	return true;
}

/* The port has been forwarding without having waited. It stops now, starts over
 * as an ordinary port, and keeps sending BPDUs. */
static void end_edge(struct stp *stp, struct stp_port *p)
{
	make_blocking(stp, p);
	p->bpdu_heard = true;
	p->spoken = true;
	policy_update(stp);
	reconsider(stp);
}

static bool up(const struct stp_port *p)
{
	return p->state != STP_DISABLED;
}
