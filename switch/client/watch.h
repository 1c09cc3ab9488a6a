/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * watch.h - the parts of `qswitchctl watch`, a switch on a full screen.
 *
 *     watch.c       keys, and the turn: ask, draw, wait
 *     watch_data.c  what the switch says about itself, twice a second
 *     watch_draw.c  from that to text on the screen
 *
 * All of it comes from the control socket. What is drawn is ASCII, and no
 * meaning is in a colour alone.
 */
#ifndef SWITCH_WATCH_H
#define SWITCH_WATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ctl;
struct json_object;

enum {
	WATCH_PORTS = 256, /* whose rates are known */
	WATCH_TEXT = 128,
	WATCH_PAGES = 8, /* of the FDB: more does not fit a screen */
};

struct watch_rate {
	uint64_t rx_frames, tx_frames, rx_bytes, tx_bytes; /* last seen */
	double rx_fps, tx_fps, rx_bps, tx_bps; /* frames, bits a second */
	bool known;
};

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
	bool full; /* all sentences of each decision */
	char message[WATCH_TEXT * 2];
};

/**
 * watch_ask() - let the switch tell all that is shown
 * @rows: how many decisions and addresses can be of use
 *
 * Return: false if it has closed the connection.
 */
bool watch_ask(struct watch *w, int rows);

/**
 * watch_command() - pause, step or resume
 *
 * What it has to say, also why it would not, goes to @w->message.
 *
 * Return: false if the switch has closed the connection.
 */
bool watch_command(struct watch *w, const char *cmd);

/* The highest number of a frame that was told of. */
uint64_t watch_last_frame(const struct watch *w);

bool watch_is_held(const struct watch *w);

void watch_free(struct watch *w);

/* The whole screen, of any size. */
void watch_draw(const struct watch *w);

/* Elements of a member that is an array. */
size_t watch_count(struct json_object *from, const char *list);
struct json_object *watch_at(
    struct json_object *from, const char *list, size_t i);

#endif
