/* SPDX-License-Identifier: BSD-2-Clause */
/* hook.c - the list of hooks, and calling them: see hook.h. */
#include "hook.h"

#include "switch.h"

void hook_register(struct qswitch *sw, struct hook *hook)
{
	struct hook **at = &sw->hooks;

	while (*at)
		at = &(*at)->next;
	*at = hook;
	hook->next = NULL;
	sw->listeners += hook->on_event != NULL;
}

void hook_remove(struct qswitch *sw, struct hook *hook)
{
	struct hook **at = &sw->hooks;

	while (*at && *at != hook)
		at = &(*at)->next;
	if (!*at)
		return;
	*at = hook->next;
	sw->listeners -= hook->on_event != NULL;
}

bool hook_batch(struct qswitch *sw, struct switch_port *p)
{
	for (const struct hook *h = sw->hooks; h; h = h->next)
		if (h->on_batch && h->on_batch(h->arg, p, &sw->batch))
			return true;
	return false;
}

void hook_frame(const struct switch_port *p, enum frame_direction direction,
    const struct frame *frame)
{
	for (const struct hook *h = p->sw->hooks; h; h = h->next)
		if (h->on_frame)
			h->on_frame(h->arg, p, direction, frame);
}

void hook_event(struct qswitch *sw, const struct event *event)
{
	for (const struct hook *h = sw->hooks; h; h = h->next)
		if (h->on_event)
			h->on_event(h->arg, event);
}

void hook_port_added(struct switch_port *p)
{
	for (const struct hook *h = p->sw->hooks; h; h = h->next)
		if (h->on_port_added)
			h->on_port_added(h->arg, p);
}

void hook_port_removed(struct switch_port *p)
{
	for (const struct hook *h = p->sw->hooks; h; h = h->next)
		if (h->on_port_removed)
			h->on_port_removed(h->arg, p);
}

uint64_t hook_waiting(const struct qswitch *sw)
{
	uint64_t n = 0;

	for (const struct hook *h = sw->hooks; h; h = h->next)
		if (h->waiting)
			n += h->waiting(h->arg);
	return n;
}
