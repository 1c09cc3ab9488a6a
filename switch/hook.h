/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hook.h - how something built on top of the switch takes part in it.
 *
 * The switch knows nothing of the control socket, of captures or of the lab.
 * Each of these fills in a struct hook, with NULL for what it does not need,
 * and registers it. Hooks are called in the order of registration:
 *
 *     on_batch         a batch was received; true: the hook keeps it, and
 *                      neither later hooks nor the bridge see it
 *     on_frame         one frame enters or leaves @p (the wire's view); called
 *                      only while p->watchers is not 0
 *     on_event         something happened that an operator may want to know
 *     on_port_added    @p has joined the switch
 *     on_port_removed  @p is about to leave it
 *     waiting          how many received frames the hook keeps: a term of the
 *                      books (books.h)
 *
 * A hook must not add or remove ports, and must not register or remove hooks,
 * from within one of these calls. Frames and events are borrowed for the call.
 */
#ifndef SWITCH_HOOK_H
#define SWITCH_HOOK_H

#include <stdbool.h>
#include <stdint.h>

struct batch;
struct event;
struct frame;
struct qswitch;
struct switch_port;

enum frame_direction { FRAME_IN, FRAME_OUT };

struct hook {
	void *arg; /* passed to each function below */
	bool (*on_batch)(
	    void *arg, struct switch_port *p, const struct batch *batch);
	void (*on_frame)(void *arg, const struct switch_port *p,
	    enum frame_direction direction, const struct frame *frame);
	void (*on_event)(void *arg, const struct event *event);
	void (*on_port_added)(void *arg, struct switch_port *p);
	void (*on_port_removed)(void *arg, struct switch_port *p);
	uint64_t (*waiting)(const void *arg);
	struct hook *next; /* private to hook.c */
};

/**
 * hook_register() - let @hook take part from now on
 * @hook: stays the caller's; must live until hook_remove()
 */
void hook_register(struct qswitch *sw, struct hook *hook);

/** hook_remove() - the opposite; does nothing if @hook is not registered */
void hook_remove(struct qswitch *sw, struct hook *hook);

/** hook_batch() - offer sw->batch, received by @p; true: a hook keeps it */
bool hook_batch(struct qswitch *sw, struct switch_port *p);

/** hook_frame() - show @frame to the hooks; call it if p->watchers is not 0 */
void hook_frame(const struct switch_port *p, enum frame_direction direction,
    const struct frame *frame);

/** hook_event() - tell of @event; making one is worth it if sw->listeners */
void hook_event(struct qswitch *sw, const struct event *event);

/** hook_port_added() - tell that @p has joined */
void hook_port_added(struct switch_port *p);

/** hook_port_removed() - tell that @p is about to leave */
void hook_port_removed(struct switch_port *p);

/** hook_waiting() - number of received frames that hooks keep */
uint64_t hook_waiting(const struct qswitch *sw);

#endif
