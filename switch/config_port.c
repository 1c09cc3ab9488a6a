/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * config_port.c - KIND:ARG[,name=N][,key=value...], a port's specification:
 * see config.h. One table, `port_keys`, has what a value must be and where it
 * goes.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <bsd/stdlib.h>
#include <bsd/string.h>

#include "forwarding/fdb.h"
#include "ports/kind.h"

#include "config_read.h"

enum { TAP_FDB_MAX = 1024 };

/* Return: false if the value is not good. */
typedef bool key_reader(const char *value, struct config_port *port);

/* What a value of a port's key must be. */
struct port_key {
	const char *key;
	const char *want; /* what a good value is, for the sentence */
	key_reader *read;
	bool common; /* every kind takes it; else the kind's table says so */
};

static int add_item(struct port_spec *spec, char *item, char *err);
static bool may_repeat(const char *key);
static int check_spec(const struct port_spec *spec, char *err);
static int check_option(const struct port_kind *kind,
    const struct port_spec *spec, const struct port_option *option, char *err);
static const struct port_key *find_key(const char *key);
static bool kind_takes(const struct port_kind *kind, const char *key);
static int default_name(struct port_spec *spec, char *err);

static key_reader read_mtu, read_mac, read_fdb_max, read_cost;
static key_reader read_host, read_priority, read_edge, read_bpdu;

static const struct port_key port_keys[] = {
    {"mtu", "68 to 65535 bytes", read_mtu, false},
    {"addr", "a unicast MAC address such as 02:00:00:00:00:01", read_mac,
	false},
    {"host", "yes or no", read_host, false},
    {"fdb-max", "0 (no limit) to 1048576 addresses", read_fdb_max, true},
    {"cost", "a path cost of 1 to 65535, or auto: by the link's speed",
	read_cost, true},
    {"priority", "0 to 240 in steps of 16", read_priority, true},
    {"edge", "yes, no or auto", read_edge, true},
    {"bpdu", "auto, always, never, guard or filter", read_bpdu, true},
};

int config_port_spec(struct port_spec *spec, const char *text, char *err)
{
	char copy[1024], *rest = copy, *item;

	*spec = (struct port_spec){0};
	if (strlcpy(copy, text, sizeof(copy)) >= sizeof(copy))
		return config_fail(err, "%.60s...: longer than %zu characters",
		    text, sizeof(copy) - 1);
	item = config_next_item(&rest);
	char *colon = strchr(item, ':');
	if (!colon || colon == item)
		return config_fail(err,
		    "%.400s: write KIND:ARG, such as tap:tap0 or "
		    "nic:eth1",
		    text);
	*colon = '\0';
	if (strlcpy(spec->kind, item, sizeof(spec->kind)) >= sizeof(spec->kind))
		return config_fail(err,
		    "%.60s: no such kind of port; --help lists "
		    "the kinds",
		    item);
	if (strlcpy(spec->arg, colon + 1, sizeof(spec->arg)) >=
	    sizeof(spec->arg))
		return config_fail(err,
		    "%s: the argument is longer than %d "
		    "characters",
		    spec->kind, PORT_ARG - 1);
	while ((item = config_next_item(&rest)))
		if (add_item(spec, item, err))
			return -EINVAL;
	if (check_spec(spec, err) || default_name(spec, err))
		return -EINVAL;
	if (strcmp(spec->name, "all") == 0)
		return config_fail(err,
		    "%s:%s: \"all\" stands for every port: give another name "
		    "with name=",
		    spec->kind, spec->arg);
	return 0;
}

void config_port(const struct port_spec *spec, struct config_port *port)
{
	bool nic = strcmp(spec->kind, "nic") == 0;

	bool machine = !spec->uplink && !nic;

	/* Behind a network interface may be a whole LAN with other bridges,
	 * behind any other port is a machine. What machines say of the tree is
	 * not believed: see stp/policy.c. */
	*port = (struct config_port){
	    .fdb_max = machine ? TAP_FDB_MAX : 0,
	    .priority = STP_PORT_PRIORITY,
	    .machine = machine,
	    .edge = spec->uplink ? STP_EDGE_NO
		    : nic	 ? STP_EDGE_AUTO
				 : STP_EDGE_YES,
	    .bpdu = machine ? STP_BPDU_FILTER : STP_BPDU_AUTO,
	};
	for (int i = 0; i < spec->n_options; i++) {
		const struct port_key *key = find_key(spec->options[i].key);

		if (key)
			key->read(spec->options[i].value, port);
	}
}

int config_port_set(
    struct config_port *port, const char *name, const char *value, char *err)
{
	const struct port_key *key = find_key(name);
	struct config_port changed = *port;

	if (!key || !key->common)
		return config_fail(err,
		    "%.64s: a running port has no such setting; it has "
		    "fdb-max, "
		    "cost, priority, edge and bpdu",
		    name);
	if (!key->read(value, &changed))
		return config_fail(
		    err, "%s=%.64s: give %s", name, value, key->want);
	*port = changed;
	return 0;
}

/* One item behind the argument: name=N, uplink or KEY=VALUE. */
static int add_item(struct port_spec *spec, char *item, char *err)
{
	char *value = strchr(item, '=');

	if (strcmp(item, "uplink") == 0) {
		spec->uplink = true;
		return 0;
	}
	if (!value)
		return config_fail(err, "%s:%s: %s: write KEY=VALUE",
		    spec->kind, spec->arg, item);
	*value++ = '\0';
	if (strcmp(item, "name") == 0) {
		if (!config_good_name(value) ||
		    strlcpy(spec->name, value, PORT_NAME) >= PORT_NAME)
			return config_fail(err,
			    "%s:%s: name=%s: up to %d letters, digits and . _ "
			    "- : + @",
			    spec->kind, spec->arg, value, PORT_NAME - 1);
		return 0;
	}
	if (spec->n_options == PORT_OPTIONS)
		return config_fail(err, "%s:%s: more than %d options",
		    spec->kind, spec->arg, PORT_OPTIONS);
	if (port_spec_get(spec, item) && !may_repeat(item))
		return config_fail(err, "%s:%s: %s is given twice", spec->kind,
		    spec->arg, item);
	struct port_option *option = &spec->options[spec->n_options];
	if (strlcpy(option->key, item, sizeof(option->key)) >=
		sizeof(option->key) ||
	    strlcpy(option->value, value, sizeof(option->value)) >=
		sizeof(option->value))
		return config_fail(
		    err, "%s:%s: %s: too long", spec->kind, spec->arg, item);
	spec->n_options++;
	return 0;
}

static bool may_repeat(const char *key)
{
	return strcmp(key, "forward") == 0 || strcmp(key, "lease") == 0;
}

/* Every kind and driver is in the registry; options are those of the kind. */
static int check_spec(const struct port_spec *spec, char *err)
{
	const char *driver = port_spec_get(spec, "driver");
	const struct port_kind *kind = port_kind_find(spec->kind, NULL);

	if (!kind)
		return config_fail(err,
		    "%s: no such kind of port; --help lists the kinds",
		    spec->kind);
	kind = port_kind_find(spec->kind, driver);
	if (!kind)
		return config_fail(err,
		    "%s:%s: no driver %s for this kind; --help "
		    "lists them",
		    spec->kind, spec->arg, driver);
	for (int i = 0; i < spec->n_options; i++)
		if (check_option(kind, spec, &spec->options[i], err))
			return -EINVAL;
	return 0;
}

static int check_option(const struct port_kind *kind,
    const struct port_spec *spec, const struct port_option *option, char *err)
{
	const struct port_key *key = find_key(option->key);
	struct config_port unused = {0};

	if (!(key && key->common) && !kind_takes(kind, option->key))
		return config_fail(err,
		    "%s:%s: a port of this kind has no option %s", spec->kind,
		    spec->arg, option->key);
	if (key && !key->read(option->value, &unused))
		return config_fail(err, "%s:%s: %s=%s: give %s", spec->kind,
		    spec->arg, option->key, option->value, key->want);
	return 0;
}

static const struct port_key *find_key(const char *key)
{
	for (size_t i = 0; i < sizeof(port_keys) / sizeof(*port_keys); i++)
		if (strcmp(port_keys[i].key, key) == 0)
			return &port_keys[i];
	return NULL;
}

static bool read_mtu(const char *value, struct config_port *port)
{
	uint32_t mtu; /* the kind's own business: it reads it again */

	(void)port;
	return config_number(value, 68, PORT_MTU_MAX, &mtu);
}

static bool read_mac(const char *value, struct config_port *port)
{
	uint8_t mac[ETH_ADDR];

	(void)port;
	return mac_parse(value, mac) && !mac_is_group(mac) && !mac_is_zero(mac);
}

/* clsact: as with kernels before 6.6. */
static bool read_host(const char *value, struct config_port *port)
{
	(void)port; /* host_access.c reads it again */
	return strcmp(value, "yes") == 0 || strcmp(value, "no") == 0 ||
	       strcmp(value, "clsact") == 0;
}

static bool read_fdb_max(const char *value, struct config_port *port)
{
	return config_number(value, 0, FDB_SIZE_MAX, &port->fdb_max);
}

static bool read_cost(const char *value, struct config_port *port)
{
	port->cost = 0;
	return strcmp(value, "auto") == 0 ||
	       config_number(value, 1, STP_COST_MAX, &port->cost);
}

static bool read_priority(const char *value, struct config_port *port)
{
	uint32_t n;

	if (!config_number(value, 0, 240, &n) || n % 16)
		return false;
	port->priority = (int)n;
	return true;
}

static bool read_edge(const char *value, struct config_port *port)
{
	return stp_edge_parse(value, &port->edge) == 0;
}

static bool read_bpdu(const char *value, struct config_port *port)
{
	if (stp_bpdu_parse(value, &port->bpdu) < 0)
		return false;
	/* To say nothing and believe all is no protection. */
	if (port->machine && port->bpdu == STP_BPDU_NEVER)
		port->bpdu = STP_BPDU_FILTER;
	return true;
}

static bool kind_takes(const struct port_kind *kind, const char *key)
{
	for (const char *const *k = kind->keys; k && *k; k++)
		if (strcmp(*k, key) == 0)
			return true;
	return false;
}

/* The last path component of the argument, unless name= said otherwise. */
static int default_name(struct port_spec *spec, char *err)
{
	const char *slash = strrchr(spec->arg, '/');
	const char *base = slash ? slash + 1 : spec->arg;
	const struct port_kind *kind = port_kind_find(spec->kind, NULL);

	if (*spec->name)
		return 0;
	if (kind->called) {
		strlcpy(spec->name, kind->called, PORT_NAME);
		return 0;
	}
	if (!*spec->arg)
		return config_fail(err,
		    "%s: nothing follows the colon: write KIND:ARG, such as "
		    "tap:tap0",
		    spec->kind);
	if (!config_good_name(base) ||
	    strlcpy(spec->name, base, PORT_NAME) >= PORT_NAME)
		return config_fail(err,
		    "%s:%s: no port name can be derived from this: add "
		    "name=NAME",
		    spec->kind, spec->arg);
	return 0;
}
