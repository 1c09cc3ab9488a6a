/* SPDX-License-Identifier: BSD-2-Clause */
/* duration.c - a span of time as text: see duration.h. */
#include "duration.h"

#include <inttypes.h>
#include <stdio.h>

char *duration_text(uint64_t span_ms, char text[DURATION_TEXT])
{
	if (span_ms < 1000)
		snprintf(text, DURATION_TEXT, "%d ms", (int)span_ms);
	else if (span_ms < 100 * 1000)
		snprintf(text, DURATION_TEXT, "%.1f s", (double)span_ms / 1000);
	else if (span_ms < 100 * 60 * 1000)
		snprintf(text, DURATION_TEXT, "%d min", (int)(span_ms / 60000));
	else
		snprintf(
		    text, DURATION_TEXT, "%" PRIu64 " h", span_ms / 3600000);
	return text;
}
