/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_bridge_doors.c - what callers of forwarding/ must not do ends at an
 * assertion. Each trespass runs in a child, which has to abort.
 */
#include "forwarding/bridge.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "forwarding/offload.h"

#include "cm.h"

enum { NOW_MS = 5000 };

static const uint8_t mac[ETH_ADDR] = {2, 0, 0, 0, 0, 1};
static const uint8_t group[ETH_ADDR] = {3, 0, 0, 0, 0, 1};

/* What a trespass works on: a new one in each child. */
struct rig {
	struct bridge *br;
	struct fdb *fdb;
	struct batch batch;
	struct egress out;
	uint8_t bytes[60];
};

static struct rig *rig_new(void)
{
	struct rig *rig = calloc(1, sizeof(*rig));

	rig->br = bridge_new(&(struct bridge_config){.seed = 1});
	rig->fdb = bridge_fdb(rig->br);
	rig->bytes[6] = 2;
	rig->batch.n = 1;
	frame_parse(&rig->batch.frames[0], rig->bytes, sizeof(rig->bytes));
	fdb_learn(rig->fdb, 1, mac, 1, 1, NOW_MS, NULL);
	return rig;
}

/* Does @trespass abort? Its message and its core go nowhere. */
static bool aborts(void (*trespass)(struct rig *rig))
{
	int status;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		signal(SIGABRT, SIG_DFL);
		setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
		close(STDERR_FILENO);
		trespass(rig_new());
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

static void port_0(struct rig *rig)
{
	bridge_port_add(rig->br, 0, 0);
}

static void port_too_high(struct rig *rig)
{
	bridge_port_add(rig->br, PORT_MAX + 1, 0);
}

static void from_port_0(struct rig *rig)
{
	bridge_forward(rig->br, 0, &rig->batch, NOW_MS, &rig->out);
}

static void batch_too_long(struct rig *rig)
{
	rig->batch.n = BATCH_MAX + 1;
	bridge_forward(rig->br, 1, &rig->batch, NOW_MS, &rig->out);
}

static void recount_of_nothing(struct rig *rig)
{
	bridge_recount(rig->br, VERDICT_to_stp, VERDICT_drop_bpdu_short);
}

static void learn_vid_0(struct rig *rig)
{
	fdb_learn(rig->fdb, 0, mac, 1, 1, NOW_MS, NULL);
}

static void learn_vid_too_high(struct rig *rig)
{
	fdb_learn(rig->fdb, VID_MAX + 1, mac, 1, 1, NOW_MS, NULL);
}

static void learn_a_group(struct rig *rig)
{
	fdb_learn(rig->fdb, 1, group, 1, 1, NOW_MS, NULL);
}

static void learn_on_port_0(struct rig *rig)
{
	fdb_learn(rig->fdb, 1, mac, 0, 1, NOW_MS, NULL);
}

static void learn_in_the_past(struct rig *rig)
{
	fdb_learn(rig->fdb, 1, mac, 1, 1, NOW_MS - 1, NULL);
}

static void look_up_in_the_past(struct rig *rig)
{
	fdb_lookup(rig->fdb, 1, mac, NOW_MS - 1, NULL);
}

static void static_vid_0(struct rig *rig)
{
	fdb_add_static(rig->fdb, 0, mac, 1, NOW_MS);
}

static void a_set_with_port_0(struct rig *rig)
{
	portset_add(&rig->out.ports, 0);
}

static void a_verdict_that_is_none(struct rig *rig)
{
	(void)rig;
	verdict_name(VERDICT_COUNT);
}

static void the_type_of_a_runt(struct rig *rig)
{
	rig->batch.frames[0].body_len = 1;
	frame_type(&rig->batch.frames[0]);
}

static void a_checksum_outside_the_frame(struct rig *rig)
{
	struct frame *f = &rig->batch.frames[0];

	f->off = (struct offload){.needs_csum = true, .csum_start = 59};
	offload_csum(f, rig->bytes);
}

static void nothing_wrong(struct rig *rig)
{
	bridge_forward(rig->br, 1, &rig->batch, NOW_MS, &rig->out);
}

static void trespasses_abort(void **state)
{
	void (*const trespasses[])(struct rig *) = {port_0, port_too_high,
	    from_port_0, batch_too_long, recount_of_nothing, learn_vid_0,
	    learn_vid_too_high, learn_a_group, learn_on_port_0,
	    learn_in_the_past, look_up_in_the_past, static_vid_0,
	    a_set_with_port_0, a_verdict_that_is_none, the_type_of_a_runt,
	    a_checksum_outside_the_frame};

	(void)state;
	for (size_t i = 0; i < sizeof(trespasses) / sizeof(*trespasses); i++)
		if (!aborts(trespasses[i]))
			fail_msg("trespass number %zu goes through", i);
	assert_false(aborts(nothing_wrong));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(trespasses_abort),
	};

#ifdef NDEBUG
	(void)tests;
	puts("skipped: built with NDEBUG, so there are no assertions");
	return 77;
#endif
	return cmocka_run_group_tests(tests, NULL, NULL);
}
