/* SPDX-License-Identifier: BSD-2-Clause */
/* progress.c - the bar (see progress.h). */
#include "progress.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"

enum { BAR_WIDTH = 24 };

void progress_begin(struct progress *progress, double total)
{
	*progress = (struct progress){.visible = isatty(STDERR_FILENO),
	    .start_at_ns = clock_ns(),
	    .total = total};
}

void progress_show(const struct progress *progress, const char *doing)
{
	static const char full[] = "########################";
	double part = progress->done / progress->total;
	int left = (int)progress_left_s(progress, clock_ns());

	if (!progress->visible)
		return;
	if (part > 1)
		part = 1;
	int filled = (int)(part * BAR_WIDTH);

	fprintf(stderr, "\r[%.*s%*s] %3d %%  %d:%02d left  %.36s\033[K", filled,
	    full, BAR_WIDTH - filled, "", (int)(part * 100), left / 60,
	    left % 60, doing);
	fflush(stderr);
}

void progress_add(struct progress *progress, double expected)
{
	progress->done += expected;
}

void progress_end(struct progress *progress)
{
	if (progress->visible)
		fputs("\r\033[K", stderr);
}

double progress_left_s(const struct progress *progress, uint64_t now_ns)
{
	double elapsed = (double)(now_ns - progress->start_at_ns) / 1e9;
	double left = progress->total - progress->done;

	if (left <= 0)
		return 0;
	if (progress->done <= 0)
		return left;
	return left * elapsed / progress->done;
}
