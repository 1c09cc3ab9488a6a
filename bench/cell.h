/* SPDX-License-Identifier: BSD-2-Clause */
/* cell.h - a place to measure in that cannot leave anything behind.
 *
 * The measurement runs as process 1 of a new pid namespace, in a private
 * network and mount namespace. Everything it makes (network namespaces, veth
 * pairs, TAPs, daemons, files in cell->dir) lives only as long as that
 * process: when it returns, fails, is interrupted or is killed, the kernel
 * kills every process of the pid namespace, and the network namespaces and
 * their devices vanish with the last of them. No clean-up code has to run.
 *
 *     outer process    waits, passes SIGINT and SIGTERM on as SIGKILL
 *       `- process 1   the measurement; dies with the outer process
 *            |- switch under test, iperf3, ...
 */
#ifndef BENCH_CELL_H
#define BENCH_CELL_H

enum { CELL_INTERRUPTED = 130 };

struct cell {
	char dir[64];  /* tmpfs that only the measurement sees */
	char proc[72]; /* procfs that shows only the cell's processes */
	int home;      /* the cell's first network namespace, empty */
};

/**
 * cell_run() - run @fn(@arg) as process 1 of a cell and wait for its end
 *
 * For an ordinary user it makes a user namespace too, where that is allowed.
 *
 * Return: the value of @fn (0..125), CELL_INTERRUPTED after a signal, or
 * -errno when the cell could not be made.
 */
int cell_run(int (*fn)(const struct cell *cell, void *arg), void *arg);

/**
 * cell_main() - cell_run() for main(), with errors on standard error
 *
 * Return: an exit status.
 */
int cell_main(int (*fn)(const struct cell *cell, void *arg), void *arg);

#endif
