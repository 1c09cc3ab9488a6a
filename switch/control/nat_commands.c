/* SPDX-License-Identifier: BSD-2-Clause */
/* nat_commands.c - forwards and leases of ports nat: and host:. */
#include "nat_commands.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <time.h>

#include "ports/nat.h"
#include "switch/log.h"
#include "switch/protocol/json.h"
#include "switch/switch.h"

#include "commands.h"

enum { PAGE_LEASES = 256 }; /* addresses that a page looks at */

struct lease_page {
	struct qswitch *sw;
	struct json_object *list;
	uint64_t now_s;
};

static bool find_lease(
    const struct qswitch *sw, const struct sighting *s, struct lease *lease);
static struct nat_process *nat_asked(struct request *r, int *no);
static int nat_first(const struct qswitch *sw);
static int change(struct request *r, bool add);
static void put_forward(const char *forward, const char *refusal, void *arg);
static void put_lease(const struct lease *lease, void *arg);

int run_nat_forward_add(struct request *r)
{
	return change(r, true);
}

int run_nat_forward_del(struct request *r)
{
	return change(r, false);
}

int run_nat_forward_list(struct request *r)
{
	int no;
	struct nat_process *nat = nat_asked(r, &no);

	if (!nat)
		return -EINVAL;
	json_put_text(r->answer, "port", qswitch_port_name(r->sw, no));
	nat_forwards(nat, put_forward, json_put_array(r->answer, "forwards"));
	return 0;
}

int run_nat_leases(struct request *r)
{
	uint64_t from = 0;
	int no;
	struct nat_process *nat = nat_asked(r, &no);
	struct lease_page page = {.sw = r->sw, .now_s = (uint64_t)time(NULL)};

	if (!nat || !request_count(r, "from", OPTIONAL, 0, UINT32_MAX, &from))
		return -EINVAL;
	page.list = json_put_array(r->answer, "leases");
	request_put_next(
	    r, nat_leases(nat, (uint32_t)from, PAGE_LEASES, put_lease, &page));
	return 0;
}

void nat_put_names(const struct switch_port *p, struct json_object *list)
{
	for (int i = 0; i < p->observed.n; i++) {
		const struct sighting *s = &p->observed.entries[i].what;
		struct lease lease;

		if (!s->v6 && find_lease(p->sw, s, &lease) && *lease.name)
			json_add_text(list, lease.name);
	}
}

/* The lease that we gave for what was seen. */
static bool find_lease(
    const struct qswitch *sw, const struct sighting *s, struct lease *lease)
{
	uint32_t ip;

	memcpy(&ip, s->ip, sizeof(ip));
	qswitch_foreach (sw, p) {
		struct nat_process *nat = nat_of_port(p->port);

		if (nat && nat_lease_at(nat, ntohl(ip), lease) &&
		    memcmp(lease->mac, s->mac, ETH_ADDR) == 0)
			return true;
	}
	return false;
}

/* The port that the request names, or the first one with a network. */
static struct nat_process *nat_asked(struct request *r, int *no)
{
	struct nat_process *nat;

	*no = 0;
	if (!request_port(r, "port", OPTIONAL, no))
		return NULL;
	if (!*no)
		*no = nat_first(r->sw);
	if (!*no) {
		request_fail(r,
		    "this switch has no port nat: or host: start it with "
		    "--nat, or add one with \"port add nat:\"");
		return NULL;
	}
	nat = nat_of_port(r->sw->ports[*no]->port);
	if (!nat)
		request_fail(r,
		    "port %s is neither nat: nor host: give the name of one "
		    "that is",
		    qswitch_port_name(r->sw, *no));
	return nat;
}

static int nat_first(const struct qswitch *sw)
{
	qswitch_foreach (sw, p)
		if (nat_of_port(p->port))
			return p_no;
	return 0;
}

static int change(struct request *r, bool add)
{
	const char *text;
	int no;

	if (!request_text(r, "forward", REQUIRED, &text))
		return -EINVAL;
	struct nat_process *nat = nat_asked(r, &no);
	if (!nat)
		return -EINVAL;
	int result = nat_forward(nat, text, add, r->err);
	if (!result)
		log_info("%s: forward %s %s on request",
		    qswitch_port_name(r->sw, no), text,
		    add ? "added" : "removed");
	return result;
}

static void put_forward(const char *forward, const char *refusal, void *arg)
{
	struct json_object *entry = json_add_object(arg);

	json_put_text(entry, "forward", forward);
	json_put_text(entry, "refused", refusal);
}

static void put_lease(const struct lease *lease, void *arg)
{
	struct lease_page *page = arg;
	struct json_object *entry = json_add_object(page->list);
	char text[INET_ADDRSTRLEN];
	uint64_t left =
	    lease->until_s > page->now_s ? lease->until_s - page->now_s : 0;
	int no = fdb_lookup(bridge_fdb(page->sw->bridge), VID_DEFAULT,
	    lease->mac, qswitch_now_ms(page->sw), NULL);

	json_put_text(entry, "address", nat_address_text(lease->ip, text));
	json_put_mac(entry, "mac", lease->mac);
	json_put_text(entry, "name", lease->name);
	json_put_count(entry, "left_s", left);
	json_put_text(entry, "port", no ? qswitch_port_name(page->sw, no) : "");
}
