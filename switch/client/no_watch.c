/* SPDX-License-Identifier: BSD-2-Clause */
/* no_watch.c - `qswitchctl watch` in a build without ncurses. */
#include "ctl.h"
#include "ctl_show.h"

const bool watch_is_built = false;

int show_watch(struct ctl *ctl, struct json_object *answer)
{
	(void)ctl, (void)answer;
	return ctl_fail(CTL_FAILED,
	    "this qswitchctl was built without ncurses, which watch needs; "
	    "try monitor");
}
