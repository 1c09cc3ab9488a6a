/* SPDX-License-Identifier: BSD-2-Clause */
/* books.c - adds up what became of all frames: see books.h. */
#include "books.h"

#include <stdlib.h>

#include "hook.h"
#include "switch.h"

static void add(struct port_counters *sum, const struct port_counters *c);

void books_read(const struct qswitch *sw, struct books *books)
{
	const struct bridge_counters *bridge = bridge_counters(sw->bridge);
	struct port_counters sum = sw->retired;

	*books = (struct books){
	    .waiting = hook_waiting(sw),
	    .copies_queued = bridge->copies_queued,
	    .own_frames = sw->own_frames,
	};
	qswitch_foreach (sw, p)
		add(&sum, &p->port->counters);
	for (int v = 0; v < VERDICT_COUNT; v++)
		books->verdicts += bridge->verdicts[v];
	books->rx_frames = sum.rx_frames;
	books->tx_outcomes = sum.tx_frames + sum.tx_full + sum.tx_oversize +
			     sum.tx_down + sum.tx_error;
	/* Each difference counts on its own: two errors do not cancel out. */
	int64_t rx =
	    (int64_t)(books->rx_frames - books->waiting - books->verdicts);
	int64_t tx = (int64_t)(books->copies_queued + books->own_frames -
			       books->tx_outcomes);
	books->unaccounted = llabs(rx) + llabs(tx);
}

bool books_balance(const struct qswitch *sw)
{
	struct books books;

	books_read(sw, &books);
	return books.unaccounted == 0;
}

void books_retire(struct qswitch *sw, const struct port_counters *c)
{
	add(&sw->retired, c);
}

static void add(struct port_counters *sum, const struct port_counters *c)
{
	sum->rx_frames += c->rx_frames;
	sum->tx_frames += c->tx_frames;
	sum->tx_full += c->tx_full;
	sum->tx_oversize += c->tx_oversize;
	sum->tx_down += c->tx_down;
	sum->tx_error += c->tx_error;
}
