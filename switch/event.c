/* SPDX-License-Identifier: BSD-2-Clause */
/* event.c - names and sentences of the events: the X-macro of event.h as a
 * table. */
#include "event.h"

static const struct {
	const char *name, *text;
} events[] = {
#define X(name, text) [EVENT_##name] = {#name, text},
    EVENTS(X)
#undef X
};

const char *event_name(enum event_type type)
{
	return events[type].name;
}

const char *event_text(enum event_type type)
{
	return events[type].text;
}
