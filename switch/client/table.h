/* SPDX-License-Identifier: BSD-2-Clause */
/* table.h - text in aligned columns. */
#ifndef SWITCH_CLIENT_TABLE_H
#define SWITCH_CLIENT_TABLE_H

#include <stdbool.h>
#include <stdio.h>

struct table;

/* The color of a cell, where there is color. */
enum paint { PAINT_NONE, PAINT_BOLD, PAINT_GOOD, PAINT_BAD, PAINT_WAIT };

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

/** table_paint() - set the color of the last cell */
void table_paint(struct table *table, enum paint paint);

/**
 * table_print() - print the rows that are complete, and free @table
 *
 * On a terminal, in its width and in color (see screen.h).
 */
void table_print(struct table *table, FILE *out);

/**
 * table_print_on() - table_print() for a screen that is known
 * @screen: columns; 0: no limit
 *
 * If the rows are too wide, columns without news (each cell is empty or 0) are
 * left out, from the right; rows that are still too wide continue, indented, on
 * the next line.
 */
void table_print_on(struct table *table, FILE *out, int screen, bool color);

#endif
