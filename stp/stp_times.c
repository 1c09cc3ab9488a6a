/* SPDX-License-Identifier: BSD-2-Clause */
/* stp_times.c - the timer parameters: defaults and ranges (IEEE 802.1D-1998
 * Table 8-3) and the relation that keeps a network free of loops (8.10.2). */
#include "stp_config.h"

#include <errno.h>
#include <stdio.h>

#include "entity.h"

static const struct range {
	const char *name;
	size_t offset;
	uint32_t low_ms, default_ms, high_ms;
} ranges[] = {
    {"hello time", offsetof(struct stp_times, hello_ms), 1000, 2000, 10000},
    {"max age", offsetof(struct stp_times, max_age_ms), 6000, 20000, 40000},
    {"forward delay", offsetof(struct stp_times, forward_delay_ms), 4000, 15000,
	30000},
};

enum { AUTO_EDGE_MS = 1000 }; /* beyond the hello time of a bridge there */

enum { RANGES = sizeof(ranges) / sizeof(ranges[0]) };

static uint32_t *field(struct stp_times *times, const struct range *range);
static double s(uint32_t ms);

struct stp_times stp_times_default(void)
{
	struct stp_times times;

	for (int i = 0; i < RANGES; i++)
		*field(&times, &ranges[i]) = ranges[i].default_ms;
	return times;
}

int stp_times_check(const struct stp_times *times, char *err, size_t errlen)
{
	struct stp_times t = *times;

	for (int i = 0; i < RANGES; i++) {
		uint32_t ms = *field(&t, &ranges[i]);

		if (ms >= ranges[i].low_ms && ms <= ranges[i].high_ms)
			continue;
		snprintf(err, errlen, "%s %g s is not between %g and %g s",
		    ranges[i].name, s(ms), s(ranges[i].low_ms),
		    s(ranges[i].high_ms));
		return -EINVAL;
	}
	if (2 * (t.forward_delay_ms - 1000) < t.max_age_ms) {
		snprintf(err, errlen,
		    "max age %g s is more than 2 * (forward delay - 1 s) = "
		    "%g s: lower max age or raise forward delay",
		    s(t.max_age_ms), s(2 * (t.forward_delay_ms - 1000)));
		return -EINVAL;
	}
	if (t.max_age_ms < 2 * (t.hello_ms + 1000)) {
		snprintf(err, errlen,
		    "max age %g s is less than 2 * (hello time + 1 s) = "
		    "%g s: raise max age or lower hello time",
		    s(t.max_age_ms), s(2 * (t.hello_ms + 1000)));
		return -EINVAL;
	}
	return 0;
}

struct stp_times times_within_table(const struct stp_times *times)
{
	struct stp_times within = *times;

	for (int i = 0; i < RANGES; i++) {
		uint32_t *ms = field(&within, &ranges[i]);

		if (*ms < ranges[i].low_ms)
			*ms = ranges[i].low_ms;
		if (*ms > ranges[i].high_ms)
			*ms = ranges[i].high_ms;
	}
	return within;
}

/* Bridges that still believe what they heard under the old max age may keep a
 * port open that this bridge would open, too. 8.6.3 and 8.8.3 of 1998 let the
 * delay become shorter at once. */
void adopt_times(struct stp *stp, const struct stp_times *times)
{
	int32_t left_ms = timer_left_ms(
	    &stp->old_times_timer, stp->old_max_age_ms, stp->now_ms);

	if (left_ms <= 0)
		stp->old_forward_delay_ms = stp->old_max_age_ms = 0;
	if (times->forward_delay_ms < stp->times.forward_delay_ms) {
		if (stp->old_forward_delay_ms < stp->times.forward_delay_ms)
			stp->old_forward_delay_ms = stp->times.forward_delay_ms;
		stp->old_max_age_ms = (int32_t)stp->times.max_age_ms > left_ms
					  ? stp->times.max_age_ms
					  : (uint32_t)left_ms;
		timer_start(&stp->old_times_timer, stp->now_ms);
	}
	stp->times = *times;
}

uint32_t delay_ms(const struct stp *stp, const struct stp_port *p)
{
	uint32_t ms = stp->times.forward_delay_ms;

	if (p->state == STP_LISTENING && policy_auto_edge(stp, p))
		return stp->times.hello_ms + AUTO_EDGE_MS;
	if (stp->old_times_timer.running && stp->old_forward_delay_ms > ms)
		ms = stp->old_forward_delay_ms;
	return ms;
}

static uint32_t *field(struct stp_times *times, const struct range *range)
{
	return (uint32_t *)((char *)times + range->offset);
}

static double s(uint32_t ms)
{
	return ms / 1000.0;
}
