/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_watch.c - what `qswitchctl watch` makes of the lines of a hostile
 * daemon. The first byte of the input selects how it is shown, the rest is what
 * the daemon sends; it is asked twice, so that there are rates.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <json-c/json.h>
#include <ncurses.h>

#include "switch/client/ctl.h"
#include "switch/client/watch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LONGEST = 8192, TURNS = 2, ROWS = 20 };

static void open_screen(void);
static void look(struct watch *w, uint8_t how);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct watch w;
	struct ctl ctl = {.connection = {.fd = -1}};
	int sockets[2]; /* for requests, which nobody reads */

	open_screen();
	if (size < 2 || size > LONGEST ||
	    socketpair(AF_UNIX, SOCK_STREAM, 0, sockets))
		return 0;
	ctl.connection.fd = sockets[0];
	ctl.connection.in = fmemopen((void *)(data + 1), size - 1, "r");
	w = (struct watch){.ctl = &ctl};
	look(&w, *data);
	watch_free(&w);
	connection_close(&ctl.connection);
	close(sockets[0]);
	close(sockets[1]);
	return 0;
}

/* One that goes nowhere. */
static void open_screen(void)
{
	static SCREEN *screen;

	if (screen)
		return;
	setenv("LINES", "40", 1);
	setenv("COLUMNS", "140", 1);
	FILE *nowhere = fopen("/dev/null", "r+");
	screen = newterm("vt100", nowhere, nowhere);
	if (!screen)
		abort();
}

static void look(struct watch *w, uint8_t how)
{
	w->full = how & 1;
	w->order = (how >> 1) % WATCH_ORDERS;
	if (how & 8)
		strcpy(w->filter, how & 16 ? "02:00:00:00:00:01" : "t1");
	resizeterm(how & 32 ? 12 : 40, how & 64 ? 50 : 140);
	for (int i = 0; i < TURNS; i++) {
		w->counted_ns = 0;
		w->scroll[WATCH_LIST_PORTS] = how >> 5;
		watch_ask(w, ROWS);
		watch_draw(w);
	}
	watch_command(w, "pause");
	watch_draw(w);
}
