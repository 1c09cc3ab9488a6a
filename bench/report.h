/* SPDX-License-Identifier: BSD-2-Clause */
/* report.h - from the JSON of a run to tables and plots. */
#ifndef BENCH_REPORT_H
#define BENCH_REPORT_H

#include <stdio.h>

#include <json-c/json.h>

/** report_table() - for people at a terminal */
void report_table(json_object *results, FILE *out);

/** report_markdown() - the same for a README, every metric a table */
void report_markdown(json_object *results, FILE *out);

/** report_summary() - one Markdown table: candidates by important metrics */
void report_summary(json_object *results, FILE *out);

/** report_save() - write the JSON; 0, or -errno after it was said */
int report_save(json_object *results, const char *path);

/**
 * report_svg() - one plot a metric, and one of round-trip times
 * @dir: made if absent
 *
 * Return: 0, or -errno after it was said.
 */
int report_svg(json_object *results, const char *dir);

/* Walking the JSON; all accept NULL and say "", 0 or NULL then. */
json_object *report_get(json_object *from, const char *key);
const char *report_text(json_object *from, const char *key);
double report_number(json_object *from, const char *key);
size_t report_length(json_object *list);
json_object *report_item(json_object *list, size_t i);

#endif
