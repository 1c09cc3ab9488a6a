/* SPDX-License-Identifier: BSD-2-Clause */
/* host_access.c - the host port beside an uplink: see host_access.h. */
#include "host_access.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bsd/string.h>

#include "forwarding/fdb_journal.h"
#include "ports/kind.h"
#include "ports/link.h"
#include "ports/steer.h"

#include "log.h"
#include "switch.h"

enum {
	NAMES_MAX = 1000,     /* of TAPs that are tried */
	COPY_ADDRESSES = 256, /* that are compared in a turn of the loop, */
	COPY_SLOTS = 8192,    /* and slots of the database looked at */
	TAP_MTU_MAX = 65521,
};

struct host_access {
	struct qswitch *sw;
	int uplink, host; /* ports; host 0: there is none */
	enum steer_way way;
	char reason[PORT_ERR]; /* why it does not work, or "" */

	/* while the host port forwards */
	struct steer *steer; /* NULL: it does not */
	int uplink_ifindex, tap_ifindex;
	uint8_t mac[ETH_ADDR]; /* of the uplink: a static entry */

	/* the copy is compared with the database: first each address of it,
	 * then each of the database */
	bool comparing, filling;
	uint8_t compared[ETH_ADDR];
	uint32_t slot;

	struct host_access *next;
};

struct filling {
	struct host_access *a;
	int room;
};

static int wanted(const struct port_spec *spec, enum steer_way *way);
static int add(struct host_access *a, struct switch_port *uplink, char *err);
static int try_steer(struct host_access *a, const struct switch_port *uplink,
    int tap, char *err);
static int add_port(
    struct host_access *a, const struct switch_port *uplink, char *err);
static bool free_name(char name[IFNAMSIZ]);
static void forget(struct host_access *a);
static void settle(struct host_access *a);
static bool is_settled(const struct host_access *a);
static bool is_attached(const struct host_access *a);
static enum bridge_port_state state_of(const struct host_access *a);
static void set_state(struct host_access *a, enum bridge_port_state state);
static bool start(struct host_access *a);
static void stop(struct host_access *a);
static void dress(const struct host_access *a, const struct link *uplink);
static void take_mtu(const struct host_access *a, const struct link *uplink);
static void adopt(struct host_access *a, const uint8_t mac[ETH_ADDR]);
static void drop_entry(struct host_access *a);
static void copy_changes(struct qswitch *sw);
static void copy_one(
    struct host_access *a, uint16_t vid, const uint8_t mac[ETH_ADDR]);
static bool is_guest(const struct host_access *a, int port);
static void compare(struct host_access *a);
static bool fill_one(const uint8_t mac[ETH_ADDR], int port, void *arg);

int host_access_add(struct switch_port *uplink, char *err)
{
	struct qswitch *sw = uplink->sw;
	enum steer_way way = STEER_BEST;
	int must = wanted(&uplink->port->spec, &way);

	if (must < 0)
		return 0;
	struct host_access *a = calloc(1, sizeof(*a));
	if (!a) {
		strlcpy(err, "out of memory", PORT_ERR);
		return -ENOMEM;
	}
	a->sw = sw;
	a->way = way;
	a->uplink = uplink->port->no;
	if (!sw->accesses)
		fdb_journal_keep(bridge_fdb(sw->bridge), true);
	a->next = sw->accesses;
	sw->accesses = a;
	uplink->access = a;
	int result = add(a, uplink, a->reason);
	if (result == 0)
		return 0;
	log_warn("%s: the host does not reach the guests: %s",
	    uplink->port->spec.name, a->reason);
	if (!must)
		return 0;
	strlcpy(err, a->reason, PORT_ERR);
	return result;
}

void host_access_remove(struct switch_port *p)
{
	struct host_access *a = p->access;

	if (!a)
		return;
	stop(a);
	if (p->port->no == a->uplink) {
		int host = a->host;

		a->uplink = 0; /* it is on its way out */
		if (host)
			qswitch_port_del(a->sw, host);
		forget(a);
	} else {
		a->host = 0;
		if (a->uplink)
			strlcpy(a->reason, "the host port was removed",
			    sizeof(a->reason));
	}
	p->access = NULL;
}

void host_access_sync(struct switch_port *p)
{
	struct host_access *a = p->access;

	if (!a->host || !a->uplink || is_settled(a))
		return;
	/* what failed is tried again with other devices, or when the uplink
	 * comes into another state */
	if (!*a->reason || !is_attached(a))
		settle(a);
}

void host_access_state(struct qswitch *sw, int no)
{
	struct switch_port *p = sw->ports[no];

	if (p && p->access && no == p->access->uplink && p->access->host)
		settle(p->access);
}

void host_access_link(struct qswitch *sw, const struct link *link)
{
	for (struct host_access *a = sw->accesses; a; a = a->next) {
		if (!a->steer || link->ifindex != a->uplink_ifindex ||
		    link->deleted)
			continue;
		if (memcmp(link->mac, a->mac, ETH_ADDR) != 0)
			adopt(a, link->mac);
		take_mtu(a, link);
	}
}

void host_access_learned(struct qswitch *sw)
{
	if (sw->accesses && fdb_journal_has(bridge_fdb(sw->bridge)))
		copy_changes(sw);
}

bool host_access_work(struct qswitch *sw)
{
	bool more = sw->accesses && fdb_journal_flushed(bridge_fdb(sw->bridge));

	host_access_learned(sw);
	for (struct host_access *a = sw->accesses; a; a = a->next) {
		if (a->comparing)
			compare(a);
		more |= a->comparing;
	}
	return more;
}

void host_access_facts(const struct switch_port *p,
    void (*emit)(const char *key, const char *value, void *arg), void *arg)
{
	const struct host_access *a = p->access;
	bool host = a && p->port->no == a->host;
	char text[PORT_ERR];

	if (!a)
		return;
	if (host)
		emit("way to the host, beside",
		    qswitch_port_name(a->sw, a->uplink), arg);
	if (*a->reason)
		snprintf(text, sizeof(text), "no: %.480s", a->reason);
	else if (a->steer)
		snprintf(text, sizeof(text), "through %s, by %s, %u guests",
		    qswitch_port_name(a->sw, a->host), steer_way_text(a->steer),
		    steer_guests(a->steer));
	else
		strlcpy(text, "waits for the uplink", sizeof(text));
	emit("host access", text, arg);
}

/* Return: 1 if the operator asks for it, 0 if he says nothing about it, -1 if
 * it shall not be. */
static int wanted(const struct port_spec *spec, enum steer_way *way)
{
	const char *host = port_spec_get(spec, "host");

	if (strcmp(spec->kind, "nic") != 0 || spec->host)
		return -1;
	if (!host)
		return spec->uplink ? 0 : -1;
	if (strcmp(host, "clsact") == 0)
		*way = STEER_CLSACT;
	return strcmp(host, "no") == 0 ? -1 : 1;
}

static int add(struct host_access *a, struct switch_port *uplink, char *err)
{
	int result = add_port(a, uplink, err);

	if (result < 0)
		return result;
	struct switch_port *host = a->sw->ports[a->host];
	result = try_steer(a, uplink, host->port->ifindex, err);
	if (result < 0) {
		int no = a->host;

		a->host = 0;
		qswitch_port_del(a->sw, no);
		return result;
	}
	host->access = a;
	bridge_pair(a->sw->bridge, a->uplink, a->host);
	settle(a);
	return 0;
}

/* May we do this here, and does the kernel have it? Better known at the start
 * than when the uplink begins to forward. */
static int try_steer(
    struct host_access *a, const struct switch_port *uplink, int tap, char *err)
{
	struct steer *steer =
	    steer_new(uplink->port->ifindex, tap, 1, a->way, err);

	steer_free(steer);
	return steer ? 0 : -EOPNOTSUPP;
}

static int add_port(
    struct host_access *a, const struct switch_port *uplink, char *err)
{
	struct port_spec spec = {.kind = "tap", .host = true};

	if (!free_name(spec.arg))
		return port_refuse(err, -EEXIST,
		    "all names for a TAP from qswhost0 on are in use");
	snprintf(spec.name, sizeof(spec.name), "%.*s-host", PORT_NAME - 6,
	    uplink->port->spec.name);
	int no = qswitch_port_add(a->sw, &spec, NULL, err);
	if (no < 0)
		return no;
	a->host = no;
	return 0;
}

static bool free_name(char name[IFNAMSIZ])
{
	struct link link;

	for (int i = 0; i < NAMES_MAX; i++) {
		snprintf(name, IFNAMSIZ, "qswhost%d", i);
		if (link_find(name, &link) == -ENODEV)
			return true;
	}
	return false;
}

static void forget(struct host_access *a)
{
	struct host_access **at = &a->sw->accesses;

	while (*at != a)
		at = &(*at)->next;
	*at = a->next;
	if (!a->sw->accesses)
		fdb_journal_keep(bridge_fdb(a->sw->bridge), false);
	free(a);
}

/* Brings the host port into the state that it should have. */
static void settle(struct host_access *a)
{
	enum bridge_port_state state = state_of(a);

	if (a->steer && (state != BRIDGE_FORWARDING || !is_attached(a)))
		stop(a);
	if (state == BRIDGE_FORWARDING && !a->steer && !start(a))
		state = BRIDGE_DISABLED;
	set_state(a, state);
}

static bool is_settled(const struct host_access *a)
{
	return state_of(a) == bridge_port_state(a->sw->bridge, a->host) &&
	       (!a->steer || is_attached(a));
}

/* Are the programs attached to the devices that the ports are on? */
static bool is_attached(const struct host_access *a)
{
	return a->tap_ifindex == a->sw->ports[a->host]->port->ifindex &&
	       a->uplink_ifindex == a->sw->ports[a->uplink]->port->ifindex;
}

/* As the uplink; without a cable, the LAN has no other way to here. */
static enum bridge_port_state state_of(const struct host_access *a)
{
	const struct switch_port *uplink = a->sw->ports[a->uplink];
	const struct switch_port *host = a->sw->ports[a->host];

	if (!switch_port_up(host) || !host->port->ifindex ||
	    !uplink->port->is_open)
		return BRIDGE_DISABLED;
	if (!uplink->port->carrier && uplink->admin_up)
		return BRIDGE_FORWARDING;
	return bridge_port_state(a->sw->bridge, a->uplink);
}

static void set_state(struct host_access *a, enum bridge_port_state state)
{
	struct bridge *br = a->sw->bridge;

	if (bridge_port_state(br, a->host) == state)
		return;
	if (state < BRIDGE_LEARNING)
		fdb_flush(
		    bridge_fdb(br), &(struct fdb_filter){.port = a->host});
	bridge_port_set_state(br, a->host, state);
	hook_event(a->sw, &(struct event){.type = EVENT_port_state,
			      .port = qswitch_port_name(a->sw, a->host),
			      .detail = bridge_port_state_name(state)});
}

static bool start(struct host_access *a)
{
	const struct port *uplink = a->sw->ports[a->uplink]->port;
	const struct port *tap = a->sw->ports[a->host]->port;
	uint32_t max = a->sw->config.fdb_size;
	struct link link;

	*a->reason = '\0';
	a->uplink_ifindex = uplink->ifindex;
	a->tap_ifindex = tap->ifindex;
	a->steer =
	    steer_new(uplink->ifindex, tap->ifindex, max, a->way, a->reason);
	if (!a->steer) {
		log_warn("%s: the host does not reach the guests: %s",
		    uplink->spec.name, a->reason);
		return false;
	}
	if (link_find(uplink->link_name, &link) == 0 &&
	    link.ifindex == uplink->ifindex) {
		adopt(a, link.mac);
		dress(a, &link);
	}
	a->comparing = true;
	compare(a);
	return true;
}

static void stop(struct host_access *a)
{
	steer_free(a->steer);
	a->steer = NULL;
	a->comparing = false;
	drop_entry(a);
}

/* Says on the TAP what it is for, and gives it the MTU of @uplink. */
static void dress(const struct host_access *a, const struct link *uplink)
{
	char alias[48];

	snprintf(alias, sizeof(alias), "qswitchd %d: host port of %s",
	    (int)getpid(), uplink->name);
	link_set_alias(a->tap_ifindex, alias);
	take_mtu(a, uplink);
}

static void take_mtu(const struct host_access *a, const struct link *uplink)
{
	link_set_mtu(a->tap_ifindex,
	    uplink->mtu < TAP_MTU_MAX ? uplink->mtu : TAP_MTU_MAX);
}

/* The uplink's own address is the host's: no guest may claim it. */
static void adopt(struct host_access *a, const uint8_t mac[ETH_ADDR])
{
	drop_entry(a);
	if (mac_is_group(mac) || mac_is_zero(mac))
		return;
	memcpy(a->mac, mac, ETH_ADDR);
	fdb_add_static(bridge_fdb(a->sw->bridge), VID_DEFAULT, mac, a->host,
	    qswitch_now_ms(a->sw));
}

static void drop_entry(struct host_access *a)
{
	struct fdb_filter filter = {
	    .port = a->host, .mac = a->mac, .statics = true};

	if (a->host && !mac_is_zero(a->mac))
		fdb_flush(bridge_fdb(a->sw->bridge), &filter);
	memset(a->mac, 0, ETH_ADDR);
}

static void copy_changes(struct qswitch *sw)
{
	struct fdb *fdb = bridge_fdb(sw->bridge);
	bool torn = fdb_journal_torn(fdb);
	uint8_t mac[ETH_ADDR];
	uint16_t vid;

	while ((vid = fdb_journal_take(fdb, mac)))
		for (struct host_access *a = sw->accesses; a; a = a->next)
			copy_one(a, vid, mac);
	for (struct host_access *a = sw->accesses; a && torn; a = a->next) {
		a->comparing = a->steer != NULL;
		a->filling = false;
		memset(a->compared, 0, ETH_ADDR);
	}
}

/* Brings the copy up to date for one address. */
static void copy_one(
    struct host_access *a, uint16_t vid, const uint8_t mac[ETH_ADDR])
{
	if (!a->steer)
		return;
	bool moved;
	int port = fdb_copy_port(bridge_fdb(a->sw->bridge), vid, mac, &moved);
	if (port)
		steer_put(a->steer, mac, is_guest(a, port));
	else
		steer_del(a->steer, mac);
}

/* Is what was heard on @port to be reached through the switch? */
static bool is_guest(const struct host_access *a, int port)
{
	return port != a->uplink && port != a->host;
}

/* One part of comparing the copy with the database. */
static void compare(struct host_access *a)
{
	struct filling filling = {.a = a, .room = COPY_ADDRESSES};
	uint8_t mac[ETH_ADDR];

	while (!a->filling && filling.room-- > 0) {
		memcpy(mac, a->compared, ETH_ADDR);
		if (!steer_next(a->steer, a->compared)) {
			a->filling = true;
			a->slot = 0;
		}
		if (!mac_is_zero(mac))
			copy_one(a, VID_DEFAULT, mac);
	}
	if (!a->filling)
		return;
	filling.room = COPY_ADDRESSES;
	a->slot = fdb_copy_walk(
	    bridge_fdb(a->sw->bridge), a->slot, COPY_SLOTS, fill_one, &filling);
	if (a->slot)
		return;
	a->comparing = a->filling = false;
	memset(a->compared, 0, ETH_ADDR);
}

static bool fill_one(const uint8_t mac[ETH_ADDR], int port, void *arg)
{
	struct filling *filling = arg;

	steer_put(filling->a->steer, mac, is_guest(filling->a, port));
	return --filling->room > 0;
}
