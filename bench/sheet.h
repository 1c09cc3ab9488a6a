/* SPDX-License-Identifier: BSD-2-Clause */
/* sheet.h - tables of results, kept as JSON and printed as text. */
#ifndef BENCH_SHEET_H
#define BENCH_SHEET_H

#include <stdio.h>

#include <json-c/json.h>

/**
 * sheet_new() - append an empty table to @sheets
 * @name:    "RFC 2544 26.1 Throughput"
 * @columns: titles, NULL terminated
 *
 * Return: the table, which belongs to @sheets.
 */
json_object *sheet_new(
    json_object *sheets, const char *name, const char *const columns[]);

/** sheet_row() - append a row; add its cells in the order of the columns */
json_object *sheet_row(json_object *sheet);

/** sheet_text() - add a cell of text */
void sheet_text(json_object *row, const char *text);

/** sheet_number() - add a cell: a number with at most 2 decimals */
void sheet_number(json_object *row, double value);

/** sheet_note() - add a sentence below the table */
void sheet_note(json_object *sheet, const char *text);

/** sheet_print() - print the table as aligned text */
void sheet_print(json_object *sheet, FILE *out);

#endif
