/* SPDX-License-Identifier: BSD-2-Clause */
/* ctl_text.c - text that several printers use: see ctl_text.h. */
#include "ctl_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "answer.h"

char *day_text(uint64_t time_ns, int digits, char text[DAY_TEXT])
{
	time_t seconds = (time_t)(time_ns / 1000000000);
	uint64_t fraction = time_ns % 1000000000;
	struct tm tm = {0};

	localtime_r(&seconds, &tm);
	for (int i = 9; i > digits; i--)
		fraction /= 10;
	snprintf(text, DAY_TEXT, "%02d:%02d:%02d.%0*" PRIu64, tm.tm_hour % 24,
	    tm.tm_min % 60, tm.tm_sec % 61, digits, fraction);
	return text;
}

char *state_text(struct json_object *port, char text[STATE_TEXT])
{
	const char *state = get_text(port, "state");

	if (get(port, "next_state_s"))
		snprintf(text, STATE_TEXT, "%s, %.0f s", state,
		    get_real(port, "next_state_s"));
	else
		snprintf(text, STATE_TEXT, "%s", state);
	return text;
}

char *count_text(uint64_t count, bool human, char text[STATE_TEXT])
{
	static const char units[] = " kMGTPE";
	double value = (double)count;
	size_t unit = 0;

	while (human && value >= 999.5) {
		value /= 1000;
		unit++;
	}
	if (unit)
		snprintf(text, STATE_TEXT, "%.*f%c", value < 9.95, value,
		    units[unit]);
	else
		snprintf(text, STATE_TEXT, "%" PRIu64, count);
	return text;
}

const char *plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}
