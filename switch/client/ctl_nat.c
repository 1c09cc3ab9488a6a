/* SPDX-License-Identifier: BSD-2-Clause */
/* ctl_nat.c - forwards and leases for people. */
#include <stdio.h>

#include "switch/protocol/duration.h"
#include "switch/protocol/json.h"

#include "answer.h"
#include "ctl.h"
#include "ctl_show.h"
#include "table.h"

int show_nat_forward_list(struct ctl *ctl, struct json_object *answer)
{
	struct table *t = table_new("lll", "PORT FORWARD STATE");

	(void)ctl;
	foreach_in(entry, answer, "forwards")
	{
		const char *refused = get_text(entry, "refused");

		table_cell(t, "%s", get_text(answer, "port"));
		table_cell(t, "%s", get_text(entry, "forward"));
		table_cell(t, "%s", *refused ? refused : "works");
	}
	table_print(t, stdout);
	return CTL_OK;
}

int show_nat_leases(struct ctl *ctl, struct json_object *answer)
{
	struct table *t = table_new("lllrl", "ADDRESS MAC NAME LEFT PORT");
	char left[DURATION_TEXT];

	(void)ctl;
	foreach_in(entry, answer, "leases")
	{
		const char *name = get_text(entry, "name");
		const char *port = get_text(entry, "port");
		uint64_t left_s = get_count(entry, "left_s");

		duration_text(left_s * 1000, left);
		table_cell(t, "%s", get_text(entry, "address"));
		table_cell(t, "%s", get_text(entry, "mac"));
		table_cell(t, "%s", *name ? name : "-");
		table_cell(t, "%s", left_s ? left : "ended");
		table_cell(t, "%s", *port ? port : "-");
	}
	table_print(t, stdout);
	return CTL_OK;
}
