/* SPDX-License-Identifier: BSD-2-Clause */
/* manage.c - the commands that change something. */
#include <errno.h>
#include <string.h>

#include "ports/kind.h"
#include "switch/log.h"
#include "switch/protocol/json.h"
#include "switch/switch.h"

#include "commands.h"

static int set_admin(struct request *r, bool up);

int run_port_add(struct request *r)
{
	struct port_spec spec;
	const char *text = NULL;
	int no;

	if (!request_text(r, "spec", REQUIRED, &text) ||
	    config_port_spec(&spec, text, r->err))
		return -EINVAL;
	spec.on_request = true;
	r->sw->host.again = false;
	no = qswitch_port_add(r->sw, &spec, NULL, r->err);
	r->again = r->sw->host.again;
	if (no < 0)
		return no;
	log_info("%s: added on request", spec.name);
	json_put_text(r->answer, "port", spec.name);
	json_put_count(r->answer, "no", (uint64_t)no);
	return 0;
}

int run_port_del(struct request *r)
{
	int no;

	if (!request_port(r, "port", REQUIRED, &no))
		return -EINVAL;
	log_info("%s: removed on request", qswitch_port_name(r->sw, no));
	qswitch_port_del(r->sw, no);
	return 0;
}

int run_port_up(struct request *r)
{
	return set_admin(r, true);
}

int run_port_down(struct request *r)
{
	return set_admin(r, false);
}

int run_fdb_add(struct request *r)
{
	uint8_t mac[ETH_ADDR];
	const uint8_t *given = NULL;
	uint16_t vid = VID_DEFAULT;
	int no;

	if (!request_mac(r, "mac", REQUIRED, mac, &given) ||
	    !request_port(r, "port", REQUIRED, &no) ||
	    !request_vlan(r, "vlan", &vid))
		return -EINVAL;
	if (mac_is_group(mac) || mac_is_zero(mac))
		return request_fail(r,
		    "mac: not a unicast station address: give the address of a "
		    "station");
	if (r->sw->ports[no]->port->kind->listener)
		return request_fail(r,
		    "port %s only accepts peers: give the port of one of "
		    "them",
		    qswitch_port_name(r->sw, no));
	if (fdb_add_static(
		bridge_fdb(r->sw->bridge), vid, mac, no, qswitch_now_ms(r->sw)))
		return request_fail(r,
		    "every entry of the filtering database is static: "
		    "delete one, or start qswitchd with a larger --fdb-size");
	return 0;
}

int run_fdb_del(struct request *r)
{
	uint8_t mac[ETH_ADDR];
	const uint8_t *given = NULL;
	uint16_t vid = VID_DEFAULT;
	char text[MAC_TEXT];

	if (!request_mac(r, "mac", REQUIRED, mac, &given) ||
	    !request_vlan(r, "vlan", &vid))
		return -EINVAL;
	mac_format(mac, text);
	if (fdb_del(bridge_fdb(r->sw->bridge), vid, mac))
		return request_fail(r,
		    "%s in VLAN %u is not in the filtering database", text,
		    vid);
	return 0;
}

int run_fdb_flush(struct request *r)
{
	struct fdb_filter filter = {0};
	uint8_t mac[ETH_ADDR];
	uint64_t from = 0;
	uint32_t n;

	if (!request_port(r, "port", OPTIONAL, &filter.port) ||
	    !request_vlan(r, "vlan", &filter.vid) ||
	    !request_mac(r, "mac", OPTIONAL, mac, &filter.mac) ||
	    !request_flag(r, "static", &filter.statics) ||
	    !request_count(r, "from", OPTIONAL, 0, UINT32_MAX, &from))
		return -EINVAL;
	uint64_t next = fdb_flush_part(
	    bridge_fdb(r->sw->bridge), &filter, (uint32_t)from, PAGE_SLOTS, &n);
	json_put_count(r->answer, "flushed", n);
	request_put_next(r, next);
	return 0;
}

int run_shutdown(struct request *r)
{
	log_info("stopping: on request");
	qswitch_stop(r->sw);
	return 0;
}

static int set_admin(struct request *r, bool up)
{
	int no;

	if (!request_port(r, "port", REQUIRED, &no))
		return -EINVAL;
	qswitch_port_set_admin(r->sw, no, up);
	const struct switch_port *p = r->sw->ports[no];
	json_put_bool(r->answer, "up", switch_port_up(p));
	json_put_text(r->answer, "reason",
	    switch_port_up(p) ? "" : switch_port_reason(p));
	return 0;
}
