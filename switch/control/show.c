/* SPDX-License-Identifier: BSD-2-Clause */
/* show.c - the commands that look and change nothing. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ports/kind.h"
#include "stp/stp_status.h"
#include "switch/books.h"
#include "switch/host_access.h"
#include "switch/protocol/json.h"
#include "switch/switch.h"
#include "switch/topology.h"

#include "commands.h"
#include "nat_commands.h"

enum {
	PROTOCOL = 1,	    /* of docs/control-protocol.md */
	PAGE_PORTS = 64,    /* ports in an answer */
	PAGE_ENTRIES = 256, /* entries in an answer */
};

struct fdb_page {
	const struct qswitch *sw;
	struct json_object *list;
	struct fdb_filter want;
	int room;
};

static uint64_t addresses(struct qswitch *sw);
static void put_bridge_id(
    struct json_object *to, const struct stp *stp, uint64_t now_ms);
static void put_port(struct json_object *to, const struct switch_port *p);
static const char *state(const struct switch_port *p);
static void put_countdown(struct json_object *to, const struct switch_port *p);
static void put_counters(struct json_object *to, const struct port_counters *c);
static void put_offloads(struct json_object *to, unsigned can);
static void put_addresses(struct json_object *to, const struct switch_port *p);
static void put_fact(const char *key, const char *value, void *arg);
static bool put_entry(const struct fdb_fact *fact, void *arg);

int run_version(struct request *r)
{
	json_put_text(r->answer, "version", QSWITCH_VERSION);
	json_put_count(r->answer, "protocol", PROTOCOL);
	return 0;
}

int run_help(struct request *r)
{
	struct json_object *list = json_put_array(r->answer, "commands");

	for (const struct command *c = commands; c->name; c++) {
		struct json_object *entry = json_add_object(list);

		json_put_text(entry, "cmd", c->name);
		json_put_text(entry, "arguments", c->keys);
		json_put_text(entry, "help", c->help);
	}
	return 0;
}

int run_info(struct request *r)
{
	struct qswitch *sw = r->sw;
	struct json_object *a = r->answer;
	uint64_t n = 0;

	qswitch_foreach (sw, p)
		n += switch_port_on_bridge(p);
	run_version(r);
	json_put_text(a, "name", sw->config.name);
	json_put_count(a, "pid", (uint64_t)getpid());
	json_put_text(a, "control", r->control_path);
	json_put_count(
	    a, "uptime_s", (qswitch_now_ms(sw) - sw->started_at_ms) / 1000);
	json_put_count(a, "ports", n);
	json_put_count(a, "ageing_s", fdb_ageing(bridge_fdb(sw->bridge)));
	json_put_count(a, "ageing_set_s", sw->config.ageing_s);
	json_put_count(a, "fdb_size", sw->config.fdb_size);
	json_put_count(a, "fdb_dynamic", addresses(sw));
	json_put_count(a, "flight_recorder", sw->config.recorder);
	json_put_bool(a, "stp", sw->config.stp.on);
	json_put_bool(a, "forward_reserved", sw->config.forward_reserved);
	return 0;
}

int run_show(struct request *r)
{
	struct qswitch *sw = r->sw;

	json_put_text(r->answer, "name", sw->config.name);
	put_bridge_id(
	    r->answer, topology_stp(sw->topology), qswitch_now_ms(sw));
	json_put_bool(r->answer, "stp_enabled", sw->config.stp.on);
	struct json_object *list = json_put_array(r->answer, "interfaces");
	qswitch_foreach (sw, p)
		if (switch_port_on_bridge(p))
			json_add_text(list, p->port->spec.name);
	return 0;
}

int run_ports(struct request *r)
{
	uint64_t from = 1;
	int n = 0, no, only = 0;

	if (!request_count(r, "from", OPTIONAL, 1, PORT_MAX, &from) ||
	    !request_port(r, "port", OPTIONAL, &only))
		return -EINVAL;
	struct json_object *list = json_put_array(r->answer, "ports");
	for (no = (int)from; no <= r->sw->port_high && n < PAGE_PORTS; no++) {
		if (!r->sw->ports[no] || (only && no != only))
			continue;
		put_port(json_add_object(list), r->sw->ports[no]);
		n++;
	}
	request_put_next(r, no <= r->sw->port_high ? (uint64_t)no : 0);
	return 0;
}

int run_qemu_args(struct request *r)
{
	int no;

	if (!request_port(r, "port", REQUIRED, &no))
		return -EINVAL;
	put_port(json_put_object(r->answer, "port"), r->sw->ports[no]);
	return 0;
}

int run_fdb(struct request *r)
{
	uint8_t mac[ETH_ADDR];
	struct fdb_page page = {.sw = r->sw, .room = PAGE_ENTRIES};
	uint64_t from = 0;

	if (!request_port(r, "port", OPTIONAL, &page.want.port) ||
	    !request_vlan(r, "vlan", &page.want.vid) ||
	    !request_mac(r, "mac", OPTIONAL, mac, &page.want.mac) ||
	    !request_count(r, "from", OPTIONAL, 0, UINT32_MAX, &from))
		return -EINVAL;
	page.list = json_put_array(r->answer, "fdb");
	request_put_next(
	    r, fdb_walk_part(bridge_fdb(r->sw->bridge), (uint32_t)from,
		   PAGE_SLOTS, qswitch_now_ms(r->sw), put_entry, &page));
	return 0;
}

int run_showmacs(struct request *r)
{
	return run_fdb(r);
}

int run_counters(struct request *r)
{
	const struct bridge_counters *bridge = bridge_counters(r->sw->bridge);
	struct books books;

	books_read(r->sw, &books);
	struct json_object *verdicts = json_put_object(r->answer, "verdicts");
	for (int v = 0; v < VERDICT_COUNT; v++)
		json_put_count(verdicts, verdict_name((enum verdict)v),
		    bridge->verdicts[v]);
	json_put_count(r->answer, "rx_frames", books.rx_frames);
	json_put_count(r->answer, "waiting", books.waiting);
	json_put_count(r->answer, "copies_queued", books.copies_queued);
	json_put_count(r->answer, "own_frames", books.own_frames);
	json_put_count(r->answer, "tx_outcomes", books.tx_outcomes);
	json_put_count(r->answer, "claims", bridge->claims);
	json_object_object_add(
	    r->answer, "unaccounted", json_object_new_int64(books.unaccounted));
	return 0;
}

static uint64_t addresses(struct qswitch *sw)
{
	uint64_t n = 0;

	qswitch_foreach (sw, p)
		n += fdb_port_count(bridge_fdb(sw->bridge), p_no);
	return n;
}

/* As brctl writes it, "8000.aabbccddeeff"; null while there is none. */
static void put_bridge_id(
    struct json_object *to, const struct stp *stp, uint64_t now_ms)
{
	struct stp_bridge_info info;
	char text[STP_ID_STRLEN];

	if (stp) {
		stp_bridge_info(stp, now_ms, &info);
		snprintf(text, sizeof(text), "%04x.%012" PRIx64,
		    (unsigned)(info.bridge_id >> 48),
		    info.bridge_id & UINT64_C(0xffffffffffff));
	}
	json_put_text(to, "bridge_id", stp ? text : NULL);
}

static void put_port(struct json_object *to, const struct switch_port *p)
{
	struct port *port = p->port;

	json_put_text(to, "name", port->spec.name);
	json_put_count(to, "no", (uint64_t)port->no);
	json_put_text(to, "kind", port->kind->name);
	json_put_text(to, "driver", port->kind->driver);
	json_put_text(to, "arg", port->spec.arg);
	json_put_bool(to, "uplink", port->spec.uplink);
	json_put_bool(to, "up", switch_port_up(p));
	json_put_bool(to, "admin_up", p->admin_up);
	json_put_text(to, "state", state(p));
	put_countdown(to, p);
	json_put_text(
	    to, "reason", switch_port_up(p) ? "" : switch_port_reason(p));
	json_put_count(to, "mtu", port->mtu);
	json_put_count(to, "speed_mbps", port->speed_mbps);
	put_counters(to, &port->counters);
	json_put_count(to, "fdb_dynamic",
	    fdb_port_count(bridge_fdb(p->sw->bridge), port->no));
	json_put_count(to, "fdb_max", p->config.fdb_max);
	put_offloads(to, port->can);
	put_addresses(to, p);
	nat_put_names(p, json_put_array(to, "names"));
	struct json_object *facts = json_put_object(to, "facts");
	if (port->kind->facts && port->is_open)
		port->kind->facts(port, put_fact, facts);
	host_access_facts(p, put_fact, facts);
}

static const char *state(const struct switch_port *p)
{
	if (!switch_port_on_bridge(p))
		return switch_port_up(p) ? "listening for peers" : "closed";
	return bridge_port_state_name(
	    bridge_port_state(p->sw->bridge, p->port->no));
}

/* Seconds until listening or learning ends; null in the other states. */
static void put_countdown(struct json_object *to, const struct switch_port *p)
{
	const struct stp *stp = topology_stp(p->sw->topology);
	struct stp_port_info info = {.next_state_ms = -1};

	if (stp)
		stp_port_info(stp, p->port->no, qswitch_now_ms(p->sw), &info);
	json_object_object_add(to, "next_state_s",
	    info.next_state_ms < 0
		? NULL
		: json_object_new_double(info.next_state_ms / 1000.0));
}

static void put_counters(struct json_object *to, const struct port_counters *c)
{
	json_put_count(to, "rx_frames", c->rx_frames);
	json_put_count(to, "rx_bytes", c->rx_bytes);
	json_put_count(to, "rx_dropped", c->rx_dropped);
	json_put_count(to, "rx_invalid", c->rx_invalid);
	json_put_count(to, "tx_frames", c->tx_frames);
	json_put_count(to, "tx_bytes", c->tx_bytes);
	json_put_count(to, "tx_full", c->tx_full);
	json_put_count(to, "tx_oversize", c->tx_oversize);
	json_put_count(to, "tx_down", c->tx_down);
	json_put_count(to, "tx_error", c->tx_error);
	json_put_count(to, "tx_csummed", c->tx_csummed);
	json_put_count(to, "tx_segmented", c->tx_segmented);
	json_put_count(to, "tx_segments", c->tx_segments);
}

static void put_offloads(struct json_object *to, unsigned can)
{
	static const struct {
		unsigned bit;
		const char *name;
	} names[] = {
	    {CAN_CSUM, "csum"},
	    {CAN_TSO4, "tso4"},
	    {CAN_TSO6, "tso6"},
	    {CAN_USO, "uso"},
	    {CAN_ECN, "ecn"},
	};
	struct json_object *list = json_put_array(to, "offloads");

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (can & names[i].bit)
			json_add_text(list, names[i].name);
}

/* Those of the machine at the port. Where BPDUs or several machines are heard,
 * there is another switch behind the port: only their number is of use. */
static void put_addresses(struct json_object *to, const struct switch_port *p)
{
	struct json_object *list = json_put_array(to, "addresses");
	const struct stp *stp = topology_stp(p->sw->topology);
	const struct observed *o = &p->observed;
	struct stp_port_info info = {0};
	char text[OBSERVE_TEXT];

	if (stp)
		stp_port_info(stp, p->port->no, qswitch_now_ms(p->sw), &info);
	int hosts = observe_hosts(o);
	json_put_count(to, "hosts", (uint64_t)hosts);
	if (info.rx_total || hosts > 1)
		return;
	for (int i = 0; i < o->n; i++)
		json_add_text(list, observe_text(&o->entries[i].what, text));
}

static void put_fact(const char *key, const char *value, void *arg)
{
	json_put_text(arg, key, value);
}

static bool put_entry(const struct fdb_fact *fact, void *arg)
{
	struct fdb_page *page = arg;
	const struct fdb_filter *want = &page->want;

	if ((want->port && fact->port != want->port) ||
	    (want->vid && fact->vid != want->vid) ||
	    (want->mac && memcmp(fact->mac, want->mac, ETH_ADDR) != 0))
		return true;
	struct json_object *entry = json_add_object(page->list);
	json_put_mac(entry, "mac", fact->mac);
	json_put_count(entry, "vlan", fact->vid);
	json_put_text(entry, "port", qswitch_port_name(page->sw, fact->port));
	json_put_count(entry, "port_no", fact->port);
	json_put_count(entry, "age_s", fact->age_s);
	json_put_bool(entry, "static", fact->is_static);
	json_put_count(entry, "frame", fact->taught);
	return --page->room > 0;
}
