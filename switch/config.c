/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * config.c - the command line as a value: see config.h.
 *
 * One table, `options`, says it all: --help, what an option may be and where it
 * goes. Ports are read in config_port.c, the spanning tree in config_stp.c.
 */
#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <grp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include <bsd/stdlib.h>
#include <bsd/string.h>

#include "forwarding/fdb.h"
#include "forwarding/recorder.h"
#include "ports/kind.h"
#include "stp/stp_config.h"

#include "config_read.h"
#include "spin.h"

enum { ARGUMENT_COLUMN = 30 };

struct option_def;

/* Return: 0, or -EINVAL with the sentence in @err. */
typedef int option_setter(struct config *config, const struct option_def *def,
    const char *value, char *err);

struct option_def {
	const char *name;
	const char *arg; /* NULL: takes none */
	const char *help;
	option_setter *set;
	long long min, max; /* of numbers */
	size_t offset;	    /* where the value goes in struct config */
};

#define FIELD(member) .offset = offsetof(struct config, member)

static void set_defaults(struct config *config);
static void make_getopt_table(struct option *table);
static void refuse_option(int c, const char *word, char *err);
static bool is_ambiguous(const char *word);
static int add_spec(
    struct config *config, const char *option, const char *text, char *err);
static bool names_unique(const struct config *config, char *err);
static bool is_default_driver(const struct port_kind *kind);
static void print_kind(FILE *out, const struct port_kind *kind);
static option_setter set_uplink, set_taps, set_port, set_name, set_path;
static option_setter set_network;
static option_setter set_group, set_u32, set_true, set_on_off, set_log_level;
static option_setter set_stp, set_spin, set_busy_poll;

static const struct option_def options[] = {
    {"uplink", "IF[,KEY=VALUE...]",
	"attach network interface IF as the uplink to the LAN", set_uplink},
    {"taps", "A,B,...", "open these TAP devices, created if absent", set_taps},
    {"vm-taps", "A,B,...",
	"TAP devices for virtual machines, created if absent", set_taps},
    {"port", "KIND:ARG[,KEY=VALUE...]", "add a port of any kind: see below",
	set_port},
    {"nat", "[=NET]", "a way out for guests, with DHCP and DNS (10.0.2.0/24)",
	set_network},
    {"host-only", "ADDR/LEN",
	"a network of guests and host, with DHCP; the host is ADDR",
	set_network},
    {"network", "NAME", "bridged, nat or host-only, with the usual settings",
	set_network},
    {"name", "NAME", "the switch's name (qswitch)", set_name},
    {"control", "PATH",
	"control socket (/run/qswitch/NAME.sock, or in $XDG_RUNTIME_DIR)",
	set_path, FIELD(control)},
    {"control-group", "GROUP",
	"members of GROUP may use the control socket, too", set_group,
	FIELD(control_group)},
    {"ageing", "S", "forget an address not seen for S seconds (300)", set_u32,
	FDB_AGEING_MIN_S, FDB_AGEING_MAX_S, FIELD(ageing_s)},
    {"fdb-size", "N", "remember up to N addresses (8192)", set_u32,
	FDB_SIZE_MIN, FDB_SIZE_MAX, FIELD(fdb_size)},
    {"flight-recorder", "N", "keep the last N decisions for `why` (4096)",
	set_u32, 0, RECORDER_MAX, FIELD(recorder)},
    {"forward-reserved", NULL,
	"relay 01-80-C2-00-00-0x too, as a wire would; for labs", set_true,
	FIELD(forward_reserved)},
    {"observe", "on|off",
	"note guests' IP addresses from ARP, ND and DHCP (on)", set_on_off,
	FIELD(observe)},
    {"lab", NULL, "let qswitchctl pause and slow time, for teaching", set_true,
	FIELD(lab)},
    {"stp", "on|off", "spanning tree (on)", set_stp},
    {"stp-priority", "N", "bridge priority; the lowest becomes root (32768)",
	set_stp},
    {"stp-hello", "S", "hello time, used while this bridge is root (2)",
	set_stp},
    {"stp-max-age", "S", "max age, used while this bridge is root (20)",
	set_stp},
    {"stp-forward-delay", "S",
	"forward delay, used while this bridge is root (15)", set_stp},
    {"stp-address", "MAC", "bridge address (from machine-id and name)",
	set_stp},
    {"daemon", NULL, "run in the background once every port is open", set_true,
	FIELD(daemonize)},
    {"pidfile", "PATH", "write the process ID to PATH and lock the file",
	set_path, FIELD(pidfile)},
    {"pcap-dir", "DIR", "let clients have ports record into files in DIR",
	set_path, FIELD(pcap_dir)},
    {"log-level", "LEVEL", "error, warning, info (default) or debug",
	set_log_level},
    {"spin", "auto|off|US",
	"after traffic, poll for up to US microseconds (auto)", set_spin},
    {"busy-poll", NULL, "poll all the time: uses one processor fully",
	set_busy_poll},
    /* no help: for the benchmark's own test */
    {"debug-delay-us", "N", NULL, set_u32, 0, 1000000, FIELD(debug_delay_us)},
    {"help", NULL, "print this help and exit", NULL},
    {"version", NULL, "print the version and exit", NULL},
};

enum { N_OPTIONS = sizeof(options) / sizeof(*options) };

enum config_result config_parse(
    struct config *config, int argc, char *argv[], char *err)
{
	struct option table[N_OPTIONS + 1];
	int c;

	set_defaults(config);
	make_getopt_table(table);
	opterr = 0;
	optind = 0; /* start again, also on a second call (getopt(3)) */
	while ((c = getopt_long(argc, argv, "+:hV", table, NULL)) != -1) {
		if (c == 'h' || c == 256 + N_OPTIONS - 2)
			return CONFIG_HELP;
		if (c == 'V' || c == 256 + N_OPTIONS - 1)
			return CONFIG_VERSION;
		if (c == ':' || c == '?') {
			refuse_option(c, argv[optind - 1], err);
			return CONFIG_BAD;
		}
		const struct option_def *def = &options[c - 256];
		if (def->set(config, def, optarg, err))
			return CONFIG_BAD;
	}
	if (optind < argc) {
		config_fail(err, "%s: not an option; see --help", argv[optind]);
		return CONFIG_BAD;
	}
	if (config_stp_check(&config->stp, err) || !names_unique(config, err))
		return CONFIG_BAD;
	return CONFIG_RUN;
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
		snprintf(left, sizeof(left), "--%s%s%s", options[i].name,
		    options[i].arg && *options[i].arg != '[' ? " " : "",
		    options[i].arg ? options[i].arg : "");
		fprintf(
		    out, "  %-*s %s\n", ARGUMENT_COLUMN, left, options[i].help);
	}
	fputs("\nKinds of port:\n", out);
	for (int i = 0; port_kinds[i]; i++)
		if (is_default_driver(port_kinds[i]))
			print_kind(out, port_kinds[i]);
	fputs(
	    "\nEvery kind also takes name=NAME, uplink and fdb-max=N, and for "
	    "the spanning\ntree cost=N, priority=N, edge=yes|no, "
	    "bpdu=auto|always|never|guard.\n\n"
	    "qswitchctl(8) shows what the switch does and why.\n",
	    out);
}

static void set_defaults(struct config *config)
{
	*config = (struct config){
	    .name = "qswitch",
	    .control_group = (gid_t)-1,
	    .ageing_s = FDB_AGEING_DEFAULT_S,
	    .fdb_size = FDB_SIZE_DEFAULT,
	    .recorder = RECORDER_DEFAULT,
	    .log_level = LOG_INFO,
	    .observe = true,
	    .spin_us = spin_auto_us(),
	    .stp = {.on = true,
		.priority = STP_PRIORITY,
		.hello_s = 2,
		.max_age_s = 20,
		.forward_delay_s = 15},
	};
}

static void make_getopt_table(struct option *table)
{
	memset(table, 0, (N_OPTIONS + 1) * sizeof(*table));
	for (int i = 0; i < N_OPTIONS; i++) {
		table[i].name = options[i].name;
		table[i].has_arg = !options[i].arg	    ? no_argument
				   : *options[i].arg == '[' ? optional_argument
							    : required_argument;
		table[i].val = i + 256;
	}
}

static int set_uplink(struct config *config, const struct option_def *def,
    const char *value, char *err)
{
	char text[2 * PORT_ARG];

	if ((size_t)snprintf(text, sizeof(text), "nic:%s,uplink", value) >=
	    sizeof(text))
		return config_fail(err, "--%s: longer than %zu characters",
		    def->name, sizeof(text));
	return add_spec(config, def->name, text, err);
}

static int add_spec(
    struct config *config, const char *option, const char *text, char *err)
{
	char why[CONFIG_ERR];
	struct port_spec *ports = reallocarray(
	    config->ports, (size_t)config->n_ports + 1, sizeof(*ports));

	if (!ports)
		return config_fail(err, "out of memory");
	config->ports = ports;
	if (config->n_ports == PORT_NUMBERS)
		return config_fail(
		    err, "--%s: more than %d ports", option, PORT_NUMBERS);
	if (config_port_spec(&ports[config->n_ports], text, why))
		return config_fail(err, "--%s: %.400s", option, why);
	config->n_ports++;
	return 0;
}

/* --taps A,B is --port tap:A --port tap:B, --vm-taps likewise. */
static int set_taps(struct config *config, const struct option_def *def,
    const char *value, char *err)
{
	const char *kind = def->name[0] == 'v' ? "vmtap" : "tap";
	char text[PORT_ARG];

	for (;;) {
		size_t len = strcspn(value, ",");

		while (len > 0 && value[len] && value[len - 1] == '\\')
			len += 1 + strcspn(value + len + 1, ",");
		if (!len)
			return config_fail(err, "--%s \"%s\": a name is empty",
			    def->name, value);
		if ((size_t)snprintf(text, sizeof(text), "%s:%.*s", kind,
			(int)len, value) >= sizeof(text))
			return config_fail(err, "--%s %s: a name is too long",
			    def->name, value);
		if (add_spec(config, def->name, text, err))
			return -EINVAL;
		if (!value[len])
			return 0;
		value += len + 1;
	}
}

static int set_port(struct config *config, const struct option_def *def,
    const char *value, char *err)
{
	return add_spec(config, def->name, value, err);
}

/* --nat, --host-only, --network */
static int set_network(struct config *config, const struct option_def *def,
    const char *value, char *err)
{
	char text[CONFIG_SPEC];

	if (config_network_spec(def->name, value, text, err))
		return -EINVAL;
	return add_spec(config, def->name, text, err);
}

static int set_name(struct config *config, const struct option_def *def,
    const char *value, char *err)
{
	if (!config_good_name(value))
		return config_fail(err,
		    "--%s %s: a name has letters, digits and . _ - : + @, and "
		    "begins with a letter or digit",
		    def->name, value);
	if (strlcpy(config->name, value, sizeof(config->name)) >=
	    sizeof(config->name))
		return config_fail(err, "--%s %s: longer than %d characters",
		    def->name, value, CONFIG_NAME - 1);
	return 0;
}

static int set_path(struct config *config, const struct option_def *def,
    const char *value, char *err)
{
	if (!*value)
		return config_fail(err, "--%s: the path is empty", def->name);
	if (strlcpy((char *)config + def->offset, value, CONFIG_PATH) >=
	    CONFIG_PATH)
		return config_fail(err,
		    "--%s %s: longer than %d bytes: choose a shorter path",
		    def->name, value, CONFIG_PATH - 1);
	return 0;
}

static int set_group(struct config *config, const struct option_def *def,
    const char *value, char *err)
{
	const char *problem;
	const struct group *group = getgrnam(value);
	long long n = strtonum(value, 0, UINT32_MAX - 1, &problem);

	if (!group && problem)
		return config_fail(err,
		    "--%s %s: no group is named so: give another, or a number",
		    def->name, value);
	config->control_group = group ? group->gr_gid : (gid_t)n;
	return 0;
}

static int set_u32(struct config *config, const struct option_def *def,
    const char *value, char *err)
{
	const char *problem;
	long long n = strtonum(value, def->min, def->max, &problem);

	if (problem)
		return config_fail(err,
		    "--%s %s: %s: give a number from %lld to %lld", def->name,
		    value, problem, def->min, def->max);
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

static int set_on_off(struct config *config, const struct option_def *def,
    const char *value, char *err)
{
	bool on = strcmp(value, "on") == 0;

	if (!on && strcmp(value, "off") != 0)
		return config_fail(
		    err, "--%s %s: give on or off", def->name, value);
	*(bool *)((char *)config + def->offset) = on;
	return 0;
}

/* --stp on, --stp-hello 1, ...; how the timers fit each other is judged when
 * all of them are known. */
static int set_stp(struct config *config, const struct option_def *def,
    const char *value, char *err)
{
	const char *key = def->name[3] ? def->name + 4 : "enabled";
	char why[CONFIG_ERR];

	if (config_stp_read(
		&config->stp, key, value, why)) /* "KEY=VALUE: .." */
		return config_fail(
		    err, "--%s %.400s", def->name, why + strlen(key) + 1);
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

	for (size_t i = 0; i < sizeof(levels) / sizeof(*levels); i++)
		if (strcmp(value, levels[i].name) == 0) {
			config->log_level = levels[i].level;
			return 0;
		}
	return config_fail(err, "--%s %s: give error, warning, info or debug",
	    def->name, value);
}

static int set_spin(struct config *config, const struct option_def *def,
    const char *value, char *err)
{
	config->spin_us = 0;
	if (strcmp(value, "off") == 0)
		return 0;
	if (strcmp(value, "auto") == 0) {
		config->spin_us = spin_auto_us();
		return 0;
	}
	if (config_number(value, 1, SPIN_MAX_US, &config->spin_us))
		return 0;
	return config_fail(err,
	    "--%s %s: give auto, off or 1 to %d microseconds", def->name, value,
	    SPIN_MAX_US);
}

static int set_busy_poll(struct config *config, const struct option_def *def,
    const char *value, char *err)
{
	(void)def, (void)value, (void)err;
	config->spin_us = SPIN_ALWAYS_US;
	return 0;
}

/* @word was read last; of a bad letter in a word of several, optopt tells. */
static void refuse_option(int c, const char *word, char *err)
{
	if (c == ':')
		config_fail(err, "%s: needs a value; see --help", word);
	else if (optopt > 0 && optopt < 256)
		config_fail(err, "-%c: no such option; see --help", optopt);
	else if (is_ambiguous(word))
		config_fail(err,
		    "%s: several options begin like this; see --help", word);
	else
		config_fail(err, "%s: no such option; see --help", word);
}

/* "--st": getopt_long(3) accepts an abbreviation that is unique. */
static bool is_ambiguous(const char *word)
{
	size_t len = strcspn(word + 2, "=");
	int n = 0;

	for (int i = 0; i < N_OPTIONS; i++)
		n += strncmp(options[i].name, word + 2, len) == 0;
	return n > 1;
}

static bool names_unique(const struct config *config, char *err)
{
	for (int i = 0; i < config->n_ports; i++)
		for (int j = 0; j < i; j++)
			if (strcmp(config->ports[i].name,
				config->ports[j].name) == 0) {
				config_fail(err,
				    "two ports are named %s: give one of them "
				    "another name with name=",
				    config->ports[i].name);
				return false;
			}
	return true;
}

static bool is_default_driver(const struct port_kind *kind)
{
	return port_kind_find(kind->name, NULL) == kind;
}

static void print_kind(FILE *out, const struct port_kind *kind)
{
	int len = (int)strcspn(kind->help, "\n");

	fprintf(out, "  %s:%.*s\n        %s\n", kind->name, len, kind->help,
	    kind->help + len + 1);
}
