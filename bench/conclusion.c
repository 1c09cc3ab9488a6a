/* SPDX-License-Identifier: BSD-2-Clause */
/* conclusion.c - can the figures of a run be used? See conclusion.h. */
#include "conclusion.h"

#include "report.h"

json_object *conclusion_new(
    int measured, int disturbed, const char *short_of, const char *culprits)
{
	json_object *to = json_object_new_object();
	bool usable = measured > 0 && !*short_of && disturbed * 4 <= measured;
	char text[640];

	if (!measured)
		snprintf(text, sizeof(text), "nothing could be measured");
	else if (disturbed)
		snprintf(text, sizeof(text),
		    "%s%sother processes used the machine during %d of %d "
		    "measurement%s%s%s",
		    short_of, *short_of ? "; " : "", disturbed, measured,
		    measured == 1 ? "" : "s", *culprits ? ": " : "", culprits);
	else
		snprintf(text, sizeof(text), "%s",
		    *short_of ? short_of
			      : "no other process disturbed the measurements");
	json_object_object_add(to, "usable", json_object_new_boolean(usable));
	json_object_object_add(to, "because", json_object_new_string(text));
	return to;
}

bool conclusion_usable(json_object *conclusion)
{
	return !conclusion ||
	       json_object_get_boolean(report_get(conclusion, "usable"));
}

void conclusion_print(json_object *conclusion, FILE *out)
{
	if (!conclusion)
		return;
	if (conclusion_usable(conclusion))
		fprintf(out, "\nConclusion: usable: %s.\n",
		    report_text(conclusion, "because"));
	else
		fprintf(out,
		    "\nConclusion: not usable, because %s. Run it again on an "
		    "idle machine.\n",
		    report_text(conclusion, "because"));
}
