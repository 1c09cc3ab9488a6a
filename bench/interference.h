/* SPDX-License-Identifier: BSD-2-Clause */
/* interference.h - how much others used the machine during a measurement.
 *
 * Two observations, before and after a measurement, give: the time of all
 * processors (/proc/stat), the time stolen by a hypervisor, the processor time
 * of processes outside the cell (/proc/PID/stat of all minus those of the
 * cell, without kernel threads, which work for the network) and how long the
 * cell's own threads were ready but waited for a processor (schedstat).
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

/**
 * observe() - read the counters of /proc now
 * @own_proc: a procfs that shows only the cell's processes
 */
void observe(struct observation *observation, const char *own_proc);

/** interference_between() - the shares between two observations */
struct interference interference_between(
    const struct observation *before, const struct observation *after);

/**
 * interference_disturbs() - does it make a measurement doubtful?
 * @duration_ns: of the measurement
 *
 * It does when others used more than 5 % of a processor (and more than two
 * clock ticks, below which /proc is noise), when more than 2 % was stolen, or
 * when others ran at all and the cell's threads waited longer than they would
 * for each other.
 */
bool interference_disturbs(
    const struct interference *interference, uint64_t duration_ns);

/**
 * stat_ticks() - clock ticks in a line of /proc/PID/stat
 *
 * Includes children that were waited for.
 *
 * Return: 0 for a kernel thread and for a line that makes no sense.
 */
uint64_t stat_ticks(const char *line);

/** processors_busy_ns() - time of all processors so far, in clock ticks */
uint64_t processors_busy_ns(void);

/**
 * cpu_ns_of() - processor time of all threads of process @pid
 * @proc: a procfs that shows it
 */
uint64_t cpu_ns_of(const char *proc, int pid);

/**
 * resident_of() - bytes of memory that process @pid has resident
 * @proc: a procfs that shows it
 */
uint64_t resident_of(const char *proc, int pid);

#endif
