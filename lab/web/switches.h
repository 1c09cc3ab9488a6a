/* SPDX-License-Identifier: BSD-2-Clause */
/* switches.h - the switches that the page shows, numbered from 0. */
#ifndef LAB_WEB_SWITCHES_H
#define LAB_WEB_SWITCHES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "source.h"

struct json_object;

enum { SWITCHES_MAX = 16 };

struct switches {
	struct source list[SWITCHES_MAX];
	size_t n;
};

/**
 * switches_add() - show one more switch
 * @path: its control socket; copied
 *
 * Does not connect yet.
 *
 * Return: 0, -ENOSPC after SWITCHES_MAX of them, or -ENAMETOOLONG.
 */
int switches_add(struct switches *s, const char *path);

/**
 * switches_tell() - what the page needs to know about every switch now
 * @full: see source_tell()
 *
 * Connects to the switches that are not connected. Waits for each answer, at
 * most SOURCE_PATIENCE_S.
 *
 * Return: an array with one object per switch; the caller puts it.
 */
struct json_object *switches_tell(struct switches *s, bool full);

/**
 * switches_ask() - send one request to switch @i
 * @i:       below @s->n
 * @request: is put
 *
 * Return: the answer, which the caller puts; NULL if the switch does not
 * answer.
 */
struct json_object *switches_ask(
    struct switches *s, size_t i, struct json_object *request);

/**
 * switches_repeat() - tell everything again in the next switches_tell()
 *
 * For a browser that has just joined and has seen nothing yet.
 */
void switches_repeat(struct switches *s);

/** switches_rest() - disconnect from all until the next switches_tell() */
void switches_rest(struct switches *s);

/** switches_free() - disconnect and free what they hold; @s itself stays */
void switches_free(struct switches *s);

#endif
