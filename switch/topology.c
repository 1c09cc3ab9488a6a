/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * topology.c - without a spanning tree: a port that is up forwards, one that
 * is down is disabled and forgets who was behind it.
 */
#include "topology.h"

#include <stdlib.h>
#include <string.h>

#include <bsd/string.h>

#include "switch.h"

struct topology {
	struct qswitch *sw;
};

struct topology *topology_new(struct qswitch *sw, char *err)
{
	struct topology *t = calloc(1, sizeof *t);

	if (!t) {
		strlcpy(err, "out of memory", CONFIG_ERR);
		return NULL;
	}
	t->sw = sw;
	return t;
}

void topology_free(struct topology *t)
{
	free(t);
}

void topology_port_added(struct topology *t, struct switch_port *p)
{
	(void)t, (void)p;
}

void topology_port_removed(struct topology *t, struct switch_port *p)
{
	(void)t, (void)p;
}

void topology_port_changed(struct topology *t, struct switch_port *p, bool up)
{
	struct bridge *br = t->sw->bridge;
	int no = p->port->no;

	bridge_port_set_state(br, no, up ? BRIDGE_FORWARDING : BRIDGE_DISABLED);
	if (!up)
		fdb_flush(bridge_fdb(br), &(struct fdb_filter){.port = no});
}

void topology_receive(
    struct topology *t, struct switch_port *p, const struct frame *frame)
{
	(void)t, (void)p, (void)frame;
}

void topology_tick(struct topology *t)
{
	(void)t;
}
