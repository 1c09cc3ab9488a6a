/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * refusal.h - the answer to a request that cannot be carried out:
 * {"ok":false,"error":"one sentence"}.
 */
#ifndef SWITCH_CONTROL_REFUSAL_H
#define SWITCH_CONTROL_REFUSAL_H

struct json_object;

/** refusal_new() - an answer that says why not; the caller puts it */
struct json_object *refusal_new(const char *fmt, ...)
    __attribute__((format(printf, 1, 2)));

#endif
