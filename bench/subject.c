/* SPDX-License-Identifier: BSD-2-Clause */
/* subject.c - set up, watch and tear down a candidate (see subject.h). */
#include "subject.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "interference.h"
#include "pingpong.h"

static const uint64_t path_timeout_ns = 10000000000ULL;

static int open_endpoints(struct subject *subject);
static int wait_for_path(struct subject *subject, int i);

int subject_open(struct subject *subject, const struct cell *cell,
    const struct contender *contender, int nports, enum pin pin)
{
	memset(subject, 0, sizeof(*subject));
	subject->contender = contender;
	subject->run_id = (uint32_t)(clock_ns() / 1000) | 1;
	placement_make(&subject->placement, pin);
	int result = testbed_open(&subject->testbed, cell, nports);

	if (!result)
		result = contender->candidate->start(subject);
	if (!result)
		result = open_endpoints(subject);
	for (int i = 1; i < nports && !result; i++)
		result = wait_for_path(subject, i);
	if (!result)
		subject_teach(subject);
	if (result && !subject->testbed.why[0])
		snprintf(subject->testbed.why, sizeof(subject->testbed.why),
		    "%s", strerror(-result));
	return result;
}

void subject_close(struct subject *subject)
{
	for (int i = 0; i < TESTBED_HOSTS_MAX; i++)
		endpoint_close(&subject->endpoints[i]);
	for (int i = subject->nprocesses - 1; i >= 0; i--)
		process_stop(&subject->processes[i]);
	subject->nprocesses = 0;
	testbed_close(&subject->testbed);
}

bool subject_alive(struct subject *subject)
{
	for (int i = 0; i < subject->nprocesses; i++) {
		if (process_alive(&subject->processes[i]))
			continue;
		process_epitaph(&subject->processes[i], subject->testbed.why,
		    sizeof(subject->testbed.why));
		return false;
	}
	return true;
}

int subject_run(
    struct subject *subject, const char *name, const char *const argv[])
{
	struct process *process = &subject->processes[subject->nprocesses];
	int result = process_start(process, subject->testbed.cell->dir,
	    subject->testbed.sw, name, argv, &subject->placement.device);

	if (result)
		snprintf(subject->testbed.why, sizeof(subject->testbed.why),
		    "%s: %s", name, strerror(-result));
	else
		subject->nprocesses++;
	return result;
}

uint64_t subject_cpu_ns(const struct subject *subject)
{
	uint64_t sum = 0;

	for (int i = 0; i < subject->nprocesses; i++)
		sum += cpu_ns_of(
		    subject->testbed.cell->proc, subject->processes[i].pid);
	return sum;
}

uint64_t subject_resident(const struct subject *subject)
{
	uint64_t sum = 0;

	for (int i = 0; i < subject->nprocesses; i++)
		sum += resident_of(
		    subject->testbed.cell->proc, subject->processes[i].pid);
	return sum;
}

enum side subject_side(const struct subject *subject, int i)
{
	const enum side *sides = subject->contender->candidate->sides;

	return i && sides[0] == SIDE_HOST ? sides[1] : sides[i % 2];
}

bool subject_has_host(const struct subject *subject, int i)
{
	enum side side = subject_side(subject, i);

	return side == SIDE_TAP || side == SIDE_NIC || side == SIDE_HOST;
}

void subject_teach(struct subject *subject)
{
	static const uint8_t all[6] = {255, 255, 255, 255, 255, 255};
	uint8_t frame[FRAME_MIN];
	struct iovec bytes = {frame, sizeof(frame)};
	struct mmsghdr header = {
	    .msg_hdr = {.msg_iov = &bytes, .msg_iovlen = 1}};

	for (int i = 0; i < subject->testbed.nhosts; i++) {
		frame_write(frame, sizeof(frame), all,
		    subject->endpoints[i].mac, FRAME_TAG_HELLO,
		    subject->run_id);
		(void)endpoint_send(&subject->endpoints[i], &header, 1);
	}
	clock_sleep_ns(2000000);
}

static int open_endpoints(struct subject *subject)
{
	struct testbed *testbed = &subject->testbed;
	uint8_t mac[6];

	for (int i = 0; i < testbed->nhosts; i++) {
		if (!subject_has_host(subject, i))
			continue; /* start() plugged it in */
		testbed_mac(i, mac);
		int result = endpoint_open(&subject->endpoints[i],
		    testbed->cell->home, testbed->hosts[i], "eth0", mac);

		if (!result && subject_side(subject, i) == SIDE_HOST)
			endpoint_as_host(&subject->endpoints[i]);
		if (!result)
			continue;
		snprintf(testbed->why, sizeof(testbed->why),
		    "cannot open endpoint %d: %s", i + 1, strerror(-result));
		return result;
	}
	return 0;
}

/* A candidate is ready when frames pass, whatever it reports. */
static int wait_for_path(struct subject *subject, int i)
{
	uint64_t end_at_ns = clock_ns() + path_timeout_ns;
	struct pingpong pingpong = {.client = &subject->endpoints[0],
	    .server = &subject->endpoints[i],
	    .home = subject->testbed.cell->home,
	    .run_id = subject->run_id,
	    .duration_ns = 1000000000,
	    .count = 1};
	struct histogram ignored;

	histogram_clear(&ignored);
	while (clock_ns() < end_at_ns && subject_alive(subject)) {
		int result = pingpong_run(&pingpong, &ignored);

		if (result != -ETIMEDOUT)
			return result;
	}
	if (!subject->testbed.why[0])
		snprintf(subject->testbed.why, sizeof(subject->testbed.why),
		    "no frame passed from port 1 to port %d and back within 10 "
		    "s",
		    i + 1);
	return -ETIMEDOUT;
}
