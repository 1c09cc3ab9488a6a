/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * why.h - a decision of the bridge as members of a JSON object: fields for
 * programs and sentences for people (explain.h).
 */
#ifndef SWITCH_CONTROL_WHY_H
#define SWITCH_CONTROL_WHY_H

struct frame;
struct json_object;
struct qswitch;
struct record;

/**
 * why_put_foreseen() - what would become of @f, received by port @in_port
 *
 * Carries nothing out and learns nothing.
 */
void why_put_foreseen(struct json_object *to, const struct qswitch *sw,
    int in_port, const struct frame *f);

/** why_put_record() - what became of a frame, from the flight recorder */
void why_put_record(
    struct json_object *to, const struct qswitch *sw, const struct record *rec);

#endif
