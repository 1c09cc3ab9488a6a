/* SPDX-License-Identifier: BSD-2-Clause */
/* ctl_fdb.c - addresses for people: `fdb`, `showmacs` and `fdb flush`. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "switch/protocol/json.h"

#include "answer.h"
#include "ctl.h"
#include "ctl_show.h"
#include "ctl_sort.h"
#include "table.h"

static void sort_fdb(struct json_object *answer);
static int by_vlan_and_mac(const void *a, const void *b);

int show_fdb(struct ctl *ctl, struct json_object *answer)
{
	struct table *t = table_new("lrlrl", "MAC VLAN PORT AGE KIND");

	sort_fdb(answer);
	int status = ctl_sort(ctl, answer, "fdb");
	foreach_in(entry, answer, "fdb")
	{
		bool fixed = get_bool(entry, "static");

		table_cell(t, "%s", get_text(entry, "mac"));
		table_cell(t, "%" PRIu64, get_count(entry, "vlan"));
		table_cell(t, "%s", get_text(entry, "port"));
		if (fixed)
			table_cell(t, "-");
		else
			table_cell(
			    t, "%" PRIu64 " s", get_count(entry, "age_s"));
		table_cell(t, fixed ? "static" : "learned");
	}
	table_print(t, stdout);
	return status;
}

int show_showmacs(struct ctl *ctl, struct json_object *answer)
{
	(void)ctl;
	sort_fdb(answer);
	puts("port no\tmac addr\t\tis local?\tageing timer");
	foreach_in(entry, answer, "fdb")
	    printf("%3" PRIu64 "\t%s\tno\t\t%4" PRIu64 ".00\n",
		get_count(entry, "port_no"), get_text(entry, "mac"),
		get_count(entry, "age_s"));
	return CTL_OK;
}

int show_fdb_flush(struct ctl *ctl, struct json_object *answer)
{
	uint64_t n = get_count(answer, "flushed");

	(void)ctl;
	printf(
	    "%" PRIu64 " %s forgotten\n", n, n == 1 ? "address" : "addresses");
	return CTL_OK;
}

static void sort_fdb(struct json_object *answer)
{
	if (json_object_is_type(get(answer, "fdb"), json_type_array))
		json_object_array_sort(get(answer, "fdb"), by_vlan_and_mac);
}

static int by_vlan_and_mac(const void *a, const void *b)
{
	struct json_object *x = *(struct json_object *const *)a;
	struct json_object *y = *(struct json_object *const *)b;
	uint64_t vx = get_count(x, "vlan"), vy = get_count(y, "vlan");

	if (vx != vy)
		return vx < vy ? -1 : 1;
	return strcmp(get_text(x, "mac"), get_text(y, "mac"));
}
