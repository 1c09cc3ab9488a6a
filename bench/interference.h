/* SPDX-License-Identifier: BSD-2-Clause */
/* interference.h - who else used the machine while we measured.
 *
 * Two observations round a measurement give: processor time of all processors
 * (/proc/stat), time stolen by a hypervisor, processor time of processes
 * outside the cell (/proc/PID/stat of all, less those of the cell, kernel
 * threads not counted: they work for the network) and how long the cell's own
 * threads were ready but waited for a processor (schedstat).
 */
#ifndef BENCH_INTERFERENCE_H
#define BENCH_INTERFERENCE_H

#include <stdbool.h>
#include <stdint.h>

struct observation {
	uint64_t at_ns;
	uint64_t busy_ns; /* all processors, without steal */
	uint64_t steal_ns;
	uint64_t foreign_ns; /* processes outside the cell */
	uint64_t wait_ns;    /* ready but not running, the cell's threads */
};

/* Shares of one processor: 0.5 is half a processor. */
struct interference {
	double busy, steal, foreign, wait;
};

/** observe() - @own_proc is a procfs that shows the cell's processes */
void observe(struct observation *observation, const char *own_proc);

struct interference interference_between(
    const struct observation *before, const struct observation *after);

/**
 * interference_disturbs() - whether a measurement beside it is to be doubted
 *
 * It is when others had more than 5 % of a processor (and more than two clock
 * ticks, below which /proc is noise), when more than 2 % was stolen, or when
 * the cell's threads waited for longer than they would for each other while
 * others ran at all.
 */
bool interference_disturbs(
    const struct interference *interference, uint64_t duration_ns);

/** stat_ticks() - clock ticks of user processes in a /proc/PID/stat line */
uint64_t stat_ticks(const char *line);

/** processors_busy_ns() - time of all processors so far, to a clock tick */
uint64_t processors_busy_ns(void);

/** cpu_ns_of() - processor time of one process, all threads, to the ns */
uint64_t cpu_ns_of(const char *proc, int pid);

/** resident_of() - bytes of memory that a process has resident */
uint64_t resident_of(const char *proc, int pid);

#endif
