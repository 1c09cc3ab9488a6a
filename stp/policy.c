/* SPDX-License-Identifier: BSD-2-Clause */
/* policy.c - what an office LAN needs and IEEE 802.1D-1998 does not have: edge
 * ports, the silent leaf, ports that only listen, and guarded ports. No rule in
 * this file touches a port with edge=no, bpdu=always.
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
 *   wrongly configured as edge ports lasts a hello time at most.
 *
 * - A silent port cannot win: it may know a better root, but nobody hears it,
 *   and both ends would forward. So it gives in. It believes the first
 *   bridge that speaks (then the best, as 8.6.2 says) and does not claim the
 *   LAN until that information has aged out. A bridge that heard of another
 *   root on a silent port does not claim to be the root. It then has one path
 *   to that root; its other ports there block. */
#include "entity.h"

static struct stp_port *find_leaf(const struct stp *stp);
static void end_edge(struct stp *stp, struct stp_port *p);
static bool up(const struct stp_port *p);

void policy_update(struct stp *stp)
{
	stp->leaf = find_leaf(stp);
	for (int i = 0; i < stp->n_ports; i++) {
		struct stp_port *p = stp->ports[i];

		if (up(p) && !policy_edge(p) && stp->leaf != p)
			p->spoken = true;
		p->change_detection_enabled =
		    !policy_edge(p) && policy_speaks(stp, p);
	}
}

bool policy_bpdu_heard(struct stp *stp, struct stp_port *p)
{
	if (p->bpdu == STP_BPDU_GUARD)
		return false;
	if (policy_edge(p))
		end_edge(stp, p);
	p->bpdu_heard = true;
	return true;
}

void policy_link_up(struct stp_port *p)
{
	p->bpdu_heard = false;
	p->spoken = false;
}

bool policy_edge(const struct stp_port *p)
{
	return p->edge_wanted && !p->bpdu_heard;
}

bool policy_speaks(const struct stp *stp, const struct stp_port *p)
{
	if (p->bpdu == STP_BPDU_NEVER)
		return false;
	return p->bpdu == STP_BPDU_ALWAYS || p->spoken || policy_edge(p) ||
	       stp->leaf != p;
}

bool policy_at_once(const struct stp *stp, const struct stp_port *p)
{
	bool edge_ended = p->edge_wanted && p->bpdu_heard;

	return policy_edge(p) ||
	       (stp->leaf == p && !edge_ended && p->bpdu != STP_BPDU_ALWAYS);
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

static struct stp_port *find_leaf(const struct stp *stp)
{
	struct stp_port *leaf = NULL;

	for (int i = 0; i < stp->n_ports; i++) {
		struct stp_port *p = stp->ports[i];

		if (!up(p) || policy_edge(p))
			continue;
		if (leaf)
			return NULL;
		leaf = p;
	}
	return leaf;
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
