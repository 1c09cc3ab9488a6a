/* SPDX-License-Identifier: BSD-2-Clause */
/* table.h - text in aligned columns. */
#ifndef SWITCH_CLIENT_TABLE_H
#define SWITCH_CLIENT_TABLE_H

#include <stdio.h>

struct table;

/**
 * table_new() - a table of one header row
 * @align:  a letter per column, 'l' or 'r'; outlives the table
 * @header: the columns' names, separated by single spaces
 *
 * Return: NULL when out of memory; the functions below then do nothing.
 */
struct table *table_new(const char *align, const char *header);

/**
 * table_cell() - the next cell, left to right and down
 *
 * Control characters become '?': names come from elsewhere, and the reader is
 * a terminal.
 */
void table_cell(struct table *table, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/** table_print() - print the rows that are complete, and free @table */
void table_print(struct table *table, FILE *out);

#endif
