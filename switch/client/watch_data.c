/* SPDX-License-Identifier: BSD-2-Clause */
/* watch_data.c - the answers of the switch, and the rates of its counters. */
#include "watch.h"

#include <string.h>
#include <time.h>

#include <bsd/string.h>

#include "switch/protocol/json.h"

#include "answer.h"
#include "ctl.h"

#define RATE_S 0.9 /* at least, between two looks at the counters */

static bool ask(
    struct watch *w, struct json_object *r, struct json_object **to);
static bool take(
    struct watch *w, struct json_object *answer, struct json_object **to);
static bool ask_list(struct watch *w, struct json_object *r, const char *list,
    int pages, struct json_object **to);
static bool ask_fdb(struct watch *w);
static void put_filter(const struct watch *w, struct json_object *r);
static int by_port_and_mac(const void *a, const void *b);
static bool ask_why(struct watch *w, int rows);
static void update_rates(struct watch *w);
static uint64_t monotonic_ns(void);
static void update_rate(
    struct watch_rate *rate, struct json_object *port, double seconds);
static double per_second(uint64_t *last, uint64_t count, double seconds);

bool watch_ask(struct watch *w, int rows)
{
	if (!ask(w, connection_request("info"), &w->info) ||
	    !ask_list(w, connection_request("ports"), "ports", WATCH_PORTS,
		&w->ports) ||
	    !ask_list(
		w, connection_request("stp"), "ports", WATCH_PORTS, &w->stp) ||
	    !ask_fdb(w) ||
	    !ask(w, connection_request("counters"), &w->counters) ||
	    !ask_why(w, rows) || !ask(w, connection_request("lab"), &w->lab))
		return false;
	update_rates(w);
	return true;
}

bool watch_command(struct watch *w, const char *cmd)
{
	*w->message = 0;
	return ask(w, connection_request(cmd), &w->lab);
}

uint64_t watch_last_frame(const struct watch *w)
{
	return get_count(list_at(w->why, "frames", 0), "frame");
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

/* Puts @r. */
static bool ask(struct watch *w, struct json_object *r, struct json_object **to)
{
	struct json_object *answer = connection_ask(&w->ctl->connection, r);

	json_object_put(r);
	return take(w, answer, to);
}

/* Replaces the answer before by @answer. One that is not ok changes nothing
 * but the message, which says why. Return: false if @answer is NULL. */
static bool take(
    struct watch *w, struct json_object *answer, struct json_object **to)
{
	if (!answer)
		return false;
	if (!get_bool(answer, "ok")) {
		strlcpy(
		    w->message, get_text(answer, "error"), sizeof(w->message));
		json_object_put(answer);
		return true;
	}
	json_object_put(*to);
	*to = answer;
	return true;
}

/* A list with its pages, at most @pages of them. */
static bool ask_list(struct watch *w, struct json_object *r, const char *list,
    int pages, struct json_object **to)
{
	struct json_object *answer =
	    connection_ask_list(&w->ctl->connection, r, list, pages);

	json_object_put(r);
	return take(w, answer, to);
}

static bool ask_fdb(struct watch *w)
{
	struct json_object *r = connection_request("fdb");

	put_filter(w, r);
	bool alive = ask_list(w, r, "fdb", WATCH_PAGES, &w->fdb);

	if (json_object_is_type(get(w->fdb, "fdb"), json_type_array))
		json_object_array_sort(get(w->fdb, "fdb"), by_port_and_mac);
	return alive;
}

/* A filter with colons is an address, else a port. */
static void put_filter(const struct watch *w, struct json_object *r)
{
	if (*w->filter)
		json_put_text(
		    r, strchr(w->filter, ':') ? "mac" : "port", w->filter);
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

static bool ask_why(struct watch *w, int rows)
{
	struct json_object *r = connection_request("why");

	put_filter(w, r);
	json_put_count(r, "last", (uint64_t)(rows > 0 ? rows : 1));
	return ask(w, r, &w->why);
}

static void update_rates(struct watch *w)
{
	uint64_t now_ns = monotonic_ns();
	double seconds = (double)(now_ns - w->counted_ns) / 1e9;

	/* every key asks again: too soon to measure a rate */
	if (seconds < RATE_S)
		return;
	for (size_t i = 0; i < list_length(w->ports, "ports"); i++) {
		struct json_object *port = list_at(w->ports, "ports", i);
		uint64_t no = get_count(port, "no");
		if (no < WATCH_PORTS)
			update_rate(&w->rates[no], port, seconds);
	}
	w->counted_ns = now_ns;
}

static uint64_t monotonic_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
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

static double per_second(uint64_t *last, uint64_t count, double seconds)
{
	uint64_t before = *last;

	*last = count;
	return count >= before ? (double)(count - before) / seconds : 0;
}
