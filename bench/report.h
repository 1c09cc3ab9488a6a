/* SPDX-License-Identifier: BSD-2-Clause */
/* report.h - makes tables and plots from the JSON of a run. */
#ifndef BENCH_REPORT_H
#define BENCH_REPORT_H

#include <stdio.h>

#include <json-c/json.h>

/** report_table() - print tables, summary and conclusion for a terminal */
void report_table(json_object *results, FILE *out);

/** report_unusable() - print why the figures mean nothing, instead of them */
void report_unusable(json_object *results, FILE *out);

/** report_markdown() - print them as Markdown, a table for each metric */
void report_markdown(json_object *results, FILE *out);

/** report_summary() - print one Markdown table: candidates by main metrics */
void report_summary(json_object *results, FILE *out);

/**
 * report_save() - write the JSON to file @path
 *
 * Return: 0, or -errno after printing it on standard error.
 */
int report_save(json_object *results, const char *path);

/**
 * report_svg() - draw a plot for each metric, and round-trip distributions
 * @dir: made if absent
 *
 * Return: 0, or -errno after printing it on standard error.
 */
int report_svg(json_object *results, const char *dir);

/*
 * Walking the JSON. What is returned belongs to @from or @list; the reader
 * never releases it.
 */

/** report_get() - member @key of @from; NULL if absent or @from is NULL */
json_object *report_get(json_object *from, const char *key);

/** report_text() - the text of member @key; "" if absent */
const char *report_text(json_object *from, const char *key);

/** report_number() - the number in member @key; 0 if absent */
double report_number(json_object *from, const char *key);

/** report_length() - number of items; 0 for NULL */
size_t report_length(json_object *list);

/** report_item() - item @i (from 0) of @list; NULL for NULL */
json_object *report_item(json_object *list, size_t i);

#endif
