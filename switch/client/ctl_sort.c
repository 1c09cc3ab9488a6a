/* SPDX-License-Identifier: BSD-2-Clause */
/* ctl_sort.c - rows in the order that the operator wants: see ctl_sort.h. */
#include "ctl_sort.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "switch/protocol/json.h"

#include "answer.h"
#include "ctl.h"
#include "ctl_commands.h"

enum { COLUMN = 32 };

struct row {
	struct json_object *object, *key;
	size_t at;
};

static bool find_key(
    struct json_object *row, const char *column, char key[COLUMN]);
static int compare(const void *a, const void *b);
static int order(struct json_object *a, struct json_object *b);

int ctl_sort(struct ctl *ctl, struct json_object *answer, const char *list)
{
	const char *column = get_text(ctl->local, "--sort");
	size_t n = list_length(answer, list);
	char key[COLUMN];

	if (!*column || !n)
		return CTL_OK;
	if (!find_key(list_at(answer, list, 0), column, key))
		return ctl_fail(CTL_USAGE,
		    "--sort %s: %s has no such column: name one as in the "
		    "header, such as --sort %s",
		    column, ctl->command->name,
		    strcmp(list, "fdb") == 0 ? "age" : "rx-frames");
	struct row *rows = calloc(n, sizeof(*rows));
	if (!rows)
		return ctl_fail(CTL_FAILED, "out of memory");
	for (size_t i = 0; i < n; i++) {
		struct json_object *o = list_at(answer, list, i);
		rows[i] = (struct row){json_object_get(o), get(o, key), i};
	}
	qsort(rows, n, sizeof(*rows), compare);
	for (size_t i = 0; i < n; i++)
		json_object_array_put_idx(get(answer, list), i, rows[i].object);
	free(rows);
	return CTL_OK;
}

/* The member of @row that is shown below the header @column: RX-FRAMES is
 * rx_frames, ERROR tx_error, AGE age_s and KIND of an address "static". */
static bool find_key(
    struct json_object *row, const char *column, char key[COLUMN])
{
	static const char *const forms[][2] = {
	    {"", ""}, {"tx_", ""}, {"", "_s"}};
	char name[COLUMN - 4];

	snprintf(name, sizeof(name), "%s", column);
	for (char *c = name; *c; c++)
		*c = *c == '-' ? '_' : (char)tolower((unsigned char)*c);
	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		snprintf(key, COLUMN, "%s%s%s", forms[i][0], name, forms[i][1]);
		if (json_object_object_get_ex(row, key, NULL))
			return true;
	}
	snprintf(key, COLUMN, "static");
	return strcmp(name, "kind") == 0 && get(row, key);
}

static int compare(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	int result = order(x->key, y->key);

	if (result)
		return result;
	return x->at < y->at ? -1 : 1;
}

static int order(struct json_object *a, struct json_object *b)
{
	if (json_object_is_type(a, json_type_string) ||
	    json_object_is_type(b, json_type_string)) {
		const char *x = a ? json_object_get_string(a) : "";
		const char *y = b ? json_object_get_string(b) : "";
		return strcmp(x, y);
	}
	double x = json_object_get_double(a), y = json_object_get_double(b);
	return x < y ? 1 : x > y ? -1 : 0;
}
