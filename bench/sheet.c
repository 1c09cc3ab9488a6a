/* SPDX-License-Identifier: BSD-2-Clause */
/* sheet.c - tables of results (see sheet.h). */
#include "sheet.h"

#include <string.h>

#include "report.h"

static void print_row(json_object *sheet, json_object *row, FILE *out);
static size_t width(json_object *sheet, size_t column);

json_object *sheet_new(
    json_object *sheets, const char *name, const char *const columns[])
{
	json_object *sheet = json_object_new_object();
	json_object *titles = json_object_new_array();

	for (int i = 0; columns[i]; i++)
		json_object_array_add(
		    titles, json_object_new_string(columns[i]));
	json_object_object_add(sheet, "name", json_object_new_string(name));
	json_object_object_add(sheet, "columns", titles);
	json_object_object_add(sheet, "rows", json_object_new_array());
	json_object_object_add(sheet, "notes", json_object_new_array());
	json_object_array_add(sheets, sheet);
	return sheet;
}

json_object *sheet_row(json_object *sheet)
{
	json_object *row = json_object_new_array();

	json_object_array_add(report_get(sheet, "rows"), row);
	return row;
}

void sheet_text(json_object *row, const char *text)
{
	json_object_array_add(row, json_object_new_string(text));
}

void sheet_number(json_object *row, double value)
{
	char digits[32];
	double size = value < 0 ? -value : value;

	snprintf(digits, sizeof(digits), "%.*f",
	    size >= 100 || value == (double)(long)value ? 0 : 2, value);
	json_object_array_add(row, json_object_new_double_s(value, digits));
}

void sheet_note(json_object *sheet, const char *text)
{
	json_object_array_add(
	    report_get(sheet, "notes"), json_object_new_string(text));
}

void sheet_print(json_object *sheet, FILE *out)
{
	json_object *rows = report_get(sheet, "rows");
	json_object *notes = report_get(sheet, "notes");

	fprintf(out, "\n%s\n\n", report_text(sheet, "name"));
	print_row(sheet, report_get(sheet, "columns"), out);
	for (size_t i = 0; i < report_length(rows); i++)
		print_row(sheet, report_item(rows, i), out);
	for (size_t i = 0; i < report_length(notes); i++)
		fprintf(out, "  %s\n",
		    json_object_get_string(report_item(notes, i)));
}

static void print_row(json_object *sheet, json_object *row, FILE *out)
{
	for (size_t i = 0; i < report_length(row); i++)
		fprintf(out, "%s%*s", i ? "  " : "  ", (int)width(sheet, i),
		    json_object_get_string(report_item(row, i)));
	fputc('\n', out);
}

static size_t width(json_object *sheet, size_t column)
{
	json_object *rows = report_get(sheet, "rows");
	size_t widest = strlen(json_object_get_string(
	    report_item(report_get(sheet, "columns"), column)));

	for (size_t i = 0; i < report_length(rows); i++) {
		json_object *cell = report_item(report_item(rows, i), column);
		size_t len = cell ? strlen(json_object_get_string(cell)) : 0;

		widest = len > widest ? len : widest;
	}
	return widest;
}
