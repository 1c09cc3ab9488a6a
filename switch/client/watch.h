/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * watch.h - the parts of `qswitchctl watch`, a switch on a full screen.
 *
 *     watch.c       keys, and the loop: ask, draw, wait
 *     watch_data.c  the answers of the switch, twice a second
 *     watch_order.c which ports, in which order, from which row on
 *     watch_draw.c  from these to text on the screen
 *     no_watch.c    instead of all of these in a build without ncurses
 *
 * All of it comes from the control socket. The screen is ASCII and uses no
 * color.
 */
#ifndef SWITCH_CLIENT_WATCH_H
#define SWITCH_CLIENT_WATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ctl;
struct json_object;

enum {
	WATCH_PORTS = 256,  /* whose rates are known */
	WATCH_SHOWN = 1024, /* of which one can be scrolled to */
	WATCH_TEXT = 128,
	WATCH_PAGES = 8, /* of the FDB: more does not fit on a screen */
};

struct watch_rate {
	uint64_t rx_frames, tx_frames, rx_bytes, tx_bytes; /* last seen */
	double rx_fps, tx_fps, rx_bps, tx_bps; /* frames, bits a second */
	bool known;
};

enum watch_order {
	WATCH_BY_NUMBER,
	WATCH_BY_NAME,
	WATCH_BY_IN,
	WATCH_BY_OUT,
	WATCH_ORDERS,
};

/* What the arrows scroll. */
enum watch_list { WATCH_LIST_PORTS, WATCH_LIST_FDB, WATCH_LISTS };

struct watch {
	struct ctl *ctl;
	/* Answers, NULL before the first round. */
	struct json_object *info, *ports, *fdb, *stp, *counters, *why, *lab;
	struct watch_rate rates[WATCH_PORTS]; /* by port number */
	uint64_t counted_ns;		      /* when rates were last known */
	uint64_t cleared;	 /* frames up to this number are not shown */
	char filter[WATCH_TEXT]; /* a port or a MAC address; "": none */
	char typed[WATCH_TEXT];	 /* the filter being typed */
	bool typing;
	bool help;
	enum watch_order order;
	enum watch_list list;
	int scroll[WATCH_LISTS]; /* rows above the first one shown */
	bool full;		 /* all sentences of each decision */
	char message[WATCH_TEXT * 2];
};

/**
 * watch_ask() - ask the switch for everything that is shown
 * @rows: how many decisions and addresses can be of use
 *
 * A request that the switch refuses keeps the answer before it.
 *
 * Return: false if the switch has closed the connection.
 */
bool watch_ask(struct watch *w, int rows);

/**
 * watch_command() - pause, step or resume
 *
 * Why the switch refused it goes to @w->message.
 *
 * Return: false if the switch has closed the connection.
 */
bool watch_command(struct watch *w, const char *cmd);

/** watch_last_frame() - number of the newest frame with a decision; 0: none */
uint64_t watch_last_frame(const struct watch *w);

/** watch_is_held() - did the switch hold its time when it was asked? */
bool watch_is_held(const struct watch *w);

/** watch_free() - put all answers */
void watch_free(struct watch *w);

/**
 * watch_ports() - the ports to show, in order
 * @ports: @max of them
 *
 * Return: how many. They belong to @w->ports.
 */
size_t watch_ports(
    const struct watch *w, struct json_object *ports[], size_t max);

/** watch_order_text() - "ports by name" */
const char *watch_order_text(enum watch_order order);

/**
 * watch_first() - the first of @n rows that is shown where there is room for @rows
 * @scroll: corrected if it is beyond an end
 */
size_t watch_first(int *scroll, size_t n, size_t rows);

/** watch_draw() - draw the whole screen, of any size; corrects @w->scroll */
void watch_draw(struct watch *w);

#endif
