/* SPDX-License-Identifier: BSD-2-Clause */
/* screen.h - what a stream is shown on. */
#ifndef SWITCH_CLIENT_SCREEN_H
#define SWITCH_CLIENT_SCREEN_H

#include <stdbool.h>
#include <stdio.h>

/**
 * screen_columns() - the width of the terminal that is behind @out
 *
 * The environment variable COLUMNS wins, where @out is a terminal.
 *
 * Return: columns; 0: @out is no terminal, or its width is unknown.
 */
int screen_columns(FILE *out);

/** screen_has_color() - a terminal, and neither NO_COLOR nor TERM=dumb is set? */
bool screen_has_color(FILE *out);

#endif
