/* SPDX-License-Identifier: BSD-2-Clause */
/* commands.c - the table of commands of the control socket. */
#include "commands.h"

#include <errno.h>
#include <string.h>

#include "switch/protocol/json.h"

#include "refusal.h"

const struct command commands[] = {
    {"ports", "from ", "ports with state and counters", show_ports},
    {"qemu-args", "port ", "one port, as of ports: what QEMU is to be told",
	show_port},
    {"port add", "spec ", "add a port: KIND:ARG[,key=value...]",
	manage_port_add},
    {"port del", "port ", "remove a port", manage_port_del},
    {"port up", "port ", "let a port work, and try it now", manage_port_up},
    {"port down", "port ", "keep a port down", manage_port_down},
    {"fdb", "port vlan mac from ", "the filtering database (MAC table)",
	show_fdb},
    {"fdb add", "mac port vlan ", "add a static entry", manage_fdb_add},
    {"fdb del", "mac vlan ", "forget one address", manage_fdb_del},
    {"fdb flush", "port vlan mac static ", "forget all that matches",
	manage_fdb_flush},
    {"counters", "", "verdicts, and whether the books balance", show_counters},
    {"monitor", "", "events as they happen", stream_monitor},
    {"capture", "port snaplen ", "frames of one port or all", stream_capture},
    {"explain", "port src dst vlan ",
	"what would become of such a frame, and why", why_explain},
    {"why", "port mac last from ", "what became of real frames, and why",
	why_frames},
    {"lab", "", "whether time is held, and what waits", lab_show},
    {"pause", "", "hold time: frames wait (--lab)", lab_do_pause},
    {"step", "frames ", "carry out the next frames that wait", lab_do_step},
    {"resume", "", "let time go on", lab_do_resume},
    {"slow", "factor ", "let a second of the switch take so many", lab_do_slow},
    {"show", "", "the switch in brctl's columns", show_bridge},
    {"showmacs", "port vlan mac from ", "the MAC table in brctl's columns",
	show_fdb},
    {"stp", "from ", "the spanning tree, and each port's part in it", show_stp},
    {"stp explain", "port ", "why a port is in its state", show_stp_explain},
    {"showstp", "from ", "the spanning tree in brctl's layout", show_stp},
    {"set stp", "setting ",
	"KEY=VALUE: enabled, priority, hello, max-age, forward-delay, address",
	manage_set_stp},
    {"set port", "port setting ",
	"KEY=VALUE: cost, priority, edge, bpdu, fdb-max", manage_set_port},
    {"info", "", "name, version, age and settings", show_info},
    {"version", "", "version of daemon and protocol", show_version},
    {"help", "", "the commands", show_help},
    {"shutdown", "", "stop the switch", manage_shutdown},
    {0},
};

static const struct command *find(const char *name)
{
	for (const struct command *c = commands; c->name; c++)
		if (!strcmp(c->name, name))
			return c;
	return NULL;
}

/* Is @key one of the space-terminated words of @keys? */
static bool takes(const char *keys, const char *key)
{
	size_t len = strlen(key);

	for (const char *at = keys; *at; at = strchr(at, ' ') + 1)
		if (!strncmp(at, key, len) && at[len] == ' ')
			return true;
	return false;
}

/* A misspelt argument shall not be ignored. */
static bool check_keys(struct request *r, const struct command *c)
{
	json_object_object_foreach (r->args, key, value) {
		(void)value;
		if (!strcmp(key, "cmd") || takes(c->keys, key))
			continue;
		request_fail(r, "%s takes no argument %.64s; it takes: %s",
		    c->name, key, *c->keys ? c->keys : "none");
		return false;
	}
	return true;
}

static int run(struct request *r)
{
	const char *name = NULL;

	if (!request_text(r, "cmd", REQUIRED, &name))
		return -EINVAL;
	const struct command *c = find(name);
	if (!c)
		return request_fail(r,
		    "there is no command %.64s: {\"cmd\":\"help\"} lists them",
		    name);
	return check_keys(r, c) ? c->run(r) : -EINVAL;
}

struct json_object *command_run(struct request *r, const char *line, size_t len)
{
	char wrong[128];

	r->args = json_read(line, len, wrong, sizeof(wrong));
	if (!r->args)
		return refusal_new("the request %s: one JSON object a line "
				   "is expected, such as {\"cmd\":\"ports\"}",
		    wrong);
	r->answer = json_object_new_object();
	json_put_bool(r->answer, "ok", true);
	if (run(r)) {
		json_object_put(r->answer);
		r->answer = refusal_new("%s", r->err);
	}
	json_object_put(r->args);
	return r->answer;
}
