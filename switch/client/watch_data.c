/* SPDX-License-Identifier: BSD-2-Clause */
/* watch_data.c - what the switch says about itself, and how fast it changes. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <bsd/string.h>

#include "ctl.h"
#include "json.h"
#include "watch.h"

#define RATE_S 0.9 /* at least, between two looks at the counters */

static uint64_t monotonic_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

size_t watch_count(struct json_object *from, const char *list)
{
	struct json_object *array = get(from, list);

	return array ? json_object_array_length(array) : 0;
}

struct json_object *watch_at(
    struct json_object *from, const char *list, size_t i)
{
	return json_object_array_get_idx(get(from, list), i);
}

static struct json_object *request(const char *cmd)
{
	struct json_object *r = json_object_new_object();

	json_put_text(r, "cmd", cmd);
	return r;
}

/* Port or address? Only one of both has colons. */
static void put_filter(const struct watch *w, struct json_object *r)
{
	if (*w->filter)
		json_put_text(
		    r, strchr(w->filter, ':') ? "mac" : "port", w->filter);
}

/* One answer in the place of the one before. One that is not ok leaves that,
 * and its reason in the message. */
static bool ask(struct watch *w, struct json_object *r, struct json_object **to)
{
	const char *line;
	struct json_object *answer = ctl_exchange(w->ctl, r, &line);

	json_object_put(r);
	if (!answer)
		return false;
	if (!get_bool(answer, "ok")) {
		strlcpy(
		    w->message, get_text(answer, "error"), sizeof w->message);
		json_object_put(answer);
		return true;
	}
	json_object_put(*to);
	*to = answer;
	return true;
}

static void append(
    struct json_object *to, struct json_object *from, const char *list)
{
	for (size_t i = 0; i < watch_count(from, list); i++)
		json_object_array_add(
		    get(to, list), json_object_get(watch_at(from, list, i)));
}

/* A list with its pages, at most @pages of them. */
static bool ask_list(struct watch *w, const char *cmd, const char *list,
    bool filtered, int pages, struct json_object **to)
{
	struct json_object *all = NULL, *page = NULL;
	uint64_t next = 0;
	bool alive;

	do {
		struct json_object *r = request(cmd);
		if (filtered)
			put_filter(w, r);
		if (next)
			json_put_count(r, "from", next);
		alive = ask(w, r, &page);
		next = alive && page ? get_count(page, "next") : 0;
		if (all && page)
			append(all, page, list);
		else
			all = json_object_get(page);
		json_object_put(page);
		page = NULL;
	} while (next && --pages > 0);
	if (all) {
		json_object_put(*to);
		*to = all;
	}
	return alive;
}

static int by_port_and_mac(const void *a, const void *b)
{
	struct json_object *x = *(struct json_object *const *)a;
	struct json_object *y = *(struct json_object *const *)b;
	uint64_t px = get_count(x, "port_no"), py = get_count(y, "port_no");

	if (px != py)
		return px < py ? -1 : 1;
	return strcmp(get_text(x, "mac"), get_text(y, "mac"));
}

static bool ask_fdb(struct watch *w)
{
	bool alive = ask_list(w, "fdb", "fdb", true, WATCH_PAGES, &w->fdb);

	if (w->fdb)
		json_object_array_sort(get(w->fdb, "fdb"), by_port_and_mac);
	return alive;
}

static bool ask_why(struct watch *w, int rows)
{
	struct json_object *r = request("why");

	put_filter(w, r);
	json_put_count(r, "last", (uint64_t)(rows > 0 ? rows : 1));
	return ask(w, r, &w->why);
}

static double per_second(uint64_t *last, uint64_t now, double seconds)
{
	uint64_t before = *last;

	*last = now;
	return now >= before ? (double)(now - before) / seconds : 0;
}

static void update_rate(
    struct watch_rate *rate, struct json_object *port, double seconds)
{
	bool known = rate->known;

	rate->rx_fps =
	    per_second(&rate->rx_frames, get_count(port, "rx_frames"), seconds);
	rate->tx_fps =
	    per_second(&rate->tx_frames, get_count(port, "tx_frames"), seconds);
	rate->rx_bps = 8 * per_second(&rate->rx_bytes,
			       get_count(port, "rx_bytes"), seconds);
	rate->tx_bps = 8 * per_second(&rate->tx_bytes,
			       get_count(port, "tx_bytes"), seconds);
	rate->known = true;
	if (!known)
		rate->rx_fps = rate->tx_fps = rate->rx_bps = rate->tx_bps = 0;
}

static void update_rates(struct watch *w)
{
	uint64_t now_ns = monotonic_ns();
	double seconds = (double)(now_ns - w->counted_ns) / 1e9;

	/* each key asks anew, which is too short a time to count in */
	if (seconds < RATE_S)
		return;
	for (size_t i = 0; i < watch_count(w->ports, "ports"); i++) {
		struct json_object *port = watch_at(w->ports, "ports", i);
		uint64_t no = get_count(port, "no");
		if (no < WATCH_PORTS)
			update_rate(&w->rates[no], port, seconds);
	}
	w->counted_ns = now_ns;
}

bool watch_ask(struct watch *w, int rows)
{
	if (!ask(w, request("info"), &w->info) ||
	    !ask_list(w, "ports", "ports", false, WATCH_PORTS, &w->ports) ||
	    !ask_list(w, "stp", "ports", false, WATCH_PORTS, &w->stp) ||
	    !ask_fdb(w) || !ask(w, request("counters"), &w->counters) ||
	    !ask_why(w, rows) || !ask(w, request("lab"), &w->lab))
		return false;
	update_rates(w);
	return true;
}

bool watch_command(struct watch *w, const char *cmd)
{
	*w->message = 0;
	return ask(w, request(cmd), &w->lab);
}

uint64_t watch_last_frame(const struct watch *w)
{
	return get_count(watch_at(w->why, "frames", 0), "frame");
}

bool watch_is_held(const struct watch *w)
{
	return get_bool(w->lab, "paused");
}

void watch_free(struct watch *w)
{
	json_object_put(w->info);
	json_object_put(w->ports);
	json_object_put(w->fdb);
	json_object_put(w->stp);
	json_object_put(w->counters);
	json_object_put(w->why);
	json_object_put(w->lab);
}
