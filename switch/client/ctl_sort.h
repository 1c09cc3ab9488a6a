/* SPDX-License-Identifier: BSD-2-Clause */
/* ctl_sort.h - rows of an answer in the order that the operator wants. */
#ifndef SWITCH_CLIENT_CTL_SORT_H
#define SWITCH_CLIENT_CTL_SORT_H

struct ctl;
struct json_object;

/**
 * ctl_sort() - sort @list of @answer by --sort, if that was given
 *
 * A column is named as in the header, in any case: rx-frames. Numbers fall, text
 * rises, and rows that are equal stay in their order.
 *
 * Return: CTL_OK; or CTL_USAGE, having said that there is no such column.
 */
int ctl_sort(struct ctl *ctl, struct json_object *answer, const char *list);

#endif
