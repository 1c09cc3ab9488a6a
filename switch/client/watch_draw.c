/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * watch_draw.c - a switch as text on a screen of any size.
 *
 *     title: name, bridge, time
 *     spanning tree
 *     ports
 *     addresses   |  one above the other, or side by side
 *     decisions   |  on a wide screen
 *     keys
 */
#include "watch.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <bsd/string.h>
#include <ncurses.h>

#include "switch/protocol/json.h"

#include "answer.h"

enum {
	MIN_LINES = 10,
	MIN_COLS = 40,
	WIDE_COLS = 130,
	FDB_COLS = 54, /* of a wide screen */
	BAR = 12,
	LINE = 512,
};

/* A part of the screen that is filled from its top. */
struct area {
	int top, left, height, width;
	int used;
};

static void draw_all(struct watch *w);
static void draw_title(const struct watch *w, struct area *a);
static const char *held_text(const struct watch *w, char *text, size_t size);
static void heading(struct area *a, const char *text);
static void line(struct area *a, attr_t attr, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
static void draw_help(struct area *a);
static void wrapped(struct area *a, attr_t attr, const char *text);
static void draw_tree(const struct watch *w, struct area *a);
static const char *books(const struct watch *w);
static struct area part(struct area *a, int height);
static int at_most(int value, int limit);
static void draw_ports(struct watch *w, struct area *a);
static void draw_more(struct area *a, size_t n);
static void draw_port(
    const struct watch *w, struct json_object *port, struct area *a);
static struct json_object *tree_of(
    const struct watch *w, struct json_object *port);
static const char *state_text(struct json_object *port, char text[32]);
static const char *short_number(double value, char text[16]);
static void draw_lists(struct watch *w, struct area *a);
static void draw_fdb(struct watch *w, struct area *a);
static void draw_address(
    const struct watch *w, struct json_object *entry, struct area *a);
static const char *bar(uint64_t age_s, uint64_t ageing_s, char text[BAR + 1]);
static void draw_decisions(const struct watch *w, struct area *a);
static void draw_decision(
    const struct watch *w, struct json_object *f, attr_t attr, struct area *a);
static void draw_sentence(struct json_object *f, attr_t attr, struct area *a);
static void egress_text(struct json_object *f, char *text, size_t size);
static void draw_bottom(const struct watch *w);

void watch_draw(struct watch *w)
{
	erase();
	if (LINES < MIN_LINES || COLS < MIN_COLS) {
		char text[LINE];
		snprintf(text, sizeof(text), "terminal too small: %dx%d needed",
		    MIN_COLS, MIN_LINES);
		mvaddnstr(0, 0, text, COLS);
	} else {
		draw_all(w);
		draw_bottom(w);
	}
	refresh();
}

static void draw_all(struct watch *w)
{
	struct area screen = {0, 0, LINES - 1, COLS, 0};
	int n_ports = (int)list_length(w->ports, "ports");

	draw_title(w, &screen);
	if (w->help) {
		draw_help(&screen);
		return;
	}
	draw_tree(w, &screen);
	struct area ports = part(&screen, at_most(n_ports + 2, LINES / 3));
	draw_ports(w, &ports);
	draw_lists(w, &screen);
}

static void draw_title(const struct watch *w, struct area *a)
{
	char text[LINE], held[WATCH_TEXT];

	snprintf(text, sizeof(text),
	    " switch %s | up %" PRIu64 " s | %" PRIu64 " frames | %s",
	    get_text(w->info, "name"), get_count(w->info, "uptime_s"),
	    get_count(w->counters, "rx_frames"),
	    held_text(w, held, sizeof(held)));
	heading(a, text);
}

static const char *held_text(const struct watch *w, char *text, size_t size)
{
	uint64_t waiting = get_count(w->lab, "waiting");
	double slow = json_object_get_double(get(w->lab, "slow"));

	if (watch_is_held(w))
		snprintf(
		    text, size, "TIME IS HELD, %" PRIu64 " waiting", waiting);
	else if (get_bool(w->lab, "lab") && slow != 1)
		snprintf(text, size, "a second takes %g s", slow);
	else
		strlcpy(text, "live", size);
	return text;
}

/* A line in reverse from edge to edge. */
static void heading(struct area *a, const char *text)
{
	line(a, A_REVERSE, "%-*s", a->width, text);
}

/* One line, cut off at the right; nothing when the area is full. */
static void line(struct area *a, attr_t attr, const char *fmt, ...)
{
	char text[LINE];
	va_list args;

	if (a->used >= a->height)
		return;
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	attron(attr);
	mvaddnstr(a->top + a->used++, a->left, text, a->width);
	attroff(attr);
}

static void draw_help(struct area *a)
{
	static const char *const text[] = {
	    "p        hold time, or let it go on (only with qswitchd --lab)",
	    "s, space carry out the next frame that waits",
	    "r        let time go on",
	    "f, /     show only one port or address: type it, Enter; "
	    "Enter alone: all",
	    "o        order of the ports: number, name, in, out",
	    "arrows   scroll the ports, also Page Up and Page Down; Tab: the "
	    "addresses",
	    "c        clear the decisions",
	    "w        why: all sentences of each decision, or one",
	    "h, ?     show or leave this help",
	    "q        quit",
	    "",
	    "PORT     rates are frames and bits per second; a state that ends "
	    "shows the seconds left",
	    "ADDRESS  # is the time left until it is forgotten; a frame from "
	    "it starts the time again",
	};

	heading(a, "KEYS");
	for (size_t i = 0; i < sizeof(text) / sizeof(*text); i++)
		wrapped(a, A_NORMAL, text[i]);
}

/* As many lines as needed, broken between words. */
static void wrapped(struct area *a, attr_t attr, const char *text)
{
	const char *indent = "";

	while (*text && a->used < a->height) {
		size_t room = (size_t)a->width - strlen(indent);
		size_t len = strlen(text);
		if (len > room) {
			for (len = room; len > 1 && text[len] != ' ';)
				len--;
			if (len <= 1)
				len = room;
		}
		line(a, attr, "%s%.*s", indent, (int)len, text);
		text += len;
		while (*text == ' ')
			text++;
		indent = "    ";
	}
}

static void draw_tree(const struct watch *w, struct area *a)
{
	const char *root_port = get_text(w->stp, "root_port");

	if (!get_bool(w->stp, "enabled")) {
		line(a, A_NORMAL, "spanning tree: off%s", books(w));
	} else if (!*root_port) {
		line(a, A_BOLD, "spanning tree: %s IS THE ROOT%s",
		    get_text(w->stp, "bridge_id"), books(w));
	} else {
		line(a, A_NORMAL, "spanning tree: %s%s",
		    get_text(w->stp, "bridge_id"), books(w));
		line(a, A_NORMAL,
		    "root:          %s by %s at cost %" PRIu64 ", %" PRIu64
		    " topology changes",
		    get_text(w->stp, "root_id"), root_port,
		    get_count(w->stp, "root_path_cost"),
		    get_count(w->stp, "topology_changes"));
	}
	if (get_bool(w->stp, "topology_change"))
		line(a, A_BOLD, "topology change: addresses age in %.0f s",
		    json_object_get_double(
			get(get(w->stp, "times"), "forward_delay_s")));
}

/* A warning if the counters do not add up. */
static const char *books(const struct watch *w)
{
	return get_count(w->counters, "unaccounted") ? "; THE BOOKS ARE WRONG"
						     : "";
}

/* Takes the next @height lines of @a as an area of their own. */
static struct area part(struct area *a, int height)
{
	int left = a->height - a->used;
	struct area p = {a->top + a->used, a->left,
	    height < left ? height : left, a->width, 0};

	a->used += p.height;
	return p;
}

static int at_most(int value, int limit)
{
	return value < limit ? value : limit;
}

static void draw_ports(struct watch *w, struct area *a)
{
	static struct json_object *ports[WATCH_SHOWN];
	size_t n = watch_ports(w, ports, WATCH_SHOWN);
	size_t rows = a->height > 2 ? (size_t)a->height - 2 : 0;
	rows += n == rows + 1;
	size_t first = watch_first(&w->scroll[WATCH_LIST_PORTS], n, rows);
	char text[LINE];

	snprintf(text, sizeof(text), "%-10s %-10s %-14s %7s %7s %9s %9s %4s",
	    "PORT", "ROLE", "STATE", "IN/s", "OUT/s", "IN bit/s", "OUT bit/s",
	    "MACS");
	heading(a, text);
	for (size_t i = first; i < n && i < first + rows; i++)
		draw_port(w, ports[i], a);
	draw_more(a, n - first > rows ? n - first - rows : 0);
}

static void draw_more(struct area *a, size_t n)
{
	if (n)
		line(a, A_NORMAL, "... and %zu more", n);
}

static void draw_port(
    const struct watch *w, struct json_object *port, struct area *a)
{
	static const struct watch_rate none;
	uint64_t no = get_count(port, "no");
	const struct watch_rate *rate =
	    no < WATCH_PORTS ? &w->rates[no] : &none;
	char state[32], rx[16], tx[16], rx_bits[16], tx_bits[16];
	bool up = get_bool(port, "up");
	bool forwards = strcmp(get_text(port, "state"), "forwarding") == 0;

	line(a, forwards ? A_NORMAL : A_BOLD,
	    "%-10.10s %-10s %-14s %7s %7s %9s %9s %4" PRIu64 " %s",
	    get_text(port, "name"), get_text(tree_of(w, port), "role"),
	    up ? state_text(port, state) : "DOWN",
	    short_number(rate->rx_fps, rx), short_number(rate->tx_fps, tx),
	    short_number(rate->rx_bps, rx_bits),
	    short_number(rate->tx_bps, tx_bits), get_count(port, "fdb_dynamic"),
	    get_text(port, "reason"));
}

static struct json_object *tree_of(
    const struct watch *w, struct json_object *port)
{
	for (size_t i = 0; i < list_length(w->stp, "ports"); i++) {
		struct json_object *p = list_at(w->stp, "ports", i);
		if (get_count(p, "no") == get_count(port, "no"))
			return p;
	}
	return NULL;
}

/* "listening 12 s" */
static const char *state_text(struct json_object *port, char text[32])
{
	struct json_object *left = get(port, "next_state_s");

	if (left)
		snprintf(text, 32, "%s %.0f s", get_text(port, "state"),
		    json_object_get_double(left));
	else
		strlcpy(text, get_text(port, "state"), 32);
	return text;
}

/* "12.3k" */
static const char *short_number(double value, char text[16])
{
	static const char units[] = " kMGT";
	size_t unit = 0;

	while (value >= 9999.5 || (unit && value >= 999.5)) {
		if (unit + 2 == sizeof(units))
			break;
		value /= 1000;
		unit++;
	}
	if (unit)
		snprintf(text, 16, "%.1f%c", value, units[unit]);
	else
		snprintf(text, 16, "%.0f", value);
	return text;
}

/* Addresses and decisions share the room that is left. */
static void draw_lists(struct watch *w, struct area *a)
{
	int room = a->height - a->used;
	int addresses = (int)list_length(w->fdb, "fdb") + 2;

	if (COLS < WIDE_COLS) {
		int height = at_most(addresses, room / 2);
		struct area fdb = part(a, height > 3 ? height : 3);
		draw_fdb(w, &fdb);
		struct area rest = part(a, room);
		draw_decisions(w, &rest);
		return;
	}
	struct area fdb = part(a, room);
	struct area rest = fdb;
	rest.left = FDB_COLS + 1;
	rest.width = COLS - rest.left;
	fdb.width = FDB_COLS;
	draw_fdb(w, &fdb);
	draw_decisions(w, &rest);
}

static void draw_fdb(struct watch *w, struct area *a)
{
	size_t n = list_length(w->fdb, "fdb");
	size_t rows = a->height > 2 ? (size_t)a->height - 2 : 0;
	char text[LINE];

	snprintf(text, sizeof(text),
	    "%-17s %4s %-10s %4s LEFT OF %" PRIu64 " s", "ADDRESS", "VLAN",
	    "PORT", "AGE", get_count(w->info, "ageing_s"));
	heading(a, text);
	if (n == rows + 1)
		rows++;
	size_t first = watch_first(&w->scroll[WATCH_LIST_FDB], n, rows);
	for (size_t i = first; i < n && i < first + rows; i++)
		draw_address(w, list_at(w->fdb, "fdb", i), a);
	draw_more(a, n - first > rows ? n - first - rows : 0);
	if (!n)
		line(a, A_NORMAL,
		    "no address is known: all frames are "
		    "flooded");
}

static void draw_address(
    const struct watch *w, struct json_object *entry, struct area *a)
{
	uint64_t age_s = get_count(entry, "age_s");
	char text[BAR + 1];

	if (get_bool(entry, "static"))
		line(a, A_NORMAL, "%s %4" PRIu64 " %-10.10s static",
		    get_text(entry, "mac"), get_count(entry, "vlan"),
		    get_text(entry, "port"));
	else
		line(a, A_NORMAL, "%s %4" PRIu64 " %-10.10s %4" PRIu64 " %s",
		    get_text(entry, "mac"), get_count(entry, "vlan"),
		    get_text(entry, "port"), age_s,
		    bar(age_s, get_count(w->info, "ageing_s"), text));
}

/* The time that an address has left: "#######....." */
static const char *bar(uint64_t age_s, uint64_t ageing_s, char text[BAR + 1])
{
	uint64_t left = ageing_s > age_s ? ageing_s - age_s : 0;
	size_t filled = ageing_s ? (left * BAR + ageing_s - 1) / ageing_s : 0;

	for (size_t i = 0; i < BAR; i++)
		text[i] = i < filled ? '#' : '.';
	text[BAR] = 0;
	return text;
}

static void draw_decisions(const struct watch *w, struct area *a)
{
	struct json_object *next = get(w->lab, "next_frame");

	heading(a, "LAST DECISIONS, the newest first");
	if (next)
		draw_decision(w, next, A_BOLD, a);
	for (size_t i = 0; i < list_length(w->why, "frames"); i++) {
		struct json_object *f = list_at(w->why, "frames", i);
		if (get_count(f, "frame") > w->cleared)
			draw_decision(w, f, A_NORMAL, a);
	}
}

static void draw_decision(
    const struct watch *w, struct json_object *f, attr_t attr, struct area *a)
{
	if (!w->full) {
		draw_sentence(f, attr, a);
		return;
	}
	foreach_in(sentence, f, "sentences")
	    wrapped(a, attr, json_object_get_string(sentence));
	line(a, A_NORMAL, " ");
}

static void draw_sentence(struct json_object *f, attr_t attr, struct area *a)
{
	char text[LINE], egress[WATCH_TEXT], number[32] = "Next frame";

	if (get_count(f, "frame"))
		snprintf(number, sizeof(number), "Frame %" PRIu64,
		    get_count(f, "frame"));
	egress_text(f, egress, sizeof(egress));
	snprintf(text, sizeof(text), "%s, %s%s: %s (%s)", number,
	    get_text(f, "in_port"), egress, get_text(f, "text"),
	    get_text(f, "clause"));
	wrapped(a, attr, text);
}

static void egress_text(struct json_object *f, char *text, size_t size)
{
	uint64_t more = get_count(f, "egress_count");

	*text = 0;
	foreach_in(name, f, "egress")
	{
		strlcat(text, *text ? ", " : " -> ", size);
		strlcat(text, json_object_get_string(name), size);
	}
	if (more > list_length(f, "egress"))
		strlcat(text, ", ...", size);
}

static void draw_bottom(const struct watch *w)
{
	struct area a = {LINES - 1, 0, 1, COLS - 1, 0};

	if (w->typing)
		line(&a, A_BOLD, "port or address: %s_", w->typed);
	else if (*w->message)
		line(&a, A_BOLD, "%s", w->message);
	else
		line(&a, A_NORMAL,
		    "p pause  s step  f filter%s%s  o order  c clear  "
		    "h help  q quit",
		    *w->filter ? ": " : "", w->filter);
}
