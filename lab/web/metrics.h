/* SPDX-License-Identifier: BSD-2-Clause */
/* metrics.h - the counters of all switches as OpenMetrics 1.0 text. */
#ifndef WEB_METRICS_H
#define WEB_METRICS_H

#include <stddef.h>

struct json_object;

/**
 * metrics_text() - one exposition
 * @told: an array of what source_tell() told in full, one of each switch
 *
 * Return: text to be freed; NULL: no memory.
 */
char *metrics_text(struct json_object *told);

#endif
