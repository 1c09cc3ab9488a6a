/* SPDX-License-Identifier: BSD-2-Clause */
/* lab_commands.c - the commands that hold, step and slow time. All answer with
 * the state of the lab and what would become of the next frame that waits. */
#include <errno.h>

#include "switch/lab.h"
#include "switch/protocol/json.h"
#include "switch/switch.h"

#include "commands.h"
#include "why.h"

enum { STEP_FRAMES = 64 }; /* in an answer */

static int put_state(struct request *r);
static void put_next(const struct request *r);
static bool in_lab(struct request *r);

/* Not an error without --lab: displays ask every switch. */
int run_lab(struct request *r)
{
	json_put_bool(r->answer, "lab", r->lab);
	return r->lab ? put_state(r) : 0;
}

int run_pause(struct request *r)
{
	if (!in_lab(r))
		return -EINVAL;
	lab_pause(r->lab);
	return put_state(r);
}

int run_resume(struct request *r)
{
	if (!in_lab(r))
		return -EINVAL;
	lab_resume(r->lab);
	return put_state(r);
}

int run_slow(struct request *r)
{
	double factor = 1;

	if (!in_lab(r) || !request_number(r, "factor", REQUIRED, LAB_SLOW_MIN,
			      LAB_SLOW_MAX, &factor))
		return -EINVAL;
	lab_slow(r->lab, factor);
	return put_state(r);
}

/* The frames that were carried out, and the one that is next. */
int run_step(struct request *r)
{
	struct qswitch *sw = r->sw;
	uint64_t frames = 1;

	if (!in_lab(r) ||
	    !request_count(r, "frames", OPTIONAL, 0, STEP_FRAMES, &frames))
		return -EINVAL;
	struct json_object *list = json_put_array(r->answer, "frames");
	while (frames-- && lab_step(r->lab)) {
		const struct record *rec =
		    recorder_find(sw->recorder, recorder_newest(sw->recorder));
		if (rec)
			why_put_record(json_add_object(list), sw, rec);
	}
	return put_state(r);
}

static int put_state(struct request *r)
{
	struct lab_state state;

	lab_state(r->lab, &state);
	json_put_bool(r->answer, "paused", state.paused);
	json_object_object_add(
	    r->answer, "slow", json_object_new_double(state.slow));
	json_put_count(r->answer, "waiting", (uint64_t)state.waiting);
	json_put_count(r->answer, "waiting_bytes", state.bytes);
	json_put_count(r->answer, "dropped", state.dropped);
	json_put_count(r->answer, "now_ms", qswitch_now_ms(r->sw));
	put_next(r);
	return 0;
}

static void put_next(const struct request *r)
{
	int in_port;
	const struct frame *f = lab_next(r->lab, &in_port);

	if (!f)
		json_object_object_add(r->answer, "next_frame", NULL);
	else
		why_put_foreseen(json_put_object(r->answer, "next_frame"),
		    r->sw, in_port, f);
}

static bool in_lab(struct request *r)
{
	if (r->lab)
		return true;
	request_fail(r, "time can be held only if qswitchd was started with "
			"--lab");
	return false;
}
