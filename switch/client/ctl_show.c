/* SPDX-License-Identifier: BSD-2-Clause */
/* ctl_show.c - from an answer of the daemon's to text for people. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <bsd/string.h>

#include "ctl.h"
#include "explain.h"
#include "json.h"
#include "table.h"

struct json_object *get(struct json_object *from, const char *key)
{
	struct json_object *value = NULL;

	json_object_object_get_ex(from, key, &value);
	return value;
}

const char *get_text(struct json_object *from, const char *key)
{
	const char *text = json_object_get_string(get(from, key));

	return text ? text : "";
}

uint64_t get_count(struct json_object *from, const char *key)
{
	return json_object_get_uint64(get(from, key));
}

bool get_bool(struct json_object *from, const char *key)
{
	return json_object_get_boolean(get(from, key));
}

static size_t length(struct json_object *array)
{
	return array ? json_object_array_length(array) : 0;
}

/* for each element of member @list of @answer */
#define foreach_in(element, answer, list)                                  \
	for (size_t i_ = 0; i_ < length(get(answer, list)); i_++)          \
		for (struct json_object *element =                         \
			 json_object_array_get_idx(get(answer, list), i_); \
		     element; element = NULL)

void ctl_time_of_day(uint64_t time_ns, int digits, char text[24])
{
	time_t seconds = (time_t)(time_ns / 1000000000);
	uint64_t fraction = time_ns % 1000000000;
	struct tm tm = {0};

	localtime_r(&seconds, &tm);
	for (int i = 9; i > digits; i--)
		fraction /= 10;
	snprintf(text, 24, "%02d:%02d:%02d.%0*" PRIu64, tm.tm_hour % 24,
	    tm.tm_min % 60, tm.tm_sec % 61, digits, fraction);
}

int ctl_show_nothing(struct ctl *ctl, struct json_object *answer)
{
	(void)ctl, (void)answer;
	return CTL_OK;
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
		    text, sizeof text, "%s (%s)", vm, get_text(facts, "pid"));
	for (size_t i = 0; i < length(get(port, "addresses")); i++) {
		struct json_object *address =
		    json_object_array_get_idx(get(port, "addresses"), i);

		strlcat(text, *text ? " " : "", sizeof text);
		strlcat(text, json_object_get_string(address), sizeof text);
	}
	table_cell(t, "%s", text);
}

int ctl_show_ports(struct ctl *ctl, struct json_object *answer)
{
	static const char *const counts[] = {"mtu", "rx_frames", "rx_bytes",
	    "tx_frames", "tx_bytes", "tx_full", "tx_oversize", "tx_error"};
	struct table *t = table_new("lllrrrrrrrrll",
	    "NAME KIND STATE MTU RX-FRAMES RX-BYTES TX-FRAMES TX-BYTES FULL "
	    "OVERSIZE ERROR PEER REASON");

	(void)ctl;
	foreach_in(port, answer, "ports")
	{
		table_cell(t, "%s", get_text(port, "name"));
		table_cell(t, "%s%s", get_text(port, "kind"),
		    get_bool(port, "uplink") ? " uplink" : "");
		ctl_state_cell(t, port);
		for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
			table_cell(t, "%" PRIu64, get_count(port, counts[i]));
		peer_cell(t, port);
		table_cell(t, "%s", get_text(port, "reason"));
	}
	table_print(t, stdout);
	return CTL_OK;
}

int ctl_show_port_added(struct ctl *ctl, struct json_object *answer)
{
	(void)ctl;
	printf("%s is port %" PRIu64 "\n", get_text(answer, "port"),
	    get_count(answer, "no"));
	return CTL_OK;
}

int ctl_show_port_state(struct ctl *ctl, struct json_object *answer)
{
	if (!get_bool(answer, "up"))
		printf("%s is still down: %s\n", get_text(ctl->request, "port"),
		    get_text(answer, "reason"));
	return CTL_OK;
}

static int by_vlan_and_mac(const void *a, const void *b)
{
	struct json_object *x = *(struct json_object *const *)a;
	struct json_object *y = *(struct json_object *const *)b;
	uint64_t vx = get_count(x, "vlan"), vy = get_count(y, "vlan");

	if (vx != vy)
		return vx < vy ? -1 : 1;
	return strcmp(get_text(x, "mac"), get_text(y, "mac"));
}

static void sort_fdb(struct json_object *answer)
{
	if (get(answer, "fdb"))
		json_object_array_sort(get(answer, "fdb"), by_vlan_and_mac);
}

int ctl_show_fdb(struct ctl *ctl, struct json_object *answer)
{
	struct table *t = table_new("lrlrl", "MAC VLAN PORT AGE KIND");

	(void)ctl;
	sort_fdb(answer);
	foreach_in(entry, answer, "fdb")
	{
		bool fixed = get_bool(entry, "static");

		table_cell(t, "%s", get_text(entry, "mac"));
		table_cell(t, "%" PRIu64, get_count(entry, "vlan"));
		table_cell(t, "%s", get_text(entry, "port"));
		if (fixed)
			table_cell(t, "-");
		else
			table_cell(
			    t, "%" PRIu64 " s", get_count(entry, "age_s"));
		table_cell(t, fixed ? "static" : "learned");
	}
	table_print(t, stdout);
	return CTL_OK;
}

int ctl_show_macs(struct ctl *ctl, struct json_object *answer)
{
	(void)ctl;
	sort_fdb(answer);
	puts("port no\tmac addr\t\tis local?\tageing timer");
	foreach_in(entry, answer, "fdb")
	    printf("%3" PRIu64 "\t%s\tno\t\t%4" PRIu64 ".00\n",
		get_count(entry, "port_no"), get_text(entry, "mac"),
		get_count(entry, "age_s"));
	return CTL_OK;
}

int ctl_show_flushed(struct ctl *ctl, struct json_object *answer)
{
	uint64_t n = get_count(answer, "flushed");

	(void)ctl;
	printf(
	    "%" PRIu64 " %s forgotten\n", n, n == 1 ? "address" : "addresses");
	return CTL_OK;
}

static const char *text_of_verdict(const char *name)
{
	for (int v = 0; v < VERDICT_COUNT; v++)
		if (!strcmp(verdict_name((enum verdict)v), name))
			return verdict_text((enum verdict)v);
	return "";
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

int ctl_show_counters(struct ctl *ctl, struct json_object *answer)
{
	int64_t missing = json_object_get_int64(get(answer, "unaccounted"));

	if (get(answer, "verdicts"))
		show_verdicts(
		    get(answer, "verdicts"), get_bool(ctl->local, "--all"));
	printf("\n%" PRIu64 " frames received, %" PRIu64 " copies queued",
	    get_count(answer, "rx_frames"), get_count(answer, "copies_queued"));
	if (get_count(answer, "own_frames"))
		printf(", %" PRIu64 " frames of the switch's own",
		    get_count(answer, "own_frames"));
	if (missing)
		printf(".\n%" PRId64 " of them are unaccounted for: this is a "
		       "fault of qswitch, please report it.\n",
		    missing);
	else
		puts(".\nThe books balance: none is unaccounted for.");
	return CTL_OK;
}

static void print_sentences(struct json_object *from, const char *indent)
{
	foreach_in(sentence, from, "sentences")
	    printf("%s%s\n", indent, json_object_get_string(sentence));
}

int ctl_show_sentences(struct ctl *ctl, struct json_object *answer)
{
	(void)ctl;
	print_sentences(answer, "");
	return CTL_OK;
}

/* The newest comes last, next to the eye. */
int ctl_show_why(struct ctl *ctl, struct json_object *answer)
{
	struct json_object *frames = get(answer, "frames");
	char day[24], ago[16];

	(void)ctl;
	for (size_t i = length(frames); i-- > 0;) {
		struct json_object *f = json_object_array_get_idx(frames, i);

		ctl_time_of_day(get_count(f, "time_ms") * 1000000, 3, day);
		explain_duration(get_count(f, "ago_ms"), ago);
		printf("%s (%s ago)\n", day, ago);
		print_sentences(f, "    ");
	}
	if (!length(frames))
		puts("The flight recorder holds no such frame.");
	return CTL_OK;
}

/* "Time is held; 2 frames wait." */
static void print_time(struct json_object *answer)
{
	double slow = json_object_get_double(get(answer, "slow"));
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

/* What was carried out, the state of the lab, and what is next. */
int ctl_show_lab(struct ctl *ctl, struct json_object *answer)
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

int ctl_show_bridge(struct ctl *ctl, struct json_object *answer)
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

int ctl_show_info(struct ctl *ctl, struct json_object *answer)
{
	struct table *t = table_new("ll", "SETTING VALUE");

	(void)ctl;
	json_object_object_foreach (answer, key, value) {
		if (!strcmp(key, "ok"))
			continue;
		table_cell(t, "%s", key);
		table_cell(t, "%s", json_object_get_string(value));
	}
	table_print(t, stdout);
	return CTL_OK;
}

int ctl_show_version(struct ctl *ctl, struct json_object *answer)
{
	(void)ctl;
	printf("qswitchd %s, control protocol %" PRIu64 "\n",
	    get_text(answer, "version"), get_count(answer, "protocol"));
	return CTL_OK;
}
