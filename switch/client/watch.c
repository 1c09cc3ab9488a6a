/* SPDX-License-Identifier: BSD-2-Clause */
/* watch.c - `qswitchctl watch`: keys, and the loop of ask, draw, wait. */
#include "watch.h"

#include <ctype.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <bsd/string.h>
#include <ncurses.h>

#include "ctl.h"
#include "ctl_show.h"

enum { TURN_MS = 500, ESCAPE = 27, PAGE_ROWS = 10 };

const bool watch_is_built = true;

static volatile sig_atomic_t interrupted;

static void open_screen(void);
static void catch_signals(void);
static void on_signal(int signal);
static bool loop(struct watch *w);
static bool take_key(struct watch *w, int key);
static void type_key(struct watch *w, int key);
static void do_filter(struct watch *w);
static void do_clear(struct watch *w);
static void do_full(struct watch *w);
static void do_help(struct watch *w);
static void do_order(struct watch *w);
static void do_list(struct watch *w);
static void do_up(struct watch *w);
static void do_down(struct watch *w);
static void do_page_up(struct watch *w);
static void do_page_down(struct watch *w);

static const struct {
	int key;
	const char *cmd; /* for the switch */
	void (*act)(struct watch *w);
} keys[] = {
    {'s', "step", NULL},
    {' ', "step", NULL},
    {'r', "resume", NULL},
    {'f', NULL, do_filter},
    {'/', NULL, do_filter},
    {'c', NULL, do_clear},
    {'w', NULL, do_full},
    {'h', NULL, do_help},
    {'?', NULL, do_help},
    {'o', NULL, do_order},
    {'\t', NULL, do_list},
    {KEY_UP, NULL, do_up},
    {KEY_DOWN, NULL, do_down},
    {KEY_PPAGE, NULL, do_page_up},
    {KEY_NPAGE, NULL, do_page_down},
};

int show_watch(struct ctl *ctl, struct json_object *answer)
{
	struct watch w = {.ctl = ctl};

	(void)answer;
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return ctl_fail(CTL_USAGE,
		    "watch needs a terminal: in scripts use monitor");
	open_screen();
	bool alive = loop(&w);
	endwin();
	watch_free(&w);
	if (alive)
		return CTL_OK;
	return ctl_fail(CTL_FAILED, "the switch has closed the connection");
}

static void open_screen(void)
{
	initscr();
	cbreak();
	noecho();
	keypad(stdscr, TRUE);
	curs_set(0);
	set_escdelay(50);
	catch_signals();
}

/* The terminal must be restored, however this ends. */
static void catch_signals(void)
{
	struct sigaction action = {.sa_handler = on_signal};

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	/* ncurses' own, which must not end a read from the switch */
	sigaction(SIGWINCH, NULL, &action);
	action.sa_flags |= SA_RESTART;
	sigaction(SIGWINCH, &action, NULL);
}

static void on_signal(int signal)
{
	(void)signal;
	interrupted = 1;
}

/* Runs until q, a signal, or the end of the switch. Return: is the switch still
 * there? */
static bool loop(struct watch *w)
{
	bool alive = watch_ask(w, LINES);

	while (alive && !interrupted) {
		watch_draw(w);
		timeout(TURN_MS);
		int key = getch();
		if (key == 'q' && !w->typing)
			return true;
		bool typed = key != ERR && key != KEY_RESIZE;
		alive = !typed || take_key(w, key);
		/* typing and resizing change nothing in the switch */
		if (alive && key != KEY_RESIZE && !w->typing)
			alive = watch_ask(w, LINES);
	}
	return alive;
}

/* Return: false if the switch has closed the connection. */
static bool take_key(struct watch *w, int key)
{
	if (w->typing)
		return type_key(w, key), true;
	*w->message = 0;
	if (key == 'p')
		return watch_command(w, watch_is_held(w) ? "resume" : "pause");
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (keys[i].key == key && keys[i].cmd)
			return watch_command(w, keys[i].cmd);
		else if (keys[i].key == key)
			keys[i].act(w);
	return true;
}

static void type_key(struct watch *w, int key)
{
	size_t len = strlen(w->typed);

	if (key == '\n' || key == KEY_ENTER) {
		strlcpy(w->filter, w->typed, sizeof(w->filter));
		w->typing = false;
	} else if (key == ESCAPE) {
		w->typing = false;
	} else if ((key == KEY_BACKSPACE || key == 127 || key == '\b') && len) {
		w->typed[len - 1] = 0;
	} else if (key < 128 && isgraph(key) && len + 1 < sizeof(w->typed)) {
		w->typed[len] = (char)key;
		w->typed[len + 1] = 0;
	}
}

static void do_filter(struct watch *w)
{
	w->typing = true;
	*w->typed = 0;
}

static void do_clear(struct watch *w)
{
	w->cleared = watch_last_frame(w);
	*w->message = 0;
}

static void do_full(struct watch *w)
{
	w->full = !w->full;
}

static void do_help(struct watch *w)
{
	w->help = !w->help;
}

static void do_order(struct watch *w)
{
	w->order = (w->order + 1) % WATCH_ORDERS;
	strlcpy(w->message, watch_order_text(w->order), sizeof(w->message));
}

static void do_list(struct watch *w)
{
	w->list = (w->list + 1) % WATCH_LISTS;
	strlcpy(w->message,
	    w->list == WATCH_LIST_FDB ? "the arrows scroll the addresses"
				      : "the arrows scroll the ports",
	    sizeof(w->message));
}

/* What is beyond the ends is corrected when it is drawn. */
static void do_up(struct watch *w)
{
	w->scroll[w->list]--;
}

static void do_down(struct watch *w)
{
	w->scroll[w->list]++;
}

static void do_page_up(struct watch *w)
{
	w->scroll[w->list] -= PAGE_ROWS;
}

static void do_page_down(struct watch *w)
{
	w->scroll[w->list] += PAGE_ROWS;
}
