/* SPDX-License-Identifier: BSD-2-Clause */
/* conclusion.h - can the figures of a run be used? */
#ifndef BENCH_CONCLUSION_H
#define BENCH_CONCLUSION_H

#include <stdbool.h>
#include <stdio.h>

#include <json-c/json.h>

/* Exit status of a run that measured, but whose figures mean nothing. */
enum { NOT_USABLE = 3 };

/**
 * conclusion_new() - judge a run
 * @measured:  how many measurements were made,
 * @disturbed: how many of them others disturbed to the last attempt
 * @short_of:  "" or why there are too few repetitions
 * @culprits:  who did, as culprits_name() says; "": unknown
 *
 * Not usable is a run of which more than a quarter was disturbed, in which
 * nothing was measured, or that is short of repetitions.
 *
 * Return: {"usable":..., "because":...}, which the caller puts.
 */
json_object *conclusion_new(
    int measured, int disturbed, const char *short_of, const char *culprits);

/** conclusion_usable() - what conclusion_new() found; true for NULL */
bool conclusion_usable(json_object *conclusion);

/** conclusion_print() - one sentence; nothing for NULL */
void conclusion_print(json_object *conclusion, FILE *out);

#endif
