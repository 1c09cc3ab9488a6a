/* SPDX-License-Identifier: BSD-2-Clause */
/* watch_order.c - which ports `qswitchctl watch` shows, in which order, and from
 * which row on. */
#include "watch.h"

#include <stdlib.h>
#include <string.h>

#include "switch/protocol/json.h"

#include "answer.h"

/* A port, and what its place depends on. */
struct place {
	struct json_object *port;
	const char *name;
	double rate;
	size_t at;
};

static bool is_shown(const struct watch *w, struct json_object *port);
static double rate_of(const struct watch *w, struct json_object *port);
static int by_name(const void *a, const void *b);
static int by_rate(const void *a, const void *b);

size_t watch_ports(
    const struct watch *w, struct json_object *ports[], size_t max)
{
	static struct place places[WATCH_SHOWN];
	size_t n = 0;

	for (size_t i = 0; i < list_length(w->ports, "ports"); i++) {
		struct json_object *port = list_at(w->ports, "ports", i);
		if (n < max && n < WATCH_SHOWN && is_shown(w, port))
			places[n++] = (struct place){
			    port, get_text(port, "name"), rate_of(w, port), i};
	}
	if (w->order == WATCH_BY_NAME)
		qsort(places, n, sizeof(*places), by_name);
	else if (w->order != WATCH_BY_NUMBER)
		qsort(places, n, sizeof(*places), by_rate);
	for (size_t i = 0; i < n; i++)
		ports[i] = places[i].port;
	return n;
}

static bool is_shown(const struct watch *w, struct json_object *port)
{
	return !*w->filter || strchr(w->filter, ':') ||
	       strcmp(w->filter, get_text(port, "name")) == 0;
}

static double rate_of(const struct watch *w, struct json_object *port)
{
	uint64_t no = get_count(port, "no");

	if (no >= WATCH_PORTS)
		return 0;
	return w->order == WATCH_BY_IN ? w->rates[no].rx_bps
				       : w->rates[no].tx_bps;
}

static int by_name(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	return strcmp(x->name, y->name);
}

/* The busiest first; ports that are alike keep their order. */
static int by_rate(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->rate != y->rate)
		return x->rate > y->rate ? -1 : 1;
	return x->at < y->at ? -1 : 1;
}

const char *watch_order_text(enum watch_order order)
{
	static const char *const texts[] = {
	    [WATCH_BY_NUMBER] = "ports by number",
	    [WATCH_BY_NAME] = "ports by name",
	    [WATCH_BY_IN] = "ports by what comes in, the busiest first",
	    [WATCH_BY_OUT] = "ports by what goes out, the busiest first",
	};

	return texts[order];
}

size_t watch_first(int *scroll, size_t n, size_t rows)
{
	int most = n > rows ? (int)(n - rows) : 0;

	if (*scroll > most)
		*scroll = most;
	if (*scroll < 0)
		*scroll = 0;
	return (size_t)*scroll;
}
