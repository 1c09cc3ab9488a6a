/* SPDX-License-Identifier: BSD-2-Clause */
/* ctl_stp.c - the spanning tree for people: `stp`, and `showstp` in the layout
 * of bridge-utils, for people and scripts that know it. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "answer.h"
#include "ctl.h"
#include "ctl_show.h"
#include "ctl_text.h"
#include "table.h"

static void show_bridge(struct json_object *a);
static bool tells_silence(struct json_object *p);
static const char *yes_no(bool value);
static void brctl_bridge(struct json_object *a);
static const char *brctl_id(const char *id, char text[32]);
static void brctl_row(const char *left, const char *left_value,
    const char *right, const char *right_value);
static void brctl_seconds(const char *left, struct json_object *from,
    const char *key, const char *right, struct json_object *right_from,
    const char *right_key);
static void brctl_port(struct json_object *p);

int show_stp(struct ctl *ctl, struct json_object *answer)
{
	char state[STATE_TEXT];

	(void)ctl;
	if (!get_bool(answer, "enabled")) {
		puts("the spanning tree is off: a port that is up forwards");
		return CTL_OK;
	}
	show_bridge(answer);
	struct table *t = table_new("lllllrlllrrrr",
	    "PORT ROLE STATE EDGE BPDU COST ID DESIGNATED-BRIDGE "
	    "DESIGNATED-PORT THEIR-COST RX TX FORWARDED");
	foreach_in(p, answer, "ports")
	{
		table_cell(t, "%s", get_text(p, "name"));
		table_cell(t, "%s", get_text(p, "role"));
		table_cell(t, "%s", state_text(p, state));
		table_cell(t, "%s", yes_no(get_bool(p, "edge")));
		table_cell(t, "%s%s", get_text(p, "bpdu"),
		    tells_silence(p) ? ", silent" : "");
		table_cell(t, "%" PRIu64, get_count(p, "cost"));
		table_cell(t, "%s", get_text(p, "port_id"));
		table_cell(t, "%s", get_text(p, "designated_bridge"));
		table_cell(t, "%s", get_text(p, "designated_port"));
		table_cell(t, "%" PRIu64, get_count(p, "designated_cost"));
		table_cell(t, "%" PRIu64, get_count(p, "bpdus_rx"));
		table_cell(t, "%" PRIu64, get_count(p, "bpdus_tx"));
		table_cell(t, "%" PRIu64, get_count(p, "transitions"));
	}
	table_print(t, stdout);
	return CTL_OK;
}

int show_showstp(struct ctl *ctl, struct json_object *answer)
{
	(void)ctl;
	if (!get_bool(answer, "enabled")) {
		printf("%s: spanning tree is off\n", get_text(answer, "name"));
		return CTL_OK;
	}
	brctl_bridge(answer);
	foreach_in(p, answer, "ports") brctl_port(p);
	return CTL_OK;
}

static void show_bridge(struct json_object *a)
{
	struct json_object *times = get(a, "times");
	const char *root_port = get_text(a, "root_port");

	printf("bridge %s%s\n", get_text(a, "bridge_id"),
	    *root_port ? "" : ", the root");
	if (*root_port)
		printf("root   %s by %s at cost %" PRIu64 "\n",
		    get_text(a, "root_id"), root_port,
		    get_count(a, "root_path_cost"));
	printf("times  hello %g s, max age %g s, forward delay %g s\n",
	    get_real(times, "hello_s"), get_real(times, "max_age_s"),
	    get_real(times, "forward_delay_s"));
	uint64_t changes = get_count(a, "topology_changes");
	printf("topology changes %" PRIu64, changes);
	if (changes)
		printf(", the last %.0f s ago",
		    get_real(a, "since_topology_change_s"));
	puts(get_bool(a, "topology_change") ? "; ageing is short\n" : "\n");
}

/* The names of some policies say that already. */
static bool tells_silence(struct json_object *p)
{
	const char *bpdu = get_text(p, "bpdu");

	return !get_bool(p, "speaks") && strcmp(bpdu, "filter") != 0 &&
	       strcmp(bpdu, "guard") != 0;
}

static const char *yes_no(bool value)
{
	return value ? "yes" : "no";
}

static void brctl_bridge(struct json_object *a)
{
	struct json_object *times = get(a, "times");
	struct json_object *own = get(a, "own_times");
	char id[32], cost[32], port[32];

	puts(get_text(a, "name"));
	printf(
	    " %-22s %s\n", "bridge id", brctl_id(get_text(a, "bridge_id"), id));
	printf(" %-22s %s\n", "designated root",
	    brctl_id(get_text(a, "root_id"), id));
	snprintf(port, sizeof(port), "%4" PRIu64, get_count(a, "root_port_no"));
	snprintf(
	    cost, sizeof(cost), "%4" PRIu64, get_count(a, "root_path_cost"));
	brctl_row("root port", port, "path cost", cost);
	brctl_seconds(
	    "max age", times, "max_age_s", "bridge max age", own, "max_age_s");
	brctl_seconds("hello time", times, "hello_s", "bridge hello time", own,
	    "hello_s");
	brctl_seconds("forward delay", times, "forward_delay_s",
	    "bridge forward delay", own, "forward_delay_s");
	printf(
	    " %-22s %7.2f\n", "ageing time", (double)get_count(a, "ageing_s"));
	brctl_seconds(
	    "hello timer", a, "hello_timer_s", "tcn timer", a, "tcn_timer_s");
	printf(" %-22s %7.2f\n", "topology change timer",
	    get_real(a, "topology_change_timer_s"));
	printf(" %-22s %s%s\n\n", "flags",
	    get_bool(a, "topology_change") ? "TOPOLOGY_CHANGE " : "",
	    get_bool(a, "topology_change_pending") ? "TOPOLOGY_CHANGE_DETECTED"
						   : "");
}

/* "8000.aa:bb:cc:dd:ee:ff" as brctl writes it: 8000.aabbccddeeff */
static const char *brctl_id(const char *id, char text[32])
{
	size_t n = 0;

	for (; *id && n < 31; id++)
		if (*id != ':')
			text[n++] = *id;
	text[n] = '\0';
	return text;
}

/* Two columns of name and value. */
static void brctl_row(const char *left, const char *left_value,
    const char *right, const char *right_value)
{
	printf(" %-22s %-24s %-22s %s\n", left, left_value, right, right_value);
}

static void brctl_seconds(const char *left, struct json_object *from,
    const char *key, const char *right, struct json_object *right_from,
    const char *right_key)
{
	char a[32], b[32];

	snprintf(a, sizeof(a), "%7.2f", get_real(from, key));
	snprintf(b, sizeof(b), "%7.2f", get_real(right_from, right_key));
	brctl_row(left, a, right, b);
}

static void brctl_port(struct json_object *p)
{
	char a[32], b[32];

	printf("%s (%" PRIu64 ")\n", get_text(p, "name"), get_count(p, "no"));
	brctl_row(
	    "port id", get_text(p, "port_id"), "state", get_text(p, "state"));
	snprintf(b, sizeof(b), "%4" PRIu64, get_count(p, "cost"));
	brctl_row("designated root",
	    brctl_id(get_text(p, "designated_root"), a), "path cost", b);
	snprintf(b, sizeof(b), "%7.2f", get_real(p, "message_age_timer_s"));
	brctl_row("designated bridge",
	    brctl_id(get_text(p, "designated_bridge"), a), "message age timer",
	    b);
	snprintf(b, sizeof(b), "%7.2f", get_real(p, "forward_delay_timer_s"));
	brctl_row("designated port", get_text(p, "designated_port"),
	    "forward delay timer", b);
	snprintf(a, sizeof(a), "%4" PRIu64, get_count(p, "designated_cost"));
	snprintf(b, sizeof(b), "%7.2f", get_real(p, "hold_timer_s"));
	brctl_row("designated cost", a, "hold timer", b);
	puts(" flags\n");
}
