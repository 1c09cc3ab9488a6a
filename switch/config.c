/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * config.c - the command line as a value: see config.h.
 *
 * Two tables say it all: `options`, the options of the command line, and
 * `port_keys`, the key=value pairs of a port. --help, the check of a value and
 * the sentence about a bad one come from them.
 */
#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include <bsd/stdlib.h>
#include <bsd/string.h>

#include "forwarding/fdb.h"
#include "forwarding/recorder.h"

enum { TAP_FDB_MAX = 1024, ARGUMENT_COLUMN = 30 };

struct option_def {
	const char *name;
	const char *arg; /* NULL: takes none */
	const char *help;
	/* 0, or -EINVAL with the sentence in err */
	int (*set)(struct config *config, const struct option_def *def,
	    const char *value, char *err);
	/* of numbers: range, and where the value goes */
	long long min, max;
	size_t offset;
};

static int set_uplink(
    struct config *, const struct option_def *, const char *, char *);
static int set_taps(
    struct config *, const struct option_def *, const char *, char *);
static int set_port(
    struct config *, const struct option_def *, const char *, char *);
static int set_name(
    struct config *, const struct option_def *, const char *, char *);
static int set_path(
    struct config *, const struct option_def *, const char *, char *);
static int set_u32(
    struct config *, const struct option_def *, const char *, char *);
static int set_true(
    struct config *, const struct option_def *, const char *, char *);
static int set_log_level(
    struct config *, const struct option_def *, const char *, char *);

#define FIELD(member) .offset = offsetof(struct config, member)

static const struct option_def options[] = {
    {"uplink", "IF[,KEY=VALUE...]",
	"attach the network interface IF: the way to the LAN", set_uplink},
    {"taps", "A,B,...", "open these TAP devices, created when absent",
	set_taps},
    {"port", "KIND:ARG[,KEY=VALUE...]", "add a port of any kind, see below",
	set_port},
    {"name", "NAME", "the switch's name (qswitch)", set_name},
    {"control", "PATH",
	"control socket (/run/qswitch/NAME.sock, or in $XDG_RUNTIME_DIR)",
	set_path, FIELD(control)},
    {"ageing", "S", "forget an address not heard for S seconds (300)", set_u32,
	FDB_AGEING_MIN_S, FDB_AGEING_MAX_S, FIELD(ageing_s)},
    {"fdb-size", "N", "remember up to N addresses (8192)", set_u32,
	FDB_SIZE_MIN, FDB_SIZE_MAX, FIELD(fdb_size)},
    {"flight-recorder", "N", "keep the last N decisions for `why` (4096)",
	set_u32, 0, RECORDER_MAX, FIELD(recorder)},
    {"forward-reserved", NULL,
	"relay 01-80-C2-00-00-0x too: a wire, not a bridge, for labs", set_true,
	FIELD(forward_reserved)},
    {"lab", NULL, "let qswitchctl hold and slow time, for teaching", set_true,
	FIELD(lab)},
    {"daemon", NULL, "go to the background when every port is open", set_true,
	FIELD(daemonize)},
    {"pidfile", "PATH", "write the process id there, and lock it", set_path,
	FIELD(pidfile)},
    {"log-level", "LEVEL", "error, warning, info (default) or debug",
	set_log_level},
    /* no help: for the benchmark's own test */
    {"debug-delay-us", "N", NULL, set_u32, 0, 1000000, FIELD(debug_delay_us)},
    {"help", NULL, "print this and end", NULL},
    {"version", NULL, "print the version and end", NULL},
};

enum { N_OPTIONS = sizeof options / sizeof *options };

/* What a value of a port's key must be. */
struct port_key {
	const char *key;
	const char *want; /* what a good value is, for the sentence */
	bool (*good)(const char *value);
	bool common; /* every kind takes it; else the kind's table says so */
};

static bool good_mtu(const char *value);
static bool good_fdb_max(const char *value);
static bool good_mac(const char *value);

static const struct port_key port_keys[] = {
    {"mtu", "68 to 65535 bytes", good_mtu, false},
    {"addr", "a unicast MAC address such as 02:00:00:00:00:01", good_mac,
	false},
    {"fdb-max", "0 (no limit) to 1048576 addresses", good_fdb_max, true},
};

static int fail(char *err, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

static void config_defaults(struct config *config)
{
	*config = (struct config){
	    .name = "qswitch",
	    .ageing_s = FDB_AGEING_DEFAULT_S,
	    .fdb_size = FDB_SIZE_DEFAULT,
	    .recorder = RECORDER_DEFAULT,
	    .log_level = LOG_INFO,
	};
}

static void make_getopt_table(struct option table[N_OPTIONS + 1])
{
	memset(table, 0, (N_OPTIONS + 1) * sizeof *table);
	for (int i = 0; i < N_OPTIONS; i++) {
		table[i].name = options[i].name;
		table[i].has_arg =
		    options[i].arg ? required_argument : no_argument;
		table[i].val = i + 256;
	}
}

static bool names_unique(const struct config *config, char *err)
{
	for (int i = 0; i < config->n_ports; i++)
		for (int j = 0; j < i; j++)
			if (!strcmp(
				config->ports[i].name, config->ports[j].name)) {
				fail(err,
				    "two ports are named %s: give one of them "
				    "another name with name=",
				    config->ports[i].name);
				return false;
			}
	return true;
}

enum config_result config_parse(
    struct config *config, int argc, char *argv[], char *err)
{
	struct option table[N_OPTIONS + 1];
	int c;

	config_defaults(config);
	make_getopt_table(table);
	opterr = 0;
	optind = 0; /* start anew, also on a second call (getopt(3)) */
	while ((c = getopt_long(argc, argv, "+:hV", table, NULL)) != -1) {
		if (c == 'h' || c == 256 + N_OPTIONS - 2)
			return CONFIG_HELP;
		if (c == 'V' || c == 256 + N_OPTIONS - 1)
			return CONFIG_VERSION;
		if (c == ':' || c == '?') {
			fail(err,
			    c == ':' ? "%s: needs a value; see --help"
				     : "%s: no such option; see --help",
			    argv[optind - 1]);
			return CONFIG_BAD;
		}
		const struct option_def *def = &options[c - 256];
		if (def->set(config, def, optarg, err))
			return CONFIG_BAD;
	}
	if (optind < argc) {
		fail(err, "%s: not an option; see --help", argv[optind]);
		return CONFIG_BAD;
	}
	return names_unique(config, err) ? CONFIG_RUN : CONFIG_BAD;
}

void config_free(struct config *config)
{
	free(config->ports);
	config->ports = NULL;
	config->n_ports = 0;
}

void config_usage(FILE *out)
{
	fputs("usage: qswitchd [OPTION...]\n"
	      "An Ethernet switch between TAP devices and network "
	      "interfaces.\n\n",
	    out);
	for (int i = 0; i < N_OPTIONS; i++) {
		char left[64];

		if (!options[i].help)
			continue;
		snprintf(left, sizeof left, "--%s %s", options[i].name,
		    options[i].arg ? options[i].arg : "");
		fprintf(
		    out, "  %-*s %s\n", ARGUMENT_COLUMN, left, options[i].help);
	}
	fputs("\nKinds of port:\n", out);
	for (int i = 0; port_kinds[i]; i++)
		fprintf(out, "  %s\n", port_kinds[i]->help);
	fputs("Each also takes name=NAME, fdb-max=N, uplink.\n"
	      "qswitchctl(1) shows what the switch does and why.\n",
	    out);
}

void config_control_path(const char *name, char path[CONFIG_PATH])
{
	const char *runtime = getenv("XDG_RUNTIME_DIR");

	/* Root of a user namespace may not be able to write to /run. */
	if (geteuid() == 0 && access("/run", W_OK) == 0)
		snprintf(path, CONFIG_PATH, "/run/qswitch/%s.sock", name);
	else if (runtime && *runtime == '/')
		snprintf(
		    path, CONFIG_PATH, "%s/qswitch/%s.sock", runtime, name);
	else
		snprintf(path, CONFIG_PATH, "/tmp/qswitch-%u/%s.sock",
		    (unsigned)geteuid(), name);
}

static int fail(char *err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(err, CONFIG_ERR, fmt, ap);
	va_end(ap);
	return -EINVAL;
}

static int set_u32(struct config *config, const struct option_def *def,
    const char *value, char *err)
{
	const char *problem;
	long long n = strtonum(value, def->min, def->max, &problem);

	if (problem)
		return fail(err, "--%s %s: %s: give a number from %lld to %lld",
		    def->name, value, problem, def->min, def->max);
	*(uint32_t *)(void *)((char *)config + def->offset) = (uint32_t)n;
	return 0;
}

static int set_true(struct config *config, const struct option_def *def,
    const char *value, char *err)
{
	(void)value, (void)err;
	*(bool *)((char *)config + def->offset) = true;
	return 0;
}

static int set_path(struct config *config, const struct option_def *def,
    const char *value, char *err)
{
	if (!*value)
		return fail(err, "--%s: the path is empty", def->name);
	if (strlcpy((char *)config + def->offset, value, CONFIG_PATH) >=
	    CONFIG_PATH)
		return fail(err,
		    "--%s %s: longer than the %d bytes that a socket's path "
		    "may have",
		    def->name, value, CONFIG_PATH - 1);
	return 0;
}

/* Names go into paths, lists and commands: letters, digits and . _ - : + @ */
static bool good_name(const char *name)
{
	if (!*name || *name == '.' || *name == '-')
		return false;
	for (; *name; name++)
		if (!isalnum((unsigned char)*name) && !strchr("._-:+@", *name))
			return false;
	return true;
}

static int set_name(struct config *config, const struct option_def *def,
    const char *value, char *err)
{
	if (!good_name(value))
		return fail(err,
		    "--%s %s: a name has letters, digits and . _ - : + @, and "
		    "begins with a letter or digit",
		    def->name, value);
	if (strlcpy(config->name, value, sizeof config->name) >=
	    sizeof config->name)
		return fail(err, "--%s %s: longer than %d characters",
		    def->name, value, CONFIG_NAME - 1);
	return 0;
}

static int set_log_level(struct config *config, const struct option_def *def,
    const char *value, char *err)
{
	static const struct {
		const char *name;
		int level;
	} levels[] = {{"error", LOG_ERR}, {"warning", LOG_WARNING},
	    {"info", LOG_INFO}, {"debug", LOG_DEBUG}};

	for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
		if (!strcmp(value, levels[i].name)) {
			config->log_level = levels[i].level;
			return 0;
		}
	return fail(err, "--%s %s: give error, warning, info or debug",
	    def->name, value);
}

static int add_spec(
    struct config *config, const char *option, const char *text, char *err)
{
	char why[CONFIG_ERR];
	struct port_spec *ports = reallocarray(
	    config->ports, (size_t)config->n_ports + 1, sizeof *ports);

	if (!ports)
		return fail(err, "out of memory");
	config->ports = ports;
	if (config->n_ports == PORT_NUMBERS)
		return fail(
		    err, "--%s: more than %d ports", option, PORT_NUMBERS);
	if (config_port_spec(&ports[config->n_ports], text, why))
		return fail(err, "--%s: %.400s", option, why);
	config->n_ports++;
	return 0;
}

static int set_port(struct config *config, const struct option_def *def,
    const char *value, char *err)
{
	return add_spec(config, def->name, value, err);
}

static int set_uplink(struct config *config, const struct option_def *def,
    const char *value, char *err)
{
	char text[2 * PORT_ARG];

	if ((size_t)snprintf(text, sizeof text, "nic:%s,uplink", value) >=
	    sizeof text)
		return fail(err, "--%s: longer than %zu characters", def->name,
		    sizeof text);
	return add_spec(config, def->name, text, err);
}

/* --taps A,B is --port tap:A --port tap:B. */
static int set_taps(struct config *config, const struct option_def *def,
    const char *value, char *err)
{
	char text[PORT_ARG];

	for (;;) {
		size_t len = strcspn(value, ",");

		if ((size_t)snprintf(text, sizeof text, "tap:%.*s", (int)len,
			value) >= sizeof text)
			return fail(err, "--%s %s: a name is too long",
			    def->name, value);
		if (add_spec(config, def->name, text, err))
			return -EINVAL;
		if (!value[len])
			return 0;
		value += len + 1;
	}
}

static const struct port_key *find_key(const char *key)
{
	for (size_t i = 0; i < sizeof port_keys / sizeof *port_keys; i++)
		if (!strcmp(port_keys[i].key, key))
			return &port_keys[i];
	return NULL;
}

static bool kind_takes(const struct port_kind *kind, const char *key)
{
	for (const char *const *k = kind->keys; k && *k; k++)
		if (!strcmp(*k, key))
			return true;
	return false;
}

static bool good_number(const char *value, long long min, long long max)
{
	const char *problem;

	strtonum(value, min, max, &problem);
	return !problem;
}

static bool good_mtu(const char *value)
{
	return good_number(value, 68, PORT_MTU_MAX);
}

static bool good_fdb_max(const char *value)
{
	return good_number(value, 0, FDB_SIZE_MAX);
}

static bool good_mac(const char *value)
{
	uint8_t mac[ETH_ADDR];

	return mac_parse(value, mac) && !mac_is_group(mac) && !mac_is_zero(mac);
}

static int check_option(const struct port_kind *kind,
    const struct port_spec *spec, const struct port_option *option, char *err)
{
	const struct port_key *key = find_key(option->key);

	if (!(key && key->common) && !kind_takes(kind, option->key))
		return fail(err, "%s:%s: a port of this kind has no option %s",
		    spec->kind, spec->arg, option->key);
	if (key && !key->good(option->value))
		return fail(err, "%s:%s: %s=%s: give %s", spec->kind, spec->arg,
		    option->key, option->value, key->want);
	return 0;
}

/* Every kind and driver is in the registry; options are those of the kind. */
static int check_spec(const struct port_spec *spec, char *err)
{
	const char *driver = port_spec_get(spec, "driver");
	const struct port_kind *kind = port_kind_find(spec->kind, NULL);

	if (!kind)
		return fail(err,
		    "%s: no such kind of port; --help lists the kinds",
		    spec->kind);
	kind = port_kind_find(spec->kind, driver);
	if (!kind)
		return fail(err,
		    "%s:%s: no driver %s for this kind; --help "
		    "lists them",
		    spec->kind, spec->arg, driver);
	for (int i = 0; i < spec->n_options; i++)
		if (check_option(kind, spec, &spec->options[i], err))
			return -EINVAL;
	return 0;
}

/* One item behind the argument: name=N, uplink or KEY=VALUE. */
static int add_item(struct port_spec *spec, char *item, char *err)
{
	char *value = strchr(item, '=');

	if (!strcmp(item, "uplink")) {
		spec->uplink = true;
		return 0;
	}
	if (!value)
		return fail(err, "%s:%s: %s: write KEY=VALUE", spec->kind,
		    spec->arg, item);
	*value++ = '\0';
	if (!strcmp(item, "name")) {
		if (!good_name(value) ||
		    strlcpy(spec->name, value, PORT_NAME) >= PORT_NAME)
			return fail(err,
			    "%s:%s: name=%s: up to %d letters, digits and . _ "
			    "- : + @",
			    spec->kind, spec->arg, value, PORT_NAME - 1);
		return 0;
	}
	if (spec->n_options == PORT_OPTIONS)
		return fail(err, "%s:%s: more than %d options", spec->kind,
		    spec->arg, PORT_OPTIONS);
	if (port_spec_get(spec, item))
		return fail(err, "%s:%s: %s is given twice", spec->kind,
		    spec->arg, item);
	struct port_option *option = &spec->options[spec->n_options];
	if (strlcpy(option->key, item, sizeof option->key) >=
		sizeof option->key ||
	    strlcpy(option->value, value, sizeof option->value) >=
		sizeof option->value)
		return fail(
		    err, "%s:%s: %s: too long", spec->kind, spec->arg, item);
	spec->n_options++;
	return 0;
}

/* The last path component of the argument, unless name= said otherwise. */
static int default_name(struct port_spec *spec, char *err)
{
	const char *slash = strrchr(spec->arg, '/');
	const char *base = slash ? slash + 1 : spec->arg;

	if (*spec->name)
		return 0;
	if (!good_name(base) ||
	    strlcpy(spec->name, base, PORT_NAME) >= PORT_NAME)
		return fail(err,
		    "%s:%s: does not make a name: give one with "
		    "name=",
		    spec->kind, spec->arg);
	return 0;
}

int config_port_spec(struct port_spec *spec, const char *text, char *err)
{
	char copy[1024], *rest = copy, *item;

	*spec = (struct port_spec){0};
	if (strlcpy(copy, text, sizeof copy) >= sizeof copy)
		return fail(err, "%.60s...: longer than %zu characters", text,
		    sizeof copy - 1);
	item = strsep(&rest, ",");
	char *colon = strchr(item, ':');
	if (!colon || colon == item)
		return fail(err,
		    "%.400s: write KIND:ARG, such as tap:tap0 or "
		    "nic:eth1",
		    text);
	*colon = '\0';
	if (strlcpy(spec->kind, item, sizeof spec->kind) >= sizeof spec->kind)
		return fail(err,
		    "%.60s: no such kind of port; --help lists "
		    "the kinds",
		    item);
	if (strlcpy(spec->arg, colon + 1, sizeof spec->arg) >= sizeof spec->arg)
		return fail(err,
		    "%s: the argument is longer than %d "
		    "characters",
		    spec->kind, PORT_ARG - 1);
	while ((item = strsep(&rest, ",")))
		if (add_item(spec, item, err))
			return -EINVAL;
	if (check_spec(spec, err))
		return -EINVAL;
	return default_name(spec, err);
}

void config_port(const struct port_spec *spec, struct config_port *port)
{
	const char *fdb_max = port_spec_get(spec, "fdb-max");

	/* An uplink has the whole LAN behind it, any other port a machine. */
	port->fdb_max =
	    spec->uplink || !strcmp(spec->kind, "nic") ? 0 : TAP_FDB_MAX;
	if (fdb_max)
		port->fdb_max =
		    (uint32_t)strtonum(fdb_max, 0, FDB_SIZE_MAX, NULL);
}
