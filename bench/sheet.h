/* SPDX-License-Identifier: BSD-2-Clause */
/* sheet.h - tables of results as JSON, and their text. */
#ifndef BENCH_SHEET_H
#define BENCH_SHEET_H

#include <stdio.h>

#include <json-c/json.h>

/**
 * sheet_new() - a table
 * @name:    "RFC 2544 26.1 Throughput"
 * @columns: titles, NULL terminated
 *
 * Is appended to @sheets, which owns it.
 */
json_object *sheet_new(
    json_object *sheets, const char *name, const char *const columns[]);

/** sheet_row() - a new row; cells are added in the order of the columns */
json_object *sheet_row(json_object *sheet);
void sheet_text(json_object *row, const char *text);
void sheet_number(json_object *row, double value);

/** sheet_note() - a sentence under the table */
void sheet_note(json_object *sheet, const char *text);
void sheet_print(json_object *sheet, FILE *out);

#endif
