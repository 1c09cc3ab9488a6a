/* SPDX-License-Identifier: BSD-2-Clause */
/* show_stp.c - the commands of the spanning tree: what it knows, why a port is
 * in its state, and its settings (IEEE 802.1D-1998 8.8, 14.8). */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <bsd/string.h>

#include "ports/kind.h"
#include "stp/stp_status.h"
#include "switch/protocol/json.h"
#include "switch/switch.h"
#include "switch/topology.h"

#include "commands.h"

enum { PAGE_PORTS = 64, EXPLAIN_TEXT = 1024 };

static void put_bridge(
    struct json_object *to, const struct qswitch *sw, const struct stp *stp);
static void put_id(struct json_object *to, const char *key, uint64_t id);
static void put_times(
    struct json_object *to, const char *key, const struct stp_times *times);
static void put_seconds(struct json_object *to, const char *key, int64_t ms);
static void put_port(struct json_object *to, const struct qswitch *sw,
    const struct stp_port_info *info);
static void put_port_id(struct json_object *to, const char *key, uint16_t id);
static void put_received(
    struct json_object *to, const struct stp_port_info *info);
static bool setting(
    struct request *r, char *copy, size_t size, const char **value);

int run_stp(struct request *r)
{
	const struct stp *stp = topology_stp(r->sw->topology);
	struct stp_port_info info;
	uint64_t from = 1;
	int no, n = 0;

	if (!request_count(r, "from", OPTIONAL, 1, PORT_MAX, &from))
		return -EINVAL;
	json_put_text(r->answer, "name", r->sw->config.name);
	json_put_bool(r->answer, "enabled", stp != NULL);
	if (stp)
		put_bridge(r->answer, r->sw, stp);
	struct json_object *list = json_put_array(r->answer, "ports");
	no = stp ? stp_port_next(stp, (int)from - 1) : 0;
	for (; no && n < PAGE_PORTS; no = stp_port_next(stp, no), n++)
		if (stp_port_info(stp, no, qswitch_now_ms(r->sw), &info))
			put_port(json_add_object(list), r->sw, &info);
	json_object_object_add(
	    r->answer, "next", no ? json_object_new_int(no) : NULL);
	return 0;
}

int run_showstp(struct request *r)
{
	return run_stp(r);
}

int run_stp_explain(struct request *r)
{
	const struct stp *stp = topology_stp(r->sw->topology);
	char text[EXPLAIN_TEXT];
	int no;

	if (!request_port(r, "port", REQUIRED, &no))
		return -EINVAL;
	if (!stp)
		snprintf(text, sizeof(text),
		    "The spanning tree is off: every port that is up "
		    "forwards.");
	else if (stp_explain(
		     stp, no, qswitch_now_ms(r->sw), text, sizeof(text)) < 0)
		return request_fail(r,
		    "%s does not take part in the spanning tree",
		    qswitch_port_name(r->sw, no));
	json_add_text(json_put_array(r->answer, "sentences"), text);
	return 0;
}

int run_set_stp(struct request *r)
{
	char key[128];
	const char *value;

	if (!setting(r, key, sizeof(key), &value))
		return -EINVAL;
	return topology_set(r->sw->topology, key, value, r->err);
}

int run_set_port(struct request *r)
{
	char key[128];
	const char *value;
	int no;

	if (!request_port(r, "port", REQUIRED, &no) ||
	    !setting(r, key, sizeof(key), &value))
		return -EINVAL;
	struct switch_port *p = r->sw->ports[no];
	if (p->port->kind->listener)
		return request_fail(r,
		    "%s only accepts peers: set the ports of its peers",
		    p->port->spec.name);
	int result = topology_set_port(r->sw->topology, p, key, value, r->err);
	if (!result)
		fdb_set_port_max(
		    bridge_fdb(r->sw->bridge), no, p->config.fdb_max);
	return result;
}

static void put_bridge(
    struct json_object *to, const struct qswitch *sw, const struct stp *stp)
{
	struct stp_bridge_info info;

	stp_bridge_info(stp, qswitch_now_ms(sw), &info);
	put_id(to, "bridge_id", info.bridge_id);
	put_id(to, "root_id", info.root_id);
	json_put_text(to, "root_port",
	    info.root_port ? qswitch_port_name(sw, info.root_port) : NULL);
	json_put_count(to, "root_port_no", (uint64_t)info.root_port);
	json_put_count(to, "root_path_cost", info.root_path_cost);
	json_put_count(to, "priority", info.bridge_id >> 48);
	put_times(to, "times", &info.times);
	put_times(to, "own_times", &info.own_times);
	json_put_count(to, "ageing_s", sw->config.ageing_s);
	json_put_bool(to, "topology_change", info.topology_change);
	json_put_bool(
	    to, "topology_change_pending", info.topology_change_pending);
	json_put_count(to, "topology_changes", info.topology_changes);
	put_seconds(
	    to, "since_topology_change_s", (int64_t)info.since_change_ms);
	put_seconds(to, "hello_timer_s", info.hello_timer_ms);
	put_seconds(to, "tcn_timer_s", info.tcn_timer_ms);
	put_seconds(
	    to, "topology_change_timer_s", info.topology_change_timer_ms);
	json_put_bool(to, "leaf", info.leaf);
}

static void put_id(struct json_object *to, const char *key, uint64_t id)
{
	char text[STP_ID_STRLEN];

	json_put_text(to, key, stp_id_format(id, text));
}

static void put_times(
    struct json_object *to, const char *key, const struct stp_times *times)
{
	struct json_object *object = json_put_object(to, key);

	put_seconds(object, "hello_s", times->hello_ms);
	put_seconds(object, "max_age_s", times->max_age_ms);
	put_seconds(object, "forward_delay_s", times->forward_delay_ms);
}

/* Milliseconds as seconds; null for a timer that does not run. */
static void put_seconds(struct json_object *to, const char *key, int64_t ms)
{
	json_object_object_add(
	    to, key, ms < 0 ? NULL : json_object_new_double((double)ms / 1000));
}

static void put_port(struct json_object *to, const struct qswitch *sw,
    const struct stp_port_info *info)
{
	json_put_text(to, "name", qswitch_port_name(sw, info->port));
	json_put_count(to, "no", (uint64_t)info->port);
	json_put_text(to, "role", stp_role_name(info->role));
	json_put_text(to, "state", stp_state_name(info->state));
	put_seconds(to, "next_state_s", info->next_state_ms);
	json_put_bool(to, "edge", info->edge);
	json_put_bool(to, "edge_wanted", info->edge_wanted);
	json_put_text(to, "edge_setting", stp_edge_name(info->edge_setting));
	json_put_text(to, "bpdu", stp_bpdu_name(info->bpdu));
	json_put_bool(to, "speaks", info->speaks);
	json_put_count(to, "cost", info->cost);
	json_put_count(to, "priority", info->port_id >> 12 << 4);
	put_port_id(to, "port_id", info->port_id);
	put_id(to, "designated_root", info->designated_root);
	json_put_count(to, "designated_cost", info->designated_cost);
	put_id(to, "designated_bridge", info->designated_bridge);
	put_port_id(to, "designated_port", info->designated_port);
	json_put_count(to, "bpdus_rx", info->rx_total);
	json_put_count(to, "bpdus_tx", info->tx_config + info->tx_tcn);
	json_put_count(to, "tcns_tx", info->tx_tcn);
	put_received(to, info);
	json_put_count(to, "probes_tx", info->tx_probes);
	json_put_count(to, "loops", info->loops);
	json_put_text(to, "loop_by",
	    info->loop_by ? qswitch_port_name(sw, info->loop_by) : NULL);
	json_put_count(to, "transitions", info->transitions);
	put_seconds(to, "message_age_timer_s", info->message_age_timer_ms);
	put_seconds(to, "forward_delay_timer_s", info->forward_delay_timer_ms);
	put_seconds(to, "hold_timer_s", info->hold_timer_ms);
}

static void put_port_id(struct json_object *to, const char *key, uint16_t id)
{
	char text[8];

	snprintf(text, sizeof(text), "%04x", id);
	json_put_text(to, key, text);
}

static void put_received(
    struct json_object *to, const struct stp_port_info *info)
{
	struct json_object *list = json_put_object(to, "bpdus_rx_verdicts");

	for (int v = 0; v < STP_VERDICT_COUNT; v++)
		if (info->rx[v])
			json_put_count(list,
			    stp_verdict_name((enum stp_verdict)v), info->rx[v]);
}

/* "KEY=VALUE" into its parts. */
static bool setting(
    struct request *r, char *copy, size_t size, const char **value)
{
	const char *text = NULL;

	if (!request_text(r, "setting", REQUIRED, &text))
		return false;
	if (strlcpy(copy, text, size) >= size || !strchr(copy, '=')) {
		request_fail(r, "%.64s: write KEY=VALUE", text);
		return false;
	}
	char *equals = strchr(copy, '=');
	*equals = '\0';
	*value = equals + 1;
	return true;
}
