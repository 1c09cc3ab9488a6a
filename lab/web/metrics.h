/* SPDX-License-Identifier: BSD-2-Clause */
/* metrics.h - the counters of all switches, as text that Prometheus reads. */
#ifndef LAB_WEB_METRICS_H
#define LAB_WEB_METRICS_H

#include <stdbool.h>

struct json_object;

/**
 * metrics_wants_open() - does a client prefer OpenMetrics to Prometheus text?
 * @accept: the value of its header Accept; NULL: it sent none
 *
 * Return: whether "application/openmetrics-text" is named there with a weight
 * above 0 and not below that of "text/plain".
 */
bool metrics_wants_open(const char *accept);

/** metrics_type() - the Content-Type of what metrics_text() writes */
const char *metrics_type(bool open);

/**
 * metrics_text() - write one exposition
 * @told: an array with what source_tell() tells in full, one object per switch;
 *        what is missing, or of another type, is left out
 * @open: OpenMetrics 1.0, which ends with "# EOF\n"; otherwise the Prometheus
 *        text format 0.0.4. They differ in the name of a counter's family.
 *
 * Return: text to be freed; NULL: out of memory.
 */
char *metrics_text(struct json_object *told, bool open);

#endif
