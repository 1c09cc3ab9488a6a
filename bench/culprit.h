/* SPDX-License-Identifier: BSD-2-Clause */
/* culprit.h - who else used the processors during a run. */
#ifndef BENCH_CULPRIT_H
#define BENCH_CULPRIT_H

#include <stddef.h>
#include <stdint.h>

enum { CULPRITS_MAX = 4096, CULPRIT_TEXT = 256 };

/* The processes of the machine when the run began. */
struct culprits {
	uint64_t at_ns;
	int n;
	struct {
		int pid;
		uint64_t ticks;
	} before[CULPRITS_MAX];
};

/** culprits_begin() - note what every process has used so far */
void culprits_begin(struct culprits *culprits);

/**
 * culprits_name() - the processes that used the most since then
 * @text: CULPRIT_TEXT bytes: "process 4711 (python3) used 97 % of a processor";
 *        "" if none outside the cell used more than 2 %
 *
 * Names at most three. A process that has ended counts for the one that waited
 * for it.
 */
void culprits_name(const struct culprits *culprits, char *text);

#endif
