/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ctl_show.h - a printer for each command: show_ID() for the row ID of
 * switch/protocol/commands.def. Commands that show the same share one.
 */
#ifndef SWITCH_CLIENT_CTL_SHOW_H
#define SWITCH_CLIENT_CTL_SHOW_H

#include <stdbool.h>

struct ctl;
struct json_object;

#define show_port_del	     show_nothing
#define show_port_down	     show_nothing
#define show_fdb_add	     show_nothing
#define show_fdb_del	     show_nothing
#define show_nat_forward_add show_nothing
#define show_nat_forward_del show_nothing
#define show_set_stp	     show_nothing
#define show_set_port	     show_nothing
#define show_shutdown	     show_nothing
#define show_explain	     show_sentences
#define show_stp_explain     show_sentences
#define show_pause	     show_lab
#define show_step	     show_lab
#define show_resume	     show_lab
#define show_slow	     show_lab

/*
 * show_ID() - show @answer, which is ok, on standard output
 *
 * monitor, capture and watch go on with the connection of @ctl until its end.
 *
 * Return: exit status; if it is not CTL_OK, having said why.
 */
#define COMMAND(id, ...) \
	int show_##id(struct ctl *ctl, struct json_object *answer);
#define CLIENT_COMMAND COMMAND
#define DAEMON_COMMAND(...)
#include "switch/protocol/commands.def"

enum { WHO_TEXT = 128 };

/**
 * who_may_connect() - a sentence about the socket file of @port, with a remedy
 * @text: "" where everyone may connect, and where there is none
 */
void who_may_connect(struct json_object *port, char text[WHO_TEXT]);

/* Whether this client can `watch`: it was built with ncurses. */
extern const bool watch_is_built;

#endif
