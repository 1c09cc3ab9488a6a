/* SPDX-License-Identifier: BSD-2-Clause */
/* table.c - text in aligned columns: see table.h. */
#include "table.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "screen.h"

enum { INDENT = 4 /* of the part of a row that did not fit */ };

struct cell {
	char *text;
	enum paint paint;
};

struct table {
	const char *align;
	size_t columns;
	size_t n; /* cells, those of the header counted */
	struct cell *cells;
};

/* How the columns are laid out. */
struct layout {
	int width;
	bool hidden; /* there was no room, and it has nothing to tell */
	bool breaks; /* begins a new line */
};

static void add(struct table *t, char *text);
static struct layout *lay_out(const struct table *t, int screen);
static int width(const struct table *t, size_t column);
static int total(const struct table *t, const struct layout *layout);
static bool is_idle(const struct table *t, size_t column);
static const char *cell(const struct table *t, size_t i);
static void print_row(const struct table *t, size_t row,
    const struct layout *layout, bool color, FILE *out);
static void print_text(const struct table *t, size_t i, bool color, FILE *out);
static size_t end_of_line(
    const struct table *t, const struct layout *layout, size_t from);
static bool is_empty(const struct table *t, size_t from, size_t to);

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
		table_paint(t, PAINT_BOLD);
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

void table_paint(struct table *t, enum paint paint)
{
	if (t && t->n)
		t->cells[t->n - 1].paint = paint;
}

void table_print(struct table *t, FILE *out)
{
	table_print_on(t, out, screen_columns(out), screen_has_color(out));
}

void table_print_on(struct table *t, FILE *out, int screen, bool color)
{
	struct layout *layout = t ? lay_out(t, screen) : NULL;

	if (!t)
		return;
	for (size_t i = 0; layout && i + t->columns <= t->n; i += t->columns)
		print_row(t, i, layout, color, out);
	for (size_t i = 0; i < t->n; i++)
		free(t->cells[i].text);
	free(layout);
	free(t->cells);
	free(t);
}

static void add(struct table *t, char *text)
{
	struct cell *cells = reallocarray(t->cells, t->n + 1, sizeof(*cells));

	if (!cells) {
		free(text);
		return;
	}
	if (text)
		text_tame(text);
	t->cells = cells;
	t->cells[t->n++] = (struct cell){.text = text};
}

/* Where there is no room, columns without news go first, the last one first of
 * all; then rows are broken. */
static struct layout *lay_out(const struct table *t, int screen)
{
	struct layout *layout = calloc(t->columns, sizeof(*layout));
	int used = 0;

	if (!layout)
		return NULL;
	for (size_t i = 0; i < t->columns; i++)
		layout[i].width = width(t, i);
	for (size_t i = t->columns;
	     screen && i-- > 0 && total(t, layout) > screen;)
		layout[i].hidden = is_idle(t, i);
	for (size_t i = 0; screen && i < t->columns; i++) {
		if (layout[i].hidden)
			continue;
		layout[i].breaks = used && used + layout[i].width > screen;
		used = (layout[i].breaks ? INDENT : used) + layout[i].width + 2;
	}
	return layout;
}

static int width(const struct table *t, size_t column)
{
	size_t most = 0;

	for (size_t i = column; i < t->n; i += t->columns)
		if (strlen(cell(t, i)) > most)
			most = strlen(cell(t, i));
	return (int)most;
}

static int total(const struct table *t, const struct layout *layout)
{
	int sum = -2;

	for (size_t i = 0; i < t->columns; i++)
		sum += layout[i].hidden ? 0 : layout[i].width + 2;
	return sum;
}

/* Is each cell below the header empty or 0? */
static bool is_idle(const struct table *t, size_t column)
{
	for (size_t i = column + t->columns; i < t->n; i += t->columns)
		if (*cell(t, i) && strcmp(cell(t, i), "0") != 0)
			return false;
	return true;
}

static const char *cell(const struct table *t, size_t i)
{
	return t->cells[i].text ? t->cells[i].text : "?";
}

/* Blanks wait until text follows, so that no line ends with blanks. */
static void print_row(const struct table *t, size_t row,
    const struct layout *layout, bool color, FILE *out)
{
	for (size_t from = 0, to; from < t->columns; from = to) {
		int blanks = from ? INDENT : 0;

		to = end_of_line(t, layout, from);
		if (from && is_empty(t, row + from, row + to))
			continue;
		for (size_t column = from; column < to; column++) {
			const char *text = cell(t, row + column);
			int room = layout[column].width - (int)strlen(text);
			bool right = t->align[column] == 'r';

			if (layout[column].hidden)
				continue;
			if (*text) {
				fprintf(out, "%*s", blanks + (right ? room : 0),
				    "");
				print_text(t, row + column, color, out);
				blanks = 0;
			}
			blanks += (*text && right ? 0 : room) + 2;
		}
		fputc('\n', out);
	}
}

static void print_text(const struct table *t, size_t i, bool color, FILE *out)
{
	static const char *const begin[] = {
	    [PAINT_BOLD] = "\x1b[1m",
	    [PAINT_GOOD] = "\x1b[32m",
	    [PAINT_BAD] = "\x1b[31m",
	    [PAINT_WAIT] = "\x1b[33m",
	};
	enum paint paint = color ? t->cells[i].paint : PAINT_NONE;

	if (paint)
		fprintf(out, "%s%s\x1b[0m", begin[paint], cell(t, i));
	else
		fputs(cell(t, i), out);
}

/* The column behind the last one of the line that begins with @from. */
static size_t end_of_line(
    const struct table *t, const struct layout *layout, size_t from)
{
	size_t to = from + 1;

	while (to < t->columns && !layout[to].breaks)
		to++;
	return to;
}

static bool is_empty(const struct table *t, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		if (*cell(t, i))
			return false;
	return true;
}
