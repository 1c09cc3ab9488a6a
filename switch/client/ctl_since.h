/* SPDX-License-Identifier: BSD-2-Clause */
/* ctl_since.h - what counted since the last look. */
#ifndef SWITCH_CLIENT_CTL_SINCE_H
#define SWITCH_CLIENT_CTL_SINCE_H

struct ctl;
struct json_object;

/**
 * since_last() - turn the counters in @answer into what came since the last call
 *
 * The last counters are kept in a file for each switch, below $XDG_STATE_HOME
 * or ~/.local/state. Says on standard output since when it counts.
 *
 * Return: CTL_OK, also if this is the first look; or CTL_FAILED, having said
 * why the counters cannot be kept.
 */
int since_last(struct ctl *ctl, struct json_object *answer);

#endif
