/* SPDX-License-Identifier: BSD-2-Clause */
/* metrics.h - the counters of all switches as OpenMetrics 1.0 text. */
#ifndef LAB_WEB_METRICS_H
#define LAB_WEB_METRICS_H

struct json_object;

/**
 * metrics_text() - write one exposition
 * @told: an array with what source_tell() tells in full, one object per switch;
 *        what is missing, or of another type, is left out
 *
 * Return: text that ends with "# EOF\n", to be freed; NULL: out of memory.
 */
char *metrics_text(struct json_object *told);

#endif
