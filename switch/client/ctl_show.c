/* SPDX-License-Identifier: BSD-2-Clause */
/* ctl_show.c - from an answer of the daemon to text for people. */
#include "ctl_show.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <bsd/string.h>

#include "forwarding/verdict.h"
#include "switch/protocol/duration.h"
#include "switch/protocol/json.h"

#include "answer.h"
#include "ctl.h"
#include "ctl_since.h"
#include "ctl_sort.h"
#include "ctl_text.h"
#include "table.h"

static enum paint paint_of(struct json_object *port);
static void peer_cell(struct table *t, struct json_object *port);
static void reason_cell(struct table *t, struct json_object *port);
static void show_verdicts(struct json_object *verdicts, bool all);
static const char *text_of_verdict(const char *name);
static void print_sentences(struct json_object *from, const char *indent);
static void print_time(struct json_object *answer);

int show_nothing(struct ctl *ctl, struct json_object *answer)
{
	(void)ctl, (void)answer;
	return CTL_OK;
}

int show_ports(struct ctl *ctl, struct json_object *answer)
{
	static const char *const counts[] = {"mtu", "rx_frames", "rx_bytes",
	    "tx_frames", "tx_bytes", "tx_full", "tx_oversize", "tx_down",
	    "tx_error"};
	struct table *t = table_new("lllrrrrrrrrrll",
	    "NAME KIND STATE MTU RX-FRAMES RX-BYTES TX-FRAMES TX-BYTES FULL "
	    "OVERSIZE DOWN ERROR PEER REASON");
	bool human = get_bool(ctl->local, "--human");
	char text[STATE_TEXT];

	int status = ctl_sort(ctl, answer, "ports");
	foreach_in(port, answer, "ports")
	{
		table_cell(t, "%s", get_text(port, "name"));
		table_cell(t, "%s%s", get_text(port, "kind"),
		    get_bool(port, "uplink") ? " uplink" : "");
		table_cell(t, "%s", state_text(port, text));
		table_paint(t, paint_of(port));
		for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++)
			table_cell(t, "%s",
			    count_text(
				get_count(port, counts[i]), human && i, text));
		peer_cell(t, port);
		reason_cell(t, port);
	}
	table_print(t, stdout);
	return status;
}

/* Why it is not up; and of a socket that nobody has used yet, who may. */
static void reason_cell(struct table *t, struct json_object *port)
{
	const char *reason = get_text(port, "reason");
	const char *peers = get_text(get(port, "facts"), "peers");
	char who[WHO_TEXT] = "";

	if (!*reason && !get_count(port, "rx_frames") &&
	    (!*peers || strcmp(peers, "0") == 0))
		who_may_connect(port, who);
	table_cell(t, "%s", *reason ? reason : who);
}

int show_port_add(struct ctl *ctl, struct json_object *answer)
{
	(void)ctl;
	printf("%s is port %" PRIu64 "\n", get_text(answer, "port"),
	    get_count(answer, "no"));
	return CTL_OK;
}

int show_port_up(struct ctl *ctl, struct json_object *answer)
{
	if (!get_bool(answer, "up"))
		printf("%s is still down: %s\n", get_text(ctl->request, "port"),
		    get_text(answer, "reason"));
	return CTL_OK;
}

int show_counters(struct ctl *ctl, struct json_object *answer)
{
	int64_t missing = json_object_get_int64(get(answer, "unaccounted"));
	int status = CTL_OK;

	if (get_bool(ctl->local, "--since"))
		status = since_last(ctl, answer);
	if (json_object_is_type(get(answer, "verdicts"), json_type_object))
		show_verdicts(
		    get(answer, "verdicts"), get_bool(ctl->local, "--all"));
	uint64_t received = get_count(answer, "rx_frames");
	uint64_t copies = get_count(answer, "copies_queued");
	uint64_t own = get_count(answer, "own_frames");
	printf("\n%" PRIu64 " frame%s received, %" PRIu64 " cop%s queued",
	    received, plural(received), copies, copies == 1 ? "y" : "ies");
	if (own)
		printf(", %" PRIu64 " frame%s sent by the switch itself", own,
		    plural(own));
	if (missing)
		printf(".\n%" PRId64 " of them are unaccounted for: this is a "
		       "bug in qswitch, please report it.\n",
		    missing);
	else
		puts(".\nThe books balance: every frame is accounted for.");
	if (get_count(answer, "claims"))
		printf("%" PRIu64 " frames came from an address that has a "
		       "static entry on another port.\n",
		    get_count(answer, "claims"));
	return status;
}

int show_sentences(struct ctl *ctl, struct json_object *answer)
{
	(void)ctl;
	print_sentences(answer, "");
	return CTL_OK;
}

/* The newest comes last, next to the eye. */
int show_why(struct ctl *ctl, struct json_object *answer)
{
	char day[DAY_TEXT], ago[DURATION_TEXT];

	(void)ctl;
	for (size_t i = list_length(answer, "frames"); i-- > 0;) {
		struct json_object *f = list_at(answer, "frames", i);

		day_text(get_count(f, "time_ms") * 1000000, 3, day);
		duration_text(get_count(f, "ago_ms"), ago);
		printf("%s (%s ago)\n", day, ago);
		print_sentences(f, "    ");
	}
	if (list_length(answer, "frames") == 0)
		puts("The flight recorder holds no such frame.");
	return CTL_OK;
}

/* The frames carried out, the state of the lab, and the next frame. */
int show_lab(struct ctl *ctl, struct json_object *answer)
{
	(void)ctl;
	if (!get(answer, "slow")) {
		puts("This switch was started without --lab.");
		return CTL_OK;
	}
	foreach_in(frame, answer, "frames") print_sentences(frame, "");
	print_time(answer);
	if (get(answer, "next_frame")) {
		puts("Next:");
		print_sentences(get(answer, "next_frame"), "    ");
	}
	return CTL_OK;
}

int show_show(struct ctl *ctl, struct json_object *answer)
{
	const char *id = get_text(answer, "bridge_id");
	const char *before = "";

	(void)ctl;
	puts("bridge name\tbridge id\t\tSTP enabled\tinterfaces");
	printf("%s\t\t%s\t%s\t\t", get_text(answer, "name"),
	    *id ? id : "8000.000000000000",
	    get_bool(answer, "stp_enabled") ? "yes" : "no");
	foreach_in(name, answer, "interfaces")
	{
		printf("%s%s\n", before, json_object_get_string(name));
		before = "\t\t\t\t\t\t\t";
	}
	if (!*before)
		putchar('\n');
	return CTL_OK;
}

int show_info(struct ctl *ctl, struct json_object *answer)
{
	struct table *t = table_new("ll", "SETTING VALUE");

	(void)ctl;
	json_object_object_foreach (answer, key, value) {
		if (strcmp(key, "ok") == 0)
			continue;
		table_cell(t, "%s", key);
		table_cell(t, "%s", json_object_get_string(value));
	}
	table_print(t, stdout);
	return CTL_OK;
}

int show_version(struct ctl *ctl, struct json_object *answer)
{
	(void)ctl;
	printf("qswitchd %s, control protocol %" PRIu64 "\n",
	    get_text(answer, "version"), get_count(answer, "protocol"));
	return CTL_OK;
}

static enum paint paint_of(struct json_object *port)
{
	const char *state = get_text(port, "state");

	if (strcmp(state, "forwarding") == 0)
		return PAINT_GOOD;
	if (strcmp(state, "listening") == 0 || strcmp(state, "learning") == 0)
		return PAINT_WAIT;
	return get_bool(port, "up") ? PAINT_NONE : PAINT_BAD;
}

/* "web (4711) 10.0.0.5": the VM, its process, its addresses */
static void peer_cell(struct table *t, struct json_object *port)
{
	struct json_object *facts = get(port, "facts");
	const char *vm = get_text(facts, "vm");
	char text[256] = "";

	if (!*vm)
		vm = get_text(facts, "program");
	if (get(facts, "pid"))
		snprintf(
		    text, sizeof(text), "%s (%s)", vm, get_text(facts, "pid"));
	foreach_in(address, port, "addresses")
	{
		strlcat(text, *text ? " " : "", sizeof(text));
		strlcat(text, json_object_get_string(address), sizeof(text));
	}
	uint64_t hosts = get_count(port, "hosts");
	if (list_length(port, "addresses") == 0 && hosts)
		snprintf(text, sizeof(text), "%" PRIu64 " host%s", hosts,
		    plural(hosts));
	foreach_in(name, port, "names")
	{
		strlcat(text, *text ? " " : "", sizeof(text));
		strlcat(text, json_object_get_string(name), sizeof(text));
	}
	table_cell(t, "%s", text);
}

static void show_verdicts(struct json_object *verdicts, bool all)
{
	struct table *t = table_new("lrl", "VERDICT FRAMES MEANING");

	json_object_object_foreach (verdicts, name, value) {
		uint64_t n = json_object_get_uint64(value);

		if (!n && !all)
			continue;
		table_cell(t, "%s", name);
		table_cell(t, "%" PRIu64, n);
		table_cell(t, "%s", text_of_verdict(name));
	}
	table_print(t, stdout);
}

static const char *text_of_verdict(const char *name)
{
	for (int v = 0; v < VERDICT_COUNT; v++)
		if (strcmp(verdict_name((enum verdict)v), name) == 0)
			return verdict_text((enum verdict)v);
	return "";
}

static void print_sentences(struct json_object *from, const char *indent)
{
	foreach_in(sentence, from, "sentences")
	    printf("%s%s\n", indent, json_object_get_string(sentence));
}

/* "Time is held; 2 frames wait." */
static void print_time(struct json_object *answer)
{
	double slow = get_real(answer, "slow");
	uint64_t waiting = get_count(answer, "waiting");
	uint64_t dropped = get_count(answer, "dropped");

	if (get_bool(answer, "paused"))
		printf("Time is held");
	else if (slow == 1)
		printf("Time runs as usual");
	else
		printf("A second of the switch takes %g s", slow);
	printf("; %" PRIu64 " frame%s wait%s.", waiting,
	    waiting == 1 ? "" : "s", waiting == 1 ? "s" : "");
	if (dropped)
		printf(" %" PRIu64 " did not fit and were dropped.", dropped);
	putchar('\n');
}
