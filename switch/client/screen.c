/* SPDX-License-Identifier: BSD-2-Clause */
/* screen.c - what a stream is shown on: see screen.h. */
#include "screen.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <bsd/stdlib.h>

enum { WIDEST = 10000 };

static bool is_terminal(FILE *out);

int screen_columns(FILE *out)
{
	const char *given = getenv("COLUMNS"), *wrong = "";
	struct winsize size = {0};
	int columns = 0;

	if (!is_terminal(out))
		return 0;
	if (given)
		columns = (int)strtonum(given, 1, WIDEST, &wrong);
	if (!wrong)
		return columns;
	return ioctl(fileno(out), TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

bool screen_has_color(FILE *out)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return is_terminal(out) && !(no && *no) && term &&
	       strcmp(term, "dumb") != 0;
}

/* A stream in memory has no descriptor. */
static bool is_terminal(FILE *out)
{
	return fileno(out) >= 0 && isatty(fileno(out));
}
