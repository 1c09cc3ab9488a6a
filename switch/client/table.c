/* SPDX-License-Identifier: BSD-2-Clause */
/* table.c - text in aligned columns: see table.h. */
#include "table.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct table {
	const char *align;
	size_t columns;
	size_t n; /* cells, those of the header counted */
	char **cells;
};

static void add(struct table *t, char *text);
static int width(const struct table *t, size_t column);
static const char *cell(const struct table *t, size_t i);
static void print_row(
    const struct table *t, size_t row, const int *widths, FILE *out);

struct table *table_new(const char *align, const char *header)
{
	struct table *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->align = align;
	t->columns = strlen(align);
	while (*header) {
		size_t len = strcspn(header, " ");

		add(t, strndup(header, len));
		header += len + (header[len] == ' ');
	}
	return t;
}

void table_cell(struct table *t, const char *fmt, ...)
{
	char *text;
	va_list args;

	if (!t)
		return;
	va_start(args, fmt);
	if (vasprintf(&text, fmt, args) < 0)
		text = NULL;
	va_end(args);
	add(t, text);
}

void table_print(struct table *t, FILE *out)
{
	int *widths = t ? calloc(t->columns, sizeof(*widths)) : NULL;

	if (!t)
		return;
	for (size_t i = 0; widths && i < t->columns; i++)
		widths[i] = width(t, i);
	for (size_t i = 0; widths && i + t->columns <= t->n; i += t->columns)
		print_row(t, i, widths, out);
	for (size_t i = 0; i < t->n; i++)
		free(t->cells[i]);
	free(widths);
	free(t->cells);
	free(t);
}

static void add(struct table *t, char *text)
{
	char **cells = reallocarray(t->cells, t->n + 1, sizeof(*cells));

	if (!cells) {
		free(text);
		return;
	}
	for (unsigned char *s = (unsigned char *)text; s && *s; s++)
		if (*s < ' ' || *s == 0x7f)
			*s = '?';
	t->cells = cells;
	t->cells[t->n++] = text;
}

static int width(const struct table *t, size_t column)
{
	size_t most = 0;

	for (size_t i = column; i < t->n; i += t->columns)
		if (strlen(cell(t, i)) > most)
			most = strlen(cell(t, i));
	return (int)most;
}

static const char *cell(const struct table *t, size_t i)
{
	return t->cells[i] ? t->cells[i] : "?";
}

/* Blanks wait until text follows, so that no line ends with blanks. */
static void print_row(
    const struct table *t, size_t row, const int *widths, FILE *out)
{
	int blanks = 0;

	for (size_t column = 0; column < t->columns; column++) {
		const char *text = cell(t, row + column);
		int room = widths[column] - (int)strlen(text);
		bool right = t->align[column] == 'r';

		if (*text)
			fprintf(out, "%*s%s", blanks + (right ? room : 0), "",
			    text);
		if (*text)
			blanks = 0;
		blanks += (*text && right ? 0 : room) + 2;
	}
	fputc('\n', out);
}
